import { parseArgs } from "node:util";
import { readSettings } from "../settings.ts";
import type { Environment } from "../settings.ts";
import { connectAzure } from "../storage/azure.ts";
import { addDays } from "./periods.ts";
import { reprice } from "./reprice.ts";

/** `npm run reprice -- --since 2026-11-01`: by the prices of today. */
const { values } = parseArgs({ options: { since: { type: "string" } } });
await main(process.env, values.since);

async function main(environment: Environment, since: string | undefined): Promise<void> {
  const faults: string[] = [];
  if (!since || !isDay(since))
    faults.push(
      `Say from which day on, as in \`npm run reprice -- --since ${new Date().toISOString().slice(0, 10)}\`.`,
    );
  const settings = readSettings(environment, faults);
  if (since && !faults.length) {
    const { entries, changed, unreadable, before, after } = await reprice(since, settings, connectAzure(settings));
    const left = unreadable ? ` ${unreadable} cannot be read and were left.` : "";
    process.stdout.write(
      `${entries} entries since ${since}, ${changed} with another price now: ${before.toFixed(4)} dollars have become ${after.toFixed(4)}.${left}\n`,
    );
    return;
  }
  process.stderr.write(`Nothing was priced anew:\n${faults.map((fault) => `  - ${fault}\n`).join("")}`);
  process.exitCode = 1;
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && addDays(text, 0) === text;
}

import type { ConfigurationFile } from "../configuration.ts";
import { log } from "../log.ts";
import type { Azure } from "../storage/azure.ts";
import { isConflict } from "../storage/storage-refusal.ts";
import { readRow, writeTogether } from "../storage/table.ts";
import { RULES_PARTITION, rowsOfLine } from "./audit.ts";

const FILE = "file";

/** Writes into the audit that the configuration file is another than it was: one line, however many processes read it. Never throws. */
export async function noteFile({ text, path }: ConfigurationFile, azure: Azure): Promise<void> {
  const signal = AbortSignal.timeout(azure.times.purse.rulesLimitMilliseconds);
  const row = { partition: RULES_PARTITION, name: FILE, values: { text: text.slice(0, MOST_CHARACTERS) } };
  try {
    const present = await readRow(RULES_PARTITION, FILE, azure, signal);
    const before = String(present?.values.text ?? "");
    if (before === row.values.text) return;
    const line = {
      by: { name: "easel.config.json" },
      did: "changed the file",
      of: path ?? "",
      before,
      after: text,
    } as const;
    await writeTogether(
      [
        present ? { replace: { ...row, etag: present.etag } } : { add: row },
        ...rowsOfLine(line, new Date()).map((each) => ({ add: each })),
      ],
      azure,
      signal,
    );
  } catch (error) {
    if (!isConflict(error)) log.warn({ error }, "that the configuration file has changed could not be written down");
  }
}

/** Of a row's value. */
const MOST_CHARACTERS = 30_000;

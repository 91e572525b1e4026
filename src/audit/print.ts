import { connectAzure } from "../storage/azure.ts";
import { readSettings } from "../settings.ts";
import { readAudit } from "./audit.ts";

/** `npm run audit`: every line there is as JSON, the newest first. */
const faults: string[] = [];
const settings = readSettings(process.env, faults);
const ofStorage = faults.filter((fault) => fault.startsWith("AZURE_STORAGE"));
for (const fault of ofStorage) process.stderr.write(`${fault}\n`);
if (ofStorage.length) process.exit(1);
const azure = connectAzure(settings);
for (let after: string | undefined = ""; after !== undefined;) {
  const page = await readAudit({ count: 500, after }, azure, AbortSignal.timeout(30_000));
  for (const line of page.lines) process.stdout.write(`${JSON.stringify(line)}\n`);
  after = page.next;
}

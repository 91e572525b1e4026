/** A process of its own for the real Azurite, which takes as much of the machine as the bot does. Ends with its parent. */
import { createRequire } from "node:module";
import { startAzurite } from "../../test/fakes/azurite.ts";

const require = createRequire(import.meta.url);
const DAY_MILLISECONDS = 86_400_000;
// After ten minutes Azurite would look for bytes that no blob has any more, and answer nobody for minutes: each of tens of
// thousands that it takes away sorts its index anew.
for (const service of ["blob", "queue"]) {
  const constants = require(`azurite/dist/src/${service}/utils/constants`) as { DEFAULT_GC_INTERVAL_MS: number };
  constants.DEFAULT_GC_INTERVAL_MS = DAY_MILLISECONDS;
}

const [key = "", cert = ""] = process.argv.slice(2);
const { blobPort, queuePort, tablePort, connectionString } = await startAzurite({ tls: { key, cert, oauth: true } });
process.on("disconnect", () => process.exit());
export type StorageReady = { blobPort: number; queuePort: number; tablePort: number; connectionString: string };
process.send?.({ blobPort, queuePort, tablePort, connectionString } satisfies StorageReady);

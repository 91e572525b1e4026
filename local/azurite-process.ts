/**
 * The process in which Azurite runs, started by `azurite.ts`. It saves its index and ends when the channel to its parent
 * closes.
 */
import { mkdirSync } from "node:fs";
import { makeAzuriteServer, portOf } from "./azurite-server.ts";
import type { AzuriteService } from "./azurite-server.ts";

/** What the parent is told, once. */
export type AzuriteReady = Record<`${AzuriteService}Port`, number>;

const location = process.argv[2];
let ending = false;
process.on("SIGTERM", end);
process.on("disconnect", end);

if (location) mkdirSync(location, { recursive: true });
const make = (service: AzuriteService) => makeAzuriteServer(service, { location });
const [blob, queue, table] = [make("blob"), make("queue"), make("table")];
const started = Promise.all([blob.start(), queue.start(), table.start()]);
await started;
const ready: AzuriteReady = { blobPort: portOf(blob), queuePort: portOf(queue), tablePort: portOf(table) };
if (process.connected) process.send?.(ready);
else end();

function end(): void {
  if (ending) return;
  ending = true;
  void closeAll().finally(() => process.exit());
}

async function closeAll(): Promise<void> {
  await started;
  for (const server of [blob, queue, table]) server.httpServer.closeAllConnections();
  // `close` saves the index; without it what was acknowledged in the last seconds is lost.
  await Promise.all([blob.close(), queue.close(), table.close()]);
}

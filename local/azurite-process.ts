/**
 * The process in which Azurite runs, started by `azurite.ts`. It saves its index and ends when the channel to its parent
 * closes.
 */
import { mkdirSync } from "node:fs";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

type AzuriteServer = { start(): Promise<void>; close(): Promise<void>; httpServer: Server };
type Constructor<Instance> = { default: new (...parameters: unknown[]) => Instance };
type Service = "blob" | "queue";

/** What the parent is told, once. */
export type AzuriteReady = { blobPort: number; queuePort: number };

const location = process.argv[2] ?? "";
let ending = false;
process.on("SIGTERM", end);
process.on("disconnect", end);

const require = createRequire(import.meta.url);
// Azurite's telemetry is off in this way of starting it; an empty module in its place saves half of the time and the memory.
const telemetry = require.resolve("applicationinsights");
require.cache[telemetry] = { id: telemetry, filename: telemetry, loaded: true, exports: {} } as NodeJS.Module;

if (location) mkdirSync(location, { recursive: true });
const [blob, queue] = [makeServer("blob"), makeServer("queue")];
const started = Promise.all([blob.start(), queue.start()]);
await started;
const ready: AzuriteReady = { blobPort: portOf(blob), queuePort: portOf(queue) };
if (process.connected) process.send?.(ready);
else end();

function end(): void {
  if (ending) return;
  ending = true;
  void closeAll().finally(() => process.exit());
}

async function closeAll(): Promise<void> {
  await started;
  for (const server of [blob, queue]) server.httpServer.closeAllConnections();
  // `close` saves the index; without it what was acknowledged in the last seconds is lost.
  await Promise.all([blob.close(), queue.close()]);
}

function makeServer(service: Service): AzuriteServer {
  const name = service === "blob" ? "Blob" : "Queue";
  const load = (path: string): unknown => require(`azurite/dist/src/${path}`);
  const { default: Configuration } = load(`${service}/${name}Configuration`) as Constructor<object>;
  const { default: AnyServer } = load(`${service}/${name}Server`) as Constructor<AzuriteServer>;
  const file = (suffix: string) => (location ? join(location, `${service}-${suffix}`) : "");
  const persistence = [{ locationId: "Default", locationPath: file("data"), maxConcurrency: 10 }];
  const configuration = {
    host: "127.0.0.1",
    port: 0,
    keepAliveTimeout: 5,
    metadataDBPath: file("metadata.json"),
    extentDBPath: file("extents.json"),
    persistencePathArray: location ? persistence : [],
    enableAccessLog: false,
    accessLogWriteStream: undefined,
    enableDebugLog: false,
    debugLogFilePath: undefined,
    loose: false,
    skipApiVersionCheck: true,
    cert: "",
    key: "",
    pwd: "",
    oauth: undefined,
    disableProductStyleUrl: true,
    isMemoryPersistence: !location,
  };
  // Azurite's constructor takes these by position, in the order in which they stand here.
  return new AnyServer(new Configuration(...Object.values(configuration)));
}

function portOf(server: AzuriteServer): number {
  return (server.httpServer.address() as AddressInfo).port;
}

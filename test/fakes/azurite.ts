/** The real Azurite, Microsoft's emulator of Blob and Queue, inside this process. */
import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { env } from "node:process";

export type AzuriteOptions = {
  /** Paths of PEM files. With them the servers speak https, and with `oauth` they take Entra tokens as well as keys. */
  tls?: { key: string; cert: string; oauth: boolean };
  /** A directory to keep data in; without it everything is in memory and gone with `stop`. */
  location?: string;
};

export type Azurite = {
  blobPort: number;
  queuePort: number;
  accountName: string;
  accountKey: string;
  connectionString: string;
  /** For the redirect: `<account>.blob.core.windows.net` and `<account>.queue.core.windows.net` lead here. Wants `tls`. */
  hosts: Record<string, number>;
  /** An outage: open connections are cut and new ones refused, until `resume` opens the same ports on the same data. */
  interrupt(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
};

export const azuriteHostNames = ["*.blob.core.windows.net", "*.queue.core.windows.net"];

const accountName = "easel";
const accountKey = Buffer.from("0123456789abcdef0123456789abcdef").toString("base64");

type Service = "blob" | "queue";
type AzuriteServer = { start(): Promise<void>; close(): Promise<void>; httpServer: Server };
type Loaded<Instance> = { default: new (...parameters: unknown[]) => Instance };

export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  env.AZURITE_ACCOUNTS = `${accountName}:${accountKey}`;
  const load = loadAzurite();
  const blob = createServer(load, "blob", options);
  const queue = createServer(load, "queue", options);
  await blob.start();
  await queue.start();
  const blobPort = portOf(blob);
  const queuePort = portOf(queue);
  const origin = options.tls ? "https://127.0.0.1" : "http://127.0.0.1";

  return {
    blobPort,
    queuePort,
    accountName,
    accountKey,
    connectionString: [
      `DefaultEndpointsProtocol=${options.tls ? "https" : "http"}`,
      `AccountName=${accountName}`,
      `AccountKey=${accountKey}`,
      `BlobEndpoint=${origin}:${blobPort}/${accountName}`,
      `QueueEndpoint=${origin}:${queuePort}/${accountName}`,
    ].join(";"),
    hosts: { "*.blob.core.windows.net": blobPort, "*.queue.core.windows.net": queuePort },
    interrupt: async () => {
      await Promise.all([closePort(blob.httpServer), closePort(queue.httpServer)]);
    },
    resume: async () => {
      await Promise.all([openPort(blob.httpServer, blobPort), openPort(queue.httpServer, queuePort)]);
    },
    stop: async () => {
      for (const server of [blob, queue]) {
        server.httpServer.closeAllConnections();
        await server.close();
      }
    },
  };
}

/** Telemetry would take half of the loading time and memory, so an empty module stands in its place. */
function loadAzurite(): (path: string) => unknown {
  const require = createRequire(import.meta.url);
  const telemetry = require.resolve("applicationinsights");
  require.cache[telemetry] ??= { id: telemetry, filename: telemetry, loaded: true, exports: {} } as NodeJS.Module;
  return (path) => require(`azurite/dist/src/${path}`) as unknown;
}

function createServer(load: (path: string) => unknown, service: Service, options: AzuriteOptions): AzuriteServer {
  const name = service === "blob" ? "Blob" : "Queue";
  const { default: Configuration } = load(`${service}/${name}Configuration`) as Loaded<object>;
  const { default: AnyServer } = load(`${service}/${name}Server`) as Loaded<AzuriteServer>;
  const { MemoryExtentChunkStore } = load("common/persistence/MemoryExtentStore") as {
    MemoryExtentChunkStore: new () => object;
  };
  const file = (suffix: string) => (options.location ? join(options.location, `${service}-${suffix}`) : "");

  const persistence = [{ locationId: "Default", locationPath: file("data"), maxConcurrency: 10 }];
  const configuration = {
    host: "127.0.0.1",
    port: 0,
    keepAliveTimeout: 5,
    metadataDBPath: file("metadata.json"),
    extentDBPath: file("extents.json"),
    persistencePathArray: options.location ? persistence : [],
    enableAccessLog: false,
    accessLogWriteStream: undefined,
    enableDebugLog: false,
    debugLogFilePath: undefined,
    loose: false,
    skipApiVersionCheck: true,
    cert: options.tls?.cert ?? "",
    key: options.tls?.key ?? "",
    pwd: "",
    oauth: options.tls?.oauth ? "basic" : undefined,
    disableProductStyleUrl: false,
    isMemoryPersistence: !options.location,
    memoryStore: new MemoryExtentChunkStore(),
  };
  // Azurite's constructor takes these by position, in the order in which they stand here.
  return new AnyServer(new Configuration(...Object.values(configuration)));
}

function portOf(server: AzuriteServer): number {
  return (server.httpServer.address() as AddressInfo).port;
}

function closePort(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}

function openPort(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

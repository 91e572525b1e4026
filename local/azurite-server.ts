/** The real Azurite, Microsoft's emulator of Blob, Queue and Table, made by its own constructors: its package cannot be imported whole. */
import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

export type AzuriteServer = { start(): Promise<void>; close(): Promise<void>; httpServer: Server };
export type AzuriteService = "blob" | "queue" | "table";

export type AzuriteServerOptions = {
  /** A directory to keep data in; without it everything is in memory and gone with `close`. */
  location?: string;
  /** Paths of PEM files. With them the server speaks https, and with `oauth` it takes Entra tokens as well as keys. */
  tls?: { key: string; cert: string; oauth: boolean };
};

type Loaded<Instance> = { default: new (...parameters: unknown[]) => Instance };

/** A server on a free port of this machine, not started yet. Accounts are read from AZURITE_ACCOUNTS. */
export function makeAzuriteServer(service: AzuriteService, { location, tls }: AzuriteServerOptions): AzuriteServer {
  const load = loadAzurite();
  const name = { blob: "Blob", queue: "Queue", table: "Table" }[service];
  const { default: Configuration } = load(`${service}/${name}Configuration`) as Loaded<object>;
  if (service === "table") findTablesInTransactions(load);
  const { default: AnyServer } = load(`${service}/${name}Server`) as Loaded<AzuriteServer>;
  const file = (suffix: string) => (location ? join(location, `${service}-${suffix}`) : "");

  const parameters = {
    host: "127.0.0.1",
    port: 0,
    keepAliveTimeout: 5,
    metadataDBPath: file("metadata.json"),
    ...(service !== "table" && {
      extentDBPath: file("extents.json"),
      persistencePathArray: location ? [{ locationId: "Default", locationPath: file("data"), maxConcurrency: 10 }] : [],
    }),
    // Two logs, both off; their switches and where they go stand in another order for tables, so none is anything.
    log: false,
    otherLog: false,
    logStream: false,
    logFile: undefined,
    loose: false,
    skipApiVersionCheck: true,
    cert: tls?.cert ?? "",
    key: tls?.key ?? "",
    pwd: "",
    oauth: tls?.oauth ? "basic" : undefined,
    disableProductStyleUrl: false,
    isMemoryPersistence: !location,
    ...(service !== "table" && { memoryStore: newMemoryStore(load) }),
  };
  // Azurite's constructor takes these by position, in the order in which they stand here.
  return new AnyServer(new Configuration(...Object.values(parameters)));
}

function newMemoryStore(load: (path: string) => unknown): object {
  const loaded = load("common/persistence/MemoryExtentStore") as { MemoryExtentChunkStore: new () => object };
  return new loaded.MemoryExtentChunkStore();
}

/** Within a transaction Azurite looks for a table behind the account in an address; under an account's own host none stands there. */
function findTablesInTransactions(load: (path: string) => unknown): void {
  type Extract = { extractPath(address: string): RegExpMatchArray | null };
  const { BatchSerialization } = load("table/batch/BatchSerialization") as {
    BatchSerialization: { prototype: Extract };
  };
  BatchSerialization.prototype.extractPath = (address) =>
    /\/\w+\/(\w+)/.exec(address) ?? /\.table\.core\.windows\.net(?::\d+)?\/(\w+)/.exec(address);
}

/** Telemetry would take half of the loading time and memory, so an empty module stands in its place. */
function loadAzurite(): (path: string) => unknown {
  const require = createRequire(import.meta.url);
  const telemetry = require.resolve("applicationinsights");
  require.cache[telemetry] ??= { id: telemetry, filename: telemetry, loaded: true, exports: {} } as NodeJS.Module;
  return (path) => require(`azurite/dist/src/${path}`) as unknown;
}

export function portOf({ httpServer }: AzuriteServer): number {
  return (httpServer.address() as AddressInfo).port;
}

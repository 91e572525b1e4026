/** The real Azurite, Microsoft's emulator of Blob, Queue and Table, inside this process. */
import type { Server } from "node:http";
import { env } from "node:process";
import { makeAzuriteServer, portOf } from "../../local/azurite-server.ts";
import type { AzuriteServerOptions } from "../../local/azurite-server.ts";

export type Azurite = {
  blobPort: number;
  queuePort: number;
  tablePort: number;
  accountName: string;
  accountKey: string;
  connectionString: string;
  /** For the redirect: `<account>.blob.core.windows.net` and those of the other two lead here. Wants `tls`. */
  hosts: Record<string, number>;
  /** An outage: open connections are cut and new ones refused, until `resume` opens the same ports on the same data. */
  interrupt(): Promise<void>;
  resume(): Promise<void>;
  /** The messages of this queue that somebody hides come up, as if their time had passed. */
  surface(queueName: string): void;
  stop(): Promise<void>;
};

/** Where Azurite's server of queues keeps what it knows of each message. */
type QueueServer = {
  metadataStore: {
    db: {
      getCollection(name: string): {
        findAndUpdate(filter: object, change: (kept: { timeNextVisible: number }) => void): void;
      };
    };
  };
};

export const azuriteHostNames = ["*.blob.core.windows.net", "*.queue.core.windows.net", "*.table.core.windows.net"];

const accountName = "easel";
const accountKey = Buffer.from("0123456789abcdef0123456789abcdef").toString("base64");

export async function startAzurite(options: AzuriteServerOptions = {}): Promise<Azurite> {
  env.AZURITE_ACCOUNTS = `${accountName}:${accountKey}`;
  const blob = makeAzuriteServer("blob", options);
  const queue = makeAzuriteServer("queue", options);
  const table = makeAzuriteServer("table", options);
  const servers = [blob, queue, table];
  for (const server of servers) await server.start();
  const [blobPort, queuePort, tablePort] = [portOf(blob), portOf(queue), portOf(table)];
  const origin = options.tls ? "https://127.0.0.1" : "http://127.0.0.1";

  return {
    blobPort,
    queuePort,
    tablePort,
    accountName,
    accountKey,
    connectionString: [
      `DefaultEndpointsProtocol=${options.tls ? "https" : "http"}`,
      `AccountName=${accountName}`,
      `AccountKey=${accountKey}`,
      `BlobEndpoint=${origin}:${blobPort}/${accountName}`,
      `QueueEndpoint=${origin}:${queuePort}/${accountName}`,
      `TableEndpoint=${origin}:${tablePort}/${accountName}`,
    ].join(";"),
    hosts: {
      "*.blob.core.windows.net": blobPort,
      "*.queue.core.windows.net": queuePort,
      "*.table.core.windows.net": tablePort,
    },
    interrupt: async () => {
      await Promise.all(servers.map((server) => closePort(server.httpServer)));
    },
    resume: async () => {
      const ports = [blobPort, queuePort, tablePort];
      await Promise.all(servers.map((server, index) => openPort(server.httpServer, ports[index] ?? 0)));
    },
    surface: (queueName) => {
      const { db } = (queue as unknown as QueueServer).metadataStore;
      const now = Date.now();
      db.getCollection("$MESSAGES_COLLECTION$").findAndUpdate({ queueName }, (kept) => {
        kept.timeNextVisible = now;
      });
    },
    stop: async () => {
      for (const server of servers) {
        server.httpServer.closeAllConnections();
        await server.close();
      }
    },
  };
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

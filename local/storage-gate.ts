import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";

export type StorageGate = {
  /** Azurite's, by way of the gate. */
  connectionString: string;
  /** Cuts every connection, and each new one as soon as it comes. */
  shut(): void;
  open(): void;
  /** Told of each connection that is cut because it comes while the gate is shut. */
  onTurnedAway(tell: () => void): void;
  stop(): Promise<void>;
};

/** Stands before Azurite, so that storage can be away. The signature of a call does not cover the port. */
export async function startStorageGate(connectionString: string): Promise<StorageGate> {
  const sockets = new Set<Socket>();
  let isShut = false;
  let turnedAway = () => {};
  const servers: Server[] = [];
  let throughGate = connectionString;
  for (const [, port = ""] of connectionString.matchAll(/http:\/\/127\.0\.0\.1:(\d+)\//g)) {
    const server = createServer((client) => {
      if (isShut) {
        client.resetAndDestroy();
        return turnedAway();
      }
      lead(client, connect({ host: "127.0.0.1", port: Number(port), noDelay: true }), sockets);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    servers.push(server);
    throughGate = throughGate.replace(`:${port}/`, `:${(server.address() as AddressInfo).port}/`);
  }
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    connectionString: throughGate,
    shut: () => {
      isShut = true;
      cutAll();
    },
    open: () => {
      isShut = false;
    },
    onTurnedAway: (tell) => {
      turnedAway = tell;
    },
    stop: async () => {
      const closed = servers.map((server) => once(server, "close"));
      for (const server of servers) server.close();
      cutAll();
      await Promise.all(closed);
    },
  };
}

/** What one side says, the other hears; when one goes, so does the other. */
function lead(client: Socket, onward: Socket, sockets: Set<Socket>): void {
  for (const [socket, other] of [
    [client, onward],
    [onward, client],
  ] as const) {
    sockets.add(socket);
    socket.on("error", () => other.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      other.destroy();
    });
  }
  client.setNoDelay().pipe(onward).pipe(client);
}

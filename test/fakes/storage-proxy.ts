import { createServer, request } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Azurite } from "./azurite.ts";

/** What a storage call meets in place of its ordinary answer. `lose`: it takes effect, and its answer never arrives. `until`: it is only late. */
export type StorageFault = "hang" | "lose" | { status: number } | { until: Promise<void> };
export type StorageMatcher = { method: string; path: RegExp };

export type StorageProxy = {
  connectionString: string;
  /** Plans a fault for the next `times` calls that fit; the path is that of the wire, with its query. */
  fail(matcher: StorageMatcher, fault: StorageFault, times?: number): void;
  stop(): Promise<void>;
};

/** Stands between a client and Azurite, so that single calls can go wrong on the wire. The signature does not cover the port. */
export async function startStorageProxy(azurite: Azurite): Promise<StorageProxy> {
  const planned: { matcher: StorageMatcher; fault: StorageFault; times: number }[] = [];
  const pass = (port: number) => (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = "", url = "", headers } = incoming;
    const plan = planned.find(({ matcher, times }) => times > 0 && matcher.method === method && matcher.path.test(url));
    if (plan) plan.times -= 1;
    if (plan?.fault === "hang") return void incoming.resume();
    const fault = typeof plan?.fault === "object" ? plan.fault : undefined;
    if (fault && "status" in fault) {
      incoming.resume();
      return void outgoing.writeHead(fault.status, { "x-ms-error-code": "ServerBusy" }).end();
    }
    const goOn = () => {
      const onward = request({ host: "127.0.0.1", port, method, path: url, headers }, (answer) => {
        if (plan?.fault === "lose") return void answer.resume();
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on("error", () => outgoing.destroy());
      incoming.pipe(onward);
    };
    if (fault) void fault.until.then(goOn);
    else goOn();
  };
  const [blob, queue] = await Promise.all([listen(pass(azurite.blobPort)), listen(pass(azurite.queuePort))]);
  return {
    connectionString: azurite.connectionString
      .replace(`:${azurite.blobPort}/`, `:${blob.port}/`)
      .replace(`:${azurite.queuePort}/`, `:${queue.port}/`),
    fail: (matcher, fault, times = 1) => void planned.push({ matcher, fault, times }),
    stop: async () => {
      await Promise.all([close(blob.server), close(queue.server)]);
    },
  };
}

async function listen(handler: (incoming: IncomingMessage, outgoing: ServerResponse) => void) {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

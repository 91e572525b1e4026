/** What stands before the replicas for Teams: each turn goes to one that is ready, and now and then a copy of it to another as well. */
import { createServer, request } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Chance } from "./chance.ts";
import type { Replica } from "./world.ts";

/** A turn, and which process it went to. */
export type DoorCall = {
  at: number;
  endedAt?: number;
  process: string;
  text: string;
  status?: number;
  isCopy: boolean;
};

export type FrontDoor = { url: string; calls: DoorCall[]; stop(): void };

export async function openFrontDoor(replicas: Replica[], chance: Chance, probability: number): Promise<FrontDoor> {
  const calls: DoorCall[] = [];
  const ready = () => replicas.filter(({ isReady, port }) => isReady && port !== undefined);
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const body = Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>));
      const open = ready();
      if (!open.length) return void outgoing.writeHead(503).end();
      const send = (replica: Replica, answerTo?: ServerResponse) => {
        const call: DoorCall = {
          at: Date.now(),
          process: replica.process,
          text: body.toString("utf8"),
          isCopy: !answerTo,
        };
        calls.push(call);
        hand({ incoming, body, port: replica.port ?? 0 }, call, answerTo);
      };
      send(chance.pick(open), outgoing);
      if (chance.happens(probability)) send(chance.pick(open));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`,
    calls,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

type Letter = { incoming: IncomingMessage; body: Buffer; port: number };

function hand({ incoming, body, port }: Letter, call: DoorCall, answerTo: ServerResponse | undefined): void {
  const { method, url: path, headers } = incoming;
  const end = (status: number) => {
    call.status ??= status;
    call.endedAt ??= Date.now();
  };
  const onward = request({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
    end(answer.statusCode ?? 502);
    if (!answerTo) return void answer.resume();
    answerTo.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(answerTo);
  });
  onward.on("error", () => {
    end(502);
    if (answerTo && !answerTo.headersSent) answerTo.writeHead(502);
    answerTo?.end();
  });
  answerTo?.on("close", () => onward.destroy());
  onward.end(body);
}

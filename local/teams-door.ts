import { once } from "node:events";
import { createServer, request } from "node:http";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type TeamsDoor = {
  /** Where the chat client finds the bot. */
  url: string;
  /** Asked how often the next thing that somebody does is delivered. */
  setDeliveries(deliveries: () => number): void;
  stop(): Promise<void>;
};

type Activity = { headers: OutgoingHttpHeaders; body: Buffer };

/** Stands between the chat client in place of Teams and the bot at `botUrl`, so that what the one sends can reach the other twice, as Teams does it. */
export async function openTeamsDoor(botUrl: string): Promise<TeamsDoor> {
  let deliveries = () => 1;
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>));
    const activity = { headers: incoming.headers, body };
    const times = isDoing(body) ? deliveries() : 1;
    const [first, ...others] = Array.from({ length: times }, () => deliver(botUrl, activity));
    // Of what is delivered again nobody waits for the answer.
    for (const other of others) void other.then((answer) => answer.resume()).catch(() => undefined);
    const answer = await first;
    if (!answer) return;
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  };
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => {
      // The bot is not there, or it went away: the client sees what it would see without a door.
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { pathname } = new URL(botUrl);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    setDeliveries: (next) => {
      deliveries = next;
    },
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A message or a press, and not that somebody is typing or has come in. */
function isDoing(body: Buffer): boolean {
  try {
    const { type } = JSON.parse(body.toString("utf8")) as { type?: string };
    return type === "message" || type === "invoke";
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function deliver(botUrl: string, { headers, body }: Activity): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { "transfer-encoding": _, ...others } = headers;
    const options = {
      method: "POST",
      headers: { ...others, host: new URL(botUrl).host, "content-length": body.length },
    };
    request(botUrl, options, resolve).once("error", reject).end(body);
  });
}

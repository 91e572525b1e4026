/** In the bot's place: hears everything, and answers what a test says. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { WireActivity } from "./conversations.ts";

export type ListeningBot = {
  url: string;
  heard: { activity: WireActivity; authorization?: string }[];
  last(): WireActivity | undefined;
  /** How it answers from now on; 200 and `{}` unless said. `after` in milliseconds. */
  answer(how: { status?: number; body?: unknown; after?: number }): void;
  stop(): void;
};

export async function startListeningBot(): Promise<ListeningBot> {
  const heard: ListeningBot["heard"] = [];
  let how: Parameters<ListeningBot["answer"]>[0] = {};
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      heard.push({ activity: JSON.parse(text) as WireActivity, authorization: request.headers.authorization });
      const { status = 200, body = {}, after = 0 } = how;
      void wait(after).then(() => response.writeHead(status).end(JSON.stringify(body)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    heard,
    last: () => heard.at(-1)?.activity,
    answer: (next) => (how = next),
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

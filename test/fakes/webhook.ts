import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AlertMessage } from "../../src/replies/alert-message.ts";

/** What a webhook of no host that Easel knows gets. */
export type Posted = AlertMessage & { source: string; text: string };

export type Webhook = {
  /** Its path and query are a secret. */
  url: string;
  /** What it has taken. */
  posted: Posted[];
  /** What it answers next: a status, or nothing at all. Then 200. */
  answers: (number | "silence")[];
  /** All that it was told in words. */
  lines(): string[];
  stop(): Promise<void>;
};

export const WEBHOOK_SECRETS = /s3cr3t|sh4red/;

/** An address of the operator's that takes alerts. */
export async function startWebhook(): Promise<Webhook> {
  const posted: Posted[] = [];
  const answers: Webhook["answers"] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => (text += String(chunk)));
    request.on("end", () => {
      const next = answers.shift() ?? 200;
      if (next === "silence") return;
      if (next === 200) posted.push(JSON.parse(text) as Posted);
      response.writeHead(next, { location: "/elsewhere" }).end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/T0P/s3cr3t?sig=sh4red`,
    posted,
    answers,
    lines: () => posted.flatMap((message) => message.lines),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The least that botbuilder needs to acknowledge an activity; words that begin with "say" get one message in the turn. */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from "botbuilder";
import type { ConfigurationBotFrameworkAuthenticationOptions } from "botbuilder";

const settings = { ...process.env } as ConfigurationBotFrameworkAuthenticationOptions;
const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication(settings));
const server = createServer((request, response) => void takeTurn(request, response));
server.listen(0, "127.0.0.1", () => console.log(`port ${(server.address() as AddressInfo).port}`));

async function takeTurn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>;
  const answer = {
    socket: response.socket,
    header: (name: string, value: unknown) => response.setHeader(name, String(value)),
    status: (code: number) => (response.statusCode = code),
    send: (sent: unknown) => response.write(typeof sent === "string" ? sent : JSON.stringify(sent)),
    end: () => response.end(),
  };
  await adapter.process({ body, headers: request.headers, method: request.method }, answer, async (context) => {
    if (context.activity.text?.startsWith("say")) await context.sendActivity("One moment");
  });
}

/** botbuilder as it comes, with production settings: the real client against which the stand-ins are tested. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { env, stdout } from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import {
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  ConfigurationServiceClientCredentialFactory,
  TurnContext,
  type ConfigurationBotFrameworkAuthenticationOptions,
  type ConversationReference,
} from "botbuilder";

const settings = { ...env } as ConfigurationBotFrameworkAuthenticationOptions;
const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication(settings));
adapter.onTurnError = async (_context, error) => report(error);

const server = createServer((request, response) => {
  takeTurn(request, response).catch(report);
});
server.listen(0, "127.0.0.1", () => print({ port: (server.address() as AddressInfo).port }));

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
  await adapter.process({ body, headers: request.headers, method: request.method }, answer, play);
}

/** Waits in the turn, then delivers after it; words in the text choose what else happens. */
async function play(context: TurnContext): Promise<void> {
  const { text, type, name, value } = context.activity;
  if (type === "invoke") return answerInvoke(context, name ?? "", value);
  if (text === "look at this") return fetchAll(context);
  if (type !== "message" || !text || text === "answer nothing") return print({ heard: type, value });
  if (text.includes("slow")) await wait(600);
  if (text.includes("type")) await context.sendActivity({ type: "typing" });

  const waiting = await context.sendActivity(text.includes("large") ? "x".repeat(60_000) : "waiting");
  if (!waiting) return;
  const reference = TurnContext.getConversationReference(context.activity);
  deliverLater(reference, waiting.id, text).catch(report);
}

async function deliverLater(reference: Partial<ConversationReference>, id: string, text: string): Promise<void> {
  await adapter.continueConversationAsync(settings.MicrosoftAppId ?? "", reference, async (context) => {
    if (text.includes("delete")) return context.deleteActivity(id);
    const again = { type: "Action.Execute", title: "Again", verb: "again", data: { job: 7 } };
    const card = {
      type: "AdaptiveCard",
      version: "1.5",
      body: [{ type: "TextBlock", text: "done" }],
      actions: [again],
    };
    const attachment = { contentType: "application/vnd.microsoft.card.adaptive", content: card };
    await context.updateActivity({ id, type: "message", attachments: [attachment] });
  });
}

/** Each as Microsoft says: a pasted picture with the bot's token, an attached file with none. */
async function fetchAll({ activity: { attachments = [] } }: TurnContext): Promise<void> {
  for (const { contentType, contentUrl, content } of attachments) {
    if (contentType === "text/html") continue;
    const isPasted = contentType.startsWith("image/");
    const { downloadUrl } = (content ?? {}) as { downloadUrl?: string };
    const headers = new Headers();
    const { MicrosoftAppId: appId = "", MicrosoftAppTenantId: tenant = "" } = settings;
    const factory = new ConfigurationServiceClientCredentialFactory(settings);
    const login = `https://login.microsoftonline.com/${tenant}`;
    const credentials = await factory.createCredentials(appId, "https://api.botframework.com", login, true);
    if (isPasted)
      await credentials.signRequest({ headers } as unknown as Parameters<typeof credentials.signRequest>[0]);
    const response = await fetch((isPasted ? contentUrl : downloadUrl) ?? "", { headers, redirect: "manual" });
    print({ fetched: `${response.status} ${await response.text()}` });
  }
}

async function answerInvoke(context: TurnContext, name: string, value: unknown): Promise<void> {
  print({ invoked: name, value });
  const card = { type: "AdaptiveCard", version: "1.5", body: [{ type: "TextBlock", text: "working" }] };
  const body = { statusCode: 200, type: "application/vnd.microsoft.card.adaptive", value: card };
  await context.sendActivity({ type: "invokeResponse", value: { status: 200, body } });
}

function report(error: unknown): void {
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  print({ failed: statusCode ?? null, message });
}

function print(line: object): void {
  stdout.write(`${JSON.stringify(line)}\n`);
}

import * as application from "./application-routes.ts";
import { answerInteraction } from "./callback-routes.ts";
import * as channel from "./channel-routes.ts";
import type { Answer } from "./refusals.ts";
import type { LoggedRequest } from "./records.ts";
import * as thread from "./thread-routes.ts";
import * as webhook from "./webhook-routes.ts";
import type { World } from "./world.ts";

export type Handler = (world: World, request: LoggedRequest, parts: string[]) => Promise<Answer>;

export type Route = { method: string; pattern: RegExp; handle: Handler; byToken: boolean };

const id = String.raw`(\d+)`;
const word = "([^/]+)";
const hook = `/webhooks/${id}/${word}`;
const hookMessage = `${hook}/messages/(@original|\\d+)`;
const message = `/channels/${id}/messages/${id}`;
const commands = `/applications/${id}/commands`;
const guildCommands = `/applications/${id}/guilds/${id}/commands`;

/** All that the fake answers. `byToken`: the interaction's token in the path is the authorization. */
const routes: Route[] = [
  byToken("POST", `/interactions/${id}/${word}/callback`, answerInteraction),
  byToken("POST", hook, webhook.createFollowup),
  byToken("GET", hookMessage, webhook.readThroughWebhook),
  byToken("PATCH", hookMessage, webhook.editThroughWebhook),
  byToken("DELETE", hookMessage, webhook.deleteThroughWebhook),
  forBot("GET", `/channels/${id}`, channel.readChannel),
  forBot("GET", `/channels/${id}/messages`, channel.readMessages),
  forBot("POST", `/channels/${id}/messages`, channel.postMessage),
  forBot("POST", `/channels/${id}/typing`, channel.showTyping),
  forBot("GET", message, channel.readMessage),
  forBot("PATCH", message, channel.editMessage),
  forBot("DELETE", message, channel.deleteMessage),
  forBot("PATCH", `/channels/${id}`, thread.changeChannel),
  forBot("POST", `${message}/threads`, thread.openThread),
  forBot("POST", "/users/@me/channels", channel.openDirectChannel),
  forBot("GET", "/users/@me", application.readSelf),
  forBot("GET", `/users/${id}`, application.readUser),
  forBot("GET", "/applications/@me", application.readApplication),
  forBot("GET", commands, application.readCommands),
  forBot("PUT", commands, application.putCommands),
  forBot("POST", commands, application.postCommand),
  forBot("GET", guildCommands, application.readCommands),
  forBot("PUT", guildCommands, application.putCommands),
  forBot("POST", guildCommands, application.postCommand),
  forBot("GET", "/gateway/bot", application.readGatewayForBot),
  byToken("GET", "/gateway", application.readGateway),
];

export function findRoute({ method, path }: LoggedRequest): (Route & { parts: string[] }) | undefined {
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : null;
    if (match) return { ...route, parts: match.slice(1) };
  }
  return undefined;
}

function byToken(method: string, path: string, handle: Handler): Route {
  return { method, pattern: new RegExp(`^${path}$`), handle, byToken: true };
}

function forBot(method: string, path: string, handle: Handler): Route {
  return { method, pattern: new RegExp(`^${path}$`), handle, byToken: false };
}

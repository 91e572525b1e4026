import { ConfigurationServiceClientCredentialFactory } from "botbuilder";
import { askedWait } from "../../src/answer-wait.ts";
import { isNeverSent } from "../../src/never-sent.ts";
import { becauseOf } from "../../src/until-reached.ts";
import type { TeamsAddress } from "./address.ts";
import { botbuilderSettings } from "./authenticate.ts";
import { isServiceAddress } from "./service-address.ts";
import type { TeamsSettings } from "./settings.ts";
import type { Message } from "./show.ts";

export type ConnectorAnswer =
  | { status: number; body: unknown; retryAfterSeconds?: number }
  /** Nothing was heard. `sent: false`: it cannot have taken effect. */
  | { lost: string; sent: boolean };

/**
 * Where the bot writes. One call is one request: whoever calls decides what is worth another. At a targeted address it is a
 * targeted message: Teams takes one for the other no more than for one that is gone.
 */
export type Connector = {
  /** A new message where `address` is. */
  post(address: TeamsAddress, message: Message, signal: AbortSignal): Promise<ConnectorAnswer>;
  /** The message `activityId` becomes `message`. */
  put(address: TeamsAddress, activityId: string, message: Message, signal: AbortSignal): Promise<ConnectorAnswer>;
  /** The message `activityId`, one of the bot's own, is deleted. */
  remove(address: TeamsAddress, activityId: string, signal: AbortSignal): Promise<ConnectorAnswer>;
};

const LOGIN = "https://login.microsoftonline.com/botframework.com";
const SCOPE = "https://api.botframework.com";

/**
 * The Bot Framework's connector by plain HTTP, with botbuilder's credentials. botbuilder's own client drops the AI label
 * from what it sends, reads no `Retry-After`, and repeats a message whose answer was lost, so that it stands twice.
 */
export function openConnector(teams: TeamsSettings): Connector {
  const call = async (request: Call, signal: AbortSignal): Promise<ConnectorAnswer> => {
    const { address, path, method, message } = request;
    if (!isServiceAddress(address.serviceUrl, teams)) return { lost: "the service address is not Teams'", sent: false };
    const headers = new Headers({ "content-type": "application/json; charset=utf-8", accept: "application/json" });
    try {
      await unlessAborted(addToken(headers, teams), signal);
    } catch (error) {
      return { lost: `no token: ${becauseOf(error)}`, sent: false };
    }
    const place = `${address.serviceUrl.replace(/\/+$/, "")}/v3/conversations/${encodeURIComponent(address.conversationId)}`;
    const url = `${place}/${path}${address.targeted ? "?isTargetedActivity=true" : ""}`;
    const body = message && JSON.stringify(withPlace(message, address, method));
    try {
      // A redirect would carry the token to wherever it points.
      return await readAnswer(await fetch(url, { method, headers, body, signal, redirect: "manual" }));
    } catch (error) {
      return { lost: becauseOf(error), sent: !isNeverSent(error) };
    }
  };
  return {
    post: (address, message, signal) => call({ address, path: "activities", method: "POST", message }, signal),
    put: (address, activityId, message, signal) =>
      call({ address, path: `activities/${encodeURIComponent(activityId)}`, method: "PUT", message }, signal),
    remove: (address, activityId, signal) =>
      call({ address, path: `activities/${encodeURIComponent(activityId)}`, method: "DELETE" }, signal),
  };
}

type Call = { address: TeamsAddress; path: string; method: "POST" | "PUT" | "DELETE"; message?: Message };

/** The bot's own token for the connector, which also gives out what people paste. None in local mode. */
export async function addToken(headers: Headers, teams: TeamsSettings): Promise<void> {
  if (teams.mode === "local") return;
  const factory = new ConfigurationServiceClientCredentialFactory(botbuilderSettings(teams));
  const credentials = await factory.createCredentials(teams.appId, SCOPE, LOGIN, true);
  // It sets one header, and a web-standard `Headers` has all that it uses. The token is kept by botbuilder until shortly before it expires.
  await credentials.signRequest({ headers } as unknown as Parameters<typeof credentials.signRequest>[0]);
}

/** A targeted message names whom it is for when it is new, and never again. */
function withPlace(message: Message, address: TeamsAddress, method: Call["method"]): object {
  const { bot, user, conversationId, channelId, serviceUrl, locale, targeted } = address;
  return {
    ...message,
    channelId,
    serviceUrl,
    from: { id: bot.id, ...(bot.name && { name: bot.name }) },
    conversation: { id: conversationId },
    ...(targeted && method === "POST" && { recipient: { id: user.id, ...(user.name && { name: user.name }) } }),
    ...(locale && { locale }),
  };
}

async function readAnswer(response: Response): Promise<ConnectorAnswer> {
  const { status, headers } = response;
  const text = await response.text();
  return { status, body: parse(text), retryAfterSeconds: askedWait(headers, "") };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** botbuilder's login knows no signal. */
export async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

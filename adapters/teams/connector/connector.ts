import { askedWait } from "../../../src/images-api/asked-wait.ts";
import { isNeverSent } from "../../../src/images-api/never-sent.ts";
import { becauseOf } from "../../../src/log.ts";
import type { TeamsAddress } from "../address.ts";
import { addToken, dropToken } from "../door/entra.ts";
import { parseJson, readBounded } from "../door/read-bounded.ts";
import { isServiceAddress } from "../door/service-address.ts";
import type { TeamsSettings } from "../settings.ts";
import type { Message } from "../show.ts";
import type { TeamsTimes } from "../times.ts";

export type ConnectorAnswer =
  /** `json` is undefined where the body is none, as a proxy's page is not. */
  | { status: number; json: unknown; isEmpty: boolean; retryAfterSeconds?: number }
  /** Nothing was heard. `sent: false`: it cannot have taken effect. */
  | { lost: string; sent: boolean };

/**
 * Where the bot writes. One call is one request: whoever calls decides what is worth another. At a targeted address it is a
 * targeted message: Teams takes one for the other no more than for one that is gone.
 */
export type Connector = {
  times: TeamsTimes;
  /** A new message where `address` is. */
  post(address: TeamsAddress, message: Message, signal: AbortSignal): Promise<ConnectorAnswer>;
  /** The message `activityId` becomes `message`. */
  put(address: TeamsAddress, activityId: string, message: Message, signal: AbortSignal): Promise<ConnectorAnswer>;
  /** The message `activityId`, one of the bot's own, is deleted. */
  remove(address: TeamsAddress, activityId: string, signal: AbortSignal): Promise<ConnectorAnswer>;
};

/** The connector's own answers have some hundred bytes. */
const MOST_ANSWER_BYTES = 1_000_000;

/**
 * The Bot Framework's connector by plain HTTP, with the bot's own token. botbuilder's client drops the AI label
 * from what it sends, reads no `Retry-After`, and repeats a message whose answer was lost, so that it stands twice.
 */
export function openConnector(teams: TeamsSettings): Connector {
  const call = async (request: Call, signal: AbortSignal): Promise<ConnectorAnswer> => {
    const { address, path, method, message } = request;
    if (!isServiceAddress(address.serviceUrl, teams)) return { lost: "the service address is not Teams'", sent: false };
    const headers = new Headers({ "content-type": "application/json; charset=utf-8", accept: "application/json" });
    try {
      await addToken(headers, teams, signal);
    } catch (error) {
      return { lost: `no token: ${becauseOf(error)}`, sent: false };
    }
    const place = `${address.serviceUrl.replace(/\/+$/, "")}/v3/conversations/${encodeURIComponent(address.conversationId)}`;
    const url = `${place}/${path}${address.targeted ? "?isTargetedActivity=true" : ""}`;
    const body = message && JSON.stringify(withPlace(message, address, method));
    try {
      // A redirect would carry the token to wherever it points.
      const response = await fetch(url, { method, headers, body, signal, redirect: "manual" });
      if (response.status === 401) dropToken(teams);
      return await readAnswer(response);
    } catch (error) {
      return { lost: becauseOf(error), sent: !isNeverSent(error) };
    }
  };
  return {
    times: teams.times,
    post: (address, message, signal) => call({ address, path: "activities", method: "POST", message }, signal),
    put: (address, activityId, message, signal) =>
      call({ address, path: `activities/${encodeURIComponent(activityId)}`, method: "PUT", message }, signal),
    remove: (address, activityId, signal) =>
      call({ address, path: `activities/${encodeURIComponent(activityId)}`, method: "DELETE" }, signal),
  };
}

type Call = { address: TeamsAddress; path: string; method: "POST" | "PUT" | "DELETE"; message?: Message };

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
  const { status, headers, body } = response;
  const text = await readBounded(body, MOST_ANSWER_BYTES);
  return { status, json: parseJson(text), isEmpty: text === "", retryAfterSeconds: askedWait(headers, "") };
}

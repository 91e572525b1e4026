import { setTimeout as pause } from "node:timers/promises";
import { log } from "../../../src/log.ts";
import { chatOf } from "../door/activity.ts";
import type { TeamsAddress } from "../address.ts";
import type { Connector, ConnectorAnswer } from "./connector.ts";
import type { Message } from "../show.ts";
import { describe, idIn, isWorthAnotherTry, verdictOn } from "./verdict.ts";
import type { Way } from "./verdict.ts";

/** What came of putting a message. */
export type Outcome =
  | { stands: string; place?: TeamsAddress }
  /** Known to be final: nobody can write there any more. */
  | { gone: string }
  /** The message, its thread or whom it is for is not there, and there is no other way. */
  | { missing: string }
  /** Not this card, nor a smaller one. */
  | { unfit: string }
  /** Refused on every way, with something that is not known to be final. */
  | { refused: string; seconds: number }
  | { later: string; seconds: number };

/** Some eleven seconds in all: as long as Teams has been seen to deny a chat that exists, and more. */
const MOST_TRIES = 5;
export type Patience = {
  /** No try begins after that. */
  until: AbortSignal;
  /** Ends a call under way instead of `until`: its answer is worth waiting for, but no other call is. */
  callUntil?: AbortSignal;
};

export type Messages = {
  whole: Message;
  /** Much smaller, for a connector that finds the whole too large. */
  brief?: () => Message;
  /** What the message that `address` names says if another had to be sent in its stead and it cannot be deleted. */
  instead?: () => Message;
  /** No new message where the one that stands refuses to be changed: another follows soon, or none is wanted. */
  onlyInPlace?: "unless it is missing" | "always";
};

type Standing = { connector: Connector; address: TeamsAddress; messages: Messages; patience: Patience };

/**
 * Puts a message: in place of the one that `address` names, or, where there is none (any more) or it cannot be
 * changed, as a new one; in a thread that is gone, beside it. Short waits happen here, as long as there is patience.
 */
export async function putMessage(
  connector: Connector,
  address: TeamsAddress,
  messages: Messages,
  patience: Patience,
): Promise<Outcome> {
  const standing = { connector, address, messages, patience };
  if (!address.activityId) return postSomewhere(standing);
  const changed = await tryWay("PUT", standing);
  if ("stands" in changed || "gone" in changed || "later" in changed) return changed;
  if (messages.onlyInPlace === "always" && "missing" in changed) return { gone: changed.missing };
  if (messages.onlyInPlace && !("missing" in changed)) return changed;
  const posted = await postSomewhere(standing);
  if ("stands" in posted) {
    if (!("missing" in changed))
      log.warn({ ...changed }, "teams: a message could not be changed, so a new one is sent");
    await clearUp(connector, address, messages.instead);
    return posted;
  }
  if (!("refused" in posted)) return posted;
  return { refused: `${Object.values(changed)[0]}, ${posted.refused}`, seconds: posted.seconds };
}

/** Deletes a message of the bot's own. Gone before is as good. */
export async function takeAway(
  connector: Connector,
  address: TeamsAddress,
  activityId: string,
  patience: Patience,
): Promise<Outcome> {
  const call = (signal: AbortSignal) => connector.remove(address, activityId, signal);
  const outcome = outcomeOf(await tryAgain("DELETE", call, connector, patience), {
    way: "DELETE",
    activityId,
    connector,
  });
  return "missing" in outcome || "gone" in outcome ? { stands: activityId } : outcome;
}

async function postSomewhere(standing: Standing): Promise<Outcome> {
  const { address, messages } = standing;
  const posted = await tryWay("POST", standing);
  const chat = chatOf(address.conversationId);
  const isThread = chat !== address.conversationId && !address.targeted;
  if (!("missing" in posted) || !isThread || messages.onlyInPlace) return posted;
  const place = { ...address, conversationId: chat };
  const beside = await tryWay("POST", { ...standing, address: place });
  return "stands" in beside ? { ...beside, place } : beside;
}

/** The whole, or, where it is known to be too much, what is left of it. */
async function tryWay(way: "PUT" | "POST", { connector, address, messages, patience }: Standing): Promise<Outcome> {
  const activityId = address.activityId ?? "";
  const send = async (message: Message) => {
    const call = (signal: AbortSignal) =>
      way === "POST" ? connector.post(address, message, signal) : connector.put(address, activityId, message, signal);
    return outcomeOf(await tryAgain(way, call, connector, patience), { way, activityId, connector });
  };
  const whole = await send(messages.whole);
  if (!("unfit" in whole) || !messages.brief) return whole;
  log.warn({ because: whole.unfit }, "teams: a card was refused, so a smaller one is sent");
  return send(messages.brief());
}

/**
 * Takes away the message that `address` names, now that the answer stands elsewhere, so that nothing says for ever that it
 * is on its way: where it cannot be deleted, it says `instead`. What does not work at once is tried again in the background.
 */
export async function clearUp(
  connector: Connector,
  address: TeamsAddress,
  instead: Messages["instead"],
): Promise<void> {
  const { activityId } = address;
  const { tryLimitMilliseconds, takeAwaySeconds, takeAwayMilliseconds } = connector.times;
  if (!activityId) return;
  const once = async () => {
    const taken = await takeAway(connector, address, activityId, { until: AbortSignal.timeout(tryLimitMilliseconds) });
    if ("stands" in taken || !instead) return taken;
    const patience = { until: AbortSignal.timeout(tryLimitMilliseconds) };
    const changed = await tryWay("PUT", { connector, address, messages: { whole: instead() }, patience });
    return "stands" in changed || "missing" in changed ? { stands: activityId } : taken;
  };
  const goOn = async (outcome: Outcome) => {
    for (const seconds of takeAwaySeconds) {
      log.warn({ ...outcome, againInSeconds: seconds }, "teams: a message that another replaces still stands");
      await pause(seconds * 1000, undefined, { ref: false });
      outcome = await once();
      if ("stands" in outcome) return;
    }
    log.error({ ...outcome }, "teams: a message that another replaces could not be taken away");
  };
  const clear = async () => {
    const outcome = await once();
    if (!("stands" in outcome)) void goOn(outcome).catch(broke);
  };
  const broke = (error: unknown) => log.error({ error }, "teams: a message could not be taken away");
  const clearing = clear().catch(broke);
  // The answer stands, and whoever sent it has to write that down.
  await Promise.race([clearing, pause(takeAwayMilliseconds, undefined, { ref: false })]);
}

async function tryAgain(
  way: Way,
  call: (signal: AbortSignal) => Promise<ConnectorAnswer>,
  { times }: Connector,
  { until, callUntil }: Patience,
): Promise<ConnectorAnswer> {
  let backOff = times.backOffSeconds;
  for (let tries = 1; ; tries += 1) {
    if (until.aborted) return { lost: "no time is left", sent: false };
    const signal = callUntil ?? AbortSignal.any([until, AbortSignal.timeout(times.tryLimitMilliseconds)]);
    const answer = await call(signal);
    if (tries >= MOST_TRIES || !isWorthAnotherTry(answer, way)) return answer;
    const asked = "status" in answer ? answer.retryAfterSeconds : undefined;
    const seconds = withJitter(asked ?? backOff);
    if (asked === undefined) backOff = Math.min(times.longestBackOffSeconds, backOff * 2);
    if (seconds > times.longestWaitInPlaceSeconds) return answer;
    const waited = await pause(seconds * 1000, true, { signal: until }).catch(() => false);
    if (!waited) return answer;
  }
}

type Called = { way: Way; activityId: string; connector: Connector };

function outcomeOf(answer: ConnectorAnswer, { way, activityId, connector: { times } }: Called): Outcome {
  const because = describe(answer, way);
  const asked = ("status" in answer && answer.retryAfterSeconds) || times.laterSeconds;
  const seconds = withJitter(Math.min(asked, times.longestLaterSeconds));
  switch (verdictOn(answer, way)) {
    case "done":
      return { stands: idIn(answer) ?? activityId };
    case "gone":
      return { gone: because };
    case "missing":
      return { missing: because };
    case "unfit":
      return { unfit: because };
    case "refused":
      // A proxy's, that stayed: what it lets through is smaller.
      return "status" in answer && answer.status === 413 ? { unfit: because } : { refused: because, seconds };
    case "trouble":
      return { later: because, seconds };
  }
}

/** Everybody who was told to wait must not come back in the same instant. */
function withJitter(seconds: number): number {
  return seconds + Math.random() * Math.max(0.3, seconds / 4);
}

import { setTimeout as pause } from "node:timers/promises";
import type { TeamsAddress } from "./address.ts";
import type { Connector, ConnectorAnswer } from "./connector.ts";
import { member } from "./member.ts";
import type { Message } from "./show.ts";

/** What came of making a message stand. */
export type Outcome =
  | { stands: string }
  /** Removed, blocked or deleted: nobody can write there any more. */
  | { gone: string }
  /** The connector does not take this message, and would not take it later. */
  | { refused: string }
  | { later: string; seconds: number };

/** Longer waits are the caller's: a worker has other jobs. */
const LONGEST_WAIT_IN_PLACE = 5;
const MOST_TRIES = 4;
/** After tries in place whose last answer names no time. */
const LATER_SECONDS = 5;
/** Microsoft's list of what is worth another try. */
const WORTH_ANOTHER_TRY = [412, 429, 502, 503, 504];
const TRY_MILLISECONDS = 10_000;

export type Patience = {
  /** No try begins after that. */
  until: AbortSignal;
  /** Ends a call under way instead of `until`: its answer is worth waiting for, but no other call is. */
  callUntil?: AbortSignal;
};

/**
 * Makes a message stand: in place of the one that `address` names, or, where there is none (any more), as a new one.
 * Short waits happen here, as long as there is patience.
 */
export async function makeStand(
  connector: Connector,
  address: TeamsAddress,
  message: Message,
  patience: Patience,
): Promise<Outcome> {
  const { activityId } = address;
  if (activityId) {
    const answer = await tryAgain((signal) => connector.put(address, activityId, message, signal), patience);
    if (!("status" in answer) || answer.status !== 404) return outcomeOf(answer, activityId);
  }
  return outcomeOf(await tryAgain((signal) => connector.post(address, message, signal), patience), "");
}

/** Deletes a message of the bot's own. Gone before is as good. */
export async function takeAway(
  connector: Connector,
  address: TeamsAddress,
  activityId: string,
  patience: Patience,
): Promise<Outcome> {
  return outcomeOf(await tryAgain((signal) => connector.remove(address, activityId, signal), patience), activityId);
}

async function tryAgain(
  call: (signal: AbortSignal) => Promise<ConnectorAnswer>,
  { until, callUntil }: Patience,
): Promise<ConnectorAnswer> {
  let backOff = 1;
  for (let tries = 1; ; tries += 1) {
    if (until.aborted) return { lost: "no time is left", sent: false };
    const answer = await call(callUntil ?? AbortSignal.any([until, AbortSignal.timeout(TRY_MILLISECONDS)]));
    if (tries >= MOST_TRIES || !isWorthAnotherTry(answer)) return answer;
    const asked = "status" in answer ? answer.retryAfterSeconds : undefined;
    const seconds = withJitter(asked ?? backOff);
    if (asked === undefined) backOff *= 2;
    if (seconds > LONGEST_WAIT_IN_PLACE) return answer;
    const waited = await pause(seconds * 1000, true, { signal: until }).catch(() => false);
    if (!waited) return answer;
  }
}

/** A busy service, or a call that was never sent. Not a lost answer: the message may stand already, and would then stand twice. */
function isWorthAnotherTry(answer: ConnectorAnswer): boolean {
  return "status" in answer ? WORTH_ANOTHER_TRY.includes(answer.status) : !answer.sent;
}

function outcomeOf(answer: ConnectorAnswer, activityId: string): Outcome {
  if (!("status" in answer)) return { later: answer.lost, seconds: withJitter(LATER_SECONDS) };
  const { status, body, retryAfterSeconds } = answer;
  const because = `${status} ${codeOf(body)}`.trim();
  if (status >= 200 && status < 300) return { stands: idIn(body) ?? activityId };
  // 403: MessageWritesBlocked, BotNotInConversationRoster, BotDisabledByAdmin. 404: no such conversation.
  if (status === 403 || status === 404) return { gone: because };
  if (status === 400 || status === 413) return { refused: because };
  return { later: because, seconds: withJitter(retryAfterSeconds ?? LATER_SECONDS) };
}

/** Everybody who was told to wait must not come back in the same instant. */
function withJitter(seconds: number): number {
  return seconds + Math.random() * Math.max(0.3, seconds / 4);
}

function idIn(body: unknown): string | undefined {
  const id = member(body, "id");
  return typeof id === "string" && id ? id : undefined;
}

/** Teams says it in two forms: `error.code`, and a `subCode` in a message that is JSON itself. */
function codeOf(body: unknown): string {
  const code = member(member(body, "error"), "code");
  if (typeof code === "string") return code.slice(0, 80);
  return /"subCode"\s*:\s*"(\w{1,80})"/.exec(String(member(body, "message")))?.[1] ?? "";
}

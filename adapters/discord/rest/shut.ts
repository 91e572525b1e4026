import type { Delivery } from "../../../src/replies/delivery.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import type { DiscordAddress } from "../address.ts";
import { isFinal, isTrouble } from "./faults.ts";
import type { Desk } from "./call.ts";
import type { Refusal } from "./faults.ts";

const MOST_REMEMBERED = 5000;

/** Since when a way has had trouble, by event and way. */
const troubledSince = new Map<string, number>();

/** Nothing more of this event is to be delivered. */
export function forgetTrouble({ interactionId }: DiscordAddress): void {
  for (const key of troubledSince.keys()) if (key.startsWith(`${interactionId} `)) troubledSince.delete(key);
}

/** What passes by itself soon, so that the same way is worth waiting for. Only an answer is kept from it by trouble that lasts. */
export function isPassing(
  refusal: Refusal,
  way: string,
  { address: { interactionId }, reply: { role } }: { address: DiscordAddress; reply: ChatReply },
  { times }: Desk,
): boolean {
  if (refusal.fault === "made to wait") return (refusal.seconds ?? 0) <= times.longWaitSeconds;
  if (!isTrouble(refusal.fault)) return false;
  if (role === "progress") return true;
  const key = `${interactionId} ${way}`;
  const since = troubledSince.get(key) ?? Date.now();
  troubledSince.set(key, since);
  const [oldest] = troubledSince.keys();
  if (troubledSince.size > MOST_REMEMBERED && oldest) troubledSince.delete(oldest);
  return Date.now() - since < times.lastingMilliseconds;
}

/**
 * What is to be done about an answer that none of the ways has taken. Known to be closed for good, all of them: never again.
 * Else it is tried again: what only has trouble for longer than what is refused by a code that nobody knows.
 */
export function deliveryOf(refusals: Refusal[], address: DiscordAddress, desk: Desk, reply?: ChatReply): Delivery {
  const { longestPauseSeconds, refusedSeconds } = desk.times;
  const because = refusals.map((refusal) => refusal.because).join("; ") || "no way to the asker is open";
  const waits = refusals.flatMap((refusal) => secondsOf(refusal, address, desk) ?? []);
  if (waits.length) return { delivered: false, because, againInSeconds: Math.min(...waits, longestPauseSeconds) };
  // What is told of a job that waits is outdated before it could be told again.
  if (reply?.role === "progress" || refusals.every(isFinal)) return { delivered: false, because };
  return { delivered: false, because, againInSeconds: refusedSeconds, isRefused: true };
}

function secondsOf({ fault, seconds }: Refusal, { createdAt }: DiscordAddress, { times }: Desk): number | undefined {
  const { troubleSeconds, youngMilliseconds } = times;
  if (isTrouble(fault)) return troubleSeconds;
  if (fault === "made to wait" || fault === "bad bot token") return seconds ?? troubleSeconds;
  if (fault === "token unknown" && Date.now() - Date.parse(createdAt) < youngMilliseconds) return troubleSeconds;
  return undefined;
}

import type { Delivery } from "../../../src/replies/delivery.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import type { DiscordAddress } from "../address.ts";
import { isFinal, isTrouble } from "./faults.ts";
import type { Refusal } from "./faults.ts";

/** What is said where nothing was asked for. */
export const TROUBLE_SECONDS = 5;
/** An unknown refusal is looked at again after this, then more rarely. */
const REFUSED_SECONDS = 30;
const LONGEST_PAUSE_SECONDS = 900;
/** A wait as long as this is no reason to keep an answer from the other ways. */
const LONG_WAIT_SECONDS = 60;
/** Nor is trouble of this length: Discord itself has answered 500 to edits in archived threads, each time. */
const LASTING_MILLISECONDS = 60_000;
/** An interaction whose first answer is still on its way is unknown to Discord. */
const YOUNG_MILLISECONDS = 15_000;
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
  { interactionId }: DiscordAddress,
  { role }: ChatReply,
): boolean {
  if (refusal.fault === "made to wait") return (refusal.seconds ?? 0) <= LONG_WAIT_SECONDS;
  if (!isTrouble(refusal.fault)) return false;
  if (role === "progress") return true;
  const key = `${interactionId} ${way}`;
  const since = troubledSince.get(key) ?? Date.now();
  troubledSince.set(key, since);
  const [oldest] = troubledSince.keys();
  if (troubledSince.size > MOST_REMEMBERED && oldest) troubledSince.delete(oldest);
  return Date.now() - since < LASTING_MILLISECONDS;
}

/**
 * What is to be done about an answer that none of the ways has taken. Known to be closed for good, all of them: never again.
 * Else it is tried again: what only has trouble for longer than what is refused by a code that nobody knows.
 */
export function deliveryOf(refusals: Refusal[], address: DiscordAddress, reply?: ChatReply): Delivery {
  const because = refusals.map((refusal) => refusal.because).join("; ") || "no way to the asker is open";
  const waits = refusals.flatMap((refusal) => secondsOf(refusal, address) ?? []);
  if (waits.length) return { delivered: false, because, againInSeconds: Math.min(...waits, LONGEST_PAUSE_SECONDS) };
  // What is told of a job that waits is outdated before it could be told again.
  if (reply?.role === "progress" || refusals.every(isFinal)) return { delivered: false, because };
  return { delivered: false, because, againInSeconds: REFUSED_SECONDS, isRefused: true };
}

function secondsOf({ fault, seconds }: Refusal, { createdAt }: DiscordAddress): number | undefined {
  if (isTrouble(fault)) return TROUBLE_SECONDS;
  if (fault === "made to wait" || fault === "bad bot token") return seconds ?? TROUBLE_SECONDS;
  if (fault === "token unknown" && Date.now() - Date.parse(createdAt) < YOUNG_MILLISECONDS) return TROUBLE_SECONDS;
  return undefined;
}

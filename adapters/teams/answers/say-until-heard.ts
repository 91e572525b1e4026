import { setTimeout as pause } from "node:timers/promises";
import type { Delivery } from "../../../src/replies/delivery.ts";
import { log } from "../../../src/log.ts";
import type { Reception } from "./reception.ts";
import type { Patience } from "../connector/put-message.ts";
import type { TeamsTimes } from "../times.ts";

/** Answers that wait so at one time; each is a few kilobytes. */
const MOST_UNHEARD = 500;

let unheard = 0;

/**
 * Says what no job stands behind: within the turn, and where there is trouble, after it. True: it is said, or is being said,
 * and nobody else needs to. `say` is given the turn's patience, and none after it.
 */
export async function sayUntilHeard(
  { deadline, teams }: Pick<Reception, "deadline" | "teams">,
  say: (patience?: Patience) => Promise<Delivery>,
): Promise<boolean> {
  const delivery = await say({ until: deadline.signal });
  if (delivery.delivered) return true;
  const isWorthIt = delivery.againInSeconds !== undefined && unheard < MOST_UNHEARD;
  log.warn({ ...delivery }, isWorthIt ? "teams: an answer is not told yet" : "teams: an answer could not be told");
  if (isWorthIt)
    void goOn(delivery, teams.times, say).catch((error: unknown) => log.error({ error }, "teams: telling broke"));
  return isWorthIt;
}

async function goOn(delivery: Delivery, times: TeamsTimes, say: () => Promise<Delivery>): Promise<void> {
  unheard += 1;
  try {
    for (const seconds of times.sayAgainSeconds) {
      if (delivery.delivered) return log.info("teams: an answer is told at last");
      if (delivery.againInSeconds === undefined) break;
      const wait = Math.min(times.longestSayAgainSeconds, Math.max(seconds, delivery.againInSeconds));
      await pause(wait * 1000, undefined, { ref: false });
      delivery = await say();
    }
    if (!delivery.delivered) log.error({ ...delivery }, "teams: an answer could not be told");
  } finally {
    unheard -= 1;
  }
}

import { setTimeout as pause } from "node:timers/promises";
import { log } from "./log.ts";
import { isOutage } from "./storage-answer.ts";
import { becauseOf } from "./until-reached.ts";

const LONGEST_PAUSE = 15_000;

/**
 * Tries a storage operation until it succeeds: what is already paid for is not given up because storage is out of reach
 * for a while. An answer that trying again cannot change is thrown, and so is the reason of `signal`.
 */
export async function untilStorageAnswers<Result>(
  what: string,
  operation: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  for (let wait = 500; ; wait = Math.min(LONGEST_PAUSE, wait * 2)) {
    try {
      return await inTime(operation());
    } catch (error) {
      signal.throwIfAborted();
      if (!isOutage(error)) throw error;
      log.warn({ because: becauseOf(error), retryInMilliseconds: wait }, `storage is out of reach: ${what} waits`);
      await pause(wait, undefined, { signal });
    }
  }
}

/** Longer than a picture's upload takes, and than a turn at the image service is waited for in place. */
const LONGEST_OPERATION = 90_000;

class NoAnswer extends Error {
  override name = "NoAnswer";
}

/** An answer that never comes counts as an outage. */
async function inTime<Result>(operation: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new NoAnswer("storage does not answer")), LONGEST_OPERATION);
  try {
    return await Promise.race([operation, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

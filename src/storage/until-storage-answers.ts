import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { becauseOf, log } from "../log.ts";
import type { Times } from "../times.ts";
import { isOutage } from "./storage-refusal.ts";

/** What goes along with all the waiting of one job, without being handed from step to step. */
type Patience = {
  /** Called when a step has waited for long, each time that storage fails it again. */
  hear(error: unknown): void;
  /** Aborted when the process ends and nothing can be waited for any more. */
  leaving: AbortSignal;
};
const patience = new AsyncLocalStorage<Patience>();

/** In `work`, and in all that it calls, whatever waits for storage waits by this patience. */
export function withPatience<Result>(ours: Patience, work: () => Promise<Result>): Promise<Result> {
  return patience.run(ours, work);
}

/** The process ends, and what waits for storage is left as it is. */
class Leaving extends Error {
  override name = "Leaving";
}

/** What `leaving` is aborted with. */
export function leavingReason(): Error {
  return new Leaving("the process ends");
}

export function isLeaving(error: unknown): boolean {
  return error instanceof Leaving;
}

let lastOutageAt = -Infinity;

/** Storage failed this process within the last so many milliseconds: others may have been cut off from it too. */
export function storageWasAway(milliseconds: number): boolean {
  return performance.now() - lastOutageAt < milliseconds;
}

export function noteOutage(): void {
  lastOutageAt = performance.now();
}

/**
 * Tries a storage operation until it succeeds: what is already paid for is not given up because storage is out of reach
 * for a while. An answer that trying again cannot change is thrown, and so is the reason of `signal`.
 */
export async function untilStorageAnswers<Result>(
  what: string,
  operation: () => Promise<Result>,
  { times: { storage: times } }: { times: Times },
  signal: AbortSignal,
): Promise<Result> {
  const ours = patience.getStore();
  const leaving = ours?.leaving;
  const enough = leaving ? AbortSignal.any([signal, leaving]) : signal;
  const beganAt = performance.now();
  for (let wait = times.pauseMilliseconds; ; wait = Math.min(times.longestPauseMilliseconds, wait * 2)) {
    try {
      return await inTime(operation(), times.operationLimitMilliseconds, leaving);
    } catch (error) {
      enough.throwIfAborted();
      if (!isOutage(error)) throw error;
      noteOutage();
      log.warn({ because: becauseOf(error), retryInMilliseconds: wait }, `storage is out of reach: ${what} waits`);
      if (performance.now() - beganAt > times.heardMilliseconds) ours?.hear(error);
    }
    await pause(wait, undefined, { signal: enough }).catch(() => enough.throwIfAborted());
  }
}

/** For what a person waits for: two more tries, each by `abortSignal`. The SDK itself repeats only what storage answers with 500 or 503. */
export async function tryAFewTimes<Result>(
  operation: () => Promise<Result>,
  { times }: { times: Times },
  abortSignal?: AbortSignal,
): Promise<Result> {
  for (const milliseconds of times.storage.fewPausesMilliseconds) {
    try {
      return await operation();
    } catch (error) {
      if (abortSignal?.aborted || !isOutage(error)) throw error;
      await pause(milliseconds, undefined, { signal: abortSignal });
    }
  }
  return operation();
}

class NoAnswer extends Error {
  override name = "NoAnswer";
}

/** An answer that never comes counts as an outage. */
async function inTime<Result>(
  operation: Promise<Result>,
  milliseconds: number,
  leaving?: AbortSignal,
): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new NoAnswer("storage does not answer")), milliseconds);
  const leave = () => late.reject(leaving?.reason);
  leaving?.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([operation, late.promise]);
  } finally {
    clearTimeout(timer);
    leaving?.removeEventListener("abort", leave);
  }
}

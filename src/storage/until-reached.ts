import { setTimeout as pause } from "node:timers/promises";
import { becauseOf, log } from "../log.ts";
import type { Times } from "../times.ts";
import { mendingOf } from "./storage-refusal.ts";

/**
 * Tries to reach what the process needs until it answers, and says what is out of reach, why, and where it is known what
 * mends it. Ends early with `stopping`.
 */
export async function untilReached(
  what: string,
  reach: (signal: AbortSignal) => Promise<void>,
  { storage: times }: Times,
  stopping: AbortSignal,
): Promise<void> {
  let said = { because: "", until: 0, quiet: times.quietMilliseconds };
  let wait = times.reachPauseMilliseconds;
  for (; !stopping.aborted; wait = Math.min(times.longestReachPauseMilliseconds, wait * 2)) {
    try {
      await reach(AbortSignal.any([stopping, AbortSignal.timeout(times.reachLimitMilliseconds)]));
      if (said.because) log.info(`${what} answers again`);
      return;
    } catch (error) {
      if (stopping.aborted) return;
      const because = becauseOf(error);
      const isNews = because !== said.because;
      const now = performance.now();
      if (isNews || now > said.until) {
        const quiet = isNews ? times.quietMilliseconds : Math.min(times.longestQuietMilliseconds, said.quiet * 2);
        said = { because, until: now + quiet, quiet };
        const line = { because, mend: mendingOf(error), retryInMilliseconds: wait };
        log.error(line, `${what} is out of reach: Easel keeps trying`);
      }
      await pause(wait, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}

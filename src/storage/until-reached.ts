import { setTimeout as pause } from "node:timers/promises";
import { becauseOf, log } from "../log.ts";
import { mendingOf } from "./storage-refusal.ts";

const LONGEST_PAUSE = 30_000;
const TRY_MILLISECONDS = 10_000;
/** The same fault is said again after so long, then more and more rarely. */
const FIRST_QUIET = 5000;
const LONGEST_QUIET = 600_000;

/**
 * Tries to reach what the process needs until it answers, and says what is out of reach, why, and where it is known what
 * mends it. Ends early with `stopping`.
 */
export async function untilReached(
  what: string,
  reach: (signal: AbortSignal) => Promise<void>,
  stopping: AbortSignal,
): Promise<void> {
  let said = { because: "", until: 0, quiet: FIRST_QUIET };
  for (let wait = 1000; !stopping.aborted; wait = Math.min(LONGEST_PAUSE, wait * 2)) {
    try {
      await reach(AbortSignal.any([stopping, AbortSignal.timeout(TRY_MILLISECONDS)]));
      if (said.because) log.info(`${what} answers again`);
      return;
    } catch (error) {
      if (stopping.aborted) return;
      const because = becauseOf(error);
      const isNews = because !== said.because;
      const now = performance.now();
      if (isNews || now > said.until) {
        const quiet = isNews ? FIRST_QUIET : Math.min(LONGEST_QUIET, said.quiet * 2);
        said = { because, until: now + quiet, quiet };
        const line = { because, mend: mendingOf(error), retryInMilliseconds: wait };
        log.error(line, `${what} is out of reach: Easel keeps trying`);
      }
      await pause(wait, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}

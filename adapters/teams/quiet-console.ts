/* oxlint-disable no-console -- botbuilder's, not ours */
import { AsyncLocalStorage } from "node:async_hooks";

const quiet = new AsyncLocalStorage<true>();
let guarded = false;

/**
 * Runs `work` with nothing of it on `console.error`. botbuilder prints several lines for each bad token, so that whoever
 * can reach the address could fill the log. What is printed elsewhere at the same time still shows.
 */
export function withQuietConsole<Result>(work: () => Promise<Result>): Promise<Result> {
  if (!guarded) {
    guarded = true;
    const print = console.error;
    console.error = (...parts: unknown[]) => {
      if (!quiet.getStore()) print(...parts);
    };
  }
  return quiet.run(true, work);
}

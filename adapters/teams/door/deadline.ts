import type { TeamsTimes } from "../times.ts";
import type { TeamsActivity } from "./activity.ts";

/** When a turn must be over. Whoever waits for something in a turn waits no longer than that. */
export type Deadline = {
  signal: AbortSignal;
  /** Milliseconds until then, and never less than none. */
  left(): number;
};

/** `began` is `performance.now()` when the request came in: checking its token counts too. */
export function deadlineOf({ type }: Pick<TeamsActivity, "type">, times: TeamsTimes, began: number): Deadline {
  const end = began + (type === "invoke" ? times.invokeLimitMilliseconds : times.messageLimitMilliseconds);
  const left = () => Math.max(0, end - performance.now());
  return { signal: AbortSignal.timeout(Math.ceil(left())), left };
}

/** What comes of `work`, or `late` when the time is over: then it goes on by itself. */
export async function unlessLate<Result>(work: Promise<Result>, signal: AbortSignal, late: Result): Promise<Result> {
  const over = Promise.withResolvers<Result>();
  const end = () => over.resolve(late);
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([work, over.promise]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

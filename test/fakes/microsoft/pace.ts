import type { Answer } from "./exchange.ts";
import { throttled } from "./refusals.ts";

type Window = { requests: number; seconds: number };

/** Teams: sending by one bot in one thread. */
const sending: Window[] = [
  { requests: 7, seconds: 1 },
  { requests: 8, seconds: 2 },
  { requests: 60, seconds: 30 },
  { requests: 1800, seconds: 3600 },
];
const reading: Window[] = sending.map(({ requests, seconds }) => ({ requests: requests * 2, seconds }));
const reacting: Window[] = [{ requests: 2, seconds: 1 }];

const windows = { sending, reading, reacting };

/** Counts per thread; reactions count over all threads together. */
export type Pace = (what: keyof typeof windows, thread: string) => Answer | undefined;

export function keepPace(): Pace {
  const times = new Map<string, number[]>();
  return (what, thread) => {
    const key = what === "reacting" ? what : `${what} ${thread}`;
    const now = Date.now();
    const past = times.get(key) ?? [];
    const waits = windows[what].map(({ requests, seconds }) => {
      const oldest = past.at(-requests);
      return oldest === undefined ? 0 : oldest + seconds * 1000 - now;
    });
    const wait = Math.max(...waits);
    if (wait > 0) return throttled(Math.ceil(wait / 1000));
    times.set(key, [...past, now]);
    return undefined;
  };
}

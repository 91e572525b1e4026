import { setTimeout as pause } from "node:timers/promises";
import type { DiscordTimes } from "../times.ts";

/** `who` tells apart what is tried side by side: the shards. */
export type Pace = { beforeTry(who?: number): Promise<void>; succeeded(who?: number): void };

/** The first try at once, then pauses that double. After `stopping` a try never comes. */
export function makePace(stopping: AbortSignal, times: DiscordTimes, now: () => number = Date.now): Pace {
  const tries = new Map<number, { failures: number; goodSince?: number }>();
  const stateOf = (who: number) => {
    const state = tries.get(who) ?? { failures: -1 };
    tries.set(who, state);
    return state;
  };
  return {
    beforeTry: async (who = 0) => {
      const state = stateOf(who);
      if (state.goodSince !== undefined && now() - state.goodSince >= times.goodMilliseconds) state.failures = -1;
      state.goodSince = undefined;
      state.failures += 1;
      if (state.failures > 0) await pauseUnless(stopping, pauseAfter(state.failures, times));
      if (stopping.aborted) await never();
    },
    succeeded: (who = 0) => {
      stateOf(who).goodSince ??= now();
    },
  };
}

/** Spread, so that replicas do not come back all at once. */
export function pauseAfter(failures: number, times: DiscordTimes): number {
  const { connectPauseMilliseconds, longestConnectPauseMilliseconds } = times;
  const longest = Math.min(longestConnectPauseMilliseconds, connectPauseMilliseconds * 2 ** (failures - 1));
  return longest * (0.8 + Math.random() * 0.2);
}

async function pauseUnless(stopping: AbortSignal, milliseconds: number): Promise<void> {
  try {
    await pause(milliseconds, undefined, { signal: stopping });
  } catch (error) {
    if (!stopping.aborted) throw error;
  }
}

const LOOK_MILLISECONDS = 1000;

/** By the clock, so that a machine that was asleep does not sleep on. */
export async function untilThen(time: number, stopping: AbortSignal): Promise<void> {
  for (let left = time - Date.now(); left > 0 && !stopping.aborted; left = time - Date.now())
    await pauseUnless(stopping, Math.min(LOOK_MILLISECONDS, left));
}

/** A connection that is asked for while it stops cannot be called off in another way. */
export function never(): Promise<never> {
  return new Promise(() => {});
}

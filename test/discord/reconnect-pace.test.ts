import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { makePace, pauseAfter } from "../../adapters/discord/gateway/reconnect-pace.ts";
import { DISCORD_TIMES } from "../../adapters/discord/times.ts";

const milliseconds = async (what: Promise<void>) => {
  const begin = Date.now();
  await what;
  return Date.now() - begin;
};

it("grows from a second to two minutes", () => {
  const seconds = [1, 2, 3, 7, 8, 50].map((failures) => pauseAfter(failures, DISCORD_TIMES) / 1000);
  const most = [1, 2, 4, 64, 120, 120];
  for (const [index, one] of seconds.entries()) {
    expect(one).toBeLessThanOrEqual(most[index] ?? 0);
    expect(one).toBeGreaterThanOrEqual((most[index] ?? 0) * 0.8);
  }
});

it("tries at once, then pauses, each shard for itself", async () => {
  const pace = makePace(new AbortController().signal, DISCORD_TIMES);
  expect(await milliseconds(pace.beforeTry(0))).toBeLessThan(500);
  expect(await milliseconds(pace.beforeTry(1))).toBeLessThan(500);
  expect(await milliseconds(pace.beforeTry(0))).toBeGreaterThan(750);
});

it("begins again at once after a connection that lived, and not after one that did not", async () => {
  let now = 0;
  const pace = makePace(new AbortController().signal, DISCORD_TIMES, () => now);
  await pace.beforeTry();
  pace.succeeded();
  now = 60_000;
  expect(await milliseconds(pace.beforeTry())).toBeLessThan(500);
  pace.succeeded();
  now = 61_000;
  expect(await milliseconds(pace.beforeTry())).toBeGreaterThan(750);
});

it("lets no try through once it stops", async () => {
  const stopping = new AbortController();
  const pace = makePace(stopping.signal, DISCORD_TIMES);
  await pace.beforeTry();
  let tried = false;
  void pace.beforeTry().then(() => (tried = true));
  stopping.abort();
  await pause(50);
  expect(tried).toBe(false);
});

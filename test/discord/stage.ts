/** One world for a file of tests, and a bot in it. */
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { startBot, startWorld } from "./world.ts";
import type { World } from "./world.ts";

export let world: World;
export let bot: Awaited<ReturnType<typeof startBot>>;

/** Opens it before the first test; whatever the bot does against Discord's rules fails the test. */
export function stage(options: Parameters<typeof startWorld>[0] = {}): void {
  beforeAll(async () => {
    world = await startWorld(options);
    await startAgain();
  });
  afterAll(async () => {
    await bot.stop();
    await world.stop();
  });
  afterEach(() => expect(world.discord.violations).toEqual([]));
}

/** Another bot in the same world, or in one that differs a little, after the last one was stopped. */
export async function startAgain(on = world): Promise<void> {
  bot = await startBot(on);
}

/** Whatever the bot was answering is done: a bot that stops finishes it. */
export async function settled(): Promise<void> {
  await bot.stop();
  await startAgain();
}

import { afterEach, beforeEach, expect, it } from "vitest";
import { textOf } from "../../local/discord/reading.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld({ discord: { rateLimits: false } });
});
afterEach(() => world.stop());

it("ends within fifteen seconds with a picture in hand that storage does not take, and says that it is lost", async () => {
  const bot = await world.startBot();
  await world.discord.untilConnected();
  const away = world.storageProxy.fail({ startsWith: "PUT picture" }, "hang", Infinity);
  const asked = await world.discord.command({ name: "imagine", options: { prompt: "a fox" } });
  await untilTrue(() => away.met.length > 0, 60);
  const began = Date.now();
  expect(await bot.end("SIGTERM")).toBe(0);
  expect(Date.now() - began).toBeLessThan(15_000);
  expect(textOf(await asked.untilOriginal((message) => textOf(message).includes("lost")))).toContain(
    "may charge for it",
  );
  expect(bot.output.some((line) => /"reference":"[0-9A-F]{8}".*a drawn picture is lost/.test(line))).toBe(true);
}, 120_000);

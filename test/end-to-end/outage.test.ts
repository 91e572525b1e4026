import { afterEach, beforeEach, expect, it } from "vitest";
import { picturesOf, textOf } from "../../local/discord/reading.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { Bot, World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await startWorld({ discord: { rateLimits: false } });
});
afterEach(() => world.stop());

const imagine = (prompt: string) => world.discord.command({ name: "imagine", options: { prompt } });
const logged = (bot: Bot, words: string) => untilTrue(() => bot.output.some((line) => line.includes(words)));
async function readiness(bot: Bot): Promise<[number, string]> {
  const response = await fetch(`http://127.0.0.1:${bot.port}/readyz`);
  return [response.status, await response.text()];
}

it("starts without storage: says so, tells people, and works as soon as it is there", async () => {
  await world.azurite.interrupt();
  const bot = await world.startBot();
  await world.discord.untilConnected();
  await logged(bot, "storage is out of reach: Easel keeps trying");
  expect(await readiness(bot)).toEqual([503, expect.stringContaining("Storage is out of reach")]);
  expect((await fetch(`http://127.0.0.1:${bot.port}/healthz`)).status).toBe(200);
  const early = await imagine("too early");
  const sorry = await untilTrue(
    () => [early.original(), ...early.followups()].find((message) => message && textOf(message).includes("storage")),
    20,
  );
  expect(textOf(sorry)).toContain("Nothing was drawn");
  await world.azurite.resume();
  await untilTrue(async () => (await readiness(bot))[0] === 200);
  const asked = await imagine("in time");
  await asked.untilOriginal((message) => picturesOf(message).length > 0);
  expect(world.images.calls.map(({ prompt }) => prompt)).toEqual(["in time"]);
}, 120_000);

it("starts without the image service: says so, and a job waits until it is there", async () => {
  await world.images.stop();
  const bot = await world.startBot();
  await world.discord.untilConnected();
  await logged(bot, "the image service is out of reach: Easel keeps trying");
  expect(await readiness(bot)).toEqual([503, expect.stringContaining("The image service is out of reach")]);
  const asked = await imagine("patience");
  await asked.untilOriginal((message) => textOf(message).includes("I keep trying"));
  await world.reopenImages();
  await asked.untilOriginal((message) => picturesOf(message).length > 0);
  expect(world.images.calls).toHaveLength(1);
}, 120_000);

it("loses storage in the middle of a drawing: the picture is kept when it is back, and drawn once", async () => {
  await world.startBot();
  await world.discord.untilConnected();
  world.images.hold();
  const asked = await imagine("a storm at sea");
  await untilTrue(() => world.images.calls.length === 1);
  await world.azurite.interrupt();
  world.images.release();
  await new Promise((resolve) => setTimeout(resolve, 4000));
  await world.azurite.resume();
  await asked.untilOriginal((message) => picturesOf(message).length > 0, 60);
  expect(world.images.calls).toHaveLength(1);
}, 120_000);

it("answers each of three bots on one storage once", async () => {
  await Promise.all([world.startBot(), world.startBot(), world.startBot()]);
  await world.discord.untilConnected(3);
  const asked = await Promise.all(Array.from({ length: 6 }, (_, number) => imagine(`shared ${number}`)));
  for (const one of asked) await one.untilOriginal((message) => picturesOf(message).length > 0, 60);
  expect(world.images.calls).toHaveLength(6);
  expect(asked.flatMap((one) => one.followups())).toEqual([]);
  expect(world.discord.violations).toEqual([]);
}, 120_000);

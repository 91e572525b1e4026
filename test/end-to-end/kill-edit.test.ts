import { setTimeout as pause } from "node:timers/promises";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { readJob } from "../../src/job.ts";
import { buttonsOf, picturesOf, textOf } from "../fakes/discord/reading.ts";
import type { FakeMessage } from "../fakes/discord/messages.ts";
import type { PlayedInteraction } from "../fakes/discord/played-interaction.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { Bot, World } from "./world.ts";

let world: World;
let bot: Bot;
beforeAll(async () => {
  // Medium takes 10 s, with two partial pictures on its way.
  world = await startWorld({ discord: { rateLimits: false }, latency: 4 });
});
afterAll(() => world.stop());
beforeEach(() => start());
afterEach(async () => {
  await bot.end();
  expect(world.discord.violations).toEqual([]);
});

async function start(): Promise<void> {
  bot = await world.startBot();
  await world.discord.untilConnected();
}

async function killAndStart(): Promise<void> {
  await bot.end("SIGKILL");
  await start();
}

const isFinal = (message: FakeMessage) => buttonsOf(message).some(({ label }) => label === "Again");
const finalOf = (asked: PlayedInteraction) => asked.untilOriginal(isFinal, 60);
const idOf = (message: FakeMessage, label: string) =>
  buttonsOf(message).find((button) => button.label === label)?.customId ?? "";
const callsFor = (prompt: string) => world.images.calls.filter((call) => call.prompt === prompt);

async function blobs(prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of world.storage().container.listBlobsFlat({ prefix })) names.push(name);
  return names;
}

async function file() {
  const bytes = await sharp({ create: { width: 640, height: 480, channels: 3, background: "#446688" } })
    .png()
    .toBuffer();
  return { file: { name: "room.png", bytes, contentType: "image/png" } };
}

it.each([100, 400, 2500])(
  "killed %i ms into an edit, the next process ends it with one answer, from the picture that was sent along",
  async (milliseconds) => {
    const change = `a red sofa, ${milliseconds}`;
    const asked = await world.discord.command({ name: "edit", options: { picture: await file(), change } });
    await untilTrue(async () => (await blobs(`jobs/discord-${asked.id}`)).length > 0);
    await pause(milliseconds);
    await killAndStart();
    const message = await finalOf(asked);
    expect(textOf(message)).toContain(change);
    expect(picturesOf(message)).toHaveLength(1);
    expect(asked.followups()).toEqual([]);
    expect(callsFor(change).length).toBeLessThanOrEqual(2);
    expect(callsFor(change).at(-1)).toMatchObject({ operation: "edits", inputPictures: 1 });
    expect(world.discord.messages(asked.channelId).filter((one) => textOf(one).includes(change))).toHaveLength(1);
  },
  120_000,
);

it("killed in the middle of a stream, while a partial picture is to be seen, leaves none of it behind", async () => {
  const asked = await world.discord.command({ name: "imagine", options: { prompt: "a stream" } });
  const shown = await asked.untilOriginal((message) => picturesOf(message).length > 0, 30);
  expect(isFinal(shown)).toBe(false);
  expect((await blobs("pictures/")).filter((name) => name.includes("partial"))).not.toEqual([]);
  await killAndStart();
  const message = await finalOf(asked);
  expect(picturesOf(message)).toHaveLength(1);
  await untilTrue(async () => (await blobs("pictures/")).every((name) => !name.includes("partial")));
  expect(callsFor("a stream").length).toBeLessThanOrEqual(2);
}, 120_000);

it("killed right after somebody pressed Delete or Cancel, does in the next process what was asked", async () => {
  const drawn = await world.discord.command({ name: "imagine", options: { prompt: "to be deleted" } });
  const message = await finalOf(drawn);
  const waiting = await world.discord.command({ name: "imagine", options: { prompt: "to be cancelled" } });
  const placed = await waiting.untilOriginal((one) => buttonsOf(one).some(({ label }) => label === "Cancel"));
  await untilTrue(() => callsFor("to be cancelled").length > 0);
  const presses = [
    world.discord.button({ message, customId: idOf(message, "Delete") }),
    world.discord.button({ message: placed, customId: idOf(placed, "Cancel") }),
  ];
  await Promise.all(presses.map(async (press) => (await press).answered()));
  await untilTrue(async () => (await blobs(`cancels/discord-${waiting.id}`)).length > 0);
  const pictureOf = async () => (await readJob(`discord-${drawn.id}`, world.storage()))?.job.pictures[0];
  await untilTrue(async () => (await pictureOf())?.state !== "kept");
  await killAndStart();
  await drawn.untilOriginal((one) => textOf(one).includes("has deleted this picture"), 60);
  await waiting.untilOriginal((one) => textOf(one).includes("Cancelled"), 60);
  expect(await pictureOf()).toMatchObject({ state: "deleted" });
  expect(await blobs(`pictures/${(await pictureOf())?.id}`)).toEqual([]);
}, 150_000);

import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { connectAzure } from "../../src/storage/azure.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import { buttonsOf, textOf } from "../../local/discord/reading.ts";
import { drawn, imagine, jobOf, messageWith, refusedReply, startBot, startWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
let bot: Awaited<ReturnType<typeof startBot>>;
let hanging: Server;
let ref: string;
let picture: FakeMessage;
let panel: FakeMessage;
let refusal: FakeMessage;

beforeAll(async () => {
  world = await startWorld();
  bot = await startBot(world);
  const { job, message } = await drawn(world, { prompt: "from better days" });
  [ref, picture] = [`${job.id}.1`, message];
  panel = await messageWith(world, message, { label: "Delete" });
  const refused = await imagine(world, { prompt: "refused soon" });
  await refused.untilOriginal((shown) => textOf(shown).includes("on its way"));
  const refusedJob = await jobOf(world, refused);
  await world.send(refusedJob.address, refusedReply(refusedJob, world));
  refusal = refused.followups()[0] ?? expect.fail();
  await bot.stop();

  hanging = createServer(() => {}).listen(0, "127.0.0.1");
  await once(hanging, "listening");
  const { port } = hanging.address() as AddressInfo;
  const connectionString = world.azurite.connectionString.replaceAll(/127\.0\.0\.1:\d+/g, `127.0.0.1:${port}`);
  bot = await startBot({ ...world, azure: connectAzure({ ...world.settings, storage: { connectionString } }) });
});
afterAll(async () => {
  await bot.stop();
  hanging.close();
  await world.stop();
});
afterEach(() => expect(world.discord.violations).toEqual([]));

it("/imagine is acknowledged in time all the same, and the asker hears it", async () => {
  const asked = await imagine(world, { prompt: "while storage hangs" });
  expect((await asked.answered()).type).toBe(5);
  expect(textOf(await asked.untilFollowup())).toContain("I cannot reach my storage");
});

it("/history is acknowledged in time", async () => {
  const asked = await world.discord.command({ name: "history" });
  expect((await asked.answered()).type).toBe(5);
});

it("Revise is answered in time", async () => {
  const customId = buttonsOf(refusal)[0]?.customId ?? expect.fail();
  const pressed = await world.discord.button({ message: refusal, customId });
  expect((await pressed.answered()).type).toBe(4);
});

it.each([
  ["again", 4],
  ["words", 4],
  ["edit", 5],
  ["finish", 4],
  ["family", 5],
  ["delete", 6],
  ["more", 6],
])("the button “%s” of a picture is answered in time", async (does, type) => {
  const customId = `${does}:${ref}`;
  const isInSight = buttonsOf(picture).some((button) => button.customId === customId);
  const pressed = await world.discord.button({ message: isInSight ? picture : panel, customId });
  expect((await pressed.answered()).type).toBe(type);
});

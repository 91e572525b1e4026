import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startDiscord } from "../../adapters/discord/start.ts";
import { claimSessions, saveSessions } from "../../adapters/discord/session.ts";
import { textOf } from "../fakes/discord/reading.ts";
import { imagine, jobOf, startBot, startWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
const running: { stop(): Promise<void> }[] = [];
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  for (const bot of running.splice(0)) await bot.stop();
  await world.stop();
  expect(world.discord.violations).toEqual([]);
});

async function connected() {
  const bot = await startBot(world);
  running.push(bot);
  return bot;
}

function started(change: Partial<World["discordSettings"]> = {}) {
  const bot = startDiscord(world.settings, { ...world.discordSettings, ...change }, world.azure);
  running.push(bot);
  return bot;
}

const logged = (what: string) => world.discord.gateway.log.filter((entry) => entry.what === what);
const isAnswered = async (prompt: string) => {
  const asked = await imagine(world, { prompt });
  await asked.untilOriginal((message) => textOf(message).includes(prompt));
};

describe("the first connection", () => {
  it("asks for no intent at all", async () => {
    await connected();
    expect(logged("identify")).toMatchObject([{ intents: 0 }]);
  });

  it("is tried again, with a growing pause, while Discord is out of reach", async () => {
    const planted = world.discord.fail({ path: "/gateway/bot" }, { answer: { status: 503, body: {} }, times: 3 });
    const bot = started();
    await pause(1500);
    expect(bot.ready()).toBe(false);
    expect(planted.hits).toBe(2);
    await world.discord.until(() => bot.ready(), { seconds: 12 });
    expect(planted.hits).toBe(3);
    await isAnswered("at last");
  });

  it("is one connection in the end, however the tries before it failed", async () => {
    world.discord.refuseGateway(true);
    const bot = started();
    await pause(2500);
    world.discord.refuseGateway(false);
    await world.discord.until(() => bot.ready(), { seconds: 10 });
    await pause(2500);
    expect(logged("identify")).toHaveLength(1);
    await isAnswered("one connection");
  });

  it("is tried no more after a token that Discord refuses", async () => {
    const bot = started({ token: "MTIz.not.valid" });
    await pause(2500);
    expect(bot.ready()).toBe(false);
    expect(world.discord.invalidRequests()).toBe(1);
  });

  it("is tried no more after a refusal for good", async () => {
    const bot = await connected();
    world.discord.dropGateway(4004);
    await pause(1500);
    expect(bot.ready()).toBe(false);
    expect(logged("connected")).toHaveLength(1);
  });
});

describe("a lost connection", () => {
  it("is resumed, and what was missed is answered", async () => {
    const bot = await connected();
    world.discord.refuseGateway(true);
    world.discord.dropGateway();
    await world.discord.until(() => logged("closed").length > 0);
    const asked = await imagine(world, { prompt: "in the gap" });
    expect(asked.deliveries).toBe(0);
    world.discord.refuseGateway(false);
    await asked.untilOriginal((message) => textOf(message).includes("in the gap"));
    expect(logged("identify")).toHaveLength(1);
    await world.discord.until(() => bot.ready());
  });

  it("is not sought every half second", async () => {
    await connected();
    world.discord.refuseGateway(true);
    world.discord.dropGateway();
    await pause(4500);
    // After 0.5 s, then after pauses of some 1 s and 2 s more.
    expect(logged("refused").length).toBeLessThanOrEqual(3);
    expect(logged("refused").length).toBeGreaterThanOrEqual(2);
  });

  it("does not spend IDENTIFYs where each connection ends at once", async () => {
    await connected();
    const end = Date.now() + 4500;
    while (Date.now() < end) {
      world.discord.invalidateSessions(false);
      await pause(100);
    }
    expect(logged("identify").length).toBeLessThanOrEqual(3);
  });
});

describe("a stop", () => {
  it("leaves a session that the next process takes up, with what was missed in between", async () => {
    const first = await connected();
    await first.stop();
    expect(first.ready()).toBe(false);
    expect(logged("closed")).toMatchObject([{ by: "bot", code: 4200 }]);
    const asked = await imagine(world, { prompt: "between two processes" });
    expect(asked.deliveries).toBe(0);
    await connected();
    await asked.untilOriginal((message) => textOf(message).includes("between two processes"));
    expect(logged("identify")).toHaveLength(1);
    expect(logged("resumed")).toMatchObject([{ replayed: 1 }]);
  });

  it("leaves a process that works like any other after it was taken up", async () => {
    await (await connected()).stop();
    await connected();
    const asked = await imagine(world, { prompt: "x".repeat(5000), model: "dall-e-3" }, { guild: null });
    const message = await asked.untilOriginal((shown) => textOf(shown).includes("4,000"));
    const pressed = await world.discord.button({ message, customId: `revise:discord-${asked.id}` });
    await pressed.answered();
    const sent = await world.discord.modalSubmit({ modal: pressed, values: { prompt: "short" } });
    await jobOf(world, sent);
    const help = await world.discord.command({ name: "help" });
    await help.answered();
    world.discord.dropGateway();
    await world.discord.until(() => logged("resumed").length === 2);
    await isAnswered("and once more");
  });

  it("lets only one process take the session up", async () => {
    await (await connected()).stop();
    await Promise.all([connected(), connected()]);
    expect(logged("resumed")).toHaveLength(1);
    expect(logged("identify")).toHaveLength(2);
  });

  it("is followed by a new session where Discord has forgotten the old one", async () => {
    await (await connected()).stop();
    world.discord.invalidateSessions(false);
    await connected();
    await isAnswered("a new start");
  });

  it("ends also while nothing is connected", async () => {
    world.discord.refuseGateway(true);
    const bot = started();
    await pause(1200);
    const begin = Date.now();
    await bot.stop();
    expect(Date.now() - begin).toBeLessThan(4000);
    world.discord.refuseGateway(false);
    await pause(2500);
    expect(logged("identify")).toEqual([]);
  });
});

describe("a saved session", () => {
  const session = { sessionId: "s", sequence: 4, resumeURL: "wss://gateway.test", shardId: 0, shardCount: 1 };

  it("is for the same application, and once", async () => {
    await saveSessions([session], "1", world.azure);
    expect(await claimSessions("2", world.azure)).toEqual([]);
    await saveSessions([session], "1", world.azure);
    expect(await claimSessions("1", world.azure)).toEqual([session]);
    expect(await claimSessions("1", world.azure)).toEqual([]);
  });

  it("is not worth a failing start", async () => {
    await world.azure.container.getBlockBlobClient("discord/session.json").upload("no json", 7);
    expect(await claimSessions("1", world.azure)).toEqual([]);
    await world.azurite.interrupt();
    await saveSessions([session], "1", world.azure);
    expect(await claimSessions("1", world.azure)).toEqual([]);
    await world.azurite.resume();
  });
});

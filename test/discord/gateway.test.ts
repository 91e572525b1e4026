import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startDiscord } from "../../adapters/discord/start.ts";
import { claimSessions, saveSessions } from "../../adapters/discord/gateway/saved-session.ts";
import { log } from "../../src/log.ts";
import { textOf } from "../../local/discord/reading.ts";
import { banned, cloudflarePage, refusal } from "../../local/discord/refusals.ts";
import type { Answer } from "../../local/discord/refusals.ts";
import { imagine, jobOf, startBot, startWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
const running: { stop(): Promise<void> }[] = [];
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
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

/** The minutes until it is tried again, each time that it was said. */
function toldMinutes(level: "warn" | "error"): () => number[] {
  const told = vi.spyOn(log, level);
  const minutesOf = ([fields]: unknown[]) => {
    const { until } = fields as { until?: string };
    return until ? [Math.round((Date.parse(until) - Date.now()) / 60_000)] : [];
  };
  const minutes: number[] = [];
  told.mockImplementation((...call) => void minutes.push(...minutesOf(call)));
  return () => minutes;
}
/** Only the clock; timers go on. */
const later = (minutes: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + minutes * 60_000 });

const noSessionLeft = {
  url: "wss://gateway.discord.gg",
  shards: 1,
  session_start_limit: { total: 1000, remaining: 0, reset_after: 86_000_000, max_concurrency: 1 },
};

/** Milliseconds between one and the next. */
const gaps = (events: { time: number }[]) =>
  events.slice(1).map(({ time }, index) => time - (events[index]?.time ?? 0));
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
    await world.discord.until(() => planted.hits === 2);
    expect(bot.ready()).toBe(false);
    await world.discord.until(() => bot.ready(), { seconds: 60 });
    expect(planted.hits).toBe(3);
    const [first = 0, second = 0, third = 0] = gaps(
      world.discord.requests.filter(({ path }) => path === "/gateway/bot"),
    );
    expect([first >= 700, second >= 1500, third >= 3000]).toEqual([true, true, true]);
    await isAnswered("at last");
  });

  it("is one connection in the end, however the tries before it failed", async () => {
    world.discord.refuseGateway(true);
    const bot = started();
    await pause(2500);
    world.discord.refuseGateway(false);
    await world.discord.until(() => bot.ready());
    await pause(2500);
    expect(logged("identify")).toHaveLength(1);
    await isAnswered("one connection");
  });

  it.each<[string, Answer]>([
    ["a page with 401", cloudflarePage(401)],
    ["a page with 403", cloudflarePage(403)],
    ["a page with 200", cloudflarePage(200)],
    ["nothing that can be used", { status: 200, body: {} }],
    ["no session left for now", { status: 200, body: noSessionLeft }],
    ["a wait", banned(1)],
  ])("is tried again where the question for it meets %s", async (_, answer) => {
    const planted = world.discord.fail({ path: "/gateway/bot" }, { answer });
    const bot = started();
    await world.discord.until(() => bot.ready());
    expect(planted.hits).toBe(1);
  });

  it("waits as long as Discord says, and not longer than a quarter of an hour", async () => {
    const planted = world.discord.fail({ path: "/gateway/bot" }, { answer: banned(86_400), times: 99 });
    const minutes = toldMinutes("warn");
    const bot = started();
    await world.discord.until(() => minutes().includes(15));
    expect(bot.ready()).toBe(false);
    expect(planted.hits).toBe(1);
    planted.stop();
    later(16);
    await world.discord.until(() => bot.ready());
  });

  it("is tried rarely after a token that Discord refuses, until it is taken", async () => {
    const planted = world.discord.fail({ path: "/gateway/bot" }, { answer: refusal(0), times: 2 });
    const minutes = toldMinutes("error");
    const bot = started();
    for (const times of [1, 2]) {
      await world.discord.until(() => minutes().length === times);
      later(10);
    }
    await world.discord.until(() => bot.ready());
    expect(planted.hits).toBe(2);
    expect(minutes()).toEqual([5, 10]);
    await isAnswered("taken in the end");
  });

  it.each([4004, 4014])("is made anew, rarely, after a refusal for good (%i)", async (code) => {
    const bot = await connected();
    const minutes = toldMinutes("error");
    world.discord.dropGateway(code);
    await world.discord.until(() => minutes().includes(5));
    expect(bot.ready()).toBe(false);
    expect(logged("connected")).toHaveLength(1);
    later(5);
    await world.discord.until(() => bot.ready());
    expect(logged("identify")).toHaveLength(2);
    await isAnswered(`after ${code}`);
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
    await world.discord.until(() => logged("refused").length === 3, { seconds: 60 });
    // Pauses of some 1 s and 2 s.
    const [first = 0, second = 0] = gaps(logged("refused"));
    expect([first >= 700, second >= 1500]).toEqual([true, true]);
  });

  it("does not spend IDENTIFYs where each connection ends at once", async () => {
    await connected();
    for (const end = Date.now() + 60_000; logged("identify").length < 4 && Date.now() < end; await pause(50))
      world.discord.invalidateSessions(false);
    const [, second = 0, third = 0] = gaps(logged("identify"));
    expect([second >= 700, third >= 1500]).toEqual([true, true]);
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
    expect(Date.now() - begin).toBeLessThan(9000);
    world.discord.refuseGateway(false);
    await pause(2500);
    expect(logged("identify")).toEqual([]);
  });
});

describe("a stop while Discord hangs", () => {
  it.each([
    ["over the way to the gateway", { path: "/gateway/bot" }],
    ["over the first answer", { path: /\/callback$/ }],
  ])("%s does not wait for it", async (_, matcher) => {
    const hanging = world.discord.fail(matcher, { hang: true, times: 99 });
    const bot = matcher.path === "/gateway/bot" ? started() : await connected();
    if (bot.ready()) await imagine(world, { prompt: "hanging" });
    await world.discord.untilRequest(matcher);
    const begin = Date.now();
    await bot.stop();
    expect(Date.now() - begin).toBeLessThan(9000);
    hanging.stop();
  });
});

describe("a saved session", () => {
  const session = { sessionId: "s", sequence: 4, resumeURL: "wss://gateway.test", shardId: 0, shardCount: 1 };

  it("is for the same application, and once", async () => {
    await saveSessions([session], { ...world.discordSettings, applicationId: "1" }, world.azure);
    expect(await claimSessions({ ...world.discordSettings, applicationId: "2" }, world.azure)).toEqual([]);
    await saveSessions([session], { ...world.discordSettings, applicationId: "1" }, world.azure);
    expect(await claimSessions({ ...world.discordSettings, applicationId: "1" }, world.azure)).toEqual([session]);
    expect(await claimSessions({ ...world.discordSettings, applicationId: "1" }, world.azure)).toEqual([]);
  });

  it("is not worth a failing start", async () => {
    await world.azure.container.getBlockBlobClient("discord/session.json").upload("no json", 7);
    expect(await claimSessions({ ...world.discordSettings, applicationId: "1" }, world.azure)).toEqual([]);
    await world.azurite.interrupt();
    await saveSessions([session], { ...world.discordSettings, applicationId: "1" }, world.azure);
    expect(await claimSessions({ ...world.discordSettings, applicationId: "1" }, world.azure)).toEqual([]);
    await world.azurite.resume();
  });
});

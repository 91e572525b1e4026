/** Each fault of the panel, in local mode as people start it: the bot is a process of its own, and only the browsers are missing. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { THREAD } from "../../local/discord/look-alike/cast.ts";
import type { Occasion } from "../../local/discord/events.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import { FAULT_IDS } from "../../local/flight-simulator/faults.ts";
import type { FaultId } from "../../local/flight-simulator/faults.ts";
import { startLocalWorld } from "../../local/start.ts";
import type { LocalWorld } from "../../local/start.ts";
import type { Bot } from "../../local/bot.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const PATIENCE_SECONDS = 80;
const main = join(import.meta.dirname, "../../main.ts");

let world: LocalWorld;
let bot: Bot;
const directory = mkdtempSync(join(tmpdir(), "easel-faults-"));

beforeAll(async () => {
  world = await startLocalWorld({
    EASEL_DIRECTORY: directory,
    PORT: await freePort(),
    EASEL_CHAT_PORT: await freePort(),
    EASEL_DISCORD_PORT: await freePort(),
  });
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  bot = world.startBot(main, { PATH, HOME, NODE_COMPILE_CACHE, LOG_LEVEL: "silent" });
  await bot.ready;
  await world.discord.untilConnected();
});
afterAll(async () => {
  await bot.stop();
  await world.stop();
  rmSync(directory, { recursive: true, force: true });
});

const asked = new Set<FaultId>();
/** By its name, as the page does it. */
function turn(id: FaultId, on: boolean): void {
  asked.add(id);
  world.simulator.switch(id, on);
}
const stateOf = (id: FaultId) => world.simulator.list().find((fault) => fault.id === id) ?? expect.fail(id);
const happenedTo = (id: FaultId) =>
  stateOf(id)
    .happened.map(({ what }) => what)
    .join("\n");
const untilNoted = (id: FaultId, what: RegExp) =>
  world.discord.until(() => what.test(happenedTo(id)), { seconds: PATIENCE_SECONDS, what: `${id}: ${what}` });

const imagine = (prompt: string, occasion: Occasion = {}) =>
  world.discord.command({ name: "imagine", options: { prompt }, ...occasion });
const hasPicture = (message: FakeMessage) => picturesOf(message).some(({ name }) => name?.startsWith("easel-1."));
const isShown = (message: FakeMessage, prompt: string) => hasPicture(message) && textOf(message).includes(prompt);
const shownIn = (channel: string, prompt: string) =>
  world.discord.messages(channel).filter((message) => isShown(message, prompt));
const untilShown = (channel: string, prompt: string) =>
  world.discord.until(() => shownIn(channel, prompt)[0], { seconds: PATIENCE_SECONDS, what: `a picture of ${prompt}` });

/** Through the chat client itself, as its page sends it. */
async function sayInTeams(text: string): Promise<void> {
  const { config } = (await (await fetch(`${world.chatUrl}/_internal/v1/testConfig`)).json()) as {
    config: { personalChat: { id: string }; currentUser: { id: string } };
  };
  const address = `${world.chatUrl}/_conversation/v1/conversations/${config.personalChat.id}/messages`;
  const body = JSON.stringify({ from: { id: config.currentUser.id }, text, textFormat: "plain" });
  const headers = { "content-type": "application/json" };
  expect((await fetch(address, { method: "POST", headers, body })).ok).toBe(true);
}

test("without a fault a picture comes, and nothing is noted", async () => {
  const { untilOriginal } = await imagine("a calm sea");
  await untilOriginal((message) => isShown(message, "a calm sea"), PATIENCE_SECONDS);
  expect(world.simulator.list().filter(({ on, happened }) => on || happened.length)).toEqual([]);
});

describe("Discord", () => {
  test("a late acknowledgement: nothing is drawn that nobody would see, and the next is taken as ever", async () => {
    turn("late-acknowledgement", true);
    const { channelId, original, callback } = await imagine("a late train");
    await untilNoted("late-acknowledgement", /held up[\s\S]*10062 Unknown interaction/);
    expect([original(), callback, stateOf("late-acknowledgement").on]).toEqual([undefined, undefined, false]);
    const next = await imagine("the next train");
    await next.untilOriginal((message) => isShown(message, "the next train"), PATIENCE_SECONDS);
    expect(shownIn(channelId, "a late train")).toEqual([]);
  });

  test("a dead token: the picture comes by the bot's own", async () => {
    const { answered, channelId } = await imagine("a dead end");
    await answered();
    turn("dead-token", true);
    await untilShown(channelId, "a dead end");
    await untilNoted("dead-token", /50027 Invalid Webhook Token[\s\S]*with its own token: taken/);
    turn("dead-token", false);
  });

  test("an archived thread: a new message opens it", async () => {
    const { answered } = await imagine("a thread of gold", { channel: THREAD });
    await answered();
    turn("archived-thread", true);
    await untilShown(THREAD, "a thread of gold");
    expect(stateOf("archived-thread").on).toBe(false);
    await untilNoted("archived-thread", /50083 Thread is archived[\s\S]*open again/);
  });

  test("Cloudflare's page: the picture waits until it is gone", async () => {
    const { answered, channelId, untilOriginal } = await imagine("a cloud of flares");
    await answered();
    turn("cloudflare-page", true);
    await untilNoted("cloudflare-page", /a page with 503/);
    expect(shownIn(channelId, "a cloud of flares")).toEqual([]);
    turn("cloudflare-page", false);
    await untilOriginal((message) => isShown(message, "a cloud of flares"), PATIENCE_SECONDS);
  });

  test("delivered twice: one picture", async () => {
    turn("delivered-twice", true);
    const { untilOriginal, channelId } = await imagine("a pair of twins", { times: world.simulator.deliveries() });
    await untilOriginal((message) => isShown(message, "a pair of twins"), PATIENCE_SECONDS);
    expect(stateOf("delivered-twice").on).toBe(false);
    expect(happenedTo("delivered-twice")).toMatch(/40060/);
    const one = await imagine("after the twins");
    await one.untilOriginal((message) => isShown(message, "after the twins"), PATIENCE_SECONDS);
    expect(shownIn(channelId, "a pair of twins")).toHaveLength(1);
  });
});

describe("what both platforms share", () => {
  test("delivered twice on Teams: one picture", async () => {
    turn("delivered-twice", true);
    await sayInTeams("imagine a pair of parrots");
    await untilNoted("delivered-twice", /drawn in .* a pair of parrots/);
    await sayInTeams("imagine after the parrots");
    await untilNoted("delivered-twice", /drawn in .* after the parrots/);
    expect(happenedTo("delivered-twice").match(/pair of parrots/g)).toHaveLength(1);
    expect(happenedTo("delivered-twice").match(/delivered two times/g)).toHaveLength(1);
  });

  test("storage away: what was accepted is drawn when it is back", async () => {
    const before = await imagine("a distant store");
    await before.untilOriginal((message) => /(its|their) way/.test(textOf(message)), PATIENCE_SECONDS);
    turn("storage-away", true);
    const meanwhile = await imagine("asked meanwhile");
    await untilNoted("storage-away", /turns to storage: cut/);
    await meanwhile.answered();
    turn("storage-away", false);
    await untilShown(before.channelId, "a distant store");
  });

  test("a slow image service: it can be switched to its usual pace again", async () => {
    turn("images-slow", true);
    const { untilOriginal, original } = await imagine("a slow snail");
    await untilNoted("images-slow", /takes its time/);
    expect(buttonsOf(original() ?? expect.fail()).map(({ label }) => label)).toContain("Cancel");
    turn("images-slow", false);
    await untilOriginal((message) => isShown(message, "a slow snail"), 25);
  });

  test("429: it is waited for as long as was asked", async () => {
    turn("images-429", true);
    const { untilOriginal } = await imagine("a long queue");
    await untilNoted("images-429", /answers 429/);
    turn("images-429", false);
    await untilOriginal((message) => isShown(message, "a long queue"), PATIENCE_SECONDS);
  });

  test.each<[FaultId, RegExp]>([
    ["words-blocked", /stops the words/],
    ["picture-blocked", /stops the picture/],
  ])("%s: a kind answer with a way to revise, and the next is drawn", async (id, noted) => {
    turn(id, true);
    const { untilOriginal } = await imagine(`a quiet garden, ${id}`);
    const isRefused = (message: FakeMessage) => buttonsOf(message).some(({ label }) => label === "Revise");
    await untilOriginal(isRefused, PATIENCE_SECONDS);
    expect(stateOf(id).on).toBe(false);
    expect(happenedTo(id)).toMatch(noted);
    const next = await imagine(`the next garden, ${id}`);
    await next.untilOriginal((message) => isShown(message, `the next garden, ${id}`), PATIENCE_SECONDS);
  });

  test("a picture too large for a message: a smaller copy is shown", async () => {
    turn("picture-too-large", true);
    const { untilOriginal } = await imagine("a large whale");
    const message = await untilOriginal((shown) => textOf(shown).includes("a large whale") && hasPicture(shown), 90);
    const [picture] = picturesOf(message);
    expect(picture?.bytes?.length).toBeLessThan(10 * 1024 * 1024);
    expect(happenedTo("picture-too-large")).toContain("16 MB");
  });

  test("the bot killed in the middle: it takes up what was unfinished, in the same message", async () => {
    turn("images-slow", true);
    const { answered, untilOriginal, channelId } = await imagine("a phoenix");
    await answered();
    await untilNoted("images-slow", /takes its time/);
    turn("images-slow", false);
    turn("bot-killed", true);
    await world.discord.until(() => !stateOf("bot-killed").on, { seconds: PATIENCE_SECONDS });
    await untilOriginal((message) => isShown(message, "a phoenix"), PATIENCE_SECONDS);
    expect(shownIn(channelId, "a phoenix")).toHaveLength(1);
    expect(happenedTo("bot-killed")).toMatch(/Easel is up/);
  });
});

test("every fault of the panel was asked for here, and says what it does and what Easel must do", () => {
  expect([...asked].toSorted()).toEqual(FAULT_IDS.toSorted());
  for (const { does, must, title } of world.simulator.list()) expect([does, must, title]).not.toContain("");
  expect(() => world.simulator.switch("no such fault", true)).toThrow("no such fault");
});

async function freePort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

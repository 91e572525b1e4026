import { afterEach, describe, expect, it, vi } from "vitest";
import { discordSender } from "../../adapters/discord/send.ts";
import { stillTryingReply } from "../../src/replies/compose-reply.ts";
import { log } from "../../src/log.ts";
import type { ChatReply } from "../../src/replies/reply.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import { banned, cloudflarePage, refusal, withStatus } from "../../local/discord/refusals.ts";
import type { Answer, RefusalCode } from "../../local/discord/refusals.ts";
import { stage, world } from "./stage.ts";
import { finishedReply, imagine, jobOf, refusedReply } from "./world.ts";
import type { World } from "./world.ts";

stage();
const planted = new Set<{ stop(): void }>();
/** Until the test is over. */
const plant: World["discord"]["fail"] = (matcher, fault) => {
  const one = world.discord.fail(matcher, fault);
  planted.add(one);
  return one;
};
afterEach(() => {
  for (const fault of planted) fault.stop();
  planted.clear();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function ask(options: Record<string, string | number | boolean>, occasion: object = {}) {
  const asked = await imagine(world, options, occasion);
  await asked.untilOriginal((message) => /(its|their) way/.test(textOf(message)));
  return { asked, job: await jobOf(world, asked) };
}

const byKey = (asked: PlayedInteraction) => ({ path: new RegExp(`/webhooks/\\d+/${RegExp.escape(asked.token)}`) });
const byBot = (asked: PlayedInteraction) => new RegExp(`^/channels/${asked.channelId}/messages`);
const always = (answer: Answer) => ({ answer, times: 999 });
const pictureIn = (channel: string, words: string) =>
  world.discord
    .messages(channel)
    .filter(
      (message) => textOf(message).includes(words) && picturesOf(message).length && buttonsOf(message).length > 3,
    );
const directOf = () => {
  const [opened] = world.discord.requestsTo({ path: "/users/@me/channels" }).slice(-1);
  return (opened?.answer as { id?: string } | undefined)?.id ?? expect.fail("nobody was written to directly");
};
const waitsIn = (channel: string, words: string) =>
  world.discord
    .messages(channel)
    .filter((message) => /on its way/.test(textOf(message)) && textOf(message).includes(words));
/** Only the clock; timers go on. */
const later = (milliseconds: number) => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + milliseconds });
};

describe("an answer that the waiting message does not take", () => {
  it.each([400, 403])(
    "is posted into a thread that was archived meanwhile, and the waiting message goes (50083 as %i)",
    async (status) => {
      const thread = world.discord.addChannel({ kind: "thread", guildId: world.discord.guildId, name: "a thread" });
      const { asked, job } = await ask({ prompt: `archived ${status}` }, { channel: thread.id });
      world.discord.channel(thread.id).archived = true;
      plant(byKey(asked), { answer: withStatus(status, 50083) });
      const reply = await finishedReply(job, world);
      expect(await world.send(job.address, reply)).toMatchObject({ delivered: true, address: { byBot: true } });
      expect(pictureIn(thread.id, `archived ${status}`)).toHaveLength(1);
      expect(waitsIn(thread.id, `archived ${status}`)).toEqual([]);
    },
  );

  it("comes to the asker directly where the thread is locked", async () => {
    const thread = world.discord.addChannel({ kind: "thread", guildId: world.discord.guildId, name: "a thread" });
    const { job } = await ask({ prompt: "locked away" }, { channel: thread.id });
    world.discord.channel(thread.id).locked = true;
    expect(await world.send(job.address, await finishedReply(job, world))).toMatchObject({ delivered: true });
    expect(pictureIn(directOf(), "locked away")).toHaveLength(1);
  });

  it.each<[string, Answer]>([
    ["a code that nobody knows", { status: 400, body: { code: 99_999, message: "new" } }],
    ["a code that nobody knows, as 403", { status: 403, body: { code: 31_002, message: "new" } }],
    ["Discord's plain 404", { status: 404, body: { code: 0, message: "404: Not Found" } }],
    ["access that is missing", refusal(50001)],
    ["a channel that is gone", refusal(10003)],
  ])("stands whole in the channel where its edits meet %s", async (what, answer) => {
    const { asked, job } = await ask({ prompt: `edits and ${what}` });
    plant({ method: "PATCH", ...byKey(asked) }, always(answer));
    plant({ method: "PATCH", path: byBot(asked) }, always(answer));
    expect(await world.send(job.address, await finishedReply(job, world))).toMatchObject({ delivered: true });
    expect(pictureIn(asked.channelId, `edits and ${what}`)).toHaveLength(1);
    expect(waitsIn(asked.channelId, `edits and ${what}`)).toEqual([]);
  });

  it("comes directly where the channel takes nothing, and one message stays", async () => {
    const { asked, job } = await ask({ prompt: "nothing is taken there" });
    plant({ method: "PATCH", ...byKey(asked) }, always(refusal(50001)));
    plant({ path: byBot(asked) }, always(refusal(50013)));
    const reply = await finishedReply(job, world);
    const first = await world.send(job.address, reply);
    expect(first).toMatchObject({ delivered: true, address: { guildId: null, byBot: true } });
    await world.send(job.address, reply);
    expect(pictureIn(directOf(), "nothing is taken there")).toHaveLength(1);
  });

  it("of one person stays theirs on every way", async () => {
    const { asked, job } = await ask({ prompt: "mine alone", private: true });
    plant(byKey(asked), always(refusal(10008)));
    const before = world.discord.messages(asked.channelId).length;
    expect(await world.send(job.address, await finishedReply(job, world))).toMatchObject({ delivered: true });
    expect(world.discord.messages(asked.channelId)).toHaveLength(before);
    expect(pictureIn(directOf(), "mine alone")).toHaveLength(1);
  });
});

describe("what no way takes", () => {
  const closeAll = (asked: PlayedInteraction, answer: Answer) =>
    [byKey(asked).path, byBot(asked), /^\/users\/@me\/channels$/].map((path) =>
      plant({ path, when: ({ method }) => method !== "DELETE" }, always(answer)),
    );

  it.each<[string, RefusalCode | 99_999, object]>([
    ["known to be final is given up at once", 50001, { delivered: false }],
    ["by a code that nobody knows is tried again", 99_999, { delivered: false, isRefused: true }],
    ["because a thread is closed is tried again", 50083, { delivered: false, isRefused: true }],
  ])("and is %s", async (_, code, expected) => {
    const { asked, job } = await ask({ prompt: `all closed ${code}` });
    const closing = closeAll(asked, { status: 403, body: { code, message: "no" } });
    const delivery = await world.send(job.address, await finishedReply(job, world));
    for (const fault of closing) fault.stop();
    expect(delivery).toMatchObject(expected);
    if (delivery.delivered) expect.fail();
    expect(delivery.againInSeconds === undefined).toBe(code === 50001);
    for (const way of ["edit by key", "edit by the bot", "new message", "direct message"])
      expect(delivery.because).toContain(`${way}: status 403, code ${code}`);
    // Whole as soon as one opens.
    expect(await world.send(job.address, await finishedReply(job, world))).toEqual({ delivered: true });
  });
});

const pageOf = (status: number): [string, Answer] => [`a page with ${status}`, cloudflarePage(status)];

describe("an answer that is not Discord's", () => {
  it.each<[string, Answer]>([
    ...[400, 401, 403, 404, 405, 413, 429, 502, 503, 520].map((status) => pageOf(status)),
    ...[400, 401, 403, 404].map((status): [string, Answer] => [`a bare ${status}`, { status }]),
    ["JSON without a code", { status: 403, body: { error: "blocked by policy" } }],
    ["a page with 200", cloudflarePage(200)],
    ["an empty 200", { status: 200 }],
    ["JSON that is no message", { status: 200, body: { ok: true } }],
    ["Discord's own 500", { status: 500, body: { code: 0, message: "500: Internal Server Error" } }],
  ])("decides nothing: after %s the picture comes whole at the next try", async (what, answer) => {
    const { asked, job } = await ask({ prompt: `after ${what}` });
    const fault = plant({ method: "PATCH", ...byKey(asked) }, { answer });
    const reply = await finishedReply(job, world);
    const first = await world.send(job.address, reply);
    expect(first).toMatchObject({
      delivered: false,
      because: expect.stringContaining("edit by key"),
      againInSeconds: expect.any(Number),
    });
    expect(first).not.toHaveProperty("isRefused");
    expect(fault.hits).toBe(1);
    if (!first.delivered) later((first.againInSeconds ?? 0) * 1000);
    expect(await world.send(job.address, reply)).toEqual({ delivered: true });
    expect(picturesOf(asked.original() ?? expect.fail())).toMatchObject([{ name: "easel-1.png" }]);
    expect(buttonsOf(asked.original() ?? expect.fail())).toHaveLength(4);
  });

  it("leaves the bot's own token as it was", async () => {
    const { asked, job } = await ask({ prompt: "a page for the token" });
    const reply = await finishedReply(job, world);
    const address = { ...job.address, byBot: true };
    plant({ method: "PATCH", path: byBot(asked) }, { answer: cloudflarePage(401) });
    expect(await world.send(address, reply)).toMatchObject({ delivered: false });
    expect(await world.send(address, reply)).toMatchObject({ delivered: true });
  });

  it("that stays on one way leaves the answer to the next after a minute", async () => {
    const { asked, job } = await ask({ prompt: "always five hundred" });
    plant({ method: "PATCH", ...byKey(asked) }, always({ status: 500, body: {} }));
    const reply = await finishedReply(job, world);
    expect(await world.send(job.address, reply)).toMatchObject({ delivered: false, againInSeconds: 5 });
    later(61_000);
    expect(await world.send(job.address, reply)).toMatchObject({ delivered: true, address: { byBot: true } });
    expect(pictureIn(asked.channelId, "always five hundred")).toHaveLength(1);
  });

  it("is not laid to the answer where it met the waiting message before", async () => {
    const { asked, job } = await ask({ prompt: "trouble of before", private: true });
    plant({ method: "PATCH", ...byKey(asked) }, { answer: cloudflarePage(503), times: 2 });
    expect(await world.send(job.address, stillTryingReply(job))).toMatchObject({ delivered: false });
    later(61_000);
    const reply = await finishedReply(job, world);
    expect(await world.send(job.address, reply)).toMatchObject({ delivered: false, againInSeconds: 5 });
    expect(await world.send(job.address, reply)).toEqual({ delivered: true });
  });

  it("takes nothing away from an event: it is answered at the next try", async () => {
    plant({ path: /\/callback$/ }, { answer: cloudflarePage(403), times: 2 });
    await ask({ prompt: "a page before the first answer" });
  });
});

describe("a wait that Discord asks for", () => {
  it.each<[string, Answer]>([
    ["an hour, as a page", banned(3600)],
    ["a year", banned(31_536_000)],
    ["a date far away", banned("Tue, 01 Jan 2099 00:00:00 GMT")],
    [
      "an hour, in Discord's words",
      { status: 429, body: { message: "You are being rate limited.", retry_after: 3600.5, global: false } },
    ],
  ])("of %s closes that way alone: the bot's own brings the answer", async (what, answer) => {
    const { asked, job } = await ask({ prompt: `banned for ${what}` });
    const warned = vi.spyOn(log, "warn");
    const fault = plant(byKey(asked), always(answer));
    const begin = Date.now();
    expect(await world.send(job.address, await finishedReply(job, world))).toMatchObject({
      delivered: true,
      address: { byBot: true },
    });
    expect(Date.now() - begin).toBeLessThan(20_000);
    expect(picturesOf(asked.original() ?? expect.fail())).toHaveLength(1);
    const told = JSON.stringify(warned.mock.calls);
    expect(told).toContain('"until":"');
    expect(told).not.toContain(asked.token);
    fault.stop();
  });

  it("is not asked for again before it is over, and looked at after a quarter of an hour at the latest", async () => {
    const { asked, job } = await ask({ prompt: "in private, banned", private: true });
    const directly = plant({ path: /^\/users\/@me\/channels$/ }, always(cloudflarePage(503)));
    const fault = plant(byKey(asked), always(banned(86_400)));
    const reply = await finishedReply(job, world);
    for (const _ of [1, 2, 3]) {
      const delivery = await world.send(job.address, reply);
      if (delivery.delivered) expect.fail();
      expect(delivery.againInSeconds).toBeLessThanOrEqual(900);
    }
    expect(fault.hits).toBe(1);
    fault.stop();
    directly.stop();
    later(901_000);
    expect(await world.send({ ...job.address, createdAt: new Date().toISOString() }, reply)).toMatchObject({
      delivered: true,
    });
  });

  it.each([
    ["seconds", banned(1)],
    ["a header that nobody understands", banned("soon")],
    ["a negative number", banned(-5)],
    ["no header at all", { status: 429 }],
  ])("in %s is over soon", async (what, answer) => {
    const { asked, job } = await ask({ prompt: `made to wait by ${what}` });
    plant(byKey(asked), { answer });
    const reply = await finishedReply(job, world);
    const first = await world.send(job.address, reply);
    if (!first.delivered) {
      expect(first.againInSeconds).toBeLessThanOrEqual(10);
      later(10_500);
      expect(await world.send(job.address, reply)).toEqual({ delivered: true });
    }
    expect(picturesOf(asked.original() ?? expect.fail())).toHaveLength(1);
  });

  it("does not spin where no pause is asked for", async () => {
    const { asked, job } = await ask({ prompt: "a spinning door" });
    const answer = { status: 429, body: { message: "You are being rate limited.", retry_after: 0, global: false } };
    const fault = plant(byKey(asked), always(answer));
    await world.send(job.address, await finishedReply(job, world));
    expect(fault.hits).toBeLessThan(25);
    fault.stop();
  });

  it("that is announced beforehand is not slept through either", async () => {
    const { asked, job } = await ask({ prompt: "none remaining" });
    const headers = { "x-ratelimit-limit": "5", "x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "3600" };
    plant({ method: "PATCH", ...byKey(asked) }, { headers });
    const reply = await finishedReply(job, world);
    await world.send(job.address, reply);
    const begin = Date.now();
    expect(await world.send(job.address, reply)).toMatchObject({ delivered: true, address: { byBot: true } });
    expect(Date.now() - begin).toBeLessThan(20_000);
  });
});

describe("a bot's token that Discord refuses", () => {
  it("is tried again now and then, more and more rarely, and opens by itself", async () => {
    const { asked, job } = await ask({ prompt: "a refused token" });
    const fault = plant({ path: /^\/(channels|users)\// }, always(refusal(0)));
    const send = discordSender(world.discordSettings, world.azure);
    const reply: ChatReply = await finishedReply(job, world);
    const address = { ...job.address, byBot: true };
    for (const seconds of [300, 600, 900]) {
      for (const _ of [1, 2, 3])
        expect(await send(address, reply)).toMatchObject({ delivered: false, againInSeconds: seconds });
      later(3_600_000);
    }
    expect(fault.hits).toBe(3);
    fault.stop();
    later(0);
    expect(await send(address, reply)).toMatchObject({ delivered: true });
    expect(picturesOf(asked.original() ?? expect.fail())).toHaveLength(1);
  });
});

describe("a refusal whose waiting message cannot be changed", () => {
  it("is told to the asker alone, and nothing of it to the channel", async () => {
    const { asked, job } = await ask({ prompt: "shameful and archived" });
    plant({ method: "PATCH", ...byKey(asked) }, always(refusal(50083)));
    plant({ method: "POST", ...byKey(asked) }, always(refusal(50083)));
    plant({ method: "PATCH", path: byBot(asked) }, always(refusal(50083)));
    expect(await world.send(job.address, refusedReply(job, world))).toMatchObject({ delivered: true });
    expect(textOf(world.discord.messages(directOf()).at(-1) ?? expect.fail())).toContain("violence");
    expect(world.discord.messages(asked.channelId).map(textOf).join()).not.toMatch(/shameful|violence/);
  });
});

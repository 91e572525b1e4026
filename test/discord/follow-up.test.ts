import { describe, expect, it } from "vitest";
import { DiscordAddress } from "../../adapters/discord/address.ts";
import { finalReply, waitingReply } from "../../src/replies/compose-reply.ts";
import { readDraft } from "../../src/jobs/drafts.ts";
import { newJob } from "../../src/jobs/job.ts";
import { checkRequest } from "../../src/request/check.ts";
import type { Delivery } from "../../src/replies/delivery.ts";
import type { ChatReply } from "../../src/replies/reply.ts";
import type { Address, ImageRequest } from "../../src/request/request.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import { stage, world } from "./stage.ts";
import { drawn, plainPicture, refusedReply, withPictures } from "./world.ts";

stage();

/** An edit begun on Discord, whose request comes from elsewhere: the page. */
async function begin(options: Record<string, string | number | boolean> = {}, occasion: object = {}) {
  const { job, message } = await drawn(world, { prompt: "to be painted on", ...options }, occasion);
  const pressed = await world.discord.button({ message, customId: `edit:${job.id}.1` });
  const panel = await pressed.untilOriginal((shown) => buttonsOf(shown).length > 0);
  const id = new URL(buttonsOf(panel).find(({ url }) => url)?.url ?? "").searchParams.get("key") ?? "";
  const draft = (await readDraft(id, world.azure)) ?? expect.fail("no draft");
  return { pressed, panel, address: draft.address };
}

function jobFor(address: Address, words: string, isPrivate = false) {
  const request: ImageRequest = {
    id: `page-${crypto.randomUUID()}`,
    prompt: words,
    options: {},
    unknownOptions: [],
    private: isPrivate,
    askedBy: { platform: "discord", channel: "1", user: world.discord.asker.id, name: "Ada" },
    address,
  };
  const checked = checkRequest(request, world.settings);
  return newJob(request, "order" in checked ? checked.order : undefined);
}

const waitingFor = (address: Address, words: string, isPrivate?: boolean): ChatReply =>
  waitingReply(jobFor(address, words, isPrivate), { before: 0 });
async function finishedFor(address: Address, words: string, isPrivate?: boolean): Promise<ChatReply> {
  const job = await withPictures(jobFor(address, words, isPrivate), world, await plainPicture());
  return finalReply(job, world.settings);
}

/** Delivered; the address that is to be used from then on. */
function learned(delivery: Delivery): DiscordAddress {
  if (!delivery.delivered) throw new Error(delivery.because);
  return DiscordAddress.parse(delivery.address);
}

describe("what comes of an edit that was sent from elsewhere", () => {
  it("stands in a message of its own, which is edited from then on, while the panel stays", async () => {
    const { pressed, panel, address } = await begin();
    const waiting = await world.send(address, waitingFor(address, "a hat"));
    const [message, ...more] = pressed.followups();
    expect(more).toEqual([]);
    expect(message?.ephemeralFor).toBeUndefined();
    expect(textOf(message ?? expect.fail())).toContain("on its way");
    const there = learned(waiting);
    expect(there).toMatchObject({ followUp: true, messageId: message?.id, ephemeral: false, byBot: false });
    expect(await world.send(there, await finishedFor(address, "a hat"))).toEqual({ delivered: true });
    expect(pressed.followups()).toHaveLength(1);
    expect(picturesOf(pressed.followups()[0] ?? expect.fail())).toHaveLength(1);
    expect(textOf(world.discord.message(panel.id) ?? expect.fail())).toContain("Pick the cells");
  });

  it("is for the asker alone where the picture was", async () => {
    const { pressed, address } = await begin({ private: true });
    const there = learned(await world.send(address, waitingFor(address, "darker", true)));
    expect(there.ephemeral).toBe(true);
    expect(pressed.followups()[0]?.ephemeralFor).toBe(world.discord.asker.id);
    await world.send(there, await finishedFor(address, "darker", true));
    expect(picturesOf(pressed.followups()[0] ?? expect.fail())).toHaveLength(1);
  });

  it("knows that it was forced to be private", async () => {
    const { address } = await begin({}, { authorizingIntegrationOwners: { 1: "7" }, externalAppsOff: true });
    expect(learned(await world.send(address, waitingFor(address, "x"))).ephemeral).toBe(true);
  });

  it("may be two edits from one panel, each in its own message", async () => {
    const { pressed, address } = await begin();
    const first = learned(await world.send(address, waitingFor(address, "one")));
    const second = learned(await world.send(address, waitingFor(address, "two")));
    expect(first.messageId).not.toBe(second.messageId);
    await world.send(first, await finishedFor(address, "one"));
    expect(pressed.followups().map((shown) => picturesOf(shown).length)).toEqual([1, 0]);
  });

  it("is changed by the bot when the token is over", async () => {
    const { pressed, address } = await begin();
    const there = learned(await world.send(address, waitingFor(address, "late")));
    pressed.expire();
    const delivery = await world.send(there, await finishedFor(address, "late"));
    expect(learned(delivery)).toMatchObject({ byBot: true, messageId: there.messageId });
    expect(picturesOf(world.discord.message(there.messageId ?? "") ?? expect.fail())).toHaveLength(1);
  });

  it("is posted by the bot, once for each edit, when the token was over before anything stood", async () => {
    const { pressed, address } = await begin();
    pressed.expire();
    const before = world.discord.messages(pressed.channelId).length;
    const one = await finishedFor(address, "one");
    const first = learned(await world.send(address, one));
    expect(learned(await world.send(address, one)).messageId).toBe(first.messageId);
    const second = learned(await world.send(address, await finishedFor(address, "two")));
    expect(second.messageId).not.toBe(first.messageId);
    expect(world.discord.messages(pressed.channelId)).toHaveLength(before + 2);
  });

  it("comes directly, and not into the channel, where it was private and nothing stood", async () => {
    const { pressed, address } = await begin({ private: true });
    pressed.expire();
    const before = world.discord.messages(pressed.channelId).length;
    const there = learned(await world.send(address, await finishedFor(address, "darker", true)));
    expect(world.discord.messages(pressed.channelId)).toHaveLength(before);
    const direct = world.discord.message(there.messageId ?? "") ?? expect.fail();
    expect(direct.guildId).toBeUndefined();
    expect(picturesOf(direct)).toHaveLength(1);
  });

  it("comes directly where a guest has said all it may", async () => {
    const { pressed, address } = await begin({}, { authorizingIntegrationOwners: { 1: "7" } });
    for (let count = 1; count <= 5; count += 1) await world.send(address, waitingFor(address, `edit ${count}`));
    const there = learned(await world.send(address, await finishedFor(address, "the sixth")));
    expect(pressed.followups()).toHaveLength(5);
    expect(there).toMatchObject({ byBot: true, guildId: null });
    expect(picturesOf(world.discord.message(there.messageId ?? "") ?? expect.fail())).toHaveLength(1);
  });

  it("goes away where it was refused, and the asker hears why", async () => {
    const { pressed, address } = await begin();
    const there = learned(await world.send(address, waitingFor(address, "two knights")));
    expect(await world.send(there, refusedReply(jobFor(address, "two knights"), world))).toEqual({ delivered: true });
    const [word, ...more] = pressed.followups();
    expect(more).toEqual([]);
    expect(word?.ephemeralFor).toBe(world.discord.asker.id);
    expect(textOf(word ?? expect.fail())).toContain("violence");
  });

  it.each([
    ["cut", { cut: true, applied: true } as const],
    ["a page", { answer: { status: 502, page: "<html>" }, applied: true } as const],
  ])("becomes the answer also where it stands and nobody heard of it: %s", async (_, fault) => {
    const { pressed, address } = await begin();
    world.discord.fail({ method: "POST", path: /\/webhooks\/\d+\/[^/]+$/ }, fault);
    const job = jobFor(address, "unheard");
    const first = await world.send(address, waitingReply(job, { before: 0 }));
    const there = first.delivered ? (first.address ?? address) : address;
    const drawn = await withPictures(job, world, await plainPicture());
    await world.send(there, finalReply(drawn, world.settings));
    const [shown, ...more] = pressed.followups();
    expect(more).toEqual([]);
    expect(picturesOf(shown ?? expect.fail())).toHaveLength(1);
  });

  it("is tried again where Discord stumbles, and final where it does not", async () => {
    const { address } = await begin();
    world.discord.fail({ method: "POST", path: /\/webhooks\/\d+\/[^/]+$/ }, { answer: { status: 503, body: {} } });
    expect(await world.send(address, await finishedFor(address, "again"))).toMatchObject({
      delivered: false,
      againInSeconds: expect.any(Number),
    });
    learned(await world.send(address, await finishedFor(address, "again")));
  });
});

describe("an address from before there were follow-ups", () => {
  it("still works", async () => {
    const { asked, job } = await drawn(world, { prompt: "an old record" });
    const { followUp: _followUp, ...old } = DiscordAddress.parse(job.address);
    expect(await world.send(old, finalReply(job, world.settings))).toEqual({ delivered: true });
    expect(picturesOf(asked.original() ?? expect.fail())).toHaveLength(1);
  });
});

import { MessageFlags } from "discord.js";
import { describe, expect, it } from "vitest";
import { finalReply, stillTryingReply } from "../../src/replies/compose-reply.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import { refusal } from "../../local/discord/refusals.ts";
import { stage, world } from "./stage.ts";
import { finishedReply, imagine, jobOf, noisyPicture, plainPicture, refusedReply, withPictures } from "./world.ts";

stage();

/** Asks, waits for the waiting message, and takes the job as a worker would. */
async function ask(options: Record<string, string | number | boolean>, occasion: object = {}) {
  const asked = await imagine(world, options, occasion);
  await asked.untilOriginal(
    (message) => textOf(message).includes("on its way") || textOf(message).includes("on their way"),
  );
  return { asked, job: await jobOf(world, asked) };
}

const deadToken = (asked: PlayedInteraction) => asked.expire();
const pathOf = (asked: PlayedInteraction) => ({ path: new RegExp(`/webhooks/\\d+/${RegExp.escape(asked.token)}`) });

describe("a finished picture", () => {
  it("takes the waiting message's place, with everything that belongs to it", async () => {
    const { asked, job } = await ask({ prompt: "a lighthouse made of books", model: "dall-e-3", style: "natural" });
    const waiting = asked.original();
    const drawn = await withPictures(job, world, await noisyPicture(256, 256), "A tall lighthouse built of old books");
    expect(await world.send(job.address, finalReply(drawn, world.settings))).toEqual({ delivered: true });
    const message = asked.original();
    if (!message) throw new Error("no message");
    expect(message.id).toBe(waiting?.id);
    expect(picturesOf(message)).toMatchObject([
      {
        name: "easel-1.png",
        width: 256,
        alt: "a lighthouse made of books. In detail: A tall lighthouse built of old books",
      },
    ]);
    expect(picturesOf(message)[0]?.bytes?.length).toBe(drawn.pictures[0]?.kept?.bytes);
    const text = textOf(message);
    for (const part of [
      "a lighthouse made of books",
      "A **tall** lighthouse **built** of **old** books",
      "Marked: what the model added.",
      "Made by AI",
    ]) {
      expect(text).toContain(part);
    }
    expect(buttonsOf(message).map(({ label }) => label)).toEqual(["Again", "Change words", "Edit", "More…"]);
  });

  it("stays one message when it is delivered again", async () => {
    const { asked, job } = await ask({ prompt: "once and again" });
    const before = world.discord.messages(asked.channelId).length;
    const reply = await finishedReply(job, world);
    for (let time = 0; time < 3; time += 1) await world.send(job.address, reply);
    expect(world.discord.messages(asked.channelId)).toHaveLength(before);
    expect(asked.original()?.attachments).toHaveLength(1);
  });

  it("is shown as a preview where the original of 13 MB is too large for the place", async () => {
    const { asked, job } = await ask({ prompt: "a storm of pixels" });
    const bytes = await noisyPicture(2080, 2080);
    expect(bytes.length).toBeGreaterThan(12_900_000);
    await world.send(job.address, await finishedReply(job, world, bytes));
    const [picture] = picturesOf(asked.original() ?? expect.fail());
    expect(picture).toMatchObject({ name: "easel-1.jpg", width: 512 });
    // The limit came with the event, so nothing too large was ever sent.
    expect(world.discord.requestsTo({ method: "PATCH", ...pathOf(asked) }).map(({ status }) => status)).toEqual([
      200, 200,
    ]);
  });

  it.each([40005, 50045] as const)("is shown as a preview where Discord says %i only on arrival", async (code) => {
    const { asked, job } = await ask(
      { prompt: "a server that lost its boosts" },
      { attachmentSizeLimit: 10 * 1024 * 1024 },
    );
    world.discord.fail(
      { method: "PATCH", ...pathOf(asked) },
      { answer: { status: code === 40005 ? 413 : 400, body: { code, message: "too large" } } },
    );
    expect(await world.send(job.address, await finishedReply(job, world))).toEqual({ delivered: true });
    expect(picturesOf(asked.original() ?? expect.fail())).toMatchObject([{ name: "easel-1.jpg" }]);
  });

  it("becomes a link where nothing can be uploaded", async () => {
    const { asked, job } = await ask({ prompt: "uploads are limited here" });
    world.discord.fail(
      { method: "PATCH", ...pathOf(asked) },
      { answer: { status: 400, body: { code: 400001, message: "limited" } } },
    );
    await world.send(job.address, await finishedReply(job, world));
    const message = asked.original() ?? expect.fail();
    expect(picturesOf(message)).toEqual([]);
    expect(textOf(message)).toContain("one click away");
    const [link, ...others] = buttonsOf(message).filter(({ url }) => url);
    expect(others).toEqual([]);
    expect(link?.url).toContain("https://easel.example.org/pictures/");
  });

  it("becomes a link at once where the bot may not attach files", async () => {
    const { asked, job } = await ask({ prompt: "no attachments here" }, { appPermissions: 1n << 11n });
    await world.send(job.address, await finishedReply(job, world));
    expect(world.discord.requestsTo({ method: "PATCH", ...pathOf(asked) })).toHaveLength(2);
    expect(textOf(asked.original() ?? expect.fail())).toContain("one click away");
  });

  it("says that it is kept where the bot may not attach files and the picture has no address", async () => {
    const { asked, job } = await ask({ prompt: "no attachments, no address" }, { appPermissions: 1n << 11n });
    const drawn = await withPictures(job, world, await plainPicture());
    const reply = finalReply(drawn, { ...world.settings, publicUrl: undefined });
    expect(await world.send(job.address, reply)).toEqual({ delivered: true });
    const message = asked.original() ?? expect.fail();
    expect(picturesOf(message)).toEqual([]);
    expect(textOf(message)).toContain("drawn and kept");
  });

  it("keeps four pictures under what one request may have, by small copies of the largest", async () => {
    const { asked, job } = await ask({ prompt: "four storms", count: 4 });
    const bytes = await noisyPicture(1600, 1600);
    expect(await world.send(job.address, await finishedReply(job, world, bytes))).toEqual({ delivered: true });
    const names = picturesOf(asked.original() ?? expect.fail()).map(({ name }) => name);
    expect(names).toEqual(["easel-1.jpg", "easel-2.png", "easel-3.png", "easel-4.png"]);
  });

  it.each([200000, 240000])("leaves the words out where the server's AutoMod refuses them (%i)", async (code) => {
    const { asked, job } = await ask({ prompt: "a word that is not liked here" });
    world.discord.fail(
      { method: "PATCH", ...pathOf(asked), when: ({ body }) => JSON.stringify(body).includes("not liked") },
      { answer: { status: 400, body: { code, message: "blocked" } }, times: 9 },
    );
    expect(await world.send(job.address, await finishedReply(job, world))).toEqual({ delivered: true });
    const message = asked.original() ?? expect.fail();
    expect(picturesOf(message)).toHaveLength(1);
    expect(textOf(message)).toContain("A rule of this place holds the words back");
    expect(JSON.stringify(message.components)).not.toContain("not liked");
  });

  /** Calls a place in the message malformed, as often as it finds it there. */
  function callMalformed(asked: PlayedInteraction, path: string, isThere: (body: string) => boolean) {
    const errors = path.split(".").reduceRight<object>((inner, name) => ({ [name]: inner }), {
      _errors: [{ code: "BASE_TYPE_REQUIRED", message: "no" }],
    });
    return world.discord.fail(
      { method: "PATCH", ...pathOf(asked), when: ({ body }) => isThere(JSON.stringify(body)) },
      { answer: { status: 400, body: { code: 50035, message: "Invalid Form Body", errors } }, times: 9 },
    );
  }

  it.each([
    ["a button", "components.0.components.3.components.0.custom_id", '"label":"Again"'],
    ["a text", "components.0.components.1.content", "> malformed"],
    ["the words, where they are too many in all,", "components", "> malformed"],
  ])("does without %s that Discord calls malformed, and without nothing else", async (_, path, part) => {
    const { asked, job } = await ask({ prompt: "malformed by a bug of ours" });
    const planted = callMalformed(asked, path, (body) => body.includes(part));
    expect(await world.send(job.address, await finishedReply(job, world))).toEqual({ delivered: true });
    expect(planted.hits).toBe(1);
    const shown = asked.original() ?? expect.fail();
    expect(JSON.stringify(shown.components)).not.toContain(part);
    expect(picturesOf(shown)).toHaveLength(1);
    expect(buttonsOf(shown).length).toBeGreaterThan(2);
    // Nothing of that is remembered.
    planted.stop();
    await world.send(job.address, await finishedReply(job, world));
    expect(JSON.stringify(asked.original()?.components)).toContain(part);
  });

  it("keeps the picture where only its description is called malformed", async () => {
    const { asked, job } = await ask({ prompt: "described badly" });
    callMalformed(asked, "attachments.0.description", (body) => body.includes('"description":"described badly"'));
    expect(await world.send(job.address, await finishedReply(job, world))).toEqual({ delivered: true });
    expect(picturesOf(asked.original() ?? expect.fail())).toMatchObject([{ name: "easel-1.png", alt: "Made by AI" }]);
  });

  it("stays whole where Discord calls it malformed and names nothing: another way takes it", async () => {
    const { asked, job } = await ask({ prompt: "malformed without a reason" });
    world.discord.fail(
      { method: "PATCH", ...pathOf(asked) },
      { answer: { status: 400, body: { code: 50035, message: "Invalid Form Body", errors: {} } } },
    );
    expect(await world.send(job.address, await finishedReply(job, world))).toMatchObject({ delivered: true });
    expect(buttonsOf(asked.original() ?? expect.fail())).toHaveLength(4);
    expect(picturesOf(asked.original() ?? expect.fail())).toHaveLength(1);
  });
});

describe("a place whose rules refuse whatever is said", () => {
  it("gets the picture alone, when neither words nor links are taken", async () => {
    const { asked, job } = await ask({ prompt: "nothing may be said" });
    world.discord.fail({ method: "PATCH", ...pathOf(asked) }, { answer: refusal(200_000), times: 2 });
    expect(await world.send(job.address, await finishedReply(job, world))).toEqual({ delivered: true });
    const shown = asked.original() ?? expect.fail();
    expect(picturesOf(shown)).toHaveLength(1);
    expect(buttonsOf(shown).map(({ url }) => url)).toEqual(Array.from({ length: 4 }));
    expect(textOf(shown)).toBe("-# Made by AI");
  });

  it("does not keep a refusal from its asker", async () => {
    const { asked, job } = await ask({ prompt: "not even a line" });
    world.discord.fail({ method: "PATCH", ...pathOf(asked) }, { answer: refusal(200_000), times: 9 });
    expect(await world.send(job.address, refusedReply(job, world))).toEqual({ delivered: true });
    expect(asked.followups()).toMatchObject([{ ephemeralFor: asked.user.id }]);
    expect(asked.original()).toBeUndefined();
  });
});

describe("when the waiting message was deleted", () => {
  it("posts the picture anew, once", async () => {
    const { asked, job } = await ask({ prompt: "taken away too soon" });
    world.discord.removeMessage(asked.original() ?? expect.fail());
    const before = world.discord.messages(asked.channelId).length;
    const reply = await finishedReply(job, world);
    for (const _ of [1, 2]) expect(await world.send(job.address, reply)).toMatchObject({ delivered: true });
    expect(world.discord.messages(asked.channelId)).toHaveLength(before + 1);
    expect(textOf(world.discord.messages(asked.channelId).at(-1) ?? expect.fail())).toContain("Asked by Ada");
  });

  it("brings nothing new where all that was left to do was a change of it", async () => {
    const { asked, job } = await ask({ prompt: "unwanted" });
    world.discord.removeMessage(asked.original() ?? expect.fail());
    const before = world.discord.messages(asked.channelId).length;
    const change = { ...(await finishedReply(job, world)), onlyInPlace: true };
    const delivery = await world.send(job.address, change);
    expect(delivery).toEqual({ delivered: false, because: expect.stringContaining("code 10008") });
    expect(world.discord.messages(asked.channelId)).toHaveLength(before);
  });
});

describe("a refusal", () => {
  it("takes the public message away and tells the asker alone", async () => {
    const { asked, job } = await ask({ prompt: "two knights kill each other" });
    expect(await world.send(job.address, refusedReply(job, world))).toEqual({ delivered: true });
    expect(asked.original()).toBeUndefined();
    const [told, ...more] = asked.followups();
    expect(more).toEqual([]);
    expect(told?.ephemeralFor).toBe(asked.user.id);
    expect(textOf(told ?? expect.fail())).toContain("violence");
    expect(buttonsOf(told ?? expect.fail())).toMatchObject([
      { label: "Revise", customId: `revise:discord-${asked.id}` },
    ]);
    expect(world.discord.messages(asked.channelId).map(textOf).join("\n")).not.toContain("knights");
    await world.send(job.address, refusedReply(job, world));
    expect(asked.followups()).toHaveLength(1);
  });

  /** Discord's own "thinking" stands, because the waiting message did not come through. */
  async function askInVain(prompt: string) {
    world.discord.fail({ method: "PATCH", path: /@original$/ }, { answer: { status: 503, body: {} } });
    const asked = await imagine(world, { prompt });
    const job = await jobOf(world, asked);
    await world.discord.untilRequest({ method: "PATCH", ...pathOf(asked), when: ({ status }) => status === 503 });
    return { asked, job };
  }
  const privateWord = (asked: PlayedInteraction) => ({
    method: "POST",
    path: new RegExp(`/webhooks/\\d+/${RegExp.escape(asked.token)}$`),
  });

  it.each([
    ["the waiting message", (prompt: string) => ask({ prompt })],
    ["Discord's own thinking", askInVain],
  ])("is not lost where %s stands and the private word does not go through at first", async (_, begin) => {
    const { asked, job } = await begin("a word that takes two tries");
    world.discord.fail(privateWord(asked), { answer: { status: 503, body: {} } });
    expect(await world.send(job.address, refusedReply(job, world))).toMatchObject({
      delivered: false,
      againInSeconds: expect.any(Number),
    });
    const left = asked.original() ?? expect.fail();
    expect(left.flags & MessageFlags.Loading).toBe(0);
    expect(textOf(left)).not.toMatch(/two tries|violence/);
    expect(await world.send(job.address, refusedReply(job, world))).toEqual({ delivered: true });
    expect(asked.original()).toBeUndefined();
    expect(asked.followups()).toMatchObject([{ ephemeralFor: asked.user.id }]);
  });

  it.each([
    ["the waiting message", (prompt: string) => ask({ prompt })],
    ["Discord's own thinking", askInVain],
  ])("is told once where %s stood and the answer to the private word was lost", async (_, begin) => {
    const { asked, job } = await begin("told and cut");
    world.discord.fail(privateWord(asked), { cut: true, applied: true });
    expect(await world.send(job.address, refusedReply(job, world))).toEqual({ delivered: true });
    // For the case that the word did not arrive, a line without a word of it stays, with the way to revise.
    expect(buttonsOf(asked.original() ?? expect.fail())).toMatchObject([{ label: "Revise" }]);
    expect(textOf(asked.original() ?? expect.fail())).not.toMatch(/told and cut|violence/);
    expect(asked.followups()).toMatchObject([{ ephemeralFor: asked.user.id }]);
  });

  it("puts the public line first, then the private word, and takes the line away", async () => {
    const { asked, job } = await ask({ prompt: "first things first" });
    await world.send(job.address, refusedReply(job, world));
    const calls = world.discord.requestsTo(pathOf(asked)).slice(-3);
    expect(calls.map(({ method, status }) => `${method} ${status}`)).toEqual(["PATCH 200", "POST 200", "DELETE 204"]);
  });

  it("leaves a line without a word of it where no private word is taken", async () => {
    const { asked, job } = await ask({ prompt: "no private words here" });
    world.discord.fail(privateWord(asked), {
      answer: { status: 403, body: { code: 50013, message: "Missing Permissions" } },
      times: 9,
    });
    expect(await world.send(job.address, refusedReply(job, world))).toEqual({ delivered: true });
    const left = asked.original() ?? expect.fail();
    expect(textOf(left)).toContain("No picture came of this one");
    expect(textOf(left)).not.toMatch(/private words|violence/);
    expect(buttonsOf(left)).toMatchObject([{ label: "Revise" }]);
  });

  it("is private also where Discord's own thinking still stands", async () => {
    const { asked, job } = await askInVain("no waiting message, then no");
    await world.send(job.address, refusedReply(job, world));
    expect(asked.original()).toBeUndefined();
    expect(asked.followups()).toMatchObject([{ ephemeralFor: asked.user.id }]);
  });

  it("says in public no more than that nothing came, when the token is dead", async () => {
    const { asked, job } = await ask({ prompt: "something shameful" });
    const waiting = asked.original() ?? expect.fail();
    deadToken(asked);
    expect(await world.send(job.address, refusedReply(job, world))).toMatchObject({ delivered: true });
    const text = textOf(world.discord.message(waiting.id) ?? expect.fail());
    expect(text).toContain("No picture came of this one");
    expect(text).not.toMatch(/shameful|violence/);
    expect(buttonsOf(world.discord.message(waiting.id) ?? expect.fail())).toMatchObject([{ label: "Revise" }]);
  });
});

describe("after the token has died", () => {
  it("edits the message that stands in the channel", async () => {
    const { asked, job } = await ask({ prompt: "fifteen minutes later" });
    const waiting = asked.original() ?? expect.fail();
    deadToken(asked);
    const delivery = await world.send(job.address, await finishedReply(job, world));
    expect(delivery).toMatchObject({ delivered: true, address: { byBot: true, messageId: waiting.id } });
    expect(picturesOf(world.discord.message(waiting.id) ?? expect.fail())).toHaveLength(1);
    expect(
      world.discord.messages(asked.channelId).filter((message) => textOf(message).includes("fifteen minutes later")),
    ).toHaveLength(1);
  });

  it("does so too where a living token answers 404, as in Discord's incidents", async () => {
    const { asked, job } = await ask({ prompt: "an incident" });
    world.discord.fail(pathOf(asked), {
      answer: { status: 404, body: { code: 10015, message: "Unknown Webhook" } },
      times: 9,
    });
    expect(await world.send(job.address, await finishedReply(job, world))).toMatchObject({ delivered: true });
    expect(picturesOf(asked.original() ?? expect.fail())).toHaveLength(1);
  });

  it("posts one new message, naming who asked, where the old one can no longer be edited", async () => {
    const { asked, job } = await ask({ prompt: "too many edits" });
    deadToken(asked);
    world.discord.fail(
      { method: "PATCH", path: /\/channels\// },
      { answer: { status: 400, body: { code: 30046, message: "edits" } }, times: 2 },
    );
    const reply = await finishedReply(job, world);
    const first = await world.send(job.address, reply);
    expect(first).toMatchObject({ delivered: true, address: { byBot: true } });
    await world.send(job.address, reply);
    const shown = world.discord
      .messages(asked.channelId)
      .filter((message) => textOf(message).includes("too many edits") && picturesOf(message).length);
    expect(shown).toHaveLength(1);
    expect(textOf(shown[0] ?? expect.fail())).toContain("Asked by Ada");
    // And what is said later goes to the new message.
    await world.send(first.delivered ? (first.address ?? expect.fail()) : expect.fail(), reply);
    expect(shown[0]?.edits).toBe(1);
  });

  it.each([
    ["is known to be old", { createdAt: new Date(Date.now() - 20 * 60_000).toISOString() }],
    ["has given way to the bot's own", { byBot: true }],
  ])("does not try the token where it %s", async (_, change) => {
    const { asked, job } = await ask({ prompt: "no try" });
    const before = world.discord.requestsTo(pathOf(asked)).length;
    expect(await world.send({ ...job.address, ...change }, await finishedReply(job, world))).toMatchObject({
      delivered: true,
    });
    expect(world.discord.requestsTo(pathOf(asked))).toHaveLength(before);
    expect(picturesOf(asked.original() ?? expect.fail())).toHaveLength(1);
  });

  it("answers a private request of a direct message there, without a word about it", async () => {
    const { asked, job } = await ask({ prompt: "between us", private: true }, { guild: null });
    deadToken(asked);
    expect(await world.send(job.address, await finishedReply(job, world))).toMatchObject({ delivered: true });
    const last = world.discord.messages(asked.channelId).at(-1) ?? expect.fail();
    expect(textOf(last)).toContain("between us");
    expect(textOf(last)).not.toContain("no longer be shown");
  });

  it("never posts a new message only to say that it still waits", async () => {
    const { asked, job } = await ask({ prompt: "patience" });
    deadToken(asked);
    world.discord.fail(
      { method: "PATCH", path: /\/channels\// },
      { answer: { status: 403, body: { code: 50001, message: "Missing Access" } } },
    );
    const before = world.discord.requestsTo({ method: "POST" }).length;
    expect(await world.send(job.address, stillTryingReply(job))).toMatchObject({ delivered: false });
    expect(world.discord.requestsTo({ method: "POST" })).toHaveLength(before);
  });

  it("brings a private answer to the asker directly", async () => {
    const { asked, job } = await ask({ prompt: "a secret garden", private: true });
    deadToken(asked);
    expect(await world.send(job.address, await finishedReply(job, world))).toMatchObject({ delivered: true });
    expect(world.discord.messages(asked.channelId).map(textOf).join("\n")).not.toContain("secret garden");
    const [post] = world.discord.requestsTo({ method: "POST", path: /^\/channels\/\d+\/messages$/ }).slice(-1);
    const direct = world.discord.messages(/\/channels\/(\d+)/.exec(post?.path ?? "")?.[1] ?? "");
    expect(direct.at(-1)?.channelId).not.toBe(asked.channelId);
    expect(textOf(direct.at(-1) ?? expect.fail())).toContain("secret garden");
    expect(picturesOf(direct.at(-1) ?? expect.fail())).toHaveLength(1);
  });

  it("says without a word of it that a private answer came too late, where the asker takes no messages", async () => {
    const { asked, job } = await ask({ prompt: "another secret", private: true });
    deadToken(asked);
    world.discord.fail(
      { method: "POST", path: /\/channels\/\d+\/messages$/, when: ({ path }) => !path.includes(asked.channelId) },
      { answer: { status: 403, body: { code: 50007, message: "Cannot send messages to this user" } } },
    );
    expect(await world.send(job.address, await finishedReply(job, world))).toMatchObject({ delivered: true });
    const last = world.discord.messages(asked.channelId).at(-1) ?? expect.fail();
    expect(textOf(last)).toContain("for one person alone");
    expect(JSON.stringify([last.components, last.attachments.map(({ description }) => description)])).not.toContain(
      "another secret",
    );
    expect(picturesOf(last)).toEqual([]);
  });

  it("reaches a person who installed Easel for themselves by a direct message, and asks nothing of the channel", async () => {
    const { asked, job } = await ask(
      { prompt: "abroad" },
      { guild: "1234567890123456789", authorizingIntegrationOwners: { 1: world.discord.asker.id } },
    );
    deadToken(asked);
    const before = world.discord.requests.length;
    expect(await world.send(job.address, await finishedReply(job, world))).toMatchObject({ delivered: true });
    const paths = world.discord.requests.slice(before).map(({ path }) => path);
    expect(paths.some((path) => path.includes(asked.channelId))).toBe(false);
  });
});

describe("trouble", () => {
  it.each([
    ["a fault of Discord's", { answer: { status: 502, body: {} } }],
    ["a cut line", { cut: true }],
  ] as const)("asks for another try later after %s, and does not repeat by itself", async (_, fault) => {
    const { asked, job } = await ask({ prompt: "trouble" });
    const planted = world.discord.fail({ method: "PATCH", ...pathOf(asked) }, { ...fault, times: 5 });
    expect(await world.send(job.address, await finishedReply(job, world))).toMatchObject({
      delivered: false,
      againInSeconds: expect.any(Number),
    });
    expect(planted.hits).toBe(1);
    planted.stop();
    expect(await world.send(job.address, await finishedReply(job, world))).toEqual({ delivered: true });
  });

  it("says so where the address is not Discord's", async () => {
    const { job } = await ask({ prompt: "wrong door" });
    expect(await world.send({ platform: "discord" }, await finishedReply(job, world))).toMatchObject({
      delivered: false,
    });
  });
});

describe("what is told of a job that waits", () => {
  it("counts as delivered where it was given up on its way: it may still come to stand over the answer", async () => {
    const { asked, job } = await ask({ prompt: "a hanging edit" });
    world.discord.fail({ method: "PATCH", ...pathOf(asked) }, { hang: true });
    const begin = Date.now();
    expect(await world.send(job.address, stillTryingReply(job))).toEqual({ delivered: true });
    // Whoever sends the answer does not wait for as long as it may take to send one.
    expect(Date.now() - begin).toBeLessThan(30_000);
  });

  it("does not where Discord has said no", async () => {
    const { asked, job } = await ask({ prompt: "a refused edit" });
    world.discord.fail({ method: "PATCH", ...pathOf(asked) }, { answer: { status: 503, body: {} } });
    expect(await world.send(job.address, stillTryingReply(job))).toMatchObject({ delivered: false });
  });

  it("says no more than that where no word of it is taken", async () => {
    const { asked, job } = await ask({ prompt: "not a word" });
    world.discord.fail({ method: "PATCH", ...pathOf(asked) }, { answer: refusal(200_000), times: 2 });
    expect(await world.send(job.address, stillTryingReply(job))).toEqual({ delivered: true });
    expect(textOf(asked.original() ?? expect.fail())).toBe("It will stand here as soon as it is done.");
  });
});

import { MessageFlags } from "discord.js";
import { describe, expect, it } from "vitest";
import { findInLine, leaveLine } from "../../src/jobs/line.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import { readJob } from "../../src/jobs/job.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import type { StorageFault } from "../fakes/storage-proxy.ts";
import { bot, settled, stage, startAgain, world } from "./stage.ts";
import { finishedReply, imagine, jobOf, refusedReply } from "./world.ts";

stage();

const callback = { path: /\/callback$/ };
const requestsOf = (token: string) => world.discord.requests.filter(({ path }) => path.includes(token));
/** Each copy of an event that the bot has begun to answer. */
const untilBegun = (token: string, times = 1) =>
  world.discord.until(() => requestsOf(token).filter(({ path }) => path.endsWith("/callback")).length === times);
const jobIsMissing = async (id: string) => (await readJob(`discord-${id}`, world.azure)) === undefined;

async function untilFound<Found>(look: () => Promise<Found | undefined>): Promise<Found> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("not found in 20 s");
}

describe("/imagine", () => {
  it("is acknowledged before anything else, and says that it waits", async () => {
    const asked = await imagine(world, { prompt: "a lighthouse", size: "wide", count: 2 });
    expect((await asked.answered()).type).toBe(5);
    const message = await asked.untilOriginal((shown) => textOf(shown).includes("2 pictures are on their way"));
    expect(textOf(message)).toContain("a lighthouse");
    const job = await jobOf(world, asked);
    expect(job.order).toMatchObject({ model: "gpt-image-2", size: "1536x1024", count: 2 });
    expect(job.address).toMatchObject({
      platform: "discord",
      messageId: message.id,
      channelId: asked.channelId,
      ephemeral: false,
    });
    expect(job.request.askedBy).toMatchObject({ user: asked.user.id, name: "Ada", workspace: world.discord.guildId });
  });

  it("says all that is wrong to the asker alone", async () => {
    const asked = await imagine(world, {
      prompt: "x".repeat(4500),
      model: "dall-e-3",
      quality: "high",
      background: "opaque",
    });
    const message = await asked.untilOriginal((shown) => textOf(shown).includes("4,000"));
    expect(message.ephemeralFor).toBe(asked.user.id);
    expect(textOf(message)).toContain("The nearest is hd");
    expect(textOf(message)).toContain("has no background");
    expect(buttonsOf(message)).toMatchObject([{ label: "Revise" }]);
  });

  it("answers options that no command has", async () => {
    const asked = await imagine(world, { prompt: "a cat", flavour: "vanilla" }, { unchecked: true });
    const message = await asked.untilOriginal(
      (shown) => textOf(shown).includes("vanilla") || textOf(shown).includes("flavour"),
    );
    expect(message.ephemeralFor).toBe(asked.user.id);
  });

  it("keeps a private one private from the first moment", async () => {
    const asked = await imagine(world, { prompt: "a secret", private: true });
    const message = await asked.untilOriginal((shown) => textOf(shown).includes("on its way"));
    expect(message.ephemeralFor).toBe(asked.user.id);
    expect((await jobOf(world, asked)).address).toMatchObject({ ephemeral: true });
  });

  it("knows that an answer was forced to be private", async () => {
    const asked = await imagine(
      world,
      { prompt: "external apps are off" },
      { authorizingIntegrationOwners: { 1: world.discord.asker.id }, externalAppsOff: true },
    );
    await asked.untilOriginal((shown) => textOf(shown).includes("on its way"));
    expect((await jobOf(world, asked)).address).toMatchObject({ ephemeral: true, botIsThere: false });
  });

  it("works in a direct message", async () => {
    const asked = await imagine(world, { prompt: "just us" }, { guild: null });
    await asked.untilOriginal((shown) => textOf(shown).includes("on its way"));
    expect((await jobOf(world, asked)).address).toMatchObject({ guildId: null, botIsThere: true });
  });
});

describe("an acknowledgement", () => {
  it("that comes too late means that nothing is drawn and nothing shown", async () => {
    world.discord.fail(callback, { answer: { status: 404, body: { code: 10062, message: "Unknown interaction" } } });
    const asked = await imagine(world, { prompt: "too late" });
    await untilBegun(asked.token);
    await settled();
    expect(await jobIsMissing(asked.id)).toBe(true);
    expect(requestsOf(asked.token)).toHaveLength(1);
    await (await imagine(world, { prompt: "the next one" })).answered();
  });

  it("that somebody else gave is left alone", async () => {
    world.discord.fail(callback, { answer: { status: 400, body: { code: 40060, message: "already" } } });
    const asked = await imagine(world, { prompt: "another replica" });
    await untilBegun(asked.token);
    await settled();
    expect(await jobIsMissing(asked.id)).toBe(true);
    expect(requestsOf(asked.token)).toHaveLength(1);
  });

  it("whose answer was lost is found to be ours", async () => {
    world.discord.fail(callback, { cut: true, applied: true });
    const asked = await imagine(world, { prompt: "a cut line" });
    await asked.untilOriginal((shown) => textOf(shown).includes("on its way"));
    expect(await jobIsMissing(asked.id)).toBe(false);
  });

  it.each([
    ["message", {}, false],
    ["message that was forced to be private", { externalAppsOff: true }, true],
  ])("whose answer was lost does not lose the %s", async (_, occasion, ephemeral) => {
    world.discord.fail(callback, { cut: true, applied: true });
    const asked = await imagine(world, { prompt: "a lost id" }, occasion);
    const message = await asked.untilOriginal((shown) => textOf(shown).includes("on its way"));
    const learned = await untilFound(async () => {
      const { address } = await jobOf(world, asked);
      return address.messageId ? address : undefined;
    });
    expect(learned).toMatchObject({ messageId: message.id, ephemeral, channelId: asked.channelId });
  });

  it("that came through leaves nothing to learn", async () => {
    const asked = await imagine(world, { prompt: "a known id" });
    const message = await asked.untilOriginal((shown) => textOf(shown).includes("on its way"));
    await settled();
    const { address, write } = await jobOf(world, asked);
    expect(address.messageId).toBe(message.id);
    // Nothing was written since the job was accepted.
    expect(write).toBeUndefined();
  });

  it("that nobody knows of does not leave a thinking behind, however often Discord stumbles", async () => {
    world.discord.fail(callback, { cut: true, applied: true });
    world.discord.fail(callback, { cut: true, times: 3 });
    world.discord.fail({ method: "PATCH", path: /@original$/ }, { answer: { status: 503, body: {} }, times: 2 });
    const asked = await imagine(world, { prompt: "unknown" });
    await asked.untilOriginal((shown) => textOf(shown).includes("was not taken"));
    expect(await jobIsMissing(asked.id)).toBe(true);
  });

  it("that hangs for one copy of an event says nothing over the answer of the other", async () => {
    world.discord.fail(callback, { hang: true });
    const asked = await imagine(world, { prompt: "two copies" }, { times: 2 });
    await asked.untilOriginal((shown) => textOf(shown).includes("on its way"));
    // Until the copy that hangs gives up, and something more.
    await new Promise((resolve) => setTimeout(resolve, 11_500));
    expect(textOf(asked.original() ?? expect.fail())).toContain("on its way");
  });

  it("that Discord cannot take just then is tried once more", async () => {
    world.discord.fail(callback, { cut: true });
    const asked = await imagine(world, { prompt: "once more" });
    await asked.untilOriginal((shown) => textOf(shown).includes("on its way"));
  });
});

describe("when storage is out of reach", () => {
  it("nothing stays thinking: the asker hears it", async () => {
    await world.azurite.interrupt();
    try {
      const asked = await imagine(world, { prompt: "no storage" });
      expect((await asked.answered()).type).toBe(5);
      const told = await asked.untilFollowup();
      expect(textOf(told)).toContain("I cannot reach my storage");
      expect(told.ephemeralFor).toBe(asked.user.id);
      await world.discord.until(() => !asked.original());
    } finally {
      await world.azurite.resume();
    }
  });
});

describe("when storage says no", () => {
  const privateWord = (asked: PlayedInteraction) => ({
    method: "POST",
    path: new RegExp(`/webhooks/\\d+/${RegExp.escape(asked.token)}$`),
  });

  /** Runs against a bot whose storage meets these faults whenever a job is written or read. */
  async function withStorage(faults: { PUT?: StorageFault; GET?: StorageFault }, run: () => Promise<void>) {
    const proxy = await startStorageProxy(world.azurite);
    for (const [method, fault] of Object.entries(faults)) proxy.fail({ method, path: /\/jobs\// }, fault, 99);
    const azure = connectAzure({ ...world.settings, storage: { connectionString: proxy.connectionString } });
    await bot.stop();
    await startAgain({ ...world, azure });
    try {
      await run();
    } finally {
      await bot.stop();
      await proxy.stop();
      await startAgain();
    }
  }

  it("the asker hears it, however often Discord stumbles over the private word", () =>
    withStorage({ PUT: { status: 503 } }, async () => {
      const anyWord = { method: "POST", path: /\/webhooks\/\d+\/[^/]+$/ };
      world.discord.fail(anyWord, { answer: { status: 503, body: {} }, times: 2 });
      world.discord.fail({ method: "PATCH", path: /@original$/ }, { answer: { status: 503, body: {} } });
      const asked = await imagine(world, { prompt: "stumbling" });
      const told = await asked.untilFollowup();
      expect(textOf(told)).toContain("I cannot reach my storage");
      expect(told.ephemeralFor).toBe(asked.user.id);
      await world.discord.until(() => !asked.original());
      expect(asked.followups()).toHaveLength(1);
    }));

  it("a neutral line stays until Discord takes the private word", () =>
    withStorage({ PUT: { status: 503 } }, async () => {
      const anyWord = { method: "POST", path: /\/webhooks\/\d+\/[^/]+$/ };
      const stumbling = world.discord.fail(anyWord, { answer: { status: 503, body: {} }, times: 99 });
      const asked = await imagine(world, { prompt: "in vain" });
      await new Promise((resolve) => setTimeout(resolve, 13_000));
      stumbling.stop();
      const tries = world.discord.requestsTo(privateWord(asked)).length;
      expect(tries).toBeGreaterThan(2);
      expect(tries).toBeLessThan(8);
      const left = asked.original() ?? expect.fail();
      expect(left.flags & MessageFlags.Loading).toBe(0);
      expect(textOf(left)).toContain("No picture came of this one");
      expect(textOf(left)).not.toContain("in vain");
      // No job was written that could answer, so it is told later too.
      expect(textOf(await asked.untilFollowup())).toContain("I cannot reach my storage");
    }));

  it("and nobody knows whether the job was written, the message stays for the picture", () =>
    withStorage({ PUT: "lose", GET: "hang" }, async () => {
      const asked = await imagine(world, { prompt: "in doubt" });
      const message = await asked.untilOriginal((shown) => textOf(shown).includes("do not know whether"));
      expect(message.ephemeralFor).toBeUndefined();
      await settled();
      expect(asked.original()?.id).toBe(message.id);
      expect(asked.followups()).toEqual([]);
      const job = await jobOf(world, asked);
      expect(await world.send(job.address, await finishedReply(job, world))).toEqual({ delivered: true });
      expect(asked.original()?.id).toBe(message.id);
      expect(picturesOf(asked.original() ?? expect.fail())).toHaveLength(1);
    }));
});

describe("the waiting message", () => {
  it("may fail, and the job goes on", async () => {
    world.discord.fail({ method: "PATCH", path: /@original$/ }, { answer: { status: 500, body: {} } });
    const asked = await imagine(world, { prompt: "no courtesy" });
    await jobOf(world, asked);
    expect(asked.original()).toBeDefined();
  });

  it("holds the job back for a hanging Discord, which may still show it, and not for ever", async () => {
    world.discord.fail({ method: "PATCH", path: /@original$/ }, { hang: true });
    const begin = Date.now();
    const asked = await imagine(world, { prompt: "a hanging Discord" });
    await jobOf(world, asked);
    const milliseconds = await untilStarted(asked, begin);
    expect(milliseconds).toBeGreaterThan(11_000);
    expect(milliseconds).toBeLessThan(14_500);
  });

  it("stands before the job starts, also where a rate limit puts it off", async () => {
    const message = { code: 0, message: "You are being rate limited.", retry_after: 6, global: false };
    world.discord.fail(
      { method: "PATCH", path: /@original$/ },
      { answer: { status: 429, body: message, headers: { "Retry-After": "6", "X-RateLimit-Scope": "user" } } },
    );
    const asked = await imagine(world, { prompt: "put off" });
    await jobOf(world, asked);
    await untilStarted(asked, Date.now());
    expect(textOf(asked.original() ?? expect.fail())).toContain("put off");
    expect(requestsOf(asked.token).filter(({ method }) => method === "PATCH")).toHaveLength(2);
  });

  it("never covers the answer, though Discord shows it late", async () => {
    world.discord.fail({ method: "PATCH", path: /@original$/ }, { delaySeconds: 5 });
    const begin = Date.now();
    const asked = await imagine(world, { prompt: "late but first" });
    await jobOf(world, asked);
    expect(await untilStarted(asked, begin)).toBeGreaterThan(4900);
    expect(textOf(asked.original() ?? expect.fail())).toContain("late but first");
  });

  /** Waits until a worker could take the job, and says how long that took. */
  async function untilStarted({ id }: PlayedInteraction, begin: number): Promise<number> {
    await untilFound(() => {
      const startsAt = findInLine(`discord-${id}`, world.azure)?.startsAt;
      return Promise.resolve(startsAt !== undefined && startsAt <= Date.now() ? true : undefined);
    });
    return Date.now() - begin;
  }
});

describe("/help", () => {
  it("is answered at once, to the asker alone", async () => {
    const asked = await world.discord.command({ name: "help" });
    expect((await asked.answered()).type).toBe(4);
    const message = asked.original() ?? expect.fail();
    expect(message.ephemeralFor).toBe(asked.user.id);
    expect(textOf(message)).toContain("/imagine a lighthouse made of books");
    expect(textOf(message)).toContain("DALL·E 3");
  });
});

describe("Revise", () => {
  async function refuse(options: Record<string, string | number | boolean>) {
    const asked = await imagine(world, options);
    await asked.untilOriginal((shown) => textOf(shown).includes("their way") || textOf(shown).includes("its way"));
    const job = await jobOf(world, asked);
    await world.send(job.address, refusedReply(job, world));
    const [refusal] = asked.followups();
    return { asked, message: refusal ?? expect.fail(), customId: `revise:${job.id}` };
  }

  it("opens a form with the asker's words and options, and sending it is a new request", async () => {
    const { asked, message, customId } = await refuse({
      prompt: "two knights kill each other",
      size: "tall",
      count: 2,
      model: "dall-e-3",
    });
    const pressed = await world.discord.button({ message, customId });
    expect((await pressed.answered()).type).toBe(9);
    expect(JSON.stringify(pressed.modal)).toContain("two knights kill each other");
    const sent = await world.discord.modalSubmit({
      modal: pressed,
      values: { prompt: "two knights share a picnic", quality: ["hd"] },
    });
    expect((await sent.answered()).type).toBe(5);
    await sent.untilOriginal((shown) => textOf(shown).includes("share a picnic"));
    const job = await jobOf(world, sent);
    expect(job.id).toBe(`discord-${sent.id}`);
    expect(job.id).not.toBe(`discord-${asked.id}`);
    expect(job.order).toMatchObject({
      model: "dall-e-3",
      size: "1024x1792",
      quality: "hd",
      count: 2,
      prompt: "two knights share a picnic",
    });
  });

  it("works after a restart of the bot", async () => {
    const { message, customId } = await refuse({ prompt: "before the restart" });
    await bot.stop();
    await startAgain();
    const pressed = await world.discord.button({ message, customId });
    expect((await pressed.answered()).type).toBe(9);
    expect(JSON.stringify(pressed.modal)).toContain("before the restart");
  });

  it("is the asker's alone", async () => {
    const { asked, job } = await (async () => {
      const asked = await imagine(world, { prompt: "mine alone" });
      await asked.untilOriginal((shown) => textOf(shown).includes("its way"));
      return { asked, job: await jobOf(world, asked) };
    })();
    asked.expire();
    await world.send(job.address, refusedReply(job, world));
    const message = asked.original() ?? expect.fail();
    const stranger = world.discord.addPerson("Mallory");
    const pressed = await world.discord.button({ message, customId: `revise:${job.id}`, user: stranger });
    expect((await pressed.answered()).type).toBe(4);
    const word = pressed.original() ?? expect.fail();
    expect(word.ephemeralFor).toBe(stranger.id);
    expect(textOf(word)).toContain("Only the person who asked");
    expect(textOf(word)).not.toContain("mine alone");
  });

  it("says so where the words are gone, and where storage cannot be reached", async () => {
    const { message, customId } = await refuse({ prompt: "soon forgotten" });
    leaveLine(customId.slice("revise:".length), world.azure);
    await world.azurite.interrupt();
    try {
      const pressed = await world.discord.button({ message, customId });
      expect(await pressed.answered()).toMatchObject({ type: 4 });
      expect((await pressed.answered()).milliseconds).toBeLessThan(2800);
    } finally {
      await world.azurite.resume();
    }
    await world.azure.container.getBlockBlobClient(`jobs/${customId.slice("revise:".length)}.json`).delete();
    const pressed = await world.discord.button({ message, customId });
    await pressed.answered();
    expect(textOf(pressed.original() ?? expect.fail())).toContain("type it once more");
  });

  it("mends a wrong option, which stands first in the form and is not picked again", async () => {
    const asked = await imagine(world, { prompt: "a fox", model: "dall-e-3", quality: "high" });
    const message = await asked.untilOriginal((shown) => textOf(shown).includes("nearest is hd"));
    const pressed = await world.discord.button({ message, customId: `revise:discord-${asked.id}` });
    await pressed.answered();
    const fields = (pressed.modal?.components ?? []).map(({ component }) => component?.custom_id);
    expect(fields.slice(0, 2)).toEqual(["prompt", "quality"]);
    const sent = await world.discord.modalSubmit({ modal: pressed, values: { quality: ["hd"] } });
    await sent.untilOriginal((shown) => textOf(shown).includes("on its way"));
    expect((await jobOf(world, sent)).order).toMatchObject({ model: "dall-e-3", quality: "hd", prompt: "a fox" });
  });

  it("brings back words that one field cannot hold", async () => {
    const words = Array.from({ length: 900 }, (_, index) => `word${index}`)
      .join(" ")
      .slice(0, 5900);
    const asked = await imagine(world, { prompt: words, model: "dall-e-3" });
    const message = await asked.untilOriginal((shown) => textOf(shown).includes("4,000"));
    const pressed = await world.discord.button({ message, customId: `revise:discord-${asked.id}` });
    expect((await pressed.answered()).type).toBe(9);
    const sent = await world.discord.modalSubmit({ modal: pressed, values: {} });
    await sent.untilOriginal((shown) => textOf(shown).includes("4,000"));
    expect((await jobOf(world, sent)).request.prompt).toBe(words);
  });
});

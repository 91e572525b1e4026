import { isNamed } from "../fakes/button-name.ts";
import { describe, expect, it } from "vitest";
import { finalReply } from "../../src/replies/compose-reply.ts";
import { changeJob, readJob } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { lineLength } from "../fakes/line-length.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import { walk } from "../../local/discord/components.ts";
import { bot, settled, stage, startAgain, world } from "./stage.ts";
import { drawn, finish, imagine, jobOf, messageWith } from "./world.ts";

// Where it is asked how soon a press is acknowledged, it is measured.
stage({ interactionSeconds: 30 });

const DAY = 86_400;
const isOnItsWay = (message: FakeMessage) => textOf(message).includes("on its way");
const labelsOf = (message: FakeMessage) => buttonsOf(message).map(({ label }) => label);
const press = (message: FakeMessage, customId: string, occasion: object = {}) =>
  world.discord.button({ message, customId, ...occasion });
const buttonFor = (message: FakeMessage, label: string) =>
  buttonsOf(message).find((button) => isNamed(button.label, label))?.customId ?? expect.fail(`no button ${label}`);

/** Presses it where it stands: behind More… is what is not in sight. */
async function pressNamed(message: FakeMessage, label: string): Promise<PlayedInteraction> {
  const shown = await messageWith(world, message, { label });
  return press(shown, buttonFor(shown, label));
}

/** What the presser was told, and nobody else. */
async function wordTo(pressed: PlayedInteraction): Promise<string> {
  expect((await pressed.answered()).type).toBe(4);
  const word = pressed.original() ?? expect.fail("no word");
  expect(word.ephemeralFor).toBe(pressed.user.id);
  return textOf(word);
}

async function change(job: Job, mutate: (job: Job) => void): Promise<void> {
  const file = (await readJob(job.id, world.azure)) ?? expect.fail("no such job");
  mutate(file.job);
  await changeJob(file.job.id, (job) => void Object.assign(job, file.job), world.azure);
}

describe("a picture from a picture", () => {
  it.each([
    ["Again", { change: "again" }],
    ["More like this", { change: "like" }],
    ["Finish in high quality", { change: "finish" }],
  ])("by “%s” is a request of its own, in a message of its own", async (label, parent) => {
    const { job, message } = await drawn(world, { prompt: `a fox, ${label}`, size: "wide" });
    const before = textOf(message);
    const pressed = await pressNamed(message, label);
    expect((await pressed.answered()).type).toBe(5);
    const waiting = await pressed.untilOriginal(isOnItsWay);
    expect(waiting.id).not.toBe(message.id);
    expect(waiting.ephemeralFor).toBeUndefined();
    expect(textOf(world.discord.message(message.id) ?? expect.fail())).toBe(before);
    const next = await jobOf(world, pressed);
    expect(next.id).toBe(`discord-${pressed.id}`);
    expect(next.request).toMatchObject({ prompt: `a fox, ${label}`, parent: { job: job.id, place: 1, ...parent } });
    expect(next.order).toMatchObject({ size: "1536x1024", quality: label.startsWith("Finish") ? "high" : "medium" });
    expect(next.request.sources ?? []).toEqual(
      label !== "Again" ? [{ from: "drawn", picture: { job: job.id, place: 1 } }] : [],
    );
    expect(next.address).toMatchObject({ messageId: waiting.id, interactionId: pressed.id, byBot: false });
    await finish(world, next.id);
    expect(picturesOf(pressed.original() ?? expect.fail())).toHaveLength(1);
    expect(labelsOf(pressed.original() ?? expect.fail())).toContain("Again");
  });

  it("is anybody's where the picture stands, and then theirs", async () => {
    const { message } = await drawn(world, { prompt: "for all of us" });
    const grace = world.discord.addPerson("Grace");
    const pressed = await press(message, buttonFor(message, "Again"), { user: grace });
    await pressed.untilOriginal(isOnItsWay);
    expect((await jobOf(world, pressed)).request.askedBy).toMatchObject({ user: grace.id, name: "Grace" });
  });

  it("is one for a double click, and the second is told so in private", async () => {
    const { message } = await drawn(world, { prompt: "click, click" });
    const first = await press(message, buttonFor(message, "Again"));
    await first.untilOriginal(isOnItsWay);
    const second = await press(message, buttonFor(message, "Again"));
    expect(await wordTo(second)).toContain("on its way");
    expect(await readJob(`discord-${second.id}`, world.azure)).toBeUndefined();
  });

  it("is one for ten clicks at once", async () => {
    const { message } = await drawn(world, { prompt: "ten clicks" });
    const before = await lineLength(world.azure);
    const customId = buttonFor(message, "Again");
    const clicks = await Promise.all(Array.from({ length: 10 }, () => press(message, customId)));
    const answers = await Promise.all(clicks.map((click) => click.answered()));
    expect(answers.filter(({ type }) => type === 5)).toHaveLength(1);
    expect(answers.filter(({ type }) => type === 4)).toHaveLength(9);
    const one = clicks.find(({ callback }) => callback?.type === 5) ?? expect.fail();
    await one.untilOriginal(isOnItsWay);
    expect(await lineLength(world.azure)).toBe(before + 1);
  });

  it("is ten for ten people at once", async () => {
    const { message } = await drawn(world, { prompt: "ten people" });
    const customId = buttonFor(message, "Again");
    const people = Array.from({ length: 10 }, (_, index) => world.discord.addPerson(`Person ${index}`));
    const clicks = await Promise.all(people.map((user) => press(message, customId, { user })));
    const jobs = await Promise.all(
      clicks.map(async (click) => {
        await click.untilOriginal(isOnItsWay);
        return jobOf(world, click);
      }),
    );
    expect(new Set(jobs.map(({ request }) => request.askedBy.user)).size).toBe(10);
  });

  it("is one however often Discord delivers the event, and nobody hears of it", async () => {
    const { message } = await drawn(world, { prompt: "delivered thrice" });
    const before = await lineLength(world.azure);
    const pressed = await press(message, buttonFor(message, "Again"), { times: 3 });
    expect((await pressed.answered()).type).toBe(5);
    await pressed.untilOriginal(isOnItsWay);
    await settled();
    expect(await lineLength(world.azure)).toBe(before + 1);
    expect(pressed.followups()).toEqual([]);
  });

  it("comes after a restart, from a message that is months old", async () => {
    const { job, message } = await drawn(world, { prompt: "an old picture" });
    await bot.stop();
    world.discord.letTimePass(90 * DAY);
    await startAgain();
    const pressed = await press(message, buttonFor(message, "Again"));
    await pressed.untilOriginal(isOnItsWay);
    expect((await jobOf(world, pressed)).request.parent).toMatchObject({ job: job.id });
  });

  it("stays private where the picture was", async () => {
    const { message } = await drawn(world, { prompt: "my secret", private: true });
    const pressed = await press(message, buttonFor(message, "Again"));
    const waiting = await pressed.untilOriginal(isOnItsWay);
    expect(waiting.ephemeralFor).toBe(world.discord.asker.id);
    expect((await jobOf(world, pressed)).request.private).toBe(true);
  });

  it.each([
    ["a direct message", { guild: null }, { guildId: null, botIsThere: true }],
    ["a place where the bot is a guest", { authorizingIntegrationOwners: { 1: "7" } }, { botIsThere: false }],
  ])("works in %s", async (_, occasion, address) => {
    const { message } = await drawn(world, { prompt: "elsewhere" }, occasion);
    const pressed = await press(message, buttonFor(message, "Again"));
    await pressed.untilOriginal(isOnItsWay);
    const job = await jobOf(world, pressed);
    expect(job.address).toMatchObject(address);
    await finish(world, job.id);
    expect(picturesOf(pressed.original() ?? expect.fail())).toHaveLength(1);
  });

  it.each(["Again", "Change words", "More like this", "Finish in high quality"])(
    "is none where the picture was deleted, by “%s”",
    async (label) => {
      const { job, message } = await drawn(world, { prompt: "soon deleted" });
      const shown = await messageWith(world, message, { label });
      await change(job, ({ pictures }) => Object.assign(pictures[0] ?? {}, { state: "deleted", kept: undefined }));
      const before = await lineLength(world.azure);
      expect(await wordTo(await press(shown, buttonFor(shown, label)))).toContain("was deleted");
      expect(await lineLength(world.azure)).toBe(before);
    },
  );

  it.each(["Again", "Change words"])("says so where nothing is known of it any more, by “%s”", async (label) => {
    const { job, message } = await drawn(world, { prompt: "soon forgotten" });
    await world.azure.container.getBlockBlobClient(`jobs/${job.id}.json`).delete();
    expect(await wordTo(await press(message, buttonFor(message, label)))).toContain("no longer have that picture");
  });

  it.each(["Again", "Change words"])("says in time that storage cannot be reached, by “%s”", async (label) => {
    const { message } = await drawn(world, { prompt: "no storage" });
    await world.azurite.interrupt();
    try {
      const pressed = await press(message, buttonFor(message, label));
      expect(await wordTo(pressed)).toContain("I cannot reach my storage");
      expect((await pressed.answered()).milliseconds).toBeLessThan(2800);
    } finally {
      await world.azurite.resume();
    }
  });
});

describe("four pictures in one message", () => {
  it("are picked by number, each with everything that can be done, by whoever asks", async () => {
    const { job, message } = await drawn(world, { prompt: "more of the second", count: 4 });
    expect(labelsOf(message)).toEqual(["1", "2", "3", "4", "All again"]);
    const grace = world.discord.addPerson("Grace");
    const pressed = await press(message, buttonFor(message, "2"), { user: grace });
    expect(await pressed.answered()).toMatchObject({ type: 6 });
    const shown = await pressed.untilFollowup((one) => picturesOf(one).length === 1);
    expect(shown.ephemeralFor).toBe(grace.id);
    expect(textOf(shown)).toContain("Picture 2");
    expect(labelsOf(shown)).toEqual([
      "Again",
      "Change words",
      "More like this",
      "Edit",
      "☆ Keep",
      expect.stringMatching(/^Finish in high quality \(about \d\d cents\)$/),
      "Family",
      "Save as style",
      "Report",
      "Open original",
      "Delete",
    ]);
    const next = await press(shown, buttonFor(shown, "Finish in high quality"), { user: grace });
    await next.untilOriginal(isOnItsWay);
    expect((await jobOf(world, next)).request.parent).toMatchObject({ job: job.id, place: 2, change: "finish" });
  });

  it("are all drawn again by one press", async () => {
    const { job, message } = await drawn(world, { prompt: "four once more", count: 4, size: "wide" });
    const pressed = await press(message, buttonFor(message, "All again"));
    await pressed.untilOriginal((shown) => textOf(shown).includes("on their way"));
    const next = await jobOf(world, pressed);
    expect(next.request.parent).toMatchObject({ job: job.id, change: "again" });
    expect(next.order).toMatchObject({ count: 4, size: "1536x1024" });
  });
});

describe("More…", () => {
  it("brings the whole words, how it was drawn, and what else can be done, to whoever asks alone", async () => {
    const words = Array.from({ length: 150 }, (_, index) => `word${index}`).join(" ");
    const revised = `${words} in snow`;
    const { message } = await drawn(world, { prompt: words, model: "dall-e-3" }, { revised });
    expect(labelsOf(message)).toEqual(["Show all", "Again", "Change words", "Edit", "More…"]);
    expect(textOf(message).length).toBeLessThan(700);
    for (const label of ["Show all", "More…"]) {
      const pressed = await press(message, buttonFor(message, label));
      const shown = await pressed.untilFollowup();
      expect(shown.ephemeralFor).toBe(world.discord.asker.id);
      for (const part of [`${words}\n`, "**in snow**", "Model: DALL·E 3", "Size: 1024×1024", "Quality: standard"])
        expect(textOf(shown)).toContain(part);
      expect(labelsOf(shown)).toEqual([
        "Use these words",
        "More like this",
        "☆ Keep",
        expect.stringMatching(/^Finish in high quality \(about \d\d cents\)$/),
        "Family",
        "Save as style",
        "Report",
        "Open original",
        "Delete",
      ]);
      expect(picturesOf(shown)).toEqual([]);
    }
  });
});

describe("Show all", () => {
  it("brings words that are too long for a message in a file beside what has room", async () => {
    const words = Array.from({ length: 3000 }, (_, index) => `word${index}`).join(" ");
    const { message } = await drawn(world, { prompt: words.slice(0, 5900), model: "gpt-image-2" });
    const shown = await (await press(message, buttonFor(message, "Show all"))).untilFollowup();
    const [file, ...others] = shown.attachments;
    expect(others).toEqual([]);
    expect(file?.upload.name).toBe("words.txt");
    expect(Buffer.from(file?.upload.bytes ?? []).toString()).toBe(`Your words\n\n${words.slice(0, 5900).trim()}\n`);
    expect(walk(shown.components).some(({ component }) => component.file?.url === "attachment://words.txt")).toBe(true);
  });

  it("does without a file where Discord takes none", async () => {
    const { message } = await drawn(world, { prompt: "long ".repeat(1000), model: "gpt-image-2" });
    const planted = world.discord.fail(
      { when: ({ files }) => files.length > 0 },
      { answer: { status: 400, body: { code: 400_001, message: "limited" } } },
    );
    const shown = await (await press(message, buttonFor(message, "Show all"))).untilFollowup();
    expect(planted.hits).toBe(1);
    expect(shown.attachments).toEqual([]);
    expect(textOf(shown)).toContain("…");
  });
});

describe("Change words", () => {
  it("opens a form with the asker's own words, and sending it goes on from the picture", async () => {
    const { job, message } = await drawn(world, {
      prompt: "a red fox",
      model: "dall-e-3",
      size: "tall",
      style: "natural",
      count: 2,
    });
    const second = await messageWith(world, message, { label: "Change words", picture: 2 });
    const pressed = await press(second, buttonFor(second, "Change words"));
    expect((await pressed.answered()).type).toBe(9);
    expect(pressed.modal?.title).toBe("Change words");
    const sent = await world.discord.modalSubmit({
      modal: pressed,
      values: { prompt: "a white fox", quality: ["hd"] },
    });
    expect((await sent.answered()).type).toBe(5);
    await sent.untilOriginal((shown) => textOf(shown).includes("a white fox"));
    const next = await jobOf(world, sent);
    expect(next.request).toMatchObject({ prompt: "a white fox", parent: { job: job.id, place: 2, change: "words" } });
    expect(next.order).toMatchObject({
      model: "dall-e-3",
      size: "1024x1792",
      quality: "hd",
      style: "natural",
      count: 1,
    });
  });

  it("begins with the revised words where those are to be used", async () => {
    const { message } = await drawn(world, { prompt: "a fox", model: "dall-e-3" }, { revised: "A fox in deep snow" });
    const pressed = await pressNamed(message, "Use these words");
    await pressed.answered();
    expect(pressed.modal?.title).toBe("Use these words");
    const sent = await world.discord.modalSubmit({ modal: pressed, values: {} });
    await sent.untilOriginal(isOnItsWay);
    expect((await jobOf(world, sent)).request.prompt).toBe("A fox in deep snow");
  });

  it("lets an option go that is left to the model", async () => {
    const { message } = await drawn(world, { prompt: "a fox", size: "tall", quality: "high" });
    const pressed = await press(message, buttonFor(message, "Change words"));
    await pressed.answered();
    const sent = await world.discord.modalSubmit({ modal: pressed, values: { quality: [] } });
    await sent.untilOriginal(isOnItsWay);
    expect((await jobOf(world, sent)).request.options).toEqual({ size: "tall" });
  });

  it.each([3900, 7900])("keeps every one of %i characters", async (length) => {
    const words = Array.from({ length: 2000 }, (_, index) => `word${index}`)
      .join(" ")
      .slice(0, length)
      .trim();
    const { message, job } = await drawn(world, { prompt: "long words" });
    await change(job, (kept) => Object.assign(kept.request, { prompt: words }));
    const pressed = await press(message, buttonFor(message, "Change words"));
    expect((await pressed.answered()).type).toBe(9);
    const sent = await world.discord.modalSubmit({ modal: pressed, values: {} });
    await sent.untilOriginal(isOnItsWay);
    expect((await jobOf(world, sent)).request.prompt).toBe(words);
  });

  it("gives the words back where the picture is deleted meanwhile", async () => {
    const { job, message } = await drawn(world, { prompt: "going" });
    const pressed = await press(message, buttonFor(message, "Change words"));
    await pressed.answered();
    await change(job, ({ pictures }) => Object.assign(pictures[0] ?? {}, { state: "deleted", kept: undefined }));
    const sent = await world.discord.modalSubmit({ modal: pressed, values: { prompt: "long and careful words" } });
    const word = await wordTo(sent);
    expect(word).toContain("was deleted");
    expect(word).toContain("long and careful words");
  });

  it("says all that is wrong with the new words, in private", async () => {
    const { message } = await drawn(world, { prompt: "short", model: "dall-e-3" });
    const pressed = await press(message, buttonFor(message, "Change words"));
    await pressed.answered();
    const values = { prompt: "x".repeat(4000) };
    const sent = await world.discord.modalSubmit({ modal: pressed, values });
    await sent.untilOriginal(isOnItsWay);
    const blank = await world.discord.modalSubmit({ modal: pressed, values: { prompt: "\u3164" } });
    const told = await blank.untilOriginal((shown) => textOf(shown).includes("no words to draw from"));
    expect(told.ephemeralFor).toBe(blank.user.id);
  });
});

describe("Revise of what goes on from a picture", () => {
  it("keeps what it is made from and what it came from", async () => {
    const { job, message } = await drawn(world, { prompt: "the beginning" });
    const pressed = await pressNamed(message, "More like this");
    await pressed.untilOriginal(isOnItsWay);
    const { id, address } = await jobOf(world, pressed);
    await change(await jobOf(world, pressed), ({ pictures }) =>
      Object.assign(pictures[0] ?? {}, { state: "refused", refusal: { because: "violence", stage: "prompt" } }),
    );
    const refused = (await readJob(id, world.azure))?.job ?? expect.fail();
    await world.send(address, finalReply(refused, world.settings));
    const word = await pressed.untilFollowup();
    const revise = await press(word, `revise:${id}`);
    expect((await revise.answered()).type).toBe(9);
    const sent = await world.discord.modalSubmit({ modal: revise, values: { prompt: "the beginning, gently" } });
    await sent.untilOriginal(isOnItsWay);
    expect((await jobOf(world, sent)).request).toMatchObject({
      prompt: "the beginning, gently",
      parent: { job: job.id, place: 1, change: "like" },
      sources: [{ from: "drawn", picture: { job: job.id, place: 1 } }],
    });
  });
});

describe("Cancel", () => {
  async function waitingJob(occasion: object = {}) {
    const asked = await imagine(world, { prompt: "never mind" }, occasion);
    const message = await asked.untilOriginal(isOnItsWay);
    const customId = buttonFor(message, "Cancel");
    const isCancelled = async () => Boolean((await jobOf(world, asked)).wishes?.cancel);
    return { asked, message, customId, isCancelled };
  }
  const saidTo = async (pressed: PlayedInteraction, text: string) => {
    const word = await pressed.untilOriginal((shown) => textOf(shown).includes(text));
    expect(word.ephemeralFor).toBe(pressed.user.id);
  };

  it("is the asker's, and told in private", async () => {
    const { message, customId, isCancelled } = await waitingJob();
    const pressed = await press(message, customId);
    // Whatever becomes of the process after that.
    await pressed.answered();
    expect(await isCancelled()).toBe(true);
    await saidTo(pressed, "I am cancelling it");
  });

  it("comes too late for what is done", async () => {
    const { asked, message, customId } = await waitingJob();
    // Pressed in the moment in which the answer comes.
    await change(await jobOf(world, asked), (job) => {
      job.pictures = [];
      job.toldAt = new Date().toISOString();
    });
    await saidTo(await press(message, customId), "done already");
  });
});

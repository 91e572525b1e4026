import { describe, expect, it, onTestFinished, vi } from "vitest";
import { readJob } from "../../src/jobs/job.ts";
import { pictureBlob } from "../../src/storage/picture-blobs.ts";
import { openLine } from "../../src/jobs/line.ts";
import { startWorker } from "../../src/work/worker.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { Person } from "../../local/discord/places.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import { stage, world } from "./stage.ts";
import { drawn, messageWith } from "./world.ts";

stage();

const MONTHS = 90 * 86_400;

/** Presses Delete and, where the presser is asked, says yes; and lets a worker do what comes of it. */
async function pressDelete(
  message: FakeMessage,
  { untilChanged = message, user }: { untilChanged?: FakeMessage; user?: Person } = {},
): Promise<PlayedInteraction> {
  const worker = startWorker(world.settings, world.azure, { discord: world.send }, {});
  try {
    const asked = await press(await messageWith(world, message, { label: "Delete", user }), "Delete", user);
    const question = await questionOf(asked);
    if (!question) return asked;
    const pressed = await press(question, "Delete for good", user);
    await world.discord.until(() => pressed.followups().length > 0 || isDeletedIn(untilChanged));
    return pressed;
  } finally {
    await worker.stop();
    // Unlike a process that ends, this one goes on accepting.
    openLine(world.azure);
  }
}

async function press(message: FakeMessage, label: string, user?: Person): Promise<PlayedInteraction> {
  const { customId = "" } = buttonsOf(message).find((button) => button.label === label) ?? expect.fail(`no ${label}`);
  const pressed = await world.discord.button({ message: now(message), customId, user });
  expect((await pressed.answered()).type).toBe(6);
  return pressed;
}

/** In place of what the presser alone sees, or beside it; nothing where they hear something else. */
async function questionOf(asked: PlayedInteraction): Promise<FakeMessage | undefined> {
  const isQuestion = (shown?: FakeMessage) =>
    shown && buttonsOf(shown).some(({ label }) => label === "Delete for good");
  const found = await world.discord.until(() => {
    const [beside] = asked.followups();
    const inPlace = asked.original();
    return beside ?? (isQuestion(inPlace) ? inPlace : undefined);
  });
  return isQuestion(found) ? found : undefined;
}

const isDeletedIn = ({ id }: FakeMessage) => {
  const now = world.discord.message(id);
  return now && /has deleted this picture|was deleted/.test(textOf(now));
};
const now = ({ id }: FakeMessage) => world.discord.message(id) ?? expect.fail("the message is gone");

describe("Delete", () => {
  it.each([
    ["in a server", {}, {}],
    ["in private", { private: true }, {}],
    ["in a direct message", {}, { guild: null }],
    ["where the bot is a guest", {}, { authorizingIntegrationOwners: { 1: "7" } }],
  ])("takes the picture out of storage and out of a message that is months old, %s", async (_, options, occasion) => {
    const { job, message } = await drawn(world, { prompt: "to be deleted", ...options }, occasion);
    const { kept } = job.pictures[0] ?? expect.fail();
    world.discord.letTimePass(MONTHS);
    const pressed = await pressDelete(message);
    await world.discord.until(() => isDeletedIn(message));
    const left = now(message);
    expect(picturesOf(left)).toEqual([]);
    expect(left.attachments).toEqual([]);
    expect(buttonsOf(left)).toEqual([]);
    expect(textOf(left)).toContain("Ada has deleted this picture.");
    expect(textOf(left)).not.toContain("to be deleted");
    expect(pressed.followups()).toEqual([]);
    for (const name of [kept?.name, kept?.preview])
      expect(await pictureBlob(name ?? "", world.azure).exists()).toBe(false);
  });

  it("is noted by the time that it is acknowledged, so that a process which ends there takes nothing with it", async () => {
    const { job, message } = await drawn(world, { prompt: "deleted with the last breath" });
    const asked = await press(await messageWith(world, message, { label: "Delete" }), "Delete");
    const question = (await questionOf(asked)) ?? expect.fail("not asked");
    expect((await readJob(job.id, world.azure))?.job.pictures[0]?.state).toBe("kept");
    await press(question, "Delete for good");
    expect((await readJob(job.id, world.azure))?.job.pictures[0]?.state).toBe("deleting");
  });

  it("is nobody's by a permission of another kind", async () => {
    const { message } = await drawn(world, { prompt: "pinned" });
    // Manage channels, kick members, manage threads: much, and not this.
    const keeper = world.discord.addPerson("Kim", { permissions: (1n << 10n) | (1n << 4n) | (1n << 1n) | (1n << 34n) });
    const pressed = await pressDelete(message, { user: keeper });
    expect(pressed.followups().map(textOf)).toEqual([expect.stringContaining("Only the person who asked for it")]);
    expect(picturesOf(now(message))).toHaveLength(1);
  });

  it("takes one of four, and leaves the others with their buttons", async () => {
    const { job, message } = await drawn(world, { prompt: "four, then three", count: 4 });
    const copy = await messageWith(world, message, { label: "Delete", picture: 2 });
    expect(picturesOf(copy)).toHaveLength(1);
    await pressDelete(copy, { untilChanged: message });
    await world.discord.until(() => isDeletedIn(message));
    expect(picturesOf(now(message))).toHaveLength(3);
    expect(textOf(now(message))).toContain("One picture was deleted.");
    const picks = buttonsOf(now(message)).flatMap(({ customId }) => (customId?.startsWith("pick") ? [customId] : []));
    expect(picks).toEqual([1, 3, 4].map((place) => `pick:${job.id}.${place}`));
    // The copy shows it no more, and is no copy of the others.
    await world.discord.until(() => textOf(now(copy)).includes("has deleted this picture"));
    expect(picturesOf(now(copy))).toEqual([]);
  });

  it("takes one of several out of a private message too, long after, and brings nobody another", async () => {
    const { message } = await drawn(world, { prompt: "for me alone", count: 3, private: true });
    world.discord.letTimePass(3600);
    const copy = await messageWith(world, now(message), { label: "Delete", picture: 2 });
    const before = world.discord.everStood(message.channelId).length;
    await pressDelete(copy, { untilChanged: message });
    expect(picturesOf(now(message))).toHaveLength(2);
    expect(textOf(now(message))).toContain("One picture was deleted.");
    expect(world.discord.everStood(message.channelId)).toHaveLength(before);
  });

  it("is told to be done where it is pressed once more, in an older copy", async () => {
    const { message } = await drawn(world, { prompt: "two copies", count: 2 });
    const first = await messageWith(world, message, { label: "Delete", picture: 1 });
    const second = await messageWith(world, message, { label: "Delete", picture: 1 });
    const pressed = await pressDelete(first, { untilChanged: message });
    expect(pressed.followups()).toEqual([]);
    const [word] = (await pressDelete(second)).followups();
    expect(textOf(word ?? expect.fail())).toContain("deleted already");
    expect(word?.ephemeralFor).toBe(world.discord.asker.id);
  });

  it("asks once more where the second press comes too late, and brings the picture back where it is to stay", async () => {
    const { job, message } = await drawn(world, { prompt: "second thoughts" });
    const panel = await messageWith(world, message, { label: "Delete" });
    const question = (await questionOf(await press(panel, "Delete"))) ?? expect.fail("not asked");
    expect(question.id).toBe(panel.id);
    const [ref, until = ""] = (buttonsOf(question)[0]?.customId ?? "").split("@");
    expect(Number(until) - Date.now() / 1000).toBeLessThan(31);
    expect(ref).toBe(`sure:${job.id}.1`);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 40_000 });
    onTestFinished(() => void vi.useRealTimers());
    const late = await press(question, "Delete for good");
    await world.discord.until(() => buttonsOf(now(question))[0]?.customId !== `${ref}@${until}`);
    expect((await readJob(job.id, world.azure))?.job.pictures[0]?.state).toBe("kept");
    expect(late.followups()).toEqual([]);
    await press(now(question), "Keep it");
    await world.discord.until(() => buttonsOf(now(question)).some(({ label }) => label === "Again"));
    expect(picturesOf(now(question))).toHaveLength(1);
  });

  it("that nobody can note leaves the picture and says so", async () => {
    const { message } = await drawn(world, { prompt: "no storage" });
    const panel = await messageWith(world, message, { label: "Delete" });
    const question = (await questionOf(await press(panel, "Delete"))) ?? expect.fail("not asked");
    await world.azurite.interrupt();
    try {
      const pressed = await press(question, "Delete for good");
      const word = await pressed.untilFollowup(undefined, 40);
      expect(textOf(word)).toContain("I cannot reach my storage");
      expect(picturesOf(now(message))).toHaveLength(1);
    } finally {
      await world.azurite.resume();
    }
  });
});

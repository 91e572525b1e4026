import { describe, expect, it } from "vitest";
import { readJob } from "../../src/jobs/job.ts";
import { pictureBlob } from "../../src/storage/picture-blobs.ts";
import { openLine } from "../../src/jobs/line.ts";
import { startWorker } from "../../src/work/worker.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { Person } from "../../local/discord/places.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import { stage, world } from "./stage.ts";
import { drawn } from "./world.ts";

stage();

const MONTHS = 90 * 86_400;

/** Presses Delete, and lets a worker do what comes of it. */
async function pressDelete(
  message: FakeMessage,
  ref: string,
  { untilChanged = message, ...occasion }: { untilChanged?: FakeMessage; user?: Person } = {},
): Promise<PlayedInteraction> {
  const worker = startWorker(world.settings, world.azure, { discord: world.send }, {});
  try {
    const pressed = await world.discord.button({ message, customId: `delete:${ref}`, ...occasion });
    expect((await pressed.answered()).type).toBe(6);
    await world.discord.until(() => pressed.followups().length > 0 || isDeletedIn(untilChanged));
    return pressed;
  } finally {
    await worker.stop();
    // Unlike a process that ends, this one goes on accepting.
    openLine(world.azure);
  }
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
    const pressed = await pressDelete(message, `${job.id}.1`);
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
    const pressed = await world.discord.button({ message, customId: `delete:${job.id}.1` });
    await pressed.answered();
    expect((await readJob(job.id, world.azure))?.job.pictures[0]?.state).toBe("deleting");
  });

  it("is nobody's by a permission of another kind", async () => {
    const { job, message } = await drawn(world, { prompt: "pinned" });
    // Manage channels, kick members, manage threads: much, and not this.
    const keeper = world.discord.addPerson("Kim", { permissions: (1n << 10n) | (1n << 4n) | (1n << 1n) | (1n << 34n) });
    const pressed = await pressDelete(message, `${job.id}.1`, { user: keeper });
    expect(pressed.followups()).toHaveLength(1);
    expect(picturesOf(now(message))).toHaveLength(1);
  });

  it("takes one of four, and leaves the others with their buttons", async () => {
    const { job, message } = await drawn(world, { prompt: "four, then three", count: 4 });
    const more = buttonsOf(message).filter(({ label }) => label === "More…")[1]?.customId ?? expect.fail();
    const opened = await world.discord.button({ message, customId: more });
    const copy = await opened.untilFollowup((shown) => picturesOf(shown).length === 1);
    await pressDelete(copy, `${job.id}.2`, { untilChanged: message });
    await world.discord.until(() => isDeletedIn(message));
    expect(picturesOf(now(message))).toHaveLength(3);
    expect(textOf(now(message))).toContain("One picture was deleted.");
    const again = buttonsOf(now(message)).flatMap(({ customId }) => (customId?.startsWith("again") ? [customId] : []));
    expect(again).toEqual([1, 3, 4].map((place) => `again:${job.id}.${place}`));
    // The copy shows it no more, and is no copy of the others.
    await world.discord.until(() => textOf(now(copy)).includes("has deleted this picture"));
    expect(picturesOf(now(copy))).toEqual([]);
  });

  it("takes one of several out of a private message too, long after, and brings nobody another", async () => {
    const { job, message } = await drawn(world, { prompt: "for me alone", count: 3, private: true });
    world.discord.letTimePass(3600);
    const opened = await world.discord.button({ message: now(message), customId: `more:${job.id}.2` });
    const copy = await opened.untilFollowup((shown) => picturesOf(shown).length === 1);
    await pressDelete(copy, `${job.id}.2`, { untilChanged: message });
    expect(picturesOf(now(message))).toHaveLength(2);
    expect(textOf(now(message))).toContain("One picture was deleted.");
    expect(opened.followups()).toHaveLength(1);
  });

  it("is told to be done where it is pressed once more, in an older copy", async () => {
    const { job, message } = await drawn(world, { prompt: "two copies", count: 2 });
    const copies = [];
    for (const times of [1, 2]) {
      const opened = await world.discord.button({ message, customId: `more:${job.id}.1` });
      copies[times - 1] = await opened.untilFollowup((shown) => picturesOf(shown).length === 1);
    }
    const [first = expect.fail(), second = expect.fail()] = copies;
    const pressed = await pressDelete(first, `${job.id}.1`, { untilChanged: message });
    expect(pressed.followups()).toEqual([]);
    const [word] = (await pressDelete(second, `${job.id}.1`)).followups();
    expect(textOf(word ?? expect.fail())).toContain("deleted already");
    expect(word?.ephemeralFor).toBe(world.discord.asker.id);
  });

  it("that nobody can note leaves the picture and says so", async () => {
    const { job, message } = await drawn(world, { prompt: "no storage" });
    await world.azurite.interrupt();
    try {
      const pressed = await world.discord.button({ message, customId: `delete:${job.id}.1` });
      expect((await pressed.answered()).type).toBe(6);
      const word = await pressed.untilFollowup(undefined, 40);
      expect(textOf(word)).toContain("I cannot reach my storage");
      expect(picturesOf(now(message))).toHaveLength(1);
    } finally {
      await world.azurite.resume();
    }
  });
});

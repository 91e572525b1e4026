import { MessageFlags } from "discord.js";
import { describe, expect, it } from "vitest";
import { changeJob, readJob } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { walk } from "../../local/discord/components.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { Person } from "../../local/discord/places.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import { banned, cloudflarePage } from "../../local/discord/refusals.ts";
import type { Answer } from "../../local/discord/refusals.ts";
import { stage, world } from "./stage.ts";
import { drawn, finish, jobOf, messageWith } from "./world.ts";

stage();

async function shownTo(asked: PlayedInteraction, text: string): Promise<FakeMessage> {
  expect(await asked.answered()).toMatchObject({ type: 5, flags: MessageFlags.Ephemeral });
  const shown = await asked.untilOriginal((message) => textOf(message).includes(text));
  expect(shown.ephemeralFor).toBe(asked.user.id);
  return shown;
}
const choicesIn = (message: FakeMessage) =>
  walk(message.components).flatMap(({ component }) => component.options ?? []);
const command = (name: string, user: Person, options: Record<string, string> = {}) =>
  world.discord.command({ name, options, user });

async function forget({ id }: Job): Promise<void> {
  const file = (await readJob(id, world.azure)) ?? expect.fail("no such job");
  Object.assign(file.job.pictures[0] ?? {}, { state: "deleted", kept: undefined });
  await changeJob(file.job.id, (job) => void Object.assign(job, file.job), world.azure);
}

describe("/history", () => {
  it("says so where there is nothing yet", async () => {
    await shownTo(await command("history", world.discord.addPerson("Newcomer")), "You have no pictures yet");
  });

  it("shows a person's own pictures, the newest first, page by page in one message, and goes on from any", async () => {
    const user = world.discord.addPerson("Hypatia");
    const jobs: Job[] = [];
    for (let count = 1; count <= 12; count += 1)
      jobs.push((await drawn(world, { prompt: `picture ${count}` }, { user })).job);
    await drawn(world, { prompt: "of somebody else" });
    const asked = await command("history", user);
    const first = await shownTo(asked, "Your pictures");
    expect(picturesOf(first)).toHaveLength(1);
    const [, sheet, lines] = walk(first.components).map(({ component }) => component);
    expect([sheet?.items?.length, lines?.content]).toEqual([1, expect.stringContaining("Your pictures")]);
    expect(choicesIn(first).map(({ label }) => label)).toEqual(
      Array.from({ length: 9 }, (_, index) => `${index + 1}. picture ${12 - index}`),
    );
    expect(buttonsOf(first).map(({ label }) => label)).toEqual(["Older"]);
    const older = await world.discord.button({ message: first, customId: "page:1", user });
    expect((await older.answered()).type).toBe(6);
    const second = await asked.untilOriginal((shown) => textOf(shown).includes("picture 3"));
    expect(second.id).toBe(first.id);
    expect(choicesIn(second).map(({ label }) => label)).toEqual(["10. picture 3", "11. picture 2", "12. picture 1"]);
    expect(buttonsOf(second).map(({ label }) => label)).toEqual(["Newer"]);
    const picked = await world.discord.select({
      message: second,
      customId: "pick",
      values: [choicesIn(second)[1]?.value ?? ""],
      user,
    });
    const one = await shownTo(picked, "picture 2");
    expect(buttonsOf(one)[0]?.customId).toBe(`again:${jobs[1]?.id}.1`);
    const newer = await world.discord.button({ message: second, customId: "page:0", user });
    await newer.answered();
    await asked.untilOriginal((shown) => textOf(shown).includes("picture 12"));
  });

  it("says so in time where storage does not answer, and nothing stays thinking", async () => {
    await world.azurite.interrupt();
    try {
      await shownTo(await command("history", world.discord.asker), "cannot reach my storage");
    } finally {
      await world.azurite.resume();
    }
  });
});

describe("/family", () => {
  async function threeGenerations(user: Person) {
    const { job: oldest, message } = await drawn(world, { prompt: "the oldest" }, { user });
    const again = await world.discord.button({ message, customId: `again:${oldest.id}.1`, user });
    await again.untilOriginal((shown) => textOf(shown).includes("on its way"));
    const middle = await finish(world, (await jobOf(world, again)).id);
    const middleMessage = again.original() ?? expect.fail();
    const pressed = await world.discord.button({ message: middleMessage, customId: `words:${middle.id}.1`, user });
    await pressed.answered();
    const sent = await world.discord.modalSubmit({ modal: pressed, values: { prompt: "the youngest" } });
    await sent.untilOriginal((shown) => textOf(shown).includes("on its way"));
    const youngest = await finish(world, (await jobOf(world, sent)).id);
    return { oldest, middle, youngest, message, middleMessage };
  }

  it("shows where a picture came from and what came of it, by a button, a link or an id", async () => {
    const user = world.discord.addPerson("Ancestor");
    const { oldest, middle, youngest, middleMessage } = await threeGenerations(user);
    const refs = [oldest, middle, youngest].map(({ id }) => `${id}.1`);
    const { id, channelId } = middleMessage;
    const link = `https://discord.com/channels/${world.discord.guildId}/${channelId}/${id}`;
    for (const asked of [
      await world.discord.button({
        message: await messageWith(world, middleMessage, { label: "Family", user }),
        customId: `family:${middle.id}.1`,
        user,
      }),
      await command("family", user, { picture: link }),
      await command("family", user, { picture: ` ${id} ` }),
      await command("family", user, { picture: "2" }),
    ]) {
      const shown = await shownTo(asked, "The family of this picture");
      expect(picturesOf(shown)).toHaveLength(1);
      expect(choicesIn(shown).map(({ value }) => value)).toEqual(refs);
      expect(textOf(shown)).toContain("2\\. again: the oldest");
      expect(textOf(shown)).toContain("3\\. other words: the youngest");
    }
  });

  it("is of the newest picture unless another is given, by the numbers that the history shows", async () => {
    const user = world.discord.addPerson("Numbered");
    const jobs: Job[] = [];
    for (let count = 1; count <= 11; count += 1)
      jobs.push((await drawn(world, { prompt: `picture ${count}` }, { user })).job);
    await forget(jobs[9] ?? expect.fail());
    const history = await shownTo(await command("history", user), "Your pictures");
    const [, second] = choicesIn(history);
    expect(second).toMatchObject({ label: "3. picture 9", value: `${jobs[8]?.id}.1` });
    const wanted: [string | undefined, string][] = [
      [undefined, "picture 11"],
      ["1", "picture 11"],
      ["#3", "picture 9"],
      ["10", "picture 2"],
      ["11.", "picture 1"],
    ];
    await shownTo(await command("family", user, { picture: "2" }), "was deleted");
    for (const [picture, words] of wanted) {
      const asked = await command("family", user, picture ? { picture } : {});
      expect(choicesIn(await shownTo(asked, "The family")).map(({ label }) => label)).toEqual([`1. ${words}`]);
    }
  });

  it("says so for a number that there is none of", async () => {
    await shownTo(await command("family", world.discord.asker, { picture: "99" }), "no picture with the number 99");
  });

  it.each([
    ["nothing of the kind", "my cat"],
    ["a message that there is none of", "123456789012345678"],
    [
      "a link to a place that the bot cannot see",
      "https://discord.com/channels/1/123456789012345678/123456789012345679",
    ],
  ])("says so for %s", async (_, picture) => {
    await shownTo(await command("family", world.discord.asker, { picture }), "no longer have that picture");
  });

  it.each<[string, Answer]>([
    ["a page in front of Discord", cloudflarePage(403)],
    ["an hour's ban", banned(3600)],
    ["a code that nobody knows", { status: 400, body: { code: 99_999, message: "new" } }],
  ])("does not say that a picture is gone because of %s", async (_, answer) => {
    // A channel of its own, for the ban stays with it.
    const { id: channel } = world.discord.addChannel({ guildId: world.discord.guildId });
    const picture = `https://discord.com/channels/${world.discord.guildId}/${channel}/123456789012345678`;
    const planted = world.discord.fail({ method: "GET", path: new RegExp(`/${channel}/messages/`) }, { answer });
    await shownTo(await command("family", world.discord.asker, { picture }), "does not let me look");
    expect(planted.hits).toBe(1);
  });

  it("says so for a message without a picture of ours, and where there is none yet", async () => {
    const { id } = world.discord.say({ content: "hello" });
    await shownTo(await command("family", world.discord.asker, { picture: id }), "no picture in that message");
    await shownTo(await command("family", world.discord.addPerson("Blank")), "You have no pictures yet");
  });

  it("shows nobody what belongs to another chat, or to its asker alone", async () => {
    const { id: channel } = world.discord.addChannel({ guildId: world.discord.guildId, name: "elsewhere" });
    const { message } = await drawn(world, { prompt: "of another channel" }, { channel });
    const mallory = world.discord.addPerson("Mallory");
    const link = `https://discord.com/channels/${world.discord.guildId}/${channel}/${message.id}`;
    const asked = await command("family", mallory, { picture: link });
    expect(textOf(await shownTo(asked, "belongs to another chat"))).not.toContain("of another channel");
  });
});

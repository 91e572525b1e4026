import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { composeBoard } from "../../src/brainstorm/compose-board.ts";
import { startSessions } from "../../src/brainstorm/drive.ts";
import { changeSession, readSession, roundOf } from "../../src/brainstorm/session.ts";
import type { Session } from "../../src/brainstorm/session.ts";
import { countVotes } from "../../src/brainstorm/votes.ts";
import { DiscordAddress } from "../../adapters/discord/address.ts";
import { discordBoards } from "../../adapters/discord/send-board.ts";
import { readBoardControl } from "../../adapters/discord/message/board-controls.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { buttonsOf, selectsOf, textOf } from "../../local/discord/reading.ts";
import { permission } from "../../local/discord/wire.ts";
import type { Occasion } from "../../local/discord/events.ts";
import { drawnPicture } from "./boards.ts";
import { settled, stage, world } from "./stage.ts";

// The whole of it, with what drives a session, is in test/browser/brainstorm.test.ts. Here the board is shown by hand.
stage({ interactionSeconds: 30 });

const channelOf = () => world.discord.addChannel({ guildId: world.discord.guildId, name: "bakery" }).id;
const begin = (options: Record<string, string | number | boolean>, occasion: Occasion = {}) =>
  world.discord.command({ name: "brainstorm", options, channel: channelOf(), ...occasion });

/** All sessions in storage whose board is in a channel. */
async function sessionsIn(channel: string): Promise<Session[]> {
  const found: Session[] = [];
  for await (const { name } of world.azure.container.listBlobsFlat({ prefix: "sessions/" })) {
    const id = name.slice("sessions/".length, -".json".length);
    const file = await readSession(id, world.azure);
    if (file?.session.boards.some((board) => board.channel === channel)) found.push(file.session);
  }
  return found;
}

async function sessionIn(channel: string): Promise<Session> {
  await settled();
  const [session, ...others] = await sessionsIn(channel);
  expect(others).toEqual([]);
  return session ?? expect.fail("no session was begun");
}

/** What the driver does: the board as it stands now, in its message. */
async function showBoard(id: string): Promise<FakeMessage> {
  const { session } = (await readSession(id, world.azure)) ?? expect.fail();
  const [place] = session.boards;
  if (!place) return expect.fail();
  const { show } = discordBoards(world.discordSettings, world.azure);
  const delivery = await show(place.address, composeBoard(session, place, undefined, world.settings));
  if (!delivery.delivered) return expect.fail(delivery.because);
  const { address = place.address } = delivery;
  await changeSession(id, ({ boards }) => void Object.assign(boards[0] ?? {}, { address }), world.azure);
  return world.discord.message(DiscordAddress.parse(address).messageId ?? "") ?? expect.fail("no board");
}

async function begun(options: Record<string, string | number | boolean> = {}) {
  const asked = await begin({ topic: "a logo for our bakery", ...options });
  await asked.answered();
  const session = await sessionIn(asked.channelId);
  return { asked, session, board: await showBoard(session.id) };
}

async function voting() {
  const { session } = await begun({ votes: 2 });
  const pictures = await Promise.all([1, 2, 3].map((number) => drawnPicture(world.azure, `Idea ${number}`)));
  const now = new Date();
  await changeSession(
    session.id,
    ({ rounds: [round] }) => {
      if (!round) return false;
      round.stage = "voting";
      round.votesUntil = new Date(now.getTime() + 600_000).toISOString();
      round.ideas = pictures.map((picture, at) => ({
        number: at + 1,
        by: [],
        words: `a loaf ${at + 1}`,
        prompt: `a loaf ${at + 1}`,
        state: "drawn",
        picture: { ...picture, ref: `session-${session.id}-1-${at + 1}.1` },
        from: [],
      }));
    },
    world.azure,
  );
  return { session, board: await showBoard(session.id) };
}

async function countOf(id: string) {
  const { session } = (await readSession(id, world.azure)) ?? expect.fail();
  return countVotes(id, roundOf(session), world.azure, AbortSignal.timeout(20_000));
}

const controlFor = (board: FakeMessage, label: string) =>
  buttonsOf(board).find((button) => button.label === label)?.customId ?? expect.fail(`no button ${label}`);
const press = (board: FakeMessage, label: string, occasion: Occasion = {}) =>
  world.discord.button({ message: board, customId: controlFor(board, label), ...occasion });
const vote = (board: FakeMessage, values: string[], occasion: Occasion = {}) =>
  world.discord.select({ message: board, customId: selectsOf(board)[0]?.customId ?? "", values, ...occasion });

async function wordTo(pressed: PlayedInteraction): Promise<string> {
  expect((await pressed.answered()).type).toBe(4);
  const word = pressed.original() ?? expect.fail("no word");
  expect(word.ephemeralFor).toBe(pressed.user.id);
  return textOf(word);
}

describe("/brainstorm", () => {
  it("begins with a topic and options, once for an event, and the board stands in its answer", async () => {
    const given = { topic: "a logo", ideas: 4, minutes: 30, votes: 2, results: "live", others: false };
    const asked = await begin(given, { times: 2 });
    expect((await asked.answered()).type).toBe(5);
    const session = await sessionIn(asked.channelId);
    expect(session).toMatchObject({
      topic: "a logo",
      options: { ideas: 4, minutes: 30, votes: 2, results: "live", others: false },
    });
    const board = await showBoard(session.id);
    expect(board.id).toBe(asked.original()?.id);
    expect(textOf(board)).toContain("Brainstorm: a logo");
  });

  it("asks for a topic where there is none, and what was given is not asked again", async () => {
    const asked = await begin({ ideas: 3, results: "live", thread: true });
    expect((await asked.answered()).type).toBe(9);
    const sent = await world.discord.modalSubmit({ modal: asked, values: { topic: "our bakery", votes: ["1"] } });
    await sent.answered();
    await settled();
    const [session] = await sessionsIn(sent.original()?.id ?? "");
    expect(session).toMatchObject({ topic: "our bakery", options: { ideas: 3, votes: 1, results: "live" } });
  });

  it("says all that is wrong to whoever asked alone, and begins nothing", async () => {
    const asked = await begin({ topic: "a logo", ideas: 99, minutes: 0 }, { unchecked: true } as Occasion);
    const word = await wordTo(asked);
    expect(word).toContain("99");
    expect(word).toMatch(/“0” minutes/);
    expect(word).toContain("a logo");
    await settled();
    expect(await sessionsIn(asked.channelId)).toEqual([]);
  });

  it("takes “join” and a code for joining, wherever it is typed", async () => {
    for (const name of ["join", "topic"]) {
      const asked = await begin({ [name]: name === "join" ? "K7M2PQ4X" : "join K7M2PQ4X" });
      const word = await asked.untilFollowup(({ ephemeralFor }) => ephemeralFor === asked.user.id);
      expect(textOf(word)).toContain("I do not know that code");
      await settled();
      expect(world.discord.messages(asked.channelId)).toEqual([]);
    }
    const about = await begin({ topic: "join dolphins" });
    await about.answered();
    expect((await sessionIn(about.channelId)).topic).toBe("join dolphins");
  });

  it("has a thread of its own where it is asked for, and says so where it may not open one", async () => {
    const asked = await begin({ topic: "a logo", thread: true });
    await asked.untilOriginal((message) => textOf(message).includes("in the thread below"));
    await settled();
    const thread = asked.original()?.id ?? "";
    const [session] = await sessionsIn(thread);
    const board = await showBoard(session?.id ?? "");
    expect(board.channelId).toBe(thread);
    expect(await wordTo(await press(board, "Draw now"))).toContain("I begin to draw");

    const closed = channelOf();
    world.discord.channel(closed).threads = false;
    const other = await begin({ topic: "a logo", thread: true }, { channel: closed });
    await other.untilFollowup((message) => textOf(message).includes("I may not open a thread here"));
    expect((await showBoard((await sessionIn(closed)).id)).id).toBe(other.original()?.id);
  });

  it("says how long it lasts where only the asker has installed Easel, and begins nothing that they alone would see", async () => {
    const guest = { authorizingIntegrationOwners: { "1": world.discord.asker.id } };
    const foreign = world.discord.addChannel({ guildId: "4242424242424242424", access: false }).id;
    const asked = await begin({ topic: "a logo" }, { ...guest, channel: foreign });
    await asked.answered();
    const session = await sessionIn(foreign);
    expect(session.boards[0]?.lastsUntil).toBeDefined();
    const board = await showBoard(session.id);
    expect(textOf(board)).toContain("quarter of an hour");
    world.discord.removeMessage(board);
    expect((await showBoard(session.id)).id).not.toBe(board.id);

    const hidden = world.discord.addChannel({ guildId: "4242424242424242424", access: false }).id;
    const alone = await begin({ topic: "a logo" }, { ...guest, channel: hidden, externalAppsOff: true });
    await alone.untilOriginal((message) => textOf(message).includes("you alone would see it"));
    await settled();
    expect(await sessionsIn(hidden)).toEqual([]);
  });
});

describe("a press of a board", () => {
  it("opens a form, and what is sent with it is an idea", async () => {
    const { session, board } = await begun();
    const grace = world.discord.addPerson("Grace");
    const opened = await press(board, "Add an idea", { user: grace });
    expect((await opened.answered()).type).toBe(9);
    const sent = await world.discord.modalSubmit({ modal: opened, values: { words: "a croissant as a moon" } });
    expect(await wordTo(sent)).toContain("number 1");
    const shown = await showBoard(session.id);
    expect(textOf(shown)).toMatch(/\*\*1\*\* a croissant as a moon\n-# Grace/);
    const further = await press(shown, "Yes, and…");
    await further.answered();
    const added = await world.discord.modalSubmit({ modal: further, values: { idea: ["1.1"], words: "it glows" } });
    expect(await wordTo(added)).toContain("Grace and Ada");
  });

  it("gives back what was typed where it was not taken", async () => {
    const { session, board } = await begun({ ideas: 2 });
    const opened = await press(board, "Add an idea");
    await opened.answered();
    await changeSession(
      session.id,
      ({ rounds }) => void Object.assign(rounds[0] ?? {}, { stage: "drawing" }),
      world.azure,
    );
    const sent = await world.discord.modalSubmit({ modal: opened, values: { words: "a very good bun" } });
    expect(await wordTo(sent)).toContain("a very good bun");
  });

  it("takes votes from a menu, the last word of each, also that there are none", async () => {
    const { session, board } = await voting();
    expect(selectsOf(board)[0]).toMatchObject({ least: 0, most: 2 });
    expect(await wordTo(await vote(board, ["1", "3"]))).toContain("1 and 3");
    const grace = world.discord.addPerson("Grace");
    await wordTo(await vote(board, ["2"], { user: grace }));
    await wordTo(await vote(board, ["3"]));
    const count = () => countOf(session.id);
    expect(await count()).toMatchObject({ voters: 2, votes: { "2": 1, "3": 1 } });
    await wordTo(await vote(board, [], { user: grace }));
    expect(await count()).toMatchObject({ voters: 1 });
  });

  it("that leads it is for whoever began it, and for a moderator", async () => {
    const { board } = await voting();
    const grace = world.discord.addPerson("Grace");
    const alan = world.discord.addPerson("Alan", { moderator: true });
    expect(await wordTo(await press(board, "Close the votes", { user: grace }))).toContain("Only Ada");
    expect(await wordTo(await press(board, "Close the votes", { user: alan }))).toContain("I am closing the votes");
  });

  it("is for whoever may write there: who may only read votes for nothing, brings nothing and begins nothing", async () => {
    const { session, board } = await voting();
    const channel = world.discord.channel(session.boards[0]?.channel ?? "");
    const reader = world.discord.addPerson("Reader");
    channel.overwrites.set(reader.id, { deny: permission.sendMessages });
    expect(await wordTo(await vote(board, ["1"], { user: reader }))).toContain("You can read here, but not write");
    expect(await wordTo(await press(board, "Close the votes", { user: reader }))).toContain("not write");
    const asked = await begin({ topic: "a sign" }, { channel: channel.id, user: reader });
    expect(await wordTo(asked)).toContain("not write");
    const joining = await begin({ join: "K7M2PQ4X" }, { channel: channel.id, user: reader });
    expect(await wordTo(joining)).toContain("not write");
    expect(await countOf(session.id)).toMatchObject({ voters: 0 });
    channel.overwrites.set(reader.id, { deny: permission.sendMessages, allow: permission.administrator });
    expect(await wordTo(await vote(board, ["1"], { user: reader }))).toContain("Your vote: 1");
    channel.kind = "thread";
    channel.overwrites.set(reader.id, { deny: permission.sendMessages });
    expect(await wordTo(await vote(board, ["2"], { user: reader }))).toContain("Your vote: 2");
    channel.overwrites.set(reader.id, { deny: permission.sendMessagesInThreads });
    expect(await wordTo(await vote(board, ["3"], { user: reader }))).toContain("not write");
  });

  it("is answered in time where storage is slow, and then told", async () => {
    const { board } = await voting();
    const times = { ...world.discordSettings.times, readLimitMilliseconds: 0 };
    const { startDiscord } = await import("../../adapters/discord/start.ts");
    await settled();
    const quick = startDiscord(world.settings, { ...world.discordSettings, times }, world.azure);
    await world.discord.until(() => quick.ready() || undefined);
    const pressed = await vote(board, ["1"], { user: world.discord.addPerson("Grace") });
    await pressed.answered();
    const said = await pressed.untilOriginal((message) => textOf(message).includes("1"));
    expect(said.ephemeralFor).toBe(pressed.user.id);
    await quick.stop();
  });

  it("means the round that its board shows: one of an older board is told what has become of it", async () => {
    const { session, board } = await voting();
    await changeSession(
      session.id,
      ({ rounds }) => {
        const [round] = rounds;
        if (round) rounds.push({ ...structuredClone(round), number: 2 });
      },
      world.azure,
    );
    expect(readBoardControl(controlFor(board, "Close the votes"))).toMatchObject({ round: 1 });
    expect(await wordTo(await vote(board, ["1"]))).toContain("round 2 is under way");
  });
});

describe("two hundred people who vote within ten seconds", () => {
  it("are all answered in time, and all counted, and the board is edited a handful of times", async () => {
    const { session, board } = await voting();
    const { settings, azure } = world;
    const boards = { discord: discordBoards(world.discordSettings, azure) };
    const driving = startSessions({ settings, azure, boards });
    onTestFinished(() => driving.stop());
    const before = world.discord.message(board.id)?.edits ?? 0;
    const pressed: PlayedInteraction[] = [];
    for (let wave = 0; wave < 20; wave += 1) {
      const people = Array.from({ length: 10 }, (_, index) => world.discord.addPerson(`Person ${wave} ${index}`));
      const votes = people.map((user, index) => vote(board, [String(((wave + index) % 3) + 1)], { user }));
      pressed.push(...(await Promise.all(votes)));
      await pause(450);
    }
    const answers = await Promise.all(pressed.map((one) => one.answered()));
    expect(Math.max(...answers.map(({ milliseconds }) => milliseconds))).toBeLessThan(3000);
    await Promise.all(pressed.map((one) => one.untilOriginal((message) => textOf(message).length > 0)));
    const counted = await countOf(session.id);
    expect(counted.voters).toBe(200);
    expect(Object.values(counted.votes).reduce((sum, count) => sum + count)).toBe(200);
    const last = () => world.discord.message(board.id);
    await world.discord.until(() => textOf(last() ?? expect.fail()).includes("200 people have voted") || undefined);
    expect((last()?.edits ?? 0) - before).toBeLessThanOrEqual(9);
    expect(world.discord.messages(board.channelId)).toHaveLength(1);
  });
});

import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { ChangeBeside, PostBeside, ShowBoard } from "../../src/brainstorm/board.ts";
import { composeBoard } from "../../src/brainstorm/compose-board.ts";
import { startSessions } from "../../src/brainstorm/drive.ts";
import { changeSession, readSession, roundOf } from "../../src/brainstorm/session.ts";
import type { Session } from "../../src/brainstorm/session.ts";
import { countVotes } from "../../src/brainstorm/votes.ts";
import { readSettings } from "../../src/settings.ts";
import { actionsOf } from "../fakes/microsoft/card-actions.ts";
import type { ConversationKind, StandingActivity } from "../fakes/microsoft/conversations.ts";
import { refusals } from "../fakes/microsoft/refusals.ts";
import { textsIn, worlds } from "./open-world.ts";
import type { World } from "./open-world.ts";

const open = worlds("file");
const settings = readSettings(
  { IMAGE_MODELS: "dall-e-3,gpt-image-2", OPENAI_API_KEY: "x", AZURE_STORAGE_ACCOUNT: "easel" },
  [],
);

let world: World;
let ada = "";
let grace = "";
let people = 0;
let chat = "";
beforeAll(async () => {
  world = await open();
});
beforeEach(() => {
  people += 1;
  [ada, grace] = [`Ada ${people}`, `Grace ${people}`];
  chat = `19:${randomUUID().replaceAll("-", "")}@thread.v2`;
  world.microsoft.violations.splice(0);
});

const say = (text: string, user = ada, more: { copies?: number; id?: string; targeted?: boolean } = {}) =>
  world.teams.say(text, { conversationId: chat, user, ...more });
const standing = (place = chat) => world.microsoft.activities(place);
const seenBy = (user: string, place = chat) => world.microsoft.seenBy(user, place);
const textsOf = (activity: unknown) => textsIn((activity as StandingActivity | undefined)?.attachments).join("\n");
const saidTo = ({ body }: { body: unknown }) => String((body as { value?: unknown } | undefined)?.value);

async function sessions(place = chat): Promise<Session[]> {
  const found: Session[] = [];
  for await (const { name } of world.azure.container.listBlobsFlat({ prefix: "sessions/" })) {
    const file = await readSession(name.slice("sessions/".length, -".json".length), world.azure);
    if (file?.session.boards.some(({ channel }) => channel === place)) found.push(file.session);
  }
  return found;
}

/** A press may be answered before what it begins is written. */
const onlySession = (): Promise<Session> =>
  vi.waitFor(
    async () => {
      const [only, ...more] = await sessions();
      expect(more).toEqual([]);
      if (!only) throw new Error("no session has begun");
      return only;
    },
    { timeout: 20_000 },
  );

/** What whoever looks after a session does: its board is shown, and the record says where. */
async function show(id: string): Promise<StandingActivity> {
  const session = (await readSession(id, world.azure))?.session;
  const place = session?.boards[0];
  if (!session || !place) throw new Error("there is no such session");
  const delivery = await world.board(place.address, composeBoard(session, place, undefined, settings));
  if (!delivery.delivered) throw new Error(delivery.because);
  await changeSession(
    id,
    (changed) => void Object.assign(changed.boards[0] ?? {}, { address: delivery.address }),
    world.azure,
  );
  const board = standing().find((message) => message.id === delivery.address?.activityId);
  if (!board) throw new Error("the board does not stand there");
  return board;
}

async function begin(words = "a logo for our bakery"): Promise<StandingActivity> {
  await say(`brainstorm ${words}`);
  return show((await onlySession()).id);
}

describe("to begin", () => {
  test.each<ConversationKind>(["personal", "groupChat", "channel"])("in %s is a session, and no word", async (kind) => {
    const turn = await world.teams.say("brainstorm a logo --ideas 4", { conversation: kind, user: ada });
    expect(turn).toMatchObject({ status: 200, body: undefined });
    const [session] = await sessions(turn.conversationId.split(";")[0]);
    expect(session).toMatchObject({ topic: "a logo", options: { ideas: 4, minutes: 10, votes: 3, others: true } });
    expect(session?.boards).toMatchObject([{ address: { conversationId: turn.conversationId, activityId: null } }]);
    expect(standing(turn.conversationId)).toEqual([]);
  });

  test("after a slash it is for everybody all the same", async () => {
    await say("brainstorm a logo", ada, { targeted: true });
    expect((await onlySession()).boards).toMatchObject([{ address: { targeted: false } }]);
  });

  test("delivered three times at once, and once more later, it is one", async () => {
    const { activity } = await say("brainstorm a logo", ada, { copies: 3 });
    await say("brainstorm a logo", ada, { id: activity.id });
    await onlySession();
  });

  test("with all that is wrong said to whoever asked alone, with what was typed in the fields", async () => {
    await say("brainstorm a logo --ideas 40 --votes 9 --minutes 20");
    expect(await sessions()).toEqual([]);
    expect(seenBy(grace)).toEqual([]);
    const [form] = seenBy(ada);
    expect(textsOf(form)).toMatch(/“40” ideas.*“9” votes/s);
    expect(JSON.stringify(form)).toMatch(/"value":"a logo".*"value":"20"/);
    if (!form) return;
    await world.teams.press("Begin", form, { user: ada, inputs: { picked_ideas: "4", picked_votes: "2" } });
    expect(await onlySession()).toMatchObject({ topic: "a logo", options: { ideas: 4, votes: 2, minutes: 20 } });
    await vi.waitFor(() => expect(seenBy(ada)).toEqual([]));
  });

  test("with a form where no topic is given, which gives way to the board", async () => {
    await say("brainstorm");
    const [form] = standing();
    if (!form) throw new Error("there is no form");
    const press = (user: string, topic: string) =>
      world.teams.press("Begin", form, { user, inputs: { said_topic: topic } });
    expect(saidTo(await press(grace, "a logo"))).toContain("Only the person who asked");
    expect(() => press(ada, "")).toThrow("said_topic is required");
    expect(saidTo(await press(ada, " "))).toContain("It has no topic.");
    expect(await sessions()).toEqual([]);
    const [first, second] = await Promise.all([press(ada, "a logo"), press(ada, "a logo")]);
    const session = await onlySession();
    expect(textsOf(seenBy(ada)[0])).toContain("Brainstorm: a logo");
    expect([first.status, second.status]).toEqual([200, 200]);
    const board = await show(session.id);
    expect([board.id, standing().length]).toEqual([form.id, 1]);
  });

  test("while storage is away says so, once", async () => {
    const release = world.stallStorage();
    onTestFinished(release);
    const turn = await say("brainstorm a logo");
    release();
    expect(turn.milliseconds).toBeLessThan(14_000);
    expect(textsOf(seenBy(ada)[0])).toMatch(/storage/);
  });

  test("elsewhere with a code that nobody knows is said to whoever typed it", async () => {
    await say("brainstorm join");
    expect(textsOf(seenBy(ada).at(-1))).toContain("Type the code behind it");
    await say("brainstorm join ABCD2345");
    expect(textsOf(seenBy(ada).at(-1))).toContain("I do not know that code.");
    expect(seenBy(grace)).toEqual([]);
  });
});

describe("on a board", () => {
  test("an idea is added by a form that its author alone sees, and that goes when it is in", async () => {
    const board = await begin();
    const pressed = await world.teams.press("Add an idea", board, { user: grace });
    expect(saidTo(pressed)).toBe("It stands below.");
    const form = seenBy(grace).at(-1);
    expect(seenBy(ada).map(({ id }) => id)).toEqual([board.id]);
    if (!form) throw new Error("there is no form");
    const words = { said_words: "a croissant that is a moon" };
    const send = () => world.teams.press("Add it", form, { user: grace, inputs: words, copies: 2 });
    const sent = await Promise.all([send(), send()]);
    for (const turn of sent) expect(saidTo(turn)).toContain("Your idea is number 1.");
    const { ideas } = roundOf(await onlySession());
    expect(ideas.map(({ words, by }) => [words, by[0]?.name])).toEqual([["a croissant that is a moon", grace]]);
    await vi.waitFor(() => expect(seenBy(grace).map(({ id }) => id)).toEqual([board.id]));
    expect(textsOf(await show((await onlySession()).id))).toContain("a croissant that is a moon");
  });

  test("what is wrong with an idea leaves the form, with all that was typed", async () => {
    const board = await begin();
    await world.teams.press("Add an idea", board, { user: grace });
    const form = seenBy(grace).at(-1);
    if (!form) throw new Error("there is no form");
    const typed = "a moon ".repeat(2000);
    const sent = await world.teams.press("Add it", form, { user: grace, inputs: { said_words: typed } });
    expect(saidTo(sent)).toContain("characters");
    expect(roundOf(await onlySession()).ideas).toEqual([]);
    expect(seenBy(grace).at(-1)?.id).toBe(form.id);
  });

  test("where nothing can be sent to one person alone, the form takes the board's place for them", async () => {
    const board = await begin();
    onTestFinished(world.microsoft.fail({ host: "smba.trafficmanager.net" }, refusals.memberNotFound, 1));
    await world.teams.press("Add an idea", board, { user: grace });
    const [own] = seenBy(grace);
    expect([own?.id, textsOf(own)]).toEqual([board.id, expect.stringContaining("Add an idea")]);
    expect(textsOf(seenBy(ada)[0])).toContain("Brainstorm:");
    if (!own) return;
    await world.teams.press("Add it", own, { user: grace, inputs: { said_words: "a moon" } });
    expect(roundOf(await onlySession()).ideas).toHaveLength(1);
    expect(standing().map(({ id }) => id)).toEqual([board.id]);
  });

  test("a number is a vote, and once more takes it back; each delivery of a press counts once", async () => {
    const board = await voting(await begin("a logo --votes 2"));
    const tap = async (number: string, user: string, copies = 1) =>
      saidTo(await world.teams.press(number, board, { user, copies }));
    expect(await tap("2", grace, 3)).toContain("Your vote: 2.");
    const both = await Promise.all([tap("1", ada), tap("3", ada)]);
    expect(both.join(" ")).toContain("1 and 3");
    expect(await tap("2", ada)).toContain("All your votes are given");
    expect(await tap("1", ada)).toContain("Your vote: 3.");
    expect(await tap("My votes", ada)).toMatch(/^Your vote: 3\. One more is left\. You can change it/);
    expect(await tap("My votes", `Eve ${people}`)).toContain("You have no vote in this round now.");
    expect(standing()).toHaveLength(1);
    expect(world.microsoft.violations).toEqual([]);
  });

  test("the code for another channel stands where it can be copied, for whoever leads alone", async () => {
    const board = await begin();
    expect(saidTo(await world.teams.press("Join from another channel", board, { user: grace }))).toContain("Only Ada");
    await world.teams.press("Join from another channel", board, { user: ada });
    const told = textsOf(seenBy(ada).at(-1));
    expect(told).toMatch(/\/brainstorm join:([2-9A-Z]{8}) on Discord, or brainstorm join \1 on Teams/);
    expect(seenBy(grace)).toHaveLength(1);
  });

  test("why an idea was refused stands where its author can read it, and nobody else", async () => {
    const board = await begin();
    await world.teams.press("Add an idea", board, { user: grace });
    const form = seenBy(grace).at(-1);
    if (!form) throw new Error("there is no form");
    await world.teams.press("Add it", form, { user: grace, inputs: { said_words: "a bloody fight" } });
    await vi.waitFor(() => expect(seenBy(grace)).toHaveLength(1));
    const { id } = await onlySession();
    const refusal = { because: "violence", stage: "picture" } as const;
    const refuse = (session: Session) => {
      const round = roundOf(session);
      const [idea] = round.ideas;
      const drawn = { ...idea, state: "drawn" as const };
      Object.assign(idea ?? {}, { state: "refused", job: "j", refusal });
      Object.assign(round, { stage: "voting", votesUntil: new Date(Date.now() + 600_000).toISOString() });
      round.ideas.push(...[2, 3].map((number) => ({ ...(drawn as (typeof round.ideas)[number]), number, by: [] })));
    };
    await changeSession(id, refuse, world.azure);
    const voted = await show(id);
    expect(saidTo(await world.teams.press("Other words", voted, { user: ada }))).toContain("None of your ideas");
    expect(saidTo(await world.teams.press("Other words", voted, { user: grace }))).toBe("It stands below.");
    expect(textsOf(seenBy(grace).at(-1))).toMatch(
      /^Number 1: .*It saw violence.*It cannot be drawn again in this round/s,
    );
    expect(seenBy(ada)).toHaveLength(1);
  });

  test("an older client is answered in messages that the presser alone sees", async () => {
    const board = await begin();
    await world.teams.press("Add an idea", board, { user: grace, asSubmit: true });
    const form = seenBy(grace).at(-1);
    if (!form) throw new Error("there is no form");
    const press = (words: string) =>
      world.teams.press("Add it", form, { user: grace, asSubmit: true, inputs: { said_words: words } });
    await press(" ");
    expect(textsOf(seenBy(grace).at(-1))).toMatch(/idea/i);
    await press("a moon");
    expect(textsOf(seenBy(grace).at(-1))).toContain("Your idea is number 1.");
    expect(seenBy(ada)).toHaveLength(1);
  });

  test("is answered in time whatever storage does", async () => {
    const board = await begin();
    const release = world.stallStorage();
    onTestFinished(release);
    const pressed = await world.teams.press("Draw now", board, { user: ada });
    expect([pressed.status, pressed.milliseconds < 5000]).toEqual([200, true]);
    release();
  });

  test("nothing is done for somebody of another chat who has the button's words", async () => {
    const board = await begin();
    const { data } = actionsOf(board).find(({ title }) => title === "End") ?? {};
    const elsewhere = await world.teams.say("help", { conversation: "personal", user: ada });
    const [mine] = standing(elsewhere.conversationId);
    const turn = await world.teams.execute("board", data, { replyTo: mine?.id ?? "", user: ada });
    expect(saidTo(turn)).toContain("Only people in a channel with its board");
    expect(await onlySession()).not.toHaveProperty("endedAt");
  });
});

/** Three drafts that stand, and votes that have begun. */
test("two hundred people who vote within ten seconds are all answered in time, and counted, by a handful of edits", async () => {
  const board = await voting(await begin());
  const show: ShowBoard = (address, shown) => world.board(address, shown);
  const post: PostBeside = (address, reply) => world.send(address, reply);
  const change: ChangeBeside = (address, reply) => world.change(address, reply);
  const boards = { teams: { show, post, change } };
  const driving = startSessions({ settings, azure: world.azure, boards });
  onTestFinished(() => driving.stop());
  const changesOf = () => standing().find(({ id }) => id === board.id)?.changes ?? 0;
  const before = changesOf();
  const turns = await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      await pause(index * 45);
      return world.teams.press(String((index % 3) + 1), board, { user: `Voter ${people} ${index}` });
    }),
  );
  expect(turns.filter((turn) => turn.status !== 200 || !saidTo(turn).includes("Your vote: "))).toEqual([]);
  expect(Math.max(...turns.map(({ milliseconds }) => milliseconds))).toBeLessThan(5000);
  const { id, rounds } = await onlySession();
  expect(rounds[0] && (await countVotes(id, rounds[0], world.azure))).toMatchObject({
    voters: 200,
    votes: { 1: 67, 2: 67, 3: 66 },
  });
  await vi.waitFor(() => expect(textsOf(standing()[0])).toContain("200 people have voted"), { timeout: 20_000 });
  expect(changesOf() - before).toBeLessThanOrEqual(9);
  expect(standing()).toHaveLength(1);
  expect(world.microsoft.violations).toEqual([]);
});

async function voting(board: StandingActivity): Promise<StandingActivity> {
  const session = await onlySession();
  await changeSession(
    session.id,
    (changed) => {
      const round = roundOf(changed);
      round.stage = "voting";
      round.votesUntil = new Date(Date.now() + 600_000).toISOString();
      round.ideas = [1, 2, 3].map((number) => ({
        number,
        by: [],
        words: `draft ${number}`,
        prompt: `draft ${number}`,
        state: "drawn" as const,
        from: [],
        picture: {
          ref: `job.${number}`,
          name: `${number}.png`,
          mediaType: "image/png",
          width: 1024,
          height: 1024,
          bytes: 9,
        },
      }));
    },
    world.azure,
  );
  const shown = await show(session.id);
  expect(shown.id).toBe(board.id);
  return shown;
}

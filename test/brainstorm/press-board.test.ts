import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeSession, roundOf } from "../../src/brainstorm/session.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { atVotes, begun, drawnIdea, mia, person, pressed, putStage, recordOf, tom } from "./people.ts";

let azurite: Azurite;
let core: Core;
beforeAll(async () => {
  azurite = await startAzurite();
  core = await openCore(azurite.connectionString, "http://127.0.0.1:9");
});
afterAll(async () => {
  await core.stop();
  await azurite.stop();
});

const add = (session: string, words: string, press = {}) =>
  pressed(core, session, "add", { values: { words: [words] }, ...press });
const ideasOf = async (session: string) => roundOf(await recordOf(core, session)).ideas;

describe("an idea", () => {
  it("is asked for by a form, carries its author's name and is drawn from the topic and its words", async () => {
    const { id } = await begun(core);
    expect((await pressed(core, id, "add")).form?.fields).toMatchObject([{ id: "words", kind: "words" }]);
    const event = randomUUID();
    expect(await add(id, " a croissant moon ", { event })).toEqual({
      word: "Your idea is number 1. It will be drawn with the others.",
    });
    await add(id, "a croissant moon", { event });
    expect(await ideasOf(id)).toMatchObject([
      {
        number: 1,
        words: "a croissant moon",
        prompt: "a logo for our bakery: a croissant moon",
        by: [tom],
        state: "open",
      },
    ]);
  });

  it("that does not fit is answered to its author with all that is wrong", async () => {
    const { id } = await begun(core);
    const long = `a moon --ar 16:9 ${"very ".repeat(300)}long`;
    const { word, isRefused } = await add(id, long);
    expect(isRefused).toBe(true);
    for (const part of ["1,521 characters long; up to 1,000", "so --size 16:9 would change nothing"])
      expect(word).toContain(part);
    expect((await add(id, "  ")).word).toContain("There are no words to draw from");
    expect(await ideasOf(id)).toEqual([]);
  });

  it("takes a place as long as there is one: the last begins the drawing, none comes after it, also of many at once", async () => {
    const { id } = await begun(core, { options: { ideas: "3" } });
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => add(id, `idea ${index}`, { by: person(`P${index}`) })),
    );
    expect(answers.filter(({ isRefused }) => isRefused)).toHaveLength(2);
    expect(answers.filter(({ word }) => word?.includes("that was the last free place"))).toHaveLength(1);
    const tooLate = answers.find(({ isRefused }) => isRefused)?.word;
    expect(tooLate).toBe(
      "All 3 places are taken, so I am getting ready to draw. You can bring yours with “New ideas” after this round.",
    );
    const ideas = await ideasOf(id);
    expect(ideas.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(Date.parse(roundOf(await recordOf(core, id)).gatherUntil ?? "")).toBeLessThanOrEqual(Date.now());
  });

  it("is whoever's began it alone where others may not add", async () => {
    const { id } = await begun(core, { options: { others: "no" } });
    expect((await add(id, "a moon")).word).toContain("Mia brings the ideas here.");
    expect((await pressed(core, id, "add")).word).toContain("Mia brings the ideas here.");
    expect((await add(id, "a moon", { by: mia })).word).toContain("Your idea is number 1");
  });

  it("goes on with “Yes, and…”, and names both", async () => {
    const { id } = await begun(core);
    expect((await pressed(core, id, "yes-and", { by: mia })).word).toContain("Bring the first one");
    await add(id, "a croissant moon");
    const event = randomUUID();
    const values = { idea: ["1.1"], words: ["it glows"] };
    expect(await pressed(core, id, "yes-and", { by: mia, values, event })).toEqual({
      word: "Number 1 goes on with your words now, and names Tom and Mia.",
    });
    await pressed(core, id, "yes-and", { by: mia, values, event });
    const [idea] = await ideasOf(id);
    expect(idea).toMatchObject({
      words: "a croissant moon",
      clauses: [{ by: mia, words: "it glows" }],
      by: [tom, mia],
      prompt: "a logo for our bakery: a croissant moon, it glows",
    });
    const { form } = await pressed(core, id, "yes-and", { by: mia });
    expect(form?.fields).toMatchObject([{ id: "idea", chosen: ["1.1"] }, { id: "words" }]);
    const unpicked = await pressed(core, id, "yes-and", { values: { words: ["and wings"] } });
    expect(unpicked).toEqual({ isRefused: true, word: "Please pick whose idea you add to." });
    const nothing = await pressed(core, id, "yes-and", { values: {} });
    expect(nothing.word).toMatch(/^Please pick whose idea you add to\. .*no words to draw from/);
    const gone = await pressed(core, id, "yes-and", { values: { idea: ["1.7"], words: ["and wings"] } });
    expect(gone).toMatchObject({ isRefused: true, word: expect.stringContaining("not there any more") });
  });

  it("of an earlier round comes anew with “Yes, and…”, from its picture", async () => {
    const { id } = await atVotes(core);
    await putStage(core, id, { stage: "closed", closedAt: new Date().toISOString() });
    await pressed(core, id, "new", { by: mia });
    expect((await pressed(core, id, "add", { values: {} })).word).toContain("There are no words to draw from");
    await pressed(core, id, "yes-and", { by: mia, values: { idea: ["1.2"], words: ["at night"] } });
    expect(await ideasOf(id)).toMatchObject([
      {
        number: 1,
        words: "idea 2",
        clauses: [{ words: "at night" }],
        by: [tom, mia],
        from: [{ job: "session-job-2", place: 1 }],
      },
    ]);
  });
});

describe("an idea that was refused", () => {
  const refusal = { because: "violence", stage: "prompt" } as const;
  const refusedBoard = async (change = {}) => {
    const { id } = await begun(core);
    const ideas = [
      drawnIdea(1),
      { ...drawnIdea(2, "a fight", [tom]), state: "refused" as const, picture: undefined, refusal, ...change },
    ];
    await putStage(core, id, { stage: "drawing", ideas });
    return id;
  };

  it("is told to its author alone, with their words to change, and drawn once more in other words", async () => {
    const id = await refusedBoard();
    const { form } = await pressed(core, id, "reword");
    expect(form?.explanation).toContain(
      "The image service's safety filter stopped these words before anything was drawn.",
    );
    expect(form?.fields).toMatchObject([{ id: "idea" }, { id: "words", value: "a fight" }]);
    expect((await pressed(core, id, "reword", { by: mia })).word).toContain("None of your ideas needs other words");
    const values = { idea: ["2"], words: ["a dance"] };
    expect((await pressed(core, id, "reword", { by: mia, values })).word).toContain("That is an idea of Tom");
    expect((await pressed(core, id, "reword", { values })).word).toBe("I am drawing number 2 in your other words.");
    const idea = (await ideasOf(id))[1];
    expect(idea).toMatchObject({ words: "a dance", prompt: "a logo for our bakery: a dance", state: "open", tries: 2 });
    expect(idea).not.toHaveProperty("refusal");
  });

  it("is not drawn once more where something was drawn of it, nor for ever, so that it costs no more than was told", async () => {
    for (const change of [{ refusal: { ...refusal, stage: "picture" } }, { tries: 3 }]) {
      const id = await refusedBoard(change);
      const why = await pressed(core, id, "reword");
      expect(why.form).toBeUndefined();
      expect(why.word).toMatch(
        /^Number 2: (?:The image service|A picture was drawn).*It cannot be drawn again in this round/,
      );
      const { word } = await pressed(core, id, "reword", { values: { idea: ["2"], words: ["a dance"] } });
      expect(word).toContain("so that it costs no more than was said");
    }
  });
});

describe("who began it, or a moderator there", () => {
  it("draws now, closes the votes and ends it; nobody else does, and no moderator of another channel", async () => {
    const { id } = await begun(core);
    for (const does of ["draw", "code", "end", "new", "next", "finish", "combine", "run-off", "close"] as const)
      expect((await pressed(core, id, does)).word).toContain(
        "Only Mia, who began it, or a moderator of the channel where it began can do that.",
      );
    const moderator = person("Mod", { channel: "elsewhere" });
    expect((await pressed(core, id, "draw", { by: moderator, isModerator: true })).word).toContain(
      "Only people in a channel",
    );
    expect((await pressed(core, id, "draw", { by: tom, isModerator: true })).word).toBe("I begin to draw.");
    await putStage(core, id, { stage: "voting", ideas: [drawnIdea(1), drawnIdea(2)] });
    expect((await pressed(core, id, "close", { by: mia })).word).toContain("I am closing the votes.");
    expect(roundOf(await recordOf(core, id))).toMatchObject({ stage: "counting", closedBy: mia });
    expect((await pressed(core, id, "close", { by: mia })).word).toBe("No votes are under way.");
    await putStage(core, id, { stage: "closed" });
    expect((await pressed(core, id, "end", { by: mia })).form).toMatchObject({ fields: [] });
    expect((await pressed(core, id, "end", { by: mia, values: {} })).word).toContain("It is over now.");
    expect((await pressed(core, id, "add")).word).toContain("This brainstorm is over.");
  });

  it("goes on from a result by a form that says what it costs, and by an older board no more", async () => {
    const { id } = await atVotes(core, {}, 3);
    expect((await pressed(core, id, "next", { by: mia })).word).toContain("This round is still going on.");
    await putStage(core, id, { stage: "closed", result: { votes: { 2: 1 }, voters: 1, counted: {}, winners: [2] } });
    const { form } = await pressed(core, id, "next", { by: mia });
    expect(form).toMatchObject({ fields: [{ id: "ideas", chosen: ["2"], least: 1, most: 3 }] });
    expect(form?.explanation).toMatch(/^Up to 6 drafts, for at most \d+ cents in all\.$/);
    expect((await pressed(core, id, "finish", { by: mia })).form?.explanation).toMatch(
      /best quality\. One picture, for at most \d+ cents/,
    );
    const combine = { look: ["1"], composition: ["1"] };
    expect((await pressed(core, id, "combine", { by: mia, values: combine })).word).toBe(
      "Please pick two different ones.",
    );
    expect((await pressed(core, id, "next", { by: mia, values: { ideas: ["7"] } })).word).toContain(
      "There is no picture of that one",
    );
    expect((await pressed(core, id, "next", { by: mia, values: { ideas: ["2"] } })).word).toBe("Round 2 begins.");
    const round = roundOf(await recordOf(core, id));
    expect(round).toMatchObject({ number: 2, kind: "next", stage: "drawing", places: 6, begunBy: mia });
    expect(round.toldDollars).toBeGreaterThan(0);
    expect((await pressed(core, id, "new", { by: mia, round: 1 })).word).toContain("round 2 is under way");
  });

  it("begins no round for which there is no time left where the board can be shown for a quarter of an hour", async () => {
    const { id } = await atVotes(core);
    const soon = new Date(Date.now() + core.settings.times.brainstorm.draftsMilliseconds + 70_000).toISOString();
    await putStage(core, id, { stage: "closed", result: { votes: { 2: 1 }, voters: 1, counted: {}, winners: [2] } });
    const { boards } = await recordOf(core, id);
    const lasting = boards.map((board) => ({ ...board, lastsUntil: soon }));
    await changeSession(id, (session) => void (session.boards = lasting), core.azure);
    expect((await pressed(core, id, "new", { by: mia })).word).toContain("that is too short by now");
    expect((await pressed(core, id, "next", { by: mia })).form).toBeDefined();
  });
});

import { describe, expect, it } from "vitest";
import { composeBoard } from "../../src/brainstorm/compose-board.ts";
import { firstRound } from "../../src/brainstorm/rounds.ts";
import type { Result, Round, Session } from "../../src/brainstorm/session.ts";
import { readSettings } from "../../src/settings.ts";
import { spoken } from "../words/spoken.ts";
import { drawnIdea, mia, tom } from "./people.ts";

const settings = readSettings(
  {
    AZURE_OPENAI_ENDPOINT: "https://easel.openai.azure.com",
    AZURE_OPENAI_API_KEY: "key",
    IMAGE_MODELS: "gpt-image-2=pictures",
    AZURE_STORAGE_CONNECTION_STRING: "UseDevelopmentStorage=true",
    PUBLIC_URL: "https://easel.example.org",
  },
  [],
);
const place = { platform: "discord", workspace: "guild", channel: "bakery", address: { platform: "discord" }, by: mia };
const until = "2026-11-30T18:00:00.000Z";

function board(change: Partial<Round> = {}, session: Partial<Session> = {}, votes?: Result) {
  const options = { ideas: 6, minutes: 10, votes: 3, results: "hidden" as const, others: true, ...session.options };
  const first = firstRound(options, { by: mia, now: new Date(), toldDollars: 0.03 }, settings);
  const whole: Session = {
    version: 1,
    id: "0".repeat(32),
    write: "1",
    beganAt: until,
    begunBy: mia,
    topic: "a logo for our bakery",
    boards: [place],
    rounds: [{ ...first, ...change }],
    ...session,
    options,
  };
  return spoken(composeBoard(whole, whole.boards[0] ?? place, votes, settings));
}
const usual = { ideas: 6, minutes: 10, votes: 3, results: "hidden" as const, others: true };
const six = [1, 2, 3, 4, 5, 6].map((number) => drawnIdea(number));
const doings = ({ actions }: { actions: { does: string }[] }) => actions.map(({ does }) => does);

describe("whoever opens the channel an hour later sees from the board alone", () => {
  it("what it is, who began it and where, what it costs, how to bring an idea and until when", () => {
    const empty = board({ gatherUntil: "2999-01-01T00:00:00.000Z" });
    expect(empty).toMatchObject({
      title: "Brainstorm: a logo for our bakery",
      facts: [
        "Mia began this on Discord.",
        "Everybody has 3 votes. Who votes for what stays secret, and the result comes at the close.",
        "Up to 6 drafts cost at most 3 cents in all.",
      ],
      stage: "Ideas are welcome: there is room for 6.",
      until: { label: "Ideas until", at: "2999-01-01T00:00:00.000Z" },
      page: { url: `https://easel.example.org/boards/${"0".repeat(32)}` },
    });
    expect(empty.howTo).toContain("Add an idea of your own.");
    expect(doings(empty)).toEqual(["add", "draw", "code", "end"]);
    const later = { number: 2, kind: "new" as const, ideas: [] };
    const first = { ...firstRound(usual, { by: mia, now: new Date() }, settings), ideas: six };
    const again = board({}, { rounds: [first, { ...first, ...later, gatherUntil: "2999-01-01T00:00:00.000Z" }] });
    expect(again.howTo).toContain("say “Yes, and…” to a picture of an earlier round");
  });

  it("what each idea is and whose, shortened, and what has come of it so far", () => {
    const ideas = [
      { ...drawnIdea(1, "a croissant moon", [tom, mia]), clauses: [{ by: mia, words: "it glows" }] },
      { ...drawnIdea(2, "long ".repeat(100)), state: "waiting" as const },
      { ...drawnIdea(3, "a fight"), state: "refused" as const },
      { ...drawnIdea(4, "a logo as a linocut", []), lens: "linocut", job: "j", state: "failed" as const },
    ];
    const drawing = board({ stage: "drawing", ideas });
    expect(drawing.stage).toBe("I am drawing: 1 of 4 are here.");
    expect(drawing.ideas).toMatchObject([
      { number: 1, words: "a croissant moon · yes, and it glows", by: "Tom and Mia" },
      { state: "on its way" },
      { state: "needs other words" },
      { by: "Easel · Linocut", state: "did not come" },
    ]);
    expect(drawing.ideas[0]?.picture).toMatchObject({
      url: "https://easel.example.org/pictures/1.png",
      altText: "Idea 1 of 6: a croissant moon · yes, and it glows",
    });
    expect(drawing.ideas[1]?.words).toHaveLength(120);
    expect(drawing.notes).toEqual([
      "Number 3 needs other words. Whoever brought it sees why under “Other words”.",
      "Number 4 could not be drawn this time.",
    ]);
    expect(doings(drawing)).toEqual(["reword", "code"]);
    const stopped = { refusal: { because: "violence", stage: "picture" } as const };
    const late = ideas.map((idea) => (idea.state === "refused" ? { ...idea, ...stopped } : idea));
    for (const stage of ["drawing", "voting", "closed"] as const) {
      const shown = board({ stage, ideas: [...late, drawnIdea(5)] });
      expect([stage, doings(shown).includes("reword")]).toEqual([stage, true]);
      expect(shown.notes.join().includes("“Other words”")).toBe(stage !== "closed");
    }
    const ofEasel = board({ stage: "drawing", ideas: [{ ...drawnIdea(1, "a logo", []), state: "refused" }] });
    expect(ofEasel).toMatchObject({ ideas: [{ state: "did not come" }], notes: [], actions: [{ does: "code" }] });
  });

  it("what differs between ideas, and not the topic six times, in lines and in lists", () => {
    const from = [{ job: "discord-1", place: 1 }];
    const ideas = [
      drawnIdea(1, "A logo for our bakery, as a linocut print in two inks", []),
      drawnIdea(2, "a logo for our bakery: a loaf", [tom]),
      drawnIdea(3, "a croissant", [tom]),
      { ...drawnIdea(4, "a croissant", [tom]), from, lens: "clay", clauses: [{ by: mia, words: "it glows" }] },
      { ...drawnIdea(5, "a croissant", [tom]), from, lens: "moonlight" },
      { ...drawnIdea(6, "a logo for our bakery, as a linocut print", []), from, lens: "moonlight" },
      drawnIdea(7, "a logo for our bakeryhouse"),
    ];
    const said = [
      "… as a linocut print in two inks",
      "… a loaf",
      "a croissant",
      "Clay: a croissant · yes, and it glows",
      "Moonlight: a croissant",
      "Moonlight: … as a linocut print",
      "a logo for our bakeryhouse",
    ];
    const voting = board({ stage: "voting", votesUntil: until, ideas });
    expect(voting.ideas.map(({ words }) => words)).toEqual(said);
    expect(voting.vote?.choices.map(({ name }) => name)).toEqual(said.map((words, index) => `${index + 1}. ${words}`));
    expect(voting.ideas.slice(3).map(({ by }) => by)).toEqual(["Tom", "Tom", "Easel", "Tom"]);
    expect(voting.ideas[0]?.picture?.altText).toContain("A logo for our bakery, as a linocut print");
  });

  it("what differs where the topic was too long to stand whole before its lens", () => {
    const topic = `a sign for ${"a very old ".repeat(12)}bakery`;
    const cut = `${topic.slice(0, 80)}…, by moonlight`;
    const long = board(
      { stage: "voting", ideas: [drawnIdea(1, cut, []), drawnIdea(2, `${topic}. Show it as ice.`, [])] },
      { topic },
    );
    expect(long.ideas.map(({ words }) => words)).toEqual(["… by moonlight", "… Show it as ice."]);
  });

  it("how many have voted, and who is ahead only where the results are live", () => {
    const votes = { votes: { 1: 2, 2: 1 }, voters: 2, counted: {}, winners: [1] };
    const voting = { stage: "voting" as const, votesUntil: until, ideas: six };
    expect(board(voting).stage).toBe("Vote for what you like. Nobody has voted so far.");
    const hidden = board(voting, {}, votes);
    expect(hidden).toMatchObject({
      stage: "Vote for what you like: 2 people have voted so far.",
      until: { label: "Votes until", at: until },
      vote: { most: 3, choices: { length: 6 } },
    });
    expect(doings(hidden)).toEqual(["votes", "close", "code"]);
    expect(hidden.ideas.every((idea) => !idea.isWinner && idea.votes === undefined)).toBe(true);
    const two = board({ ...voting, ideas: six.slice(0, 2) }, {}, votes);
    expect([two.vote?.most, two.howTo]).toEqual([2, expect.stringContaining("Pick up to 2 numbers.")]);
    const runOff = board({ ...voting, kind: "run-off" }, {}, votes);
    expect([runOff.stage, runOff.vote?.most]).toEqual([
      "It was a tie, so vote once more, between these alone: 2 people have voted so far.",
      1,
    ]);
    const live = board(voting, { options: { ideas: 6, minutes: 10, votes: 3, results: "live", others: true } }, votes);
    expect(live.ideas.slice(0, 3)).toMatchObject([{ votes: "2 votes" }, { votes: "1 vote" }, { isWinner: false }]);
  });

  it("who won, at the close; a tie in words, with a way on", () => {
    const won = board({
      stage: "closed",
      ideas: six,
      spentDollars: 0.028,
      result: { votes: { 2: 5, 3: 1 }, voters: 7, counted: {}, winners: [2] },
    });
    expect(won.stage).toBe("Number 2, by Tom, has won, with 5 votes; 7 people voted.");
    expect(won.facts).toContain("This round came to about 3 cents.");
    expect(won.ideas.filter(({ isWinner }) => isWinner).map(({ number }) => number)).toEqual([2]);
    expect(doings(won)).toEqual(["next", "combine", "finish", "new", "end"]);
    const tie = board({
      stage: "closed",
      ideas: six,
      closedBy: mia,
      result: { votes: { 2: 5, 5: 5 }, voters: 7, counted: {}, winners: [2, 5] },
    });
    expect(tie.stage).toBe("2 and 5 have 5 votes each. Run it off, or go on from both. Mia has closed the votes.");
    expect(tie.ideas.some(({ isWinner }) => isWinner)).toBe(false);
    expect(doings(tie)[0]).toBe("run-off");
    const none = board({ stage: "closed", ideas: six, result: { votes: {}, voters: 0, counted: {}, winners: [] } });
    expect(none.stage).toBe("Nobody has voted, so there is no winner. You can go on from any of them.");
  });

  it("what was decided, with its picture, where a round was begun after it and ended with nothing", () => {
    const result = { votes: { 2: 5 }, voters: 5, counted: {}, winners: [2] };
    const options = { ideas: 6, minutes: 10, votes: 3, results: "hidden" as const, others: true };
    const first = firstRound(options, { by: mia, now: new Date() }, settings);
    const rounds: Round[] = [
      { ...first, stage: "closed", ideas: six, result },
      { ...first, number: 2, kind: "new", stage: "closed", ideas: [{ ...drawnIdea(2, "left out"), state: "failed" }] },
    ];
    const over = board({}, { rounds, endedAt: until });
    expect(over.stage).toBe("This brainstorm is over. It was decided for number 2, by Tom. That was in round 1.");
    expect(over.ideas.find(({ isWinner }) => isWinner)).toMatchObject({ number: 2, words: "idea 2", votes: "5 votes" });
    expect(over.notes).toEqual([]);
  });

  it("that it is over, what was decided and what it cost; that another board is there, or is gone", () => {
    const result = { votes: { 2: 5 }, voters: 5, counted: {}, winners: [2] };
    const over = board({ stage: "closed", ideas: six, spentDollars: 0.03, result }, { endedAt: until, endedBy: mia });
    expect(over.stage).toBe("This brainstorm is over. It was decided for number 2, by Tom. Mia has ended it.");
    expect(over).toMatchObject({ mood: "finished", actions: [] });
    expect(over.facts).toContain("All of it came to about 3 cents.");
    const teams = { ...place, platform: "teams", by: tom };
    expect(board({}, { boards: [place, teams] }).facts).toContain(
      "Tom brought it to Microsoft Teams as well; both boards show the same.",
    );
    const thread = { ...place, channel: "thread", by: mia };
    const facts = (...boards: (typeof place)[]) =>
      board({}, { boards }).facts.filter((fact) => fact.includes("brought"));
    expect(facts(place, thread)).toEqual(["Mia brought it to another channel as well; both boards show the same."]);
    expect(facts(place, thread, { ...thread, channel: "hall" })).toEqual([
      "Mia brought it to 2 other channels as well; all boards show the same.",
    ]);
    expect(facts(place, thread, teams)).toEqual([
      "Mia and Tom brought it to 2 other channels as well, on Discord and Microsoft Teams; all boards show the same.",
    ]);
    expect(board({}, { boards: [place, { ...teams, gone: "removed" }] }).notes).toEqual([
      "The board on Microsoft Teams can be shown there no more. It goes on here.",
    ]);
    expect(board({}, { boards: [{ ...place, lastsUntil: until }] }).facts.at(-1)).toContain("for a quarter of an hour");
  });
});

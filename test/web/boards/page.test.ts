import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { roundOf } from "../../../src/brainstorm/session.ts";
import type { Session } from "../../../src/brainstorm/session.ts";
import { castVote } from "../../../src/brainstorm/votes.ts";
import { startAzurite } from "../../fakes/azurite.ts";
import type { Azurite } from "../../fakes/azurite.ts";
import { ada, ben, idea, openBoardWorld, round, sessionOf, wholeSession } from "./board-world.ts";
import type { BoardWorld } from "./board-world.ts";

let azurite: Azurite;
let world: BoardWorld;
beforeAll(async () => {
  azurite = await startAzurite();
  world = await openBoardWorld(azurite.connectionString);
});
afterAll(async () => {
  await world?.stop();
  await azurite?.stop();
});

/** The page's text as it is read, in one line. */
async function read(change?: Partial<Session>): Promise<{ html: string; text: string }> {
  const { page } = await world.begin(change);
  const html = await (await fetch(page)).text();
  return { html, text: textIn(html) };
}

const textOf = async (page: string) => textIn(await (await fetch(page)).text());

function textIn(html: string): string {
  return html
    .replace(/^[\s\S]*<body>/, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
}

describe("the page of a brainstorm", () => {
  it("tells all of it: topic, people, rounds, words, authors, votes, lineage, decision, cost", async () => {
    const session = await wholeSession(world);
    const { html, text } = await read(session);
    for (const said of [
      "A sign for the bakery in the old harbour",
      "This brainstorm is over. It was decided for number 1, by Ada. Ada has ended it.",
      "The decision",
      "Ada (Discord) and Ben (Microsoft Teams)",
      "Discord and Microsoft Teams",
      "Round 1: first ideas Ada began. 4 people voted.",
      "Winner idea 2: a gull with a pretzel Ben 5 votes",
      "needs other words idea 5: a gull with a pretzel Ada",
      "did not come idea 6: a loaf that is a boat Easel · Linocut",
      "Round 2: variations of the winner Ben went on from the winners.",
      "from idea 2 of round 1",
      "Votes closed by Ada",
      "Round 3: in full quality Ada had it finished.",
      "from idea 1 of round 2",
      "Cost about 3 cents Cost as it was told about 5 cents Round 2",
      "Cost about 20 cents Cost as it was told about 25 cents",
      "3 votes each, secret until the close",
    ])
      expect(text).toContain(said);
    const pictures = session.rounds.flatMap(({ ideas }) => ideas.flatMap(({ picture }) => picture ?? []));
    for (const { name, preview } of pictures) {
      expect(html).toContain(`href="../pictures/${name}"`);
      const shown = await fetch(`${world.origin}/pictures/${preview}`);
      expect([shown.status, await shown.bytes().then(({ length }) => length > 1000)]).toEqual([200, true]);
    }
    expect(html).toContain('alt="Idea 2 of 6: idea 2: a gull with a pretzel"');
    for (const [, id] of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(`id="${id}"`);
  });

  it.each<[string, Partial<Session["rounds"][number]>, string]>([
    ["gathering", { ideas: [idea(1)] }, "Ideas are welcome: 1 of 6 are here."],
    ["nothing yet", {}, "Ideas are welcome: there is room for 6."],
    [
      "drawing",
      { stage: "drawing", ideas: [idea(1, { state: "refused" }), idea(2, { state: "waiting" })] },
      "I am drawing 2 drafts.",
    ],
    ["voting", { stage: "voting", votesUntil: "2026-11-30T09:30:00.000Z" }, "Votes until 2026-11-30 09:30 UTC"],
    ["counting", { stage: "counting" }, "The votes are in, and I am counting them."],
    [
      "level",
      {
        stage: "closed",
        ideas: [1, 2, 3].map((number) => idea(number, { state: "drawn" })),
        result: { votes: { 1: 4, 3: 4 }, voters: 5, counted: {}, winners: [1, 3] },
      },
      "1 and 3 have 4 votes each.",
    ],
    [
      "without pictures",
      { stage: "closed", result: { votes: {}, voters: 0, counted: {}, winners: [] } },
      "No picture came of this round.",
    ],
  ])("says what is going on: %s", async (_, change, said) => {
    expect((await read({ rounds: [round(1, change)] })).text).toContain(said);
  });

  it("shows what people wrote as it is, whatever it looks like", async () => {
    const nasty = `<script>alert(1)</script>"'&amp; 🎉`;
    const person = { ...ada, name: "</title><img src=x>" };
    const ideas = [await world.draw(1, { words: nasty, by: [person, person] })];
    const { html, text } = await read({ topic: nasty, begunBy: person, rounds: [round(1, { ideas })] });
    expect(html).not.toMatch(/<script>|<img src=x/);
    expect(text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;amp; 🎉");
  });

  it.each(["hidden", "live"] as const)(
    "says how many have voted, and what for where that is not secret: %s",
    async (results) => {
      const ideas = await Promise.all([1, 2].map((number) => world.draw(number)));
      const { options } = sessionOf();
      const { session, page } = await world.begin({
        options: { ...options, results },
        rounds: [round(1, { stage: "voting", ideas })],
      });
      for (const by of [ada, ben]) {
        const vote = { session: session.id, round: 1, by, says: { ideas: [2] }, most: 3, at: new Date().toISOString() };
        await castVote({ ...vote, event: by.user }, world.azure);
      }
      const text = await textOf(page);
      expect(text).toContain("2 people have voted so far.");
      expect(text.match(/\d votes?\b(?! each)/g)).toEqual(results === "live" ? ["0 votes", "2 votes"] : null);
    },
  );

  it("is for whoever has its address, is not kept, and loads nothing from elsewhere", async () => {
    const { page } = await world.begin();
    const response = await fetch(page);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-robots-tag": "noindex",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringMatching(
        /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/,
      ),
    });
    const html = await response.text();
    const own = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, link]) => new URL(link ?? "", page));
    expect(own.map(({ origin }) => origin).filter((origin) => origin !== world.origin)).toEqual([]);
    for (const file of own.filter(({ pathname }) => /page|pages/.test(pathname)))
      expect([file.pathname, (await fetch(file)).status]).toEqual([file.pathname, 200]);
    expect(html).not.toMatch(/<(form|button|input|textarea|select)\b|\son\w+=|<style|style=/);
  });

  it.each([
    "",
    `/${"0".repeat(32)}`,
    "/nonsense",
    `/${"A".repeat(32)}`,
    "/..%2f..%2fjobs",
    `/${randomBytes(16).toString("hex")}/events`,
  ])("where there is none is like every page that is not there: /boards%s", async (path) => {
    const response = await fetch(`${world.origin}/boards${path}`, { headers: { accept: "text/html" } });
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining("There is nothing here")]);
  });

  it("of a record of twenty rounds is still one page", async () => {
    const drawn = await world.draw(1);
    const ideas = Array.from({ length: 8 }, (_, index) => ({ ...drawn, number: index + 1, words: "w".repeat(4000) }));
    const rounds = Array.from({ length: 20 }, (_, index) => round(index + 1, { ideas, places: 8, stage: "closed" }));
    const { html } = await read({ rounds });
    expect(html.match(/<img\s/g)).toHaveLength(160);
    expect(roundOf({ ...(await world.begin()).session, rounds }).number).toBe(20);
  });
});

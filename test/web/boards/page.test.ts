import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { roundOf } from "../../../src/brainstorm/session.ts";
import type { Session } from "../../../src/brainstorm/session.ts";
import { startAzurite } from "../../fakes/azurite.ts";
import type { Azurite } from "../../fakes/azurite.ts";
import { ada, idea, openBoardWorld, round, wholeSession } from "./board-world.ts";
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
  const response = await fetch(page);
  expect(response.status).toBe(200);
  const html = await response.text();
  const text = html
    .replace(/^[\s\S]*<body>/, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
  return { html, text };
}

describe("the page of a brainstorm", () => {
  it("tells all of it: topic, people, rounds, words, authors, votes, lineage, decision, cost", async () => {
    const session = await wholeSession(world);
    const { html, text } = await read(session);
    for (const said of [
      "A sign for the bakery in the old harbour",
      "This brainstorm is over.",
      "The decision",
      "Ada (Discord) and Ben (Microsoft Teams)",
      "Discord and Microsoft Teams",
      "Round 1: the first ideas Ada began. 4 people voted.",
      "Winner idea 2: a gull with a pretzel by Ben ●●●●● 5 votes",
      "This idea needs other words.",
      "This one could not be drawn. idea 6: a loaf that is a boat suggested by Easel: Linocut",
      "Round 2: on from the winners Ben went on from the winners.",
      "from idea 2 of round 1",
      "Votes closed by Ada",
      "Round 3: finished in high quality Ada had the winner finished.",
      "from idea 1 of round 2",
      "Cost about 3 cents Cost as it was told about 5 cents Round 2",
      "Cost about 20 cents Cost as it was told about 25 cents",
      "3 votes each, secret until the close",
    ])
      expect(text).toContain(said);
    expect(text).not.toContain("idea 5:");
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
    ["gathering", { ideas: [idea(1)] }, "Ideas are coming in: 1 of 6 so far."],
    ["nothing yet", {}, "Ideas are welcome: there is room for 6."],
    [
      "drawing",
      { stage: "drawing", ideas: [idea(1, { state: "refused" }), idea(2, { state: "waiting" })] },
      "The ideas are being drawn: 1 of 2 are here.",
    ],
    ["voting", { stage: "voting", votesUntil: "2026-11-30T09:30:00.000Z" }, "Votes until 2026-11-30 09:30 UTC"],
    ["counting", { stage: "counting" }, "The votes are being counted."],
    [
      "level",
      { stage: "closed", result: { votes: { 1: 4, 3: 4 }, voters: 5, counted: {}, winners: [1, 3] } },
      "Ideas 1 and 3 are level, with 4 votes each.",
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

  it("keeps votes secret until the close", async () => {
    const ideas = await Promise.all([1, 2].map((number) => world.draw(number)));
    const session = { rounds: [round(1, { stage: "voting", ideas })] };
    expect((await read(session)).text).not.toMatch(/\d votes?\b(?! each)/);
  });

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

import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countVotes, forgetVotes, votesOf } from "../../src/brainstorm/votes.ts";
import { roundOf } from "../../src/brainstorm/session.ts";
import { personOf } from "../../src/request/request.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import { readRows } from "../../src/storage/table.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { atVotes, mia, person, pressed, putStage, recordOf, tom } from "./people.ts";

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

const at = (seconds: number) => new Date(Date.parse("2026-11-01T12:00:00Z") + seconds * 1000).toISOString();
const vote = (session: string, numbers: number[], press = {}) =>
  pressed(core, session, "vote", { values: { vote: numbers.map(String) }, ...press });
const toggle = (session: string, number: number, press = {}) =>
  pressed(core, session, "vote", { values: { toggle: [String(number)] }, ...press });
const countOf = async (session: string) => {
  const round = roundOf(await recordOf(core, session));
  return countVotes(session, round, core.azure);
};

describe("a vote", () => {
  it("is answered to its voter, counted, changed and withdrawn", async () => {
    const { id } = await atVotes(core);
    const { word } = await vote(id, [5, 2]);
    expect(word).toBe(
      "Your votes: 2 and 5. One more is left. You can change them until the close in about 10 minutes.",
    );
    expect((await countOf(id)).votes).toEqual({ 1: 0, 2: 1, 3: 0, 4: 0, 5: 1, 6: 0 });
    await vote(id, [1, 2, 3]);
    expect(await countOf(id)).toMatchObject({ votes: { 1: 1, 2: 1, 3: 1, 5: 0 }, voters: 1, winners: [1, 2, 3] });
    expect((await vote(id, [])).word).toContain("You have no vote in this round now");
    expect(await countOf(id)).toMatchObject({ voters: 0, winners: [] });
  });

  it("is the last by the time of its event, in whatever order they come", async () => {
    const { id } = await atVotes(core);
    await vote(id, [4], { at: at(20) });
    const { word } = await vote(id, [1], { at: at(10) });
    expect(word).toBe("Your later word counts: 4.");
    expect(await countOf(id)).toMatchObject({ votes: { 1: 0, 4: 1 }, voters: 1 });
  });

  it("beyond what each person has, or for what is no picture, changes nothing", async () => {
    const { id } = await atVotes(core, { options: { votes: "2" } });
    await vote(id, [1]);
    expect((await vote(id, [1, 2, 3])).word).toContain("You picked 3; everybody has up to 2 votes.");
    expect((await vote(id, [7])).word).toContain("There is no picture to vote for under 7.");
    await putStage(core, id, {
      ideas: roundOf(await recordOf(core, id)).ideas.map((idea) =>
        idea.number === 3 ? { ...idea, state: "refused" } : idea,
      ),
    });
    expect((await vote(id, [1, 3])).word).not.toContain("1 and 3");
    expect((await countOf(id)).votes).toEqual({ 1: 1, 2: 0, 4: 0, 5: 0, 6: 0 });
  });

  it("by taps is given and taken back one by one; two at once both count, and one event once", async () => {
    const { id } = await atVotes(core, { options: { votes: "2" } });
    const event = randomUUID();
    await Promise.all([toggle(id, 1, { event }), toggle(id, 4), toggle(id, 1, { event })]);
    expect(await countOf(id)).toMatchObject({ votes: { 1: 1, 4: 1 }, voters: 1 });
    expect(await toggle(id, 5)).toEqual({
      word: "All your votes are given: 1 and 4. Press one of them once more to take it back, then choose another.",
      isRefused: true,
    });
    await toggle(id, 4);
    await toggle(id, 5);
    expect(await votesOf({ session: id, round: 1, by: tom }, core.azure)).toEqual([1, 5]);
  });

  it("is one for each in a run-off, and moves where it is given next; no more are told than can be given", async () => {
    const { id } = await atVotes(core, {}, 2);
    expect((await toggle(id, 1)).word).toMatch(/^Your vote: 1\. One more is left\./);
    expect((await toggle(id, 2)).word).toMatch(/^Your votes: 1 and 2\. You can change them/);
    const runOff = await atVotes(core, {}, 2);
    await putStage(core, runOff.id, { kind: "run-off" });
    expect((await vote(runOff.id, [1, 2])).word).toContain("You picked 2; everybody has one vote.");
    expect((await toggle(runOff.id, 1)).word).toMatch(/^Your vote: 1\. You can change it/);
    expect((await toggle(runOff.id, 2)).word).toMatch(/^Your vote: 2\. You can change it/);
    expect((await toggle(runOff.id, 2)).word).toContain("You have no vote in this round now");
  });

  it("shows on the board a moment later, once for all of that moment: Teams takes away what a voter was told", async () => {
    const { id } = await atVotes(core);
    const rung = Promise.withResolvers<number>();
    let rings = 0;
    core.azure.bell.addEventListener("session", (event) => {
      if ((event as CustomEvent<string>).detail !== id) return;
      rings += 1;
      rung.resolve(performance.now());
    });
    await vote(id, [1]);
    const voted = performance.now();
    await vote(id, [2], { by: mia });
    expect(rings).toBe(0);
    // The clock of timers and that of performance differ by less than two milliseconds.
    expect((await rung.promise) - voted).toBeGreaterThan(core.settings.times.brainstorm.voteRingMilliseconds / 3);
    expect(rings).toBe(1);
  });

  it("is nobody's from a channel without a board, nor for a round that is over", async () => {
    const { id } = await atVotes(core);
    const elsewhere = [
      person("Eve", { channel: "other" }),
      person("Eve", { workspace: "other" }),
      person("Eve", { platform: "teams" }),
    ];
    for (const by of elsewhere)
      expect((await vote(id, [1], { by })).word).toContain("Only people in a channel with its board");
    expect((await vote(id, [1], { round: 2 })).word).toContain("It has gone on since");
    expect(await countOf(id)).toMatchObject({ voters: 0 });
  });
});

describe("at the close", () => {
  it("a vote that comes while they are counted waits for the result, and is told the truth", async () => {
    const { id } = await atVotes(core);
    await vote(id, [1]);
    await putStage(core, id, { stage: "counting" });
    const inTime = vote(id, [2], { by: mia });
    const late = vote(id, [3], { by: person("Late") });
    // The row of the one is read by whoever counts, that of the other is not.
    const rows = async () => (await readRows(`votes-${id}-1`, { count: 9 }, core.azure)).length;
    await expect.poll(rows, { timeout: 5000 }).toBe(3);
    const result = await countOf(id);
    const { [personOf(person("Late"))]: _missed, ...counted } = result.counted;
    await putStage(core, id, { stage: "closed", result: { ...result, counted } });
    expect((await inTime).word).toBe("Your vote: 2. That was just in time, and is counted.");
    expect(await late).toEqual({
      word: "The votes were closed just before yours came, so it is not counted.",
      isRefused: true,
    });
  });

  it("says of a count without an end that nobody knows yet", async () => {
    const { id } = await atVotes(core);
    await putStage(core, id, { stage: "counting" });
    expect((await vote(id, [1])).word).toContain("I cannot say yet whether yours came in time");
  });

  it("who voted for what is forgotten", async () => {
    const { id } = await atVotes(core);
    await vote(id, [1]);
    await vote(id, [1], { by: mia });
    await forgetVotes(id, 1, core.azure);
    expect(await readRows(`votes-${id}-1`, { count: 9 }, core.azure)).toEqual([]);
  });
});

it("counts two hundred people within ten seconds, by two replicas, each answered within three", async () => {
  const { id } = await atVotes(core);
  const replicas = [core, { ...core, azure: connectAzure(core.settings) }];
  const expected: Record<string, number> = { 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0 };
  const took: number[] = [];
  await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const numbers = [(index % 6) + 1, ((index * 5) % 6) + 1].filter(
        (number, place, all) => all.indexOf(number) === place,
      );
      for (const number of numbers) expected[number] = (expected[number] ?? 0) + 1;
      await pause(index * 45);
      const beganAt = performance.now();
      const replica = replicas[index % 2] ?? core;
      const { word } = await pressed(replica, id, "vote", {
        by: person(`Voter ${index}`),
        round: 1,
        values: { vote: numbers.map(String) },
      });
      took.push(performance.now() - beganAt);
      expect(word).toMatch(/^Your votes?: /);
    }),
  );
  expect(await countOf(id)).toMatchObject({ voters: 200, votes: expected });
  expect(took).toHaveLength(200);
  expect(Math.max(...took)).toBeLessThan(3000);
});

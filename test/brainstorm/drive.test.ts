import { deletePicture } from "../../src/ask/cancel-and-delete.ts";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { keptOf, readJob } from "../../src/jobs/job.ts";
import type { Asker } from "../../src/request/request.ts";
import { readRows } from "../../src/storage/table.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { startScriptedImages } from "../fakes/scripted-images.ts";
import type { ScriptedImages } from "../fakes/scripted-images.ts";
import { until } from "../src/core-world.ts";
import { spoken } from "../words/spoken.ts";
import { ada, openSessionWorld, shortTimes } from "./session-world.ts";
import type { SessionWorld } from "./session-world.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

let images: ScriptedImages;
let world: SessionWorld;
beforeEach(async () => {
  images = await startScriptedImages();
  const times = shortTimes();
  const brainstorm = { ...times.brainstorm, gatherMilliseconds: 60_000 };
  world = await openSessionWorld(azurite.connectionString, images.origin, { ...times, brainstorm });
});
afterEach(async () => {
  await world.stop();
  await images.stop();
});

const bo: Asker = { ...ada, user: "bo", name: "Bo" };

const vote = (id: string, by: Asker, ...numbers: number[]) =>
  world.press(id, "vote", { by, values: { vote: numbers.map(String) } });
const lastBoard = () => spoken(world.chat2.shown.at(-1)?.board);
const shows = (test: (board: NonNullable<ReturnType<typeof lastBoard>>) => boolean) =>
  until(() => {
    const board = lastBoard();
    return board && test(board) && board;
  });

it("goes from ideas to drafts, votes, a winner, a round of its variations, its finish and a recap", async () => {
  const { azure } = world.replica();
  const id = await world.begin({ ideas: "3" }, azure);
  expect(await world.press(id, "add", { by: bo, values: { words: ["a rolling pin with wings"] } })).toContain(
    "number 1",
  );
  await world.press(id, "draw");
  const voting = await world.at(id, "voting");
  expect(voting.ideas.map(({ state, by }) => [state, by.map(({ name }) => name)])).toEqual([
    ["drawn", ["Bo"]],
    ["drawn", []],
    ["drawn", []],
  ]);
  expect(images.calls).toHaveLength(3);
  for (const { parameters } of images.calls)
    expect(parameters).toMatchObject({ quality: "low", size: "1536x1024", n: 1 });
  for (const { parameters } of images.calls) expect(parameters).not.toHaveProperty("partial_images");
  const board = await shows(({ vote: select }) => select !== undefined);
  expect(board.ideas.map(({ picture }) => picture?.altText)).toEqual([
    expect.stringContaining("Idea 1 of 3"),
    expect.stringContaining("Idea 2 of 3"),
    expect.stringContaining("Idea 3 of 3"),
  ]);

  await vote(id, ada, 1, 2);
  await vote(id, bo, 1);
  await world.press(id, "close");
  const closed = await world.at(id, "closed");
  expect(closed.result).toMatchObject({ votes: { 1: 2, 2: 1, 3: 0 }, voters: 2, winners: [1] });
  await until(async () => !(await readRows(`votes-${id}-1`, { count: 9 }, azure)).length);

  await world.press(id, "next", { values: { ideas: ["1"] } });
  const next = await world.at(id, "voting", 2);
  expect(next.ideas.map(({ from }) => from)).toEqual(
    Array.from({ length: 3 }, () => [{ job: `session-${id}-1-1`, place: 1 }]),
  );
  expect(new Set(next.ideas.map(({ lens }) => lens)).size).toBe(3);
  expect(images.calls.slice(3).map(({ path }) => path.split("/").at(-1))).toEqual(["edits", "edits", "edits"]);
  await vote(id, ada, 2);
  await world.press(id, "close");
  await world.at(id, "closed", 2);

  await world.press(id, "finish", { values: { idea: ["2"] } });
  const finished = await world.at(id, "closed", 3);
  expect(images.calls).toHaveLength(7);
  expect(images.calls[6]?.parameters).toMatchObject({ quality: "high", prompt: next.ideas[1]?.prompt });
  expect(finished.result?.winners).toEqual([1]);
  const job = await readJob(`session-${id}-3-1`, azure);
  expect(job?.job.request.parent).toMatchObject({ job: `session-${id}-2-2`, place: 1, change: "finish" });
  expect(job && keptOf(job.job)).toHaveLength(1);

  await world.press(id, "end", { values: {} });
  const recap = await until(() => world.chat2.posted[0]);
  expect(recap.once.length).toBeLessThanOrEqual(25);
  expect(spoken(recap.reply)).toMatchObject({
    title: "What came of “a logo for a bakery”",
    // A variation says first how it looks at its idea.
    paragraphs: [expect.stringMatching(/^It is “[A-Z].*: a rolling pin with wings”, an idea of Bo\.$/)],
    pictures: [{ altText: expect.stringMatching(/^The winner: [A-Z].*: a rolling pin with wings$/) }],
  });
  await until(async () => !(await readRows("sessions", { count: 9 }, azure)).length);
  expect(world.chat2.posted).toHaveLength(1);
  expect((await world.session(id)).boards[0]).toMatchObject({
    address: { message: "1" },
    recapAt: { message: "recap" },
  });

  const ref = finished.ideas[0]?.picture?.ref ?? "";
  expect((await deletePicture({ ref, by: bo, isModerator: false }, azure)).deletes).not.toBe(true);
  expect(await deletePicture({ ref, by: ada, isModerator: false }, azure)).toMatchObject({ deletes: true });
  const change = await until(() => world.chat2.changed[0]);
  expect(change.address).toMatchObject({ message: "recap" });
  expect(spoken(change.reply)).toMatchObject({
    paragraphs: ["What was chosen has been deleted since."],
    pictures: [],
    facts: [{ value: "6 pictures in 2 rounds" }, {}, {}],
  });
  await until(async () => !(await readRows("sessions", { count: 9 }, azure)).length);
  expect([world.chat2.posted.length, world.chat2.changed.length]).toEqual([1, 1]);
  expect(lastBoard()?.ideas[0]).not.toHaveProperty("picture.name");
});

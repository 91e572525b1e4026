import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { keepReply, readTurn, takeOffReply, textOfTurn, wallReply } from "../../src/ask/wall.ts";
import { createJob, newJob } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { readWall, wallOf, wallOfPage, wallPageOf } from "../../src/jobs/wall.ts";
import type { Asker, ImageRequest } from "../../src/request/request.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import { putRow, readRows } from "../../src/storage/table.ts";
import { TIMES } from "../../src/times.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { spoken } from "../words/spoken.ts";

let azurite: Azurite;
let core: Core;
beforeAll(async () => {
  azurite = await startAzurite();
  // Nothing here waits for a clock, and forty at once take a busy machine their time.
  core = await openCore(azurite.connectionString, "https://example.org", {}, TIMES);
});
afterAll(() => azurite.stop());

let channel: string;
beforeEach(() => {
  channel = randomUUID();
});
const person = (name: string, change: Partial<Asker> = {}): Asker => ({
  platform: "test",
  workspace: "w",
  channel,
  user: name,
  name,
  ...change,
});

/** A job whose pictures are kept, and no more: what is on a wall is known by its record. */
async function hang(prompt: string, change: Partial<ImageRequest> = {}, at = new Date()): Promise<Job> {
  const request = { ...core.request(), prompt, askedBy: person("Ada"), ...change };
  const order = { model: "gpt-image-2", deployment: "d", prompt, size: "1024x1024", quality: "low", count: 1 } as const;
  const job = newJob(request, order, 0, at);
  const kept = { name: `${job.pictures[0]?.id}.png`, mediaType: "image/png", width: 8, height: 8, bytes: 1 };
  Object.assign(job.pictures[0] ?? {}, { state: "kept", kept });
  await createJob(job, core.azure);
  return job;
}

const press = (job: Job, by: Asker, { id = `e-${randomUUID()}`, isModerator = false } = {}) => ({
  ref: `${job.id}.1`,
  by,
  id,
  isModerator,
});
const keep = async (...asked: Parameters<typeof press>) => spoken(await keepReply(press(...asked), core.azure));
const everything = () => true;
const newest = { order: "newest", page: 0, size: 9, maySee: everything } as const;
const onWall = async (asked: Partial<Parameters<typeof readWall>[1]> = {}) =>
  (await readWall(wallOf(person("Ada")), { ...newest, ...asked }, core.azure)).members.map(
    ({ job, keepers }) => `${job.request.prompt}: ${keepers.map(({ name }) => name).join()}`,
  );

describe("what a press means", () => {
  it("keeps and lets go in turns, and the same event again changes nothing", async () => {
    const job = await hang("a castle");
    const [bo, event] = [person("Bo"), randomUUID()];
    for (let copy = 0; copy < 3; copy += 1) {
      expect((await keep(job, bo, { id: event })).paragraphs[0]).toContain("on this channel’s wall now");
      expect(await onWall()).toEqual(["a castle: Bo"]);
    }
    const again = randomUUID();
    for (let copy = 0; copy < 3; copy += 1) {
      expect((await keep(job, bo, { id: again })).paragraphs).toEqual(["It is off the wall."]);
      expect(await onWall()).toEqual([]);
    }
  });

  it("is counted for each of forty who press at once, through two processes", async () => {
    const job = await hang("a ship");
    const other = connectAzure(core.settings);
    const people = Array.from({ length: 40 }, (_, index) => person(`P${index}`));
    await Promise.all(people.map((by, index) => keepReply(press(job, by), index % 2 ? other : core.azure)));
    const { members } = await readWall(wallOf(person("Ada")), newest, core.azure);
    expect(members[0]?.keepers.map(({ name }) => name).sort()).toEqual(people.map(({ name }) => name).sort());
  });

  it("is refused kindly for what is private, for another channel's, and for what is gone", async () => {
    const [hidden, elsewhere] = [
      await hang("mine", { private: true }),
      await hang("far", { askedBy: person("Ada", { channel: "x" }) }),
    ];
    expect((await keep(hidden, person("Ada"))).paragraphs[0]).toContain("for you alone");
    expect((await keep(elsewhere, person("Ada"))).paragraphs[0]).toContain("from another channel");
    for (const job of [hidden, elsewhere])
      expect((await keep(job, person("Bo"))).paragraphs[0]).toMatch(/another chat|stays with|alone|not/i);
    expect((await keep({ ...hidden, id: "never-was" }, person("Bo"))).paragraphs).toHaveLength(1);
    expect(await onWall()).toEqual([]);
  });

  it("takes it off for all by its asker or a moderator, whoever keeps it, and by nobody else", async () => {
    const job = await hang("a fort");
    await keep(job, person("Bo"));
    const asked = await keep(job, person("Ada"));
    expect(asked.actions).toMatchObject([{ do: "off", ref: `${job.id}.1` }]);
    expect((await keep(job, person("Cy"))).actions).toEqual([]);
    const off = async (by: Asker, isModerator = false) =>
      spoken(await takeOffReply(press(job, by, { isModerator }), core.azure)).paragraphs[0];
    expect(await off(person("Cy"))).toContain("Only the person who asked for it, or a moderator");
    expect(await onWall()).toEqual(["a fort: Bo,Ada,Cy"]);
    expect(await off(person("Di"), true)).toBe("It is off the wall.");
    expect(await off(person("Ada"))).toBe("It was off the wall already.");
    expect(await onWall()).toEqual([]);
  });
});

describe("what is lost on the way", () => {
  it.each(["first", "later"])("changes nothing: the answer to the %s write that keeps a picture", async (which) => {
    const job = await hang("a lost answer");
    const [bo, cy] = [person("Bo"), person("Cy")];
    const others = which === "first" ? [] : [cy];
    for (const by of others) await keep(job, by);
    // Kept, and let go: the row is there.
    for (const by of which === "first" ? [] : [bo, bo]) await keep(job, by);
    const proxy = await startStorageProxy(azurite);
    const beside = connectAzure({ ...core.settings, storage: { connectionString: proxy.connectionString } });
    const fault = proxy.fail(
      { method: which === "first" ? "POST" : "PUT", path: /PartitionKey|easel|t[0-9a-f-]+/ },
      { cut: "after" },
    );
    const told = spoken(await keepReply(press(job, bo), beside)).paragraphs[0];
    expect(fault.met).toHaveLength(1);
    await proxy.stop();
    expect(told).toMatch(which === "first" ? /on this channel’s wall now/ : /beside Cy/);
    expect(await onWall()).toEqual([`a lost answer: ${[...others, bo].map(({ name }) => name).join()}`]);
  });

  it.each([1, 2])("leaves one page for a wall: the answer to write %i that makes it", async (from) => {
    const wall = wallOf(person("Ada"));
    const proxy = await startStorageProxy(azurite);
    const beside = connectAzure({ ...core.settings, storage: { connectionString: proxy.connectionString } });
    const fault = proxy.fail({ method: from === 1 ? "PUT" : "POST" }, { cut: "after" });
    const page = await wallPageOf(wall, beside);
    expect(fault.met).toHaveLength(1);
    await proxy.stop();
    expect(await wallPageOf(wall, core.azure)).toBe(page);
    expect(await wallOfPage(page, core.azure)).toBe(wall);
  });
});

describe("the wall", () => {
  it("has pages, the newest or the most kept first, and skips what is deleted, which leaves it", async () => {
    const jobs: Job[] = [];
    for (let index = 0; index < 12; index += 1)
      jobs.push(await hang(`picture ${index}`, {}, new Date(Date.now() + index * 1000)));
    for (const job of jobs) await keep(job, person("Bo"));
    for (const name of ["Cy", "Di"]) await keep(jobs[3] ?? expect.fail(), person(name));
    expect((await onWall())[0]).toBe("picture 11: Bo");
    expect(await onWall({ page: 1 })).toEqual(["picture 2: Bo", "picture 1: Bo", "picture 0: Bo"]);
    expect((await onWall({ order: "most" })).slice(0, 2)).toEqual(["picture 3: Bo,Cy,Di", "picture 11: Bo"]);
    const reply = async (order: "newest" | "most", page: number) =>
      spoken(await wallReply(person("Cy"), { order, page }, core.settings, core.azure));
    const first = await reply("newest", 0);
    expect(first.actions.map((action) => action.label)).toEqual([
      "Go on from",
      "Older",
      "Most kept first",
      "Open the wall’s page",
    ]);
    expect((await reply("most", 1)).paragraphs).toHaveLength(3);
    expect((await reply("newest", 7)).paragraphs).toEqual(["There is nothing more on the wall."]);
    for (const job of jobs.slice(3)) {
      await core.azure.container.getBlockBlobClient(`jobs/${job.id}.json`).deleteIfExists();
    }
    expect((await reply("newest", 0)).paragraphs).toHaveLength(3);
    expect(await readRows(wallOf(person("Ada")), { count: 50 }, core.azure)).toHaveLength(3);
  });

  it("is each channel's, workspace's and platform's own", () => {
    const walls = [{}, { channel: "x" }, { workspace: "x" }, { workspace: undefined }, { platform: "x" }];
    expect(new Set(walls.map((change) => wallOf(person("Ada", change)))).size).toBe(walls.length);
  });

  it("does not break on a row that is no row of ours", async () => {
    await keep(await hang("a whole one"), person("Bo"));
    const partition = wallOf(person("Ada"));
    await putRow({ partition, name: "0~x", values: { ref: "x", name: 7 } }, core.azure);
    await putRow({ partition, name: "1", values: {} }, core.azure);
    expect(await onWall()).toEqual(["a whole one: Bo"]);
  });

  it("has one page, whoever asks for it at once, and another id is nobody's", async () => {
    const wall = wallOf(person("Ada"));
    const pages = await Promise.all(Array.from({ length: 12 }, () => wallPageOf(wall, connectAzure(core.settings))));
    expect(new Set(pages).size).toBe(1);
    const [page = ""] = pages;
    expect(await wallOfPage(page, core.azure)).toBe(wall);
    const made = await readRows("wall-pages", { count: 1000 }, core.azure);
    for (const { name } of made.filter(({ values }) => values.wall === wall && values.page !== page))
      expect(await wallOfPage(name, core.azure)).toBe(name === page ? wall : undefined);
    expect(await wallOfPage("0".repeat(32), core.azure)).toBeUndefined();
  });

  it.each(["", "newest", "most.x", "oldest.-3", "newest.-1", "most.1e9"])(
    "“%s” in a button is a page all the same",
    (text) => {
      const turn = readTurn(text);
      expect(turn.page).toBeGreaterThanOrEqual(0);
      expect(readTurn(textOfTurn(turn))).toEqual(turn);
    },
  );
});

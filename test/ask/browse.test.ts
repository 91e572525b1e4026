import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import sharp from "sharp";
import { acceptRequest } from "../../src/ask/accept.ts";
import { bringPicture } from "../../src/storage/input-blobs.ts";
import { familyReply, historyReply, pickedReply, refInHistory } from "../../src/ask/browse.ts";
import { sweepSheets } from "../../src/work/sweep.ts";
import { requestOfPress } from "../../src/ask/go-on.ts";
import { readJob } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { listPictures } from "../../src/jobs/history.ts";
import { readNewest } from "../../src/jobs/picture-lists.ts";
import { putRows } from "../../src/storage/table.ts";
import { readPicture } from "../../src/storage/picture-blobs.ts";
import { personOf, textOfRef } from "../../src/request/request.ts";
import type { ImageRequest } from "../../src/request/request.ts";
import { deletePicture } from "../../src/ask/cancel-and-delete.ts";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi } from "../../local/images-api/images-api.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { announceAtOnce, openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { spoken } from "../words/spoken.ts";
import { waiting } from "../../src/words/sentences.ts";
import type { ChatReply, SpokenReply } from "../../src/replies/reply.ts";

let azurite: Azurite;
let images: ImagesApi;
beforeAll(async () => {
  [azurite, images] = await Promise.all([startAzurite(), startImagesApi({ plainly: true, latency: 0 })]);
});
afterAll(() => Promise.all([azurite.stop(), images.stop()]));

let core: Core;
beforeEach(async () => {
  core = await openCore(azurite.connectionString, images.url);
  core.work();
});
afterEach(() => core.stop());

const ada = { platform: "test", channel: "1", user: "2", name: "Ada" };
const bob = { platform: "test", channel: "1", user: "3", name: "Bob" };

async function ask(change: Partial<ImageRequest> = {}): Promise<Job> {
  const request = { ...core.request({ quality: "low" }), ...change };
  const accepted = await acceptRequest(request, core.settings, core.azure);
  if (accepted.outcome !== "accepted") throw new Error("not accepted");
  await announceAtOnce(accepted, core);
  return (await core.told(request.id)).job;
}

async function goOn(change: "again" | "like" | "finish", from: Job, by = ada): Promise<Job> {
  const id = `test-${randomUUID()}`;
  const press = { ref: `${from.id}.1`, by, change, id, address: { platform: "test", job: id } };
  const read = await requestOfPress(press, core.settings, core.azure);
  if ("sorry" in read) throw new Error(spoken(read.sorry));
  return ask(read.request);
}

const choices = (reply: Pick<ChatReply | SpokenReply, "actions">) =>
  reply.actions.flatMap((action) => (action.do === "pick" ? action.choices.map(({ ref }) => ref) : []));
const pages = (reply: Awaited<ReturnType<typeof historyReply>>) =>
  reply.actions.flatMap((action) => (action.do === "page" ? [action.page] : []));

async function blobs(prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of core.azure.container.listBlobsFlat({ prefix })) names.push(name);
  return names;
}

describe("the family of a picture", () => {
  it("is what it came from and what came of it, with numbers, and goes on from each", async () => {
    const first = await ask({ prompt: "first" });
    const second = await goOn("like", first);
    const [third, fourth] = [await goOn("finish", second), await goOn("again", second, bob)];
    const reply = await familyReply({ ref: `${second.id}.1`, by: bob }, core.settings, core.azure);
    expect(choices(reply)).toEqual([first, second, fourth, third].map(({ id }) => `${id}.1`));
    const lines = spoken(reply.paragraphs).slice(1);
    expect(lines[0]).toBe("1. first");
    expect(lines[1]).toContain("more like this");
    expect(lines.at(-1)).toContain("in high quality");
    const sheet = await readPicture(reply.pictures[0]?.name ?? "", core.azure);
    expect(await sharp(sheet).metadata()).toMatchObject({ format: "jpeg" });
    expect(reply.forAskerOnly).toBe(true);
    const picked = await pickedReply({ ref: choices(reply)[0] ?? "", by: bob }, core.settings, core.azure);
    expect(picked.pictures[0]).toMatchObject({ ref: `${first.id}.1`, words: { own: "first" } });
    expect(picked.pictures[0]?.actions).toContain("again");
  });

  it("shows nobody what was made of it in another chat, or in private", async () => {
    const first = await ask({ prompt: "first" });
    const parent = { job: first.id, place: 1, change: "again" } as const;
    const elsewhere = await ask({ prompt: "in another chat", parent, askedBy: { ...ada, channel: "9" } });
    const hidden = await ask({ prompt: "in private", parent, private: true });
    const shown = async (by: typeof ada) =>
      choices(await familyReply({ ref: `${first.id}.1`, by }, core.settings, core.azure));
    expect(await shown(bob)).toEqual([`${first.id}.1`]);
    expect(await shown(ada)).toEqual([first, hidden, elsewhere].map(({ id }) => `${id}.1`));
    // Nor what it came from.
    const back = await ask({ prompt: "back here", parent: { job: hidden.id, place: 1, change: "again" } });
    const reply = await familyReply({ ref: `${back.id}.1`, by: bob }, core.settings, core.azure);
    expect(JSON.stringify(reply)).not.toContain("in private");
  });

  it("of a picture without relatives is itself alone", async () => {
    const only = await ask();
    const reply = await familyReply({ ref: `${only.id}.1`, by: ada }, core.settings, core.azure);
    expect(choices(reply)).toEqual([`${only.id}.1`]);
    expect(spoken(reply.paragraphs)[0]).toContain("no relatives yet");
  });
});

describe("a person's history", () => {
  it("is empty at first, and shows nobody else's", async () => {
    await ask({ askedBy: bob });
    const reply = await historyReply(ada, { page: 0 }, core.settings, core.azure);
    expect(spoken(reply.paragraphs).join()).toContain("no pictures yet");
  });

  it("shows every picture, the newest first, page by page", async () => {
    const jobs: Job[] = [];
    for (let number = 0; number < 6; number += 1) jobs.push(await ask({ options: { quality: "low", count: "2" } }));
    const all = jobs.toReversed().flatMap(({ id }) => [`${id}.2`, `${id}.1`]);
    const first = await historyReply(ada, { page: 0 }, core.settings, core.azure);
    expect([choices(first), pages(first)]).toEqual([all.slice(0, 9), [1]]);
    const second = await historyReply(ada, { page: 1 }, core.settings, core.azure);
    expect([choices(second), pages(second)]).toEqual([all.slice(9), [0]]);
    expect(spoken(second.paragraphs)[0]).toMatch(/^10\. /);
    expect(spoken(await historyReply(ada, { page: 2 }, core.settings, core.azure)).paragraphs.join()).toContain(
      "nothing older",
    );
  });
});

describe("a number in the history", () => {
  it("stays with its picture, whatever was deleted and however often it was listed", async () => {
    const prompt = `${"x".repeat(58)}🦊 in the snow`;
    const jobs: Job[] = [];
    for (let count = 0; count < 3; count += 1)
      jobs.push(await ask({ prompt, options: { quality: "low", count: "4" } }));
    const listed = jobs.toReversed().flatMap(({ id }) => [4, 3, 2, 1].map((place) => `${id}.${place}`));
    for (const ref of listed.slice(0, 9)) await deletePicture({ ref, by: ada, isModerator: false }, core.azure);
    await until(
      async () => (await blobs("pictures/")).filter((name) => name.endsWith("-preview.jpg")).length === 3,
      60,
    );
    const find = (number?: number) => refInHistory(ada, number, core.azure);
    const reply = await historyReply(ada, { page: 0 }, core.settings, core.azure);
    expect(choices(reply)).toEqual(listed.slice(9));
    expect(spoken(reply.paragraphs).map((line) => line.slice(0, 3))).toEqual(["10.", "11.", "12."]);
    const [first] = reply.actions.flatMap((action) => (action.do === "pick" ? action.choices : []));
    expect(spoken(first?.name)).toBe(`10. ${"x".repeat(58)}…`);
    expect(await find(11)).toEqual({ ref: listed[10] });
    expect(await find()).toEqual({ ref: listed[9] });
    expect(spoken(await find(3))).toMatchObject({ sorry: expect.stringContaining("was deleted") as string });
    for (const none of [0, 13])
      expect(spoken(await find(none))).toMatchObject({ sorry: expect.stringContaining(`${none}`) as string });
    // Listed again, since the answer to that was lost: the rows and the numbers still agree.
    for (const { id } of jobs) await listPictures((await readJob(id, core.azure))?.job ?? expect.fail(), core.azure);
    const twice = spoken(await historyReply(ada, { page: 0 }, core.settings, core.azure));
    for (const line of twice.paragraphs) {
      const number = Number.parseInt(line, 10);
      const at = twice.paragraphs.indexOf(line);
      expect(await find(number)).toEqual({ ref: choices(twice)[at] });
    }
  });
});

it("keeps a sheet for a month after it was looked at last", async () => {
  await ask();
  const look = async () => (await historyReply(ada, { page: 0 }, core.settings, core.azure)).pictures[0]?.name ?? "";
  const sheet = await look();
  const inDays = (days: number) => Date.now() + days * 86_400_000;
  await sweepSheets(core.azure, inDays(29));
  expect(await readPicture(sheet, core.azure)).toBeDefined();
  await sweepSheets(core.azure, inDays(31));
  expect([await readPicture(sheet, core.azure), await blobs("sheets/")]).toEqual([undefined, []]);
  expect([await look(), await readPicture(sheet, core.azure)]).toEqual([sheet, expect.any(Buffer)]);
});

describe("a list", () => {
  const entry = (number: number) => `job-${number}.1`;

  it("of before December 2026 is moved when it is read, in its order, behind what is newer", async () => {
    // Entries of 128 characters in append blobs, the oldest first, one of them twice.
    const person = personOf(ada);
    const old = [0, 1, 2, 2, 3].map((number) => `${entry(number).padEnd(127)}\n`).join("");
    for (const [part, text] of [old, `${entry(4).padEnd(127)}\n`].entries()) {
      const blob = core.azure.container.getAppendBlobClient(`lists/history/${person}/${part}`);
      await blob.create();
      await blob.appendBlock(text, text.length);
    }
    const newer = await ask();
    for (const times of [1, 2]) {
      const { entries } = await readNewest(`history-${person}`, { skip: 0, count: 9 }, core.azure);
      expect([times, ...entries.map(textOfRef)]).toEqual([times, `${newer.id}.1`, ...[4, 3, 2, 1, 0].map(entry)]);
    }
    expect(await blobs("lists/")).toEqual([]);
  });

  it("gives any page of more rows than Azure gives at once, with whether there is more", async () => {
    const partition = `history-${randomUUID()}` as const;
    const rows = Array.from({ length: 1500 }, (_, index) => ({
      partition,
      name: String(index).padStart(5, "0"),
      values: { ref: entry(index) },
    }));
    await putRows(rows, core.azure);
    const read = async (skip: number, count: number) => {
      const { entries, hasMore } = await readNewest(partition, { skip, count }, core.azure);
      return [...entries.map(textOfRef), hasMore];
    };
    expect(await read(0, 2)).toEqual([entry(0), entry(1), true]);
    expect(await read(999, 2)).toEqual([entry(999), entry(1000), true]);
    expect(await read(1498, 9)).toEqual([entry(1498), entry(1499), false]);
    expect(await read(1500, 9)).toEqual([false]);
  });
});

describe("deleting", () => {
  it("takes the picture, what was made beside it and every sheet with it out of storage, and out of its message", async () => {
    const job = await ask({ options: { quality: "low", count: "2" } });
    const child = await goOn("again", job);
    const { pictures } = await familyReply({ ref: `${job.id}.1`, by: ada }, core.settings, core.azure);
    const [gone, stays] = job.pictures;
    expect(await readPicture(pictures[0]?.name ?? "", core.azure)).toBeDefined();
    const said = await deletePicture({ ref: `${job.id}.1`, by: ada, isModerator: false }, core.azure);
    expect(said).toEqual({ said: waiting.deleting, deletes: true });
    const told = await until(() =>
      core.chat.findLast(
        ({ job: id, reply }) => id === job.id && reply.role === "answer" && reply.pictures.length === 1,
      ),
    );
    expect(told.reply.paragraphs).toEqual(["One picture was deleted."]);
    await until(async () => (await readJob(job.id, core.azure))?.job.pictures[0]?.state === "deleted");
    expect(await blobs(`pictures/${gone?.id}`)).toEqual([]);
    expect(await blobs(`pictures/${stays?.id}`)).toHaveLength(2);
    expect(await readPicture(pictures[0]?.name ?? "", core.azure)).toBeUndefined();
    // Nothing goes on from it any more; what came of it stays, and the history forgets it.
    const again = await requestOfPress(
      { ref: `${job.id}.1`, by: bob, change: "again", id: "test-x", address: { platform: "test" } },
      core.settings,
      core.azure,
    );
    expect(spoken(again)).toMatchObject({ sorry: expect.stringContaining("was deleted") as string });
    expect(choices(await historyReply(ada, { page: 0 }, core.settings, core.azure))).toEqual([
      `${child.id}.1`,
      `${job.id}.2`,
    ]);
    await deletePicture({ ref: `${job.id}.2`, by: ada, isModerator: false }, core.azure);
    const last = await until(() =>
      core.chat.findLast(({ job: id, reply }) => id === job.id && !reply.pictures.length && reply.mood === "declined"),
    );
    expect(last.reply.paragraphs).toEqual(["Ada has deleted this picture."]);
    expect(last.reply.actions).toEqual([]);
  });

  it("is for the asker, and for moderators of the place", async () => {
    const job = await ask();
    const by = (isModerator: boolean, channel = "1") =>
      deletePicture({ ref: `${job.id}.1`, by: { ...bob, channel }, isModerator }, core.azure);
    expect(spoken(await by(false)).said).toContain("Only the person who asked");
    expect(spoken(await by(true, "elsewhere")).said).toContain("Only the person who asked");
    expect(spoken(await by(true)).said).toContain("deleting");
    await until(() => core.chat.some(({ reply }) => reply.paragraphs.includes("Bob has deleted this picture.")));
    expect(spoken(await by(true)).said).toContain("deleted already");
  });

  it("ten times at once is once, and is made up for after a crash", async () => {
    const job = await ask();
    await core.stop();
    const press = () => deletePicture({ ref: `${job.id}.1`, by: ada, isModerator: false }, core.azure);
    await Promise.all(Array.from({ length: 10 }, press));
    expect(await blobs(`pictures/${job.pictures[0]?.id}`)).toHaveLength(2);
    // Nobody has heard the bell: the ticket brings it up.
    core.work();
    await until(async () => (await blobs(`pictures/${job.pictures[0]?.id}`)).length === 0);
    await until(() => core.chat.some(({ reply }) => reply.paragraphs.includes("Ada has deleted this picture.")));
  });

  it("deletes what somebody brought with the last picture made of it", async () => {
    const bytes = await sharp({ create: { width: 64, height: 64, channels: 3, background: "#888" } })
      .png()
      .toBuffer();
    const brought = await bringPicture(bytes, core.azure);
    if ("fault" in brought) throw new Error(brought.fault.fault);
    const edited = await ask({ sources: [{ from: "input", name: brought.name }] });
    expect(await blobs(`inputs/${edited.id}`)).toHaveLength(1);
    await deletePicture({ ref: `${edited.id}.1`, by: ada, isModerator: false }, core.azure);
    await until(async () => (await blobs(`inputs/${edited.id}`)).length === 0);
  });
});

import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import sharp from "sharp";
import { acceptRequest } from "../../src/ask/accept.ts";
import { cancelJob, deletePicture } from "../../src/ask/cancel-and-delete.ts";
import { requestOfPress } from "../../src/ask/go-on.ts";
import { shareDurations, usualSeconds } from "../../src/jobs/durations.ts";
import { isExpired, keepCells, openDraft, readDraft } from "../../src/jobs/drafts.ts";
import { readFamily, readHistory } from "../../src/jobs/history.ts";
import { changeJob, readJob } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { changeAddress, findInLine, readAddress } from "../../src/jobs/line.ts";
import { JobLost } from "../../src/jobs/own-record.ts";
import { returnStrandedJobs } from "../../src/jobs/stranded-jobs.ts";
import { takeOver } from "../../src/jobs/take-over.ts";
import { putTicket, takeTickets } from "../../src/jobs/tickets.ts";
import { checkRequest } from "../../src/request/check.ts";
import { personOf, textOfRef } from "../../src/request/request.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import { readPicture } from "../../src/storage/picture-blobs.ts";
import { openSweep } from "../../src/work/sweep.ts";
import { lineLength } from "../fakes/line-length.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { drawn, startScriptedImages } from "../fakes/scripted-images.ts";
import type { ScriptedImages } from "../fakes/scripted-images.ts";
import { announceAtOnce, openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { spoken } from "../words/spoken.ts";

let azurite: Azurite;
let images: ScriptedImages;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

let core: Core;
beforeEach(async () => {
  images = await startScriptedImages();
  core = await openCore(azurite.connectionString, images.origin);
});
afterEach(async () => {
  await core.stop();
  await images.stop();
});

const ada = { platform: "test", channel: "1", user: "2", name: "Ada" };

/** As commit 4091208, the last of the version before, wrote them. */
function recordOfBefore(id: string, change: object) {
  const address = { platform: "test", job: id };
  return {
    version: 1,
    id,
    mark: "806513e2dd663830",
    acceptedAt: "2026-11-29T20:11:47.186Z",
    turn: 2,
    request: {
      id,
      prompt: "a lighthouse",
      options: { quality: "low" },
      unknownOptions: [],
      private: false,
      askedBy: ada,
      address,
    },
    order: {
      model: "gpt-image-2",
      deployment: "pictures",
      prompt: "a lighthouse",
      size: "1024x1024",
      quality: "low",
      count: 1,
    },
    address,
    pictures: [waitingPicture],
    ...change,
  };
}

const waitingPicture = {
  id: "0da78312db4e4a3c54682c18dda2a90b459f97fa",
  state: "waiting",
  lostCalls: 0,
  faultyCalls: 0,
  rateLimits: 0,
};

function keptPicture(id: string) {
  const kept = { name: `${id}.png`, preview: `${id}-preview.jpg`, mediaType: "image/png", width: 64, height: 64 };
  return { id, state: "kept", lostCalls: 0, faultyCalls: 0, rateLimits: 0, kept: { ...kept, bytes: 200 } };
}

const blob = (name: string) => core.azure.container.getBlockBlobClient(name);

async function put(name: string, content: object | Buffer, metadata?: Record<string, string>): Promise<void> {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  await blob(name).upload(bytes, bytes.length, { metadata });
}

async function putPicture(id: string): Promise<void> {
  const image = sharp({ create: { width: 64, height: 64, channels: 3, background: "#336699" } });
  await put(`pictures/${id}.png`, await image.clone().png().toBuffer());
  await put(`pictures/${id}-preview.jpg`, await image.jpeg().toBuffer());
}

/** A job in line, whose waiting message stands at 9. */
async function waitingOfBefore(id = "test-before-waiting", change: object = {}): Promise<string> {
  await put(`jobs/${id}.json`, recordOfBefore(id, change));
  await put(`addresses/${id}.json`, { platform: "test", job: id, message: 9 });
  const metadata = { person: personOf(ada), turn: "2", accepted: "2026-11-29T20:11:47.186Z", starts: "1795983107313" };
  await put(`open/${id}`, Buffer.alloc(0), { ...metadata, pictures: "1", picks: "0", told: "0", toldat: "1" });
  await core.azure.queue.sendMessage(id, { messageTimeToLive: -1 });
  return id;
}

const first = "test-before-first";
const second = "test-before-second";
const [one, two, three] = ["1", "2", "3"].map((digit) => digit.repeat(40)) as [string, string, string];

/** Two pictures that stand at 7, and one that was made from the first of them. */
async function finishedOfBefore(): Promise<void> {
  const done = { listed: true, toldAt: "2026-11-29T20:11:44.019Z" };
  await put(
    `jobs/${first}.json`,
    recordOfBefore(first, { ...done, pictures: [one, two].map(keptPicture), acceptedAt: "2026-11-29T20:10:00.000Z" }),
  );
  const child = recordOfBefore(second, { ...done, pictures: [keptPicture(three)] });
  const parent = { job: first, place: 1, change: "words" };
  await put(`jobs/${second}.json`, { ...child, request: { ...child.request, parent } });
  await put(`addresses/${first}.json`, { platform: "test", job: first, message: 7 });
  for (const id of [one, two, three]) await putPicture(id);
  await appendList(`history/${personOf(ada)}`, [`${first}.1`, `${first}.2`, `${second}.1`]);
  await appendList(`children/${first}.1`, [`${second}.1`]);
}

async function appendList(name: string, entries: string[]): Promise<void> {
  const list = core.azure.container.getAppendBlobClient(`lists/${name}/0`);
  await list.createIfNotExists();
  for (const entry of entries) await list.appendBlock(`${entry.padEnd(127)}\n`, 128);
}

const takeTicket = () => until(async () => (await takeTickets(1, 30, core.azure, AbortSignal.timeout(5000)))[0]);
const refs = (members: { ref: { job: string; place: number } }[]) => members.map(({ ref }) => textOfRef(ref));
const history = async () => refs((await readHistory(ada, { page: 0, size: 9 }, core.azure)).members);

async function familyOf(job: string) {
  const file = await readJob(job, core.azure);
  if (!file) throw new Error("no such job");
  const { line, children } = await readFamily({ ref: { job, place: 1 }, job: file.job }, ada, core.azure);
  return { line: refs(line), children: refs(children) };
}

describe("a job that the version before accepted", () => {
  it("is drawn once, however many tickets it has, and its answer stands where its waiting message does", async () => {
    const id = await waitingOfBefore();
    await core.azure.queue.sendMessage(id, { messageTimeToLive: -1 });
    core.work();
    await core.told(id);
    expect(core.chat.filter(({ reply }) => reply.mood === "finished")).toEqual([
      expect.objectContaining({ address: { platform: "test", job: id, message: 9 } }),
    ]);
    await until(async () => (await lineLength(core.azure)) === 0);
    expect(images.calls).toHaveLength(1);
    expect(await history()).toEqual([`${id}.1`]);
  });

  it("goes to one of two that take a ticket each, before anything is paid", async () => {
    const id = await waitingOfBefore();
    await core.azure.queue.sendMessage(id, { messageTimeToLive: -1 });
    const [here, other] = [core.azure, connectAzure(core.settings)];
    for (const azure of [here, other]) await takeOver(await takeTicket(), azure);
    await findInLine(id, other)?.own.change((job) => void (job.listed = false));
    await expect(findInLine(id, here)?.own.change((job) => void (job.listed = true))).rejects.toThrow(JobLost);
    expect((await readJob(id, core.azure))?.job).toMatchObject({ attempt: 2, listed: false });
  });

  it("is left to a replica of that version as long as that is at it", async () => {
    const id = await waitingOfBefore();
    const lease = blob(`open/${id}`).getBlobLeaseClient();
    await lease.acquireLease(60);
    await takeOver(await takeTicket(), core.azure);
    expect(findInLine(id, core.azure)).toBeUndefined();
    await lease.releaseLease();
    await takeOver(await takeTicket(), core.azure);
    expect(findInLine(id, core.azure)?.own.job.address.message).toBe(9);
  });

  it("is found and told without another call, where it was stored just before that version ended", async () => {
    const id = await waitingOfBefore("test-before-stored", {
      pictures: [{ ...waitingPicture, state: "drawing", revisedPrompt: "a tall lighthouse" }],
    });
    await putPicture(waitingPicture.id);
    core.work();
    const { reply } = await core.told(id);
    expect(reply.pictures).toHaveLength(1);
    expect((await readJob(id, core.azure))?.job.pictures[0]?.kept?.revisedPrompt).toBe("a tall lighthouse");
    expect(images.calls).toHaveLength(0);
  });

  it("is drawn once more where the answer to its call was lost with that version, and no more often", async () => {
    const id = await waitingOfBefore("test-before-lost", { pictures: [{ ...waitingPicture, state: "drawing" }] });
    core.work();
    await core.told(id);
    expect(images.calls).toHaveLength(1);
    const again = await waitingOfBefore("test-before-lost-twice", {
      pictures: [{ ...waitingPicture, id: one, state: "drawing", lostCalls: 1 }],
    });
    const { job } = await core.told(again);
    expect(job.pictures[0]).toMatchObject({ state: "failed", failure: "answer lost" });
    expect(images.calls).toHaveLength(1);
  });

  it("is cancelled, by a press of then or of now", async () => {
    const id = await waitingOfBefore("test-before-cancelled");
    await put(`cancels/${id}.json`, { name: "Bo", isAsker: false });
    const other = await waitingOfBefore("test-before-to-cancel");
    const press = { job: other, by: ada, isModerator: false };
    expect(spoken(await cancelJob(press, core.azure))).toEqual({ said: expect.stringContaining("cancel") });
    core.work();
    expect((await core.told(id)).job.cancelledBy).toEqual({ name: "Bo", isAsker: false });
    expect((await core.told(other)).job.cancelledBy).toMatchObject({ name: "Ada", isAsker: true });
    expect(images.calls).toHaveLength(0);
  });

  it("comes back where its ticket was lost", async () => {
    const id = await waitingOfBefore();
    await core.azure.queue.clearMessages();
    await returnStrandedJobs(core.azure, Date.now() + 3 * 3_600_000);
    expect(await blob(`open/${id}`).exists()).toBe(false);
    core.work();
    await core.told(id);
    expect(core.chat.at(-1)?.address.message).toBe(9);
    expect(images.calls).toHaveLength(1);
  });
});

describe("a picture that the version before drew", () => {
  beforeEach(finishedOfBefore);

  it("stands in the history and in its family, before what was drawn since", async () => {
    expect(await history()).toEqual([`${second}.1`, `${first}.2`, `${first}.1`]);
    expect(await familyOf(first)).toEqual({ line: [`${first}.1`], children: [`${second}.1`] });
    expect(await familyOf(second)).toEqual({ line: [`${first}.1`, `${second}.1`], children: [] });
    core.work();
    const id = "test-after";
    const press = { ref: `${first}.1`, by: ada, change: "again" as const, id, address: { platform: "test", job: id } };
    const asked = await requestOfPress(press, core.settings, core.azure);
    if ("sorry" in asked) throw new Error(spoken(asked.sorry));
    const accepted = await acceptRequest(asked.request, core.settings, core.azure);
    if (accepted.outcome !== "accepted") throw new Error("not accepted");
    await announceAtOnce(accepted, core);
    await core.told(id);
    expect(await history()).toEqual([`${id}.1`, `${second}.1`, `${first}.2`, `${first}.1`]);
    expect((await familyOf(first)).children).toEqual([`${id}.1`, `${second}.1`]);
  });

  it("stands in the history too when that version draws it beside this one", async () => {
    expect(await history()).toHaveLength(3);
    // Storage tells in whole seconds when a list was begun.
    await pause(1100);
    const id = "test-beside";
    await put(`jobs/${id}.json`, recordOfBefore(id, { pictures: [keptPicture("4".repeat(40))], listed: true }));
    await appendList(`history/${personOf(ada)}`, [`${id}.1`]);
    const other = { ...core.azure };
    const { members } = await readHistory(ada, { page: 0, size: 9 }, other);
    expect(refs(members)).toEqual([`${id}.1`, `${second}.1`, `${first}.2`, `${first}.1`]);
  });

  it("is deleted from storage and from where it stands", async () => {
    core.work();
    const press = { ref: `${first}.1`, by: ada, isModerator: false };
    await deletePicture(press, core.azure);
    const states = async () => (await readJob(first, core.azure))?.job.pictures.map(({ state }) => state);
    await until(async () => (await states())?.[0] === "deleted");
    expect(await states()).toEqual(["deleted", "kept"]);
    expect(core.chat.map(({ address }) => address.message)).toEqual([7]);
    expect(await readPicture(`${one}.png`, core.azure)).toBeUndefined();
    expect(await history()).toEqual([`${second}.1`, `${first}.2`]);
  });

  it("stands where it was told after the sweep too, and what was changed since is not changed back", async () => {
    await put(`addresses/${second}.json`, { platform: "test", job: second, message: 5 });
    await changeAddress(second, { platform: "test", job: second, message: 6 }, core.azure);
    await sweepIn(1.9);
    expect(await blob(`addresses/${first}.json`).exists()).toBe(true);
    await sweepIn(2.1);
    for (const id of [first, second]) expect(await blob(`addresses/${id}.json`).exists()).toBe(false);
    expect(await readAddress(first, core.azure)).toMatchObject({ message: 7 });
    expect(await readAddress(second, core.azure)).toMatchObject({ message: 6 });
  });

  it("stands where it was told until something newer is learned", async () => {
    expect(await readAddress(first, core.azure)).toMatchObject({ message: 7 });
    await changeAddress(first, { platform: "test", job: first, message: 8 }, core.azure);
    expect(await readAddress(first, core.azure)).toMatchObject({ message: 8 });
  });
});

describe("an edit that was begun with the version before", () => {
  const id = "d".repeat(40);
  const input = `inputs/${"e".repeat(40)}.png`;
  const beginBefore = async () => {
    const source = { from: "input", name: `${"e".repeat(40)}.png` };
    const begun = { id, source, blob: input, width: 64, height: 64, options: {}, private: false };
    await put(input, Buffer.from("a picture"));
    await put(`drafts/${id}.json`, {
      ...begun,
      askedBy: ada,
      address: { platform: "test" },
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    });
  };
  const seenBefore = async () =>
    JSON.parse((await blob(`drafts/${id}.json`).downloadToBuffer()).toString()) as Record<string, unknown>;

  it("goes on, belongs to the first browser that opens it with either, and is swept with its picture", async () => {
    await beginBefore();
    const draft = (await readDraft(id, core.azure)) ?? expect.fail("no draft");
    expect(isExpired(draft)).toBe(false);
    await keepCells(draft, ["A1"], core.azure);
    expect(await openDraft(id, "one", core.azure)).toBe(true);
    expect(await seenBefore()).toMatchObject({ cells: ["A1"], openedBy: expect.any(String) });
    expect([await openDraft(id, "two", core.azure), await openDraft(id, "one", core.azure)]).toEqual([false, true]);
    await sweepIn(0.9);
    expect(await blob(input).exists()).toBe(true);
    await sweepIn(1.1);
    expect(await Promise.all([`drafts/${id}.json`, input].map((name) => blob(name).exists()))).toEqual([false, false]);
  });
});

it("how long calls took with the version before is known, and is moved", async () => {
  const order = checkRequest(core.request({ quality: "low" }), core.settings);
  if (!("order" in order)) throw new Error("a fault");
  await put("durations.json", { "gpt-image-2/low/1": { seconds: 12, calls: 3 }, "gpt-image-2/high/1": "?" });
  await expect(shareDurations(core.azure)).rejects.toThrow();
  const [here, there] = [core.azure, connectAzure(core.settings)];
  await put("durations.json", { "gpt-image-2/low/1": { seconds: 12, calls: 3 } });
  await shareDurations(there);
  expect([usualSeconds(order.order, here), usualSeconds(order.order, there)]).toEqual([undefined, 12]);
  await shareDurations(there);
  await sweepIn(2.1);
  expect(await blob("durations.json").exists()).toBe(false);
  await shareDurations(here);
  expect(usualSeconds(order.order, here)).toBe(12);
});

async function sweepIn(days: number): Promise<void> {
  const pass = openSweep(core.azure, Date.now() + days * 86_400_000);
  while (!pass.isDone()) await pass.goOn(AbortSignal.timeout(60_000));
}

it("does what a replica of the version before has begun with a record of this one", async () => {
  core.work();
  const id = await core.accept({ quality: "low" });
  const { job } = await core.told(id);
  const by = { name: "Ada", at: new Date().toISOString() };
  const pictures = job.pictures.map((picture) => ({ ...picture, state: "deleting", deletedBy: by }));
  await put(`jobs/${id}.json`, { ...job, pictures });
  await put(`open/${id}`, Buffer.alloc(0), { pictures: "0" });
  await putTicket(id, core.azure);
  const states = async () => (await readJob(id, core.azure))?.job.pictures.map(({ state }) => state);
  await until(async () => (await states())?.[0] === "deleted");
});

describe("what a newer version wrote into a record", () => {
  /** At every depth, and everything that an address may hold. */
  function withNews(job: Job) {
    const news = JSON.parse(JSON.stringify(job)) as Job;
    return {
      ...news,
      budget: { cents: 4 },
      wishes: { ...news.wishes, vote: { by: "Bo" } },
      address: { ...news.address, thread: { id: "t" } },
      request: { ...news.request, session: "s", askedBy: { ...news.request.askedBy, team: 7 } },
      order: { ...news.order, seed: 1 },
      pictures: news.pictures.map((picture) => ({ ...picture, votes: 3 })),
    };
  }
  const news = {
    budget: { cents: 4 },
    wishes: { vote: { by: "Bo" } },
    address: { thread: { id: "t" } },
    request: { session: "s", askedBy: { team: 7 } },
    order: { seed: 1 },
    pictures: [{ votes: 3 }],
  };
  const present = async (id: string) => (await readJob(id, core.azure))?.job;

  it("is kept by whoever draws it, from the drawing to the deletion", async () => {
    const accepted = await acceptRequest(core.request({ quality: "low" }), core.settings, core.azure);
    if (accepted.outcome !== "accepted") throw new Error("not accepted");
    const { id } = accepted.job;
    const held = Promise.withResolvers<void>();
    images.play(async (call, response) => {
      await held.promise;
      await drawn()(call, response);
    });
    core.work();
    await announceAtOnce(accepted, core);
    await until(() => images.calls.length === 1);
    // Written by another process, under the owner's hands.
    await changeJob(id, (job) => void Object.assign(job, withNews(job)), core.azure);
    held.resolve();
    await core.told(id);
    expect(await present(id)).toMatchObject(news);
    await deletePicture({ ref: `${id}.1`, by: ada, isModerator: false }, core.azure);
    await until(async () => (await present(id))?.pictures[0]?.state === "deleted");
    expect(await present(id)).toMatchObject(news);
  });

  it("is kept by whoever wishes something, and by whoever takes the job over", async () => {
    const id = await waitingOfBefore();
    await changeJob(id, (job) => void Object.assign(job, withNews(job)), core.azure);
    await cancelJob({ job: id, by: ada, isModerator: false }, core.azure);
    expect(await present(id)).toMatchObject({ ...news, wishes: { ...news.wishes, cancel: { isAsker: true } } });
    core.work();
    await core.told(id);
    expect(await present(id)).toMatchObject(news);
  });
});

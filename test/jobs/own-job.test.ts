import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { acceptRequest } from "../../src/ask/accept.ts";
import { changeJob, readJob } from "../../src/jobs/job.ts";
import { findInLine, takeNext } from "../../src/jobs/line.ts";
import { ownJob } from "../../src/jobs/own-job.ts";
import { JobLost } from "../../src/jobs/own-record.ts";
import type { OwnJob } from "../../src/jobs/own-job.ts";
import { takeOver } from "../../src/jobs/take-over.ts";
import { putTicket, takeTickets } from "../../src/jobs/tickets.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import { lineLength } from "../fakes/line-length.ts";
import { nameOfOwn } from "../../src/styles/own-style.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { startScriptedImages } from "../fakes/scripted-images.ts";
import type { ScriptedImages } from "../fakes/scripted-images.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import type { StorageProxy } from "../fakes/storage-proxy.ts";
import { announceAtOnce, openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";

let azurite: Azurite;
let images: ScriptedImages;
beforeAll(async () => {
  [azurite, images] = await Promise.all([startAzurite(), startScriptedImages()]);
});
afterAll(() => Promise.all([azurite.stop(), images.stop()]));

let storage: StorageProxy;
let core: Core;
beforeEach(async () => {
  storage = await startStorageProxy(azurite);
  core = await openCore(storage.connectionString, images.origin);
});
afterEach(async () => {
  await core.stop();
  await storage.stop();
});

async function accepted(): Promise<OwnJob> {
  const acceptance = await acceptRequest(core.request(), core.settings, core.azure);
  if (acceptance.outcome !== "accepted") throw new Error("not accepted");
  await announceAtOnce(acceptance, core);
  const own = takeNext(core.azure);
  if (!own) throw new Error("not in line");
  return own;
}

const address = { platform: "test", job: "elsewhere" };
const record = async ({ job }: OwnJob) => (await readJob(job.id, core.azure))?.job;

/** Its ticket comes up for another process, as when this one has slept for longer than it holds a job. */
async function takenOver(own: OwnJob): Promise<OwnJob> {
  const other = connectAzure(core.settings);
  const file = await readJob(own.job.id, other);
  if (!file?.job.ticket) throw new Error("no ticket");
  // A ticket that another process has received has another receipt: ours is worth nothing any more.
  const ticket = await putTicket(own.job.id, other);
  return ownJob(file, { ...ticket, messageId: file.job.ticket }, other, { takenOver: true });
}

describe("accepting", () => {
  it("takes two calls to storage, and the process that accepted holds the job", async () => {
    // Whether the channel has a style of its own is asked once a minute.
    await nameOfOwn(core.request().askedBy, core.azure);
    storage.calls.length = 0;
    const own = await accepted();
    expect(storage.calls.map(({ name }) => name)).toEqual(["POST ticket", "PUT job"]);
    expect(await takeTickets(1, 1, core.azure, AbortSignal.timeout(5000))).toEqual([]);
    expect((await record(own))?.attempt).toBe(1);
  });

  it("drops the ticket of an event that was accepted before", async () => {
    const own = await accepted();
    const again = await acceptRequest(core.request({}, own.job.id), core.settings, core.azure);
    expect(again.outcome).toBe("known");
    expect(await lineLength(core.azure)).toBe(1);
  });
});

describe("what others write into the record", () => {
  it("is kept beside what the owner writes, and reaches the owner with its next write", async () => {
    const own = await accepted();
    await changeJob(own.job.id, (job) => void (job.address = address), core.azure);
    await own.change((job) => void (job.listed = true));
    expect(await record(own)).toMatchObject({ address, listed: true });
    expect(own.job.address).toEqual(address);
  });

  it("is not undone by what the owner has noted and not written yet", async () => {
    const own = await accepted();
    own.note((job) => void (job.listed = true));
    await changeJob(own.job.id, (job) => void (job.address = address), core.azure);
    await own.flush();
    expect(await record(own)).toMatchObject({ address, listed: true });
  });

  it("breaks the drawing off where it is a cancellation", async () => {
    const own = await accepted();
    const cancel = { name: "Bo", isAsker: false };
    await changeJob(own.job.id, (job) => void (job.wishes = { cancel }), core.azure);
    await own.look();
    expect(own.cancelled.reason).toEqual(cancel);
  });
});

describe("a lost answer", () => {
  it("to a write of the record is no loss of the job", async () => {
    const own = await accepted();
    storage.fail({ call: "PUT job" }, { cut: "after" });
    await own.change((job) => void (job.listed = true));
    await own.change((job) => void (job.refusedSince = "2026-12-01T00:00:00Z"));
    expect(await record(own)).toMatchObject({ listed: true, refusedSince: "2026-12-01T00:00:00Z" });
    expect(own.lost.aborted).toBe(false);
  });

  it("to a renewal is no loss of the job either: it gets a new ticket, and the old one is worth nothing", async () => {
    const own = await accepted();
    const before = own.job.ticket;
    storage.fail({ call: "hide ticket" }, { cut: "after" });
    await own.renew();
    expect(own.lost.aborted).toBe(false);
    expect((await record(own))?.ticket).not.toBe(before);
    await takeOver({ jobId: own.job.id, messageId: String(before), popReceipt: "old", deliveries: 1 }, core.azure);
    await own.renew();
    expect(own.lost.aborted).toBe(false);
  });
});

describe("a process that slept while another took its job over", () => {
  it("loses it with its next write, before anything is paid", async () => {
    const own = await accepted();
    await (await takenOver(own)).change((job) => void (job.listed = true));
    await expect(own.change((job) => void (job.listed = false))).rejects.toThrow(JobLost);
    expect(own.lost.aborted).toBe(true);
    expect(await record(own)).toMatchObject({ attempt: 2, listed: true });
  });

  it("keeps it when it writes first: the other finds a newer ticket", async () => {
    const own = await accepted();
    const other = await takenOver(own);
    await own.renew().catch(() => undefined);
    storage.fail({ call: "hide ticket" }, { status: 404, code: "MessageNotFound", message: "gone" });
    await own.renew();
    await expect(other.change((job) => void (job.listed = true))).rejects.toThrow(JobLost);
    expect(own.lost.aborted).toBe(false);
  });
});

it("leaves nothing behind when it is finished", async () => {
  const own = await accepted();
  await own.change((job) => {
    for (const picture of job.pictures) picture.state = "cancelled";
    job.toldAt = new Date().toISOString();
  });
  await own.release();
  expect(await lineLength(core.azure)).toBe(0);
  expect(findInLine(own.job.id, core.azure)?.own).toBe(own);
});

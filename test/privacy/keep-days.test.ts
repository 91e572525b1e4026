import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi } from "../../local/images-api/images-api.ts";
import { changeJob, readJob } from "../../src/jobs/job.ts";
import { readHistory } from "../../src/jobs/history.ts";
import { changeKept } from "../../src/jobs/wall.ts";
import { takeAwayOld } from "../../src/privacy/keep-days.ts";
import { pictureBlob } from "../../src/storage/picture-blobs.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";

let azurite: Azurite;
let images: ImagesApi;
let core: Core;
beforeAll(async () => {
  [azurite, images] = await Promise.all([startAzurite(), startImagesApi({ latency: 0 })]);
  core = await openCore(azurite.connectionString, images.url, { KEEP_DAYS: "30" });
  core.work();
});
afterAll(async () => {
  await core.stop();
  await Promise.all([azurite.stop(), images.stop()]);
});

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const takeAway = () => takeAwayOld(30, core.azure, AbortSignal.timeout(20_000));

async function drawn(days: number): Promise<string> {
  const { job } = await core.told(await core.accept());
  await until(async () => (await readJob(job.id, core.azure))?.job.listed);
  await changeJob(job.id, (present) => void (present.acceptedAt = daysAgo(days)), core.azure);
  return job.id;
}

const jobOf = async (id: string) => (await readJob(id, core.azure))?.job;

it("takes away what is older than it is kept, says so in its message, and leaves what is younger or on a wall", async () => {
  const { azure } = core;
  const [old, kept, young] = [await drawn(31), await drawn(400), await drawn(29)];
  const keptJob = (await jobOf(kept)) ?? expect.fail();
  const by = keptJob.request.askedBy;
  await changeKept({ ref: { job: kept, place: 1 }, job: keptJob }, { by, event: randomUUID() }, azure);
  const name = (await jobOf(old))?.pictures[0]?.kept?.name ?? "";
  expect(await pictureBlob(name, azure).exists()).toBe(true);

  await takeAway();
  await until(async () => (await jobOf(old))?.pictures[0]?.state === "deleted");
  await until(() => core.chat.findLast(({ job }) => job === old)?.reply.mood === "declined");
  const { reply, how } = core.chat.findLast(({ job }) => job === old) ?? expect.fail();
  expect(reply.paragraphs).toEqual(["Pictures are kept for 30 days here. This one is deleted."]);
  expect(reply.onlyInPlace ?? how).toBeTruthy();
  expect(await pictureBlob(name, azure).exists()).toBe(false);

  // The record goes when its message says so; a pass that is cut off there is made up for by the next.
  await until(async () => {
    await takeAway();
    return (await jobOf(old)) === undefined;
  });
  expect((await jobOf(kept))?.pictures[0]?.state).toBe("kept");
  expect((await jobOf(young))?.pictures[0]?.state).toBe("kept");
  const { members } = await readHistory(by, { page: 0, size: 9 }, azure);
  expect(members.map(({ ref }) => ref.job).toSorted()).toEqual([kept, young].toSorted());
});

it("cancels what has waited for longer than it would be kept", async () => {
  const id = `test-${randomUUID()}`;
  await core.accept({}, id);
  await changeJob(id, (present) => void (present.acceptedAt = daysAgo(31)), core.azure);
  await until(async () => {
    await takeAway();
    return (await jobOf(id)) === undefined;
  });
});

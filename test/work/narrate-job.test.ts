import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi } from "../../local/images-api/images-api.ts";
import { acceptRequest } from "../../src/ask/accept.ts";
import { deletePicture } from "../../src/ask/cancel-and-delete.ts";
import { readJob } from "../../src/jobs/job.ts";
import type { Happening } from "../../src/narration.ts";
import { narrateTakenUp } from "../../src/work/narrate-job.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";

let azurite: Azurite;
let images: ImagesApi;
let core: Core;
const heard: Happening[] = [];
beforeAll(async () => {
  [azurite, images] = await Promise.all([startAzurite(), startImagesApi({ latency: 0 })]);
  core = await openCore(azurite.connectionString, images.url);
  core.settings.narrate = (happening) => void heard.push(happening);
  core.work();
});
afterAll(async () => {
  await core.stop();
  await Promise.all([azurite.stop(), images.stop()]);
});

it("says what has become of each request: drawn, deleted, declined", async () => {
  const { job } = await core.told(await core.accept({ count: "2" }));
  const words = job.request.prompt;
  await vi.waitFor(() => expect(heard).toHaveLength(1), 30_000);
  expect(heard[0]).toMatchObject({ what: "drawn", words, pictures: { came: 2, asked: 2 } });
  expect(heard[0]?.seconds).toBeGreaterThan(0);

  await deletePicture({ ref: `${job.id}.1`, by: job.request.askedBy, isModerator: false }, core.azure);
  await vi.waitFor(() => expect(heard).toHaveLength(2), 30_000);
  expect(heard[1]).toMatchObject({ what: "deleted", words });

  await acceptRequest(core.request({ size: "1x1" }), core.settings, core.azure);
  expect(heard.slice(2)).toEqual([{ what: "declined", words }]);
});

it("says what is left at the end, and at the start what was left before", async () => {
  const told: Happening[] = [];
  const cutOff = await openCore(azurite.connectionString, "http://127.0.0.1:9");
  cutOff.settings.narrate = (happening) => void told.push(happening);
  const worker = cutOff.work();
  const id = await cutOff.accept();
  await vi.waitFor(async () => expect((await readJob(id, cutOff.azure))?.job.attempt).toBe(1), 30_000);
  await worker.stop();
  const job = (await readJob(id, cutOff.azure))?.job ?? expect.fail("it is gone");
  expect(told).toEqual([{ what: "left", words: job.request.prompt }]);
  narrateTakenUp(job, cutOff.settings);
  expect(told).toHaveLength(1);
  narrateTakenUp({ ...job, acceptedAt: new Date(performance.timeOrigin - 1000).toISOString() }, cutOff.settings);
  expect(told.slice(1)).toEqual([{ what: "taken up", words: job.request.prompt }]);
  await cutOff.stop();
});

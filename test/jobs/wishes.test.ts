import { afterAll, beforeAll, expect, it } from "vitest";
import { acceptRequest } from "../../src/ask/accept.ts";
import { readWishes, ringWish } from "../../src/jobs/wishes.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { drawn, startScriptedImages } from "../fakes/scripted-images.ts";
import type { ScriptedImages } from "../fakes/scripted-images.ts";
import { openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";

let azurite: Azurite;
let images: ScriptedImages;
let core: Core;
beforeAll(async () => {
  [azurite, images] = await Promise.all([startAzurite(), startScriptedImages()]);
  core = await openCore(azurite.connectionString, images.origin);
});
afterAll(async () => {
  await core.stop();
  await Promise.all([azurite.stop(), images.stop()]);
});

it("leaves no row of a job that is over or never was, and leaves those of other processes' jobs", async () => {
  const other = connectAzure(core.settings);
  const accepted = await acceptRequest(core.request(), core.settings, other);
  if (accepted.outcome !== "accepted") throw new Error("not accepted");
  core.work();
  const over = await core.accept();
  await core.told(over);
  for (const jobId of [over, "test-never-was", accepted.job.id]) await ringWish(jobId, core.azure);
  const hold = Promise.withResolvers<void>();
  images.play(async (call, response) => {
    await hold.promise;
    await drawn()(call, response);
  });
  const busy = await core.accept();
  await until(async () => (await readWishes(core.azure)).length === 1);
  expect(await readWishes(core.azure)).toEqual([accepted.job.id]);
  hold.resolve();
  await core.told(busy);
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { checkRequest } from "../../src/request/check.ts";
import { changeJob, createJob, newJob, readJob } from "../../src/jobs/job.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { openCore } from "../src/core-world.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

it("hands on what a newer version wrote into a record, at every depth", async () => {
  const core = await openCore(azurite.connectionString, "http://127.0.0.1:1");
  const { azure, settings } = core;
  const asked = core.request();
  const checked = checkRequest(asked, settings);
  const job = newJob(asked, "order" in checked ? checked.order : undefined);
  const newer = {
    ...job,
    budget: { cents: 4 },
    request: { ...job.request, session: "s", askedBy: { ...job.request.askedBy, team: 7 } },
    order: { ...job.order, seed: 1 },
    pictures: job.pictures.map((picture) => ({ ...picture, votes: 3 })),
  };
  await createJob(newer as typeof job, azure);
  await changeJob(job.id, (changed) => void (changed.toldAt = new Date().toISOString()), azure);
  expect((await readJob(job.id, azure))?.job).toMatchObject(JSON.parse(JSON.stringify(newer)));
});

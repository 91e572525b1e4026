import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi } from "../../local/images-api/images-api.ts";
import { doPress } from "../../src/ask/press.ts";
import { MOST_REPORT_CHARACTERS, REPORTED } from "../../src/ask/report.ts";
import { doForm } from "../../src/ask/sent-form.ts";
import { referenceOf } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { log } from "../../src/log.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { spoken } from "../words/spoken.ts";
import { failed, report } from "../../src/words/sentences.ts";

let azurite: Azurite;
let images: ImagesApi;
let core: Core;
let job: Job;
let ref = "";
beforeAll(async () => {
  [azurite, images] = await Promise.all([startAzurite(), startImagesApi({ latency: 0 })]);
  core = await openCore(azurite.connectionString, images.url);
  core.work();
  ({ job } = await core.told(await core.accept()));
  ref = `${job.id}.1`;
});
afterAll(async () => {
  await core.stop();
  await Promise.all([azurite.stop(), images.stop()]);
});

const bob = { platform: "test", channel: "1", user: "3", name: "Bob" };
const asked = (by = bob) => {
  const id = `test-${randomUUID()}`;
  return { by, id, address: { platform: "test", job: id } };
};

/** What the reporter hears, and the lines that the operator finds. */
async function reported(why: string, { by = bob, operator = {}, of = ref } = {}) {
  const logged = vi.spyOn(log, "warn");
  const settings = { ...core.settings, operator };
  const answer = await doForm({ does: "report", of, why, ...asked(by) }, settings, core.azure);
  const lines = logged.mock.calls.filter(([, line]) => String(line) === REPORTED).map(([fields]) => fields);
  logged.mockRestore();
  return { answer, lines };
}

it("asks what is wrong with the picture before it reports it", async () => {
  const press = { does: "report" as const, of: ref, isModerator: false, ...asked() };
  expect(await doPress(press, core.settings, core.azure)).toEqual({ report: { of: ref } });
});

it("brings the reference and the reason to the operator, and neither a name nor the words of the picture", async () => {
  const { answer, lines } = await reported("  It shows my neighbour.  ");
  const reference = referenceOf(job.id);
  expect(answer).toEqual({ word: report.noted({ reference }), stands: undefined });
  expect(lines).toMatchObject([{ reference, job: job.id, place: 1, why: "It shows my neighbour." }]);
  expect(JSON.stringify(lines)).not.toContain("Bob");
  expect(JSON.stringify(lines)).not.toContain(job.request.prompt);
});

it("says who was told, and whom to write to, where the operator has said so", async () => {
  const { answer } = await reported("It is cruel.", { operator: { name: "Contoso", contact: "help@contoso.example" } });
  const said = spoken("word" in answer ? answer.word : expect.fail("nothing was said"));
  expect(said).toMatch(/Contoso.*reference [0-9A-F]{8}.*write to help@contoso\.example/);
});

it("takes a reason of a few lines, and asks for one where there is none", async () => {
  const long = await reported("x".repeat(MOST_REPORT_CHARACTERS + 1));
  expect(long.lines).toMatchObject([{ why: "x".repeat(MOST_REPORT_CHARACTERS) }]);
  expect(await reported(" \n")).toEqual({ answer: { word: report.missing }, lines: [] });
});

it("takes no report of a picture that the reporter has not seen", async () => {
  const { answer, lines } = await reported("Hm.", { by: { ...bob, channel: "elsewhere" } });
  expect(answer).toMatchObject({ word: failed.notForYou });
  expect(lines).toEqual([]);
});

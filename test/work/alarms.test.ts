import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { referenceOf } from "../../src/jobs/job.ts";
import { reportPicture } from "../../src/ask/report.ts";
import { tellWebhook } from "../../src/work/post-webhook.ts";
import { startTelling } from "../../src/work/tell-operator.ts";
import type { Telling } from "../../src/work/tell-operator.ts";
import { watchModels } from "../../src/work/watch-models.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { drawn, json, startScriptedImages } from "../fakes/scripted-images.ts";
import type { Script, ScriptedImages } from "../fakes/scripted-images.ts";
import { startWebhook } from "../fakes/webhook.ts";
import type { Webhook } from "../fakes/webhook.ts";
import { openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { spoken } from "../words/spoken.ts";

let azurite: Azurite;
let images: ScriptedImages;
let webhook: Webhook;
let core: Core;
let telling: Telling;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());
beforeEach(async () => {
  [images, webhook] = await Promise.all([startScriptedImages(), startWebhook()]);
  core = await openCore(azurite.connectionString, images.origin, { ALERT_WEBHOOK: webhook.url });
  telling = startTelling({ webhook: tellWebhook }, core.settings, core.azure);
});
afterEach(async () => {
  await core.stop();
  await telling.stop();
  await Promise.all([images.stop(), webhook.stop()]);
});

const kinds = () => webhook.posted.flatMap(({ alerts }) => alerts.map(({ kind }) => kind));
const spent = json(429, { error: { code: "insufficient_quota", message: "You exceeded your current quota" } });
const suspended = json(403, { error: { code: "access_denied", message: "Access is temporarily blocked" } });
const refusing = (status: number, error: object): Script => json(status, { error });

it.each<[string, Script, string, string]>([
  ["an allowance that is used up", spent, "quota", "allowance at the image service is used up"],
  ["a suspension", suspended, "suspended", "has closed its door to this bot"],
  ["a wrong key", refusing(401, { code: "invalid_api_key", message: "no" }), "misconfigured", "not set up correctly"],
  [
    "a request that is not accepted",
    refusing(400, { type: "invalid_request_error", message: "Unknown thing" }),
    "bad request",
    "It is not your words",
  ],
])("%s reaches whoever runs Easel once, and people hear that it does", async (_, script, kind, sentence) => {
  images.play(script);
  core.work();
  const ids = [await core.accept(), await core.accept()];
  for (const id of ids) {
    const said = JSON.stringify((await core.told(id)).reply.paragraphs);
    expect(said).toContain(sentence);
    expect(said).toContain("is told of it");
  }
  await until(() => kinds().length > 0);
  expect(kinds()).toEqual([kind]);
  expect(ids.map(referenceOf).some((reference) => webhook.lines()[0]?.includes(reference))).toBe(true);
  expect(JSON.stringify(webhook.posted)).not.toMatch(/lighthouse|Ada/);
});

it("is told that it draws again, and of the next time", async () => {
  images.play(spent);
  core.work();
  await core.told(await core.accept());
  await until(() => kinds().length === 1);
  images.play(drawn());
  await core.told(await core.accept());
  await until(() => kinds().length === 2);
  images.play(spent);
  await core.told(await core.accept());
  await until(() => kinds().length === 3);
  expect(kinds()).toEqual(["quota", "open again", "quota"]);
});

it("a picture that is reported reaches whoever runs Easel without the reporter's words", async () => {
  core.work();
  const { job } = await core.told(await core.accept());
  const press = { ref: `${job.id}.1`, by: { ...job.request.askedBy, user: "3", name: "Bob" } };
  const answer = await reportPicture({ ...press, why: "It shows my neighbour" }, core.settings, core.azure);
  expect(spoken("said" in answer ? answer.said : "")).toContain("They are told of it right now.");
  await until(() => kinds().length > 0);
  expect(webhook.lines()[0]).toContain(referenceOf(job.id));
  expect(JSON.stringify(webhook.posted)).not.toMatch(/neighbour|Bob/);
});

it("a model that ends is told of once for each time that is left", async () => {
  const stop = new AbortController();
  const settings = { ...core.settings, models: [{ name: "dall-e-3" as const, deployment: "old" }] };
  await Promise.all([
    ...[1, 2].map(() => watchModels(settings as typeof core.settings, core.azure, stop.signal)),
    until(() => kinds().length > 0).finally(() => stop.abort()),
  ]);
  expect(webhook.lines()).toEqual([expect.stringContaining("(deployment old) was retired on")]);
});

it("with nobody to tell, people hear that it stands in the log", async () => {
  core.settings.alerts = {};
  images.play(suspended);
  core.work();
  const { reply } = await core.told(await core.accept());
  expect(JSON.stringify(reply.paragraphs)).toContain("finds it in the log, under the reference below");
  expect(JSON.stringify(reply)).not.toContain("told");
});

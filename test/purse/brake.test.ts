import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { acceptRequest } from "../../src/ask/accept.ts";
import { BrakeSettings } from "../../src/brake-settings.ts";
import { requestOfIdea } from "../../src/brainstorm/idea-request.ts";
import { referenceOf } from "../../src/jobs/job.ts";
import { BRAKE } from "../../src/purse/blocks.ts";
import { brakeOn, countBlock, lookAtBrake, paceNow, slowStart } from "../../src/purse/brake.ts";
import { personOf } from "../../src/request/request.ts";
import type { ImageRequest } from "../../src/request/request.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { putRow, readRows } from "../../src/storage/table.ts";
import { saveStyle, readStyle } from "../../src/styles/style-book.ts";
import { tellWebhook } from "../../src/work/post-webhook.ts";
import { startTelling } from "../../src/work/tell-operator.ts";
import type { Telling } from "../../src/work/tell-operator.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { drawn, json, startScriptedImages } from "../fakes/scripted-images.ts";
import type { Script, ScriptedImages } from "../fakes/scripted-images.ts";
import { startWebhook } from "../fakes/webhook.ts";
import type { Webhook } from "../fakes/webhook.ts";
import { announceAtOnce, openCore, until } from "../src/core-world.ts";
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
  set({ person: { slowAfter: 2, slowSeconds: 1, pauseAfter: 4, pauseMinutes: 60 }, bot: false });
  telling = startTelling({ webhook: tellWebhook }, core.settings, core.azure);
});
afterEach(async () => {
  vi.useRealTimers();
  await core.stop();
  await telling.stop();
  await Promise.all([images.stop(), webhook.stop()]);
});

function set(brake: object): void {
  core.settings.configuration.present.brake = BrakeSettings.parse(brake);
}

const blocked = (stage = "input", category = "violence"): Script =>
  json(400, {
    error: {
      code: "moderation_blocked",
      message: `safety_violations=[${category}]`,
      moderation_details: { moderation_stage: stage },
    },
  });
const asker = (user = "2") => ({ platform: "test", channel: "1", user, name: user === "2" ? "Ada" : "Bob" });
const ada = personOf(asker());

/** What somebody asks for, as it came out. */
async function ask(change: Partial<ImageRequest> = {}, azure = core.azure) {
  const request = { ...core.request(), prompt: "a very special lighthouse", ...change };
  const accepted = await acceptRequest(request, core.settings, azure);
  if (accepted.outcome === "accepted") await announceAtOnce(accepted, { settings: core.settings, azure });
  return { id: request.id, accepted, said: "reply" in accepted ? spoken(accepted.reply) : undefined };
}
async function told(change: Partial<ImageRequest> = {}) {
  const { id } = await ask(change);
  return (await core.told(id)).reply;
}
const kinds = () => webhook.posted.flatMap(({ alerts }) => alerts.map(({ kind }) => kind));
const stateOf = (person = ada, azure = core.azure) => brakeOn(person, core.settings, azure);
/** As another process knows it after its next look. */
async function elsewhere(): Promise<Azure> {
  const azure = connectAzure(core.settings);
  await lookAtBrake(core.settings, azure, AbortSignal.timeout(5000));
  return azure;
}

describe("somebody whom the filter stops again and again", () => {
  it("draws more slowly, then pauses, and hears both kindly and alone; whoever runs Easel hears of the pause once", async () => {
    images.play(blocked());
    core.work();
    const replies = [await told(), await told(), await told(), await told()];
    const text = replies.map(({ paragraphs }) => paragraphs.join(" "));
    expect(replies.every(({ forAskerOnly }) => forAskerOnly)).toBe(true);
    expect(text[0]).not.toMatch(/slow|break|until/);
    expect(text[1]).toMatch(/nobody minds a try.*I draw one of your requests every 1 seconds/);
    expect(text[3]).toMatch(/I take a break with yours\. I draw for you again in 60 minutes, at .*\d\d:\d\d UTC/);
    const { accepted, said } = await ask();
    expect(accepted).toMatchObject({ outcome: "declined", because: "limits" });
    expect(said).toMatchObject({ title: "A short break", forAskerOnly: true, actions: [{ do: "revise" }] });
    expect(images.calls).toHaveLength(4);
    // Nobody else is slowed, here or elsewhere.
    const other = await elsewhere();
    expect(stateOf(personOf(asker("3")), other)).toBeUndefined();
    expect(stateOf(ada, other)?.pausedUntil).toBe(stateOf()?.pausedUntil);
    await until(() => kinds().length > 0);
    expect(kinds()).toEqual(["person paused"]);
    expect(webhook.lines()[0]).toContain(`the person ${ada} 4 times within a day (4 for the words, 0 for the picture)`);
    expect(JSON.stringify(webhook.posted)).not.toMatch(/Ada|special/);
  });

  it("waits a little for the next one, which says so and nothing of why", async () => {
    images.play(blocked());
    core.work();
    await told();
    await told();
    images.play(drawn());
    const from = Date.now();
    const { id, said } = await ask();
    expect(said?.paragraphs.join(" ")).toMatch(/It is begun in about \d+ seconds\./);
    expect(said?.paragraphs.join(" ")).not.toMatch(/filter/);
    await core.told(id);
    expect(images.calls.at(-1)?.at).toBeGreaterThan(from + 500);
  });

  it("draws again when the break is over, and as before a day later", async () => {
    images.play(blocked());
    core.work();
    for (let number = 0; number < 4; number += 1) await told();
    const at = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: at + 61 * 60_000 });
    expect(stateOf()).toMatchObject({ blocks: 4 });
    expect(stateOf()?.pausedUntil).toBeUndefined();
    expect(slowStart(ada, core.settings, core.azure)).toBeUndefined();
    vi.setSystemTime(at + 25 * 3_600_000);
    expect(stateOf()).toEqual({ blocks: 0, ofWords: 0 });
  });

  it("is counted by the job, whoever counts it and however often", async () => {
    const other = connectAzure(core.settings);
    const jobs = Array.from({ length: 12 }, () => randomUUID());
    const count = (job: string, azure: Azure) =>
      countBlock({ job, person: ada, stage: "picture" }, core.settings, azure);
    await Promise.all(jobs.flatMap((job) => [count(job, core.azure), count(job, other)]));
    expect(stateOf(ada, await elsewhere())).toMatchObject({ blocks: 12, ofWords: 0 });
  });

  it("is counted for a picture that the filter has stopped as well", async () => {
    images.play(blocked("output"));
    core.work();
    await told();
    await told();
    expect(stateOf()).toMatchObject({ blocks: 2, ofWords: 0 });
  });

  it("is as before where the file switches it off, and nothing is kept of anybody", async () => {
    set({ person: false, bot: false });
    images.play(blocked());
    core.work();
    for (let number = 0; number < 5; number += 1) await told();
    expect((await ask()).accepted.outcome).toBe("accepted");
    expect(await readRows(BRAKE, { count: 10 }, core.azure)).toEqual([]);
  });
});

describe("nobody is slowed", () => {
  const counted = async () => (await readRows(BRAKE, { count: 10 }, core.azure)).map(({ name }) => name);

  it.each<[string, Script]>([
    ["a suspension", json(403, { error: { code: "access_denied", message: "Access is temporarily blocked" } })],
    ["an allowance that is used up", json(429, { error: { code: "insufficient_quota", message: "spent" } })],
    ["a wrong key", json(401, { error: { code: "invalid_api_key", message: "no" } })],
    ["a gateway's own rule", json(403, { error: { message: "Blocked by guardrail", code: "guardrail_violation" } })],
    ["trouble of the service", json(500, { error: { message: "oops" } })],
    ["a cry for help", blocked("input", "self_harm")],
  ])("for %s", async (_, script) => {
    images.play(script);
    core.work();
    await told();
    expect(await counted()).toEqual([]);
  });

  it("for one picture of several", async () => {
    images.play((call, response) => (call.number === 2 ? blocked("output") : drawn())(call, response));
    core.work();
    await told({ options: { count: "3" } });
    expect(await counted()).toEqual([]);
  });

  it("for another's words, or a model's", async () => {
    images.play(blocked());
    core.work();
    const parent = { job: "test-1", place: 1, by: "Bob" };
    await told({ parent: { ...parent, change: "again" } });
    await told({ parent: { ...parent, change: "like" } });
    await told({ isSuggested: true });
    await told({ brainstorm: { session: "s", round: 1, idea: 1 } }).catch(() => undefined);
    expect(await counted()).toEqual([]);
    // These they have typed.
    await told({ parent: { ...parent, change: "words" } });
    expect(await counted()).toEqual([ada]);
  });

  it("for a style that somebody else has saved", async () => {
    images.play(blocked());
    core.work();
    const save = (name: string, by: ImageRequest["askedBy"]) =>
      saveStyle(
        name,
        { words: "gory", palette: [], references: [], by, at: new Date().toISOString(), event: randomUUID() },
        () => true,
        core,
      );
    await save("Theirs", asker("3"));
    await save("Own", asker());
    await told({ style: await readStyle("Theirs", asker(), core.azure) });
    expect(await counted()).toEqual([]);
    await told({ style: await readStyle("Own", asker(), core.azure) });
    expect(await counted()).toEqual([ada]);
  });

  it("for an idea under another's topic", () => {
    const [mia, bob] = [asker("4"), asker("5")];
    const idea = { number: 1, words: "a moon", prompt: "a logo: a moon", state: "open" as const, from: [], event: "e" };
    const round = { number: 1, kind: "first" as const, ideas: [], begunBy: mia };
    const session = { id: "s", begunBy: mia, options: {}, rounds: [round] };
    const isOwn = (by: ImageRequest["askedBy"][], more = {}) =>
      requestOfIdea(
        { session, round, idea: { ...idea, by, ...more } } as unknown as Parameters<typeof requestOfIdea>[0],
        null,
        core.settings,
      ).brainstorm?.isOwnWords;
    expect([isOwn([mia]), isOwn([bob]), isOwn([mia, bob]), isOwn([]), isOwn([mia], { lens: "noir" })]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it("by a clock that was wrong", async () => {
    const at = Date.now() + 365 * 86_400_000;
    const blocks = Array.from({ length: 9 }, (_, number) => `m${number}.${at.toString(36)}.words`).join(" ");
    await putRow({ partition: BRAKE, name: ada, values: { blocks, due: "0" } }, core.azure);
    const azure = await elsewhere();
    expect(stateOf(ada, azure)).toEqual({ blocks: 0, ofWords: 0 });
    expect(slowStart(ada, core.settings, azure)).toBeUndefined();
  });
});

describe("the whole bot", () => {
  const bot = { slowAfter: 4, minutes: 10, pacePercent: 25 };

  it("draws more slowly where blocks pile up, whoever they are of, and at its own pace again by itself", async () => {
    set({ person: false, bot });
    images.play(blocked());
    core.work();
    const users = ["6", "7", "8", "9"];
    for (const user of users) {
      expect(paceNow(core.settings, core.azure)).toBe(6000);
      await told({ askedBy: asker(user) });
    }
    expect(paceNow(core.settings, core.azure)).toBe(1500);
    expect(paceNow(core.settings, await elsewhere())).toBe(1500);
    await until(() => kinds().length > 0);
    expect(webhook.lines()).toEqual([
      "The filter has stopped 4 requests within 10 minutes. Providers suspend a resource for that, so Easel draws more slowly for everybody, 1500 a minute at most, until there are fewer.",
    ]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 11 * 60_000 });
    await lookAtBrake(core.settings, core.azure, AbortSignal.timeout(5000));
    const others = [await elsewhere(), await elsewhere()];
    vi.useRealTimers();
    for (const azure of [...others, core.azure]) expect(paceNow(core.settings, azure)).toBe(6000);
    await until(() => kinds().length > 1);
    expect(kinds()).toEqual(["blocks pile up", "blocks are fewer"]);
    // Whoever never heard of it finds nothing to end.
    expect(paceNow(core.settings, await elsewhere())).toBe(6000);
  });

  it("makes at least one call a minute, and never more than it would", () => {
    set({ bot: { ...bot, pacePercent: 1 } });
    const few = { ...core.settings, requestsPerMinute: 3 };
    expect(paceNow(few, core.azure)).toBe(3);
  });
});

it("its reference is not what is kept of a job that was blocked", async () => {
  images.play(blocked());
  core.work();
  const { id } = await ask();
  await core.told(id);
  const text = JSON.stringify(await readRows(BRAKE, { count: 10 }, core.azure));
  expect(text).not.toContain(id);
  expect(text).not.toContain(referenceOf(id));
});

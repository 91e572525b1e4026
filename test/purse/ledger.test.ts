import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { giveBack, noteSideCall, readHolds, reserve, settleJob } from "../../src/purse/ledger.ts";
import type { Hold, Judge, SettledJob } from "../../src/purse/ledger.ts";
import { LEDGER } from "../../src/purse/ledger-rows.ts";
import { payerOf } from "../../src/purse/payer.ts";
import type { Scope } from "../../src/purse/payer.ts";
import { listSums, readDays, readSum } from "../../src/purse/sums.ts";
import type { Sum } from "../../src/purse/sums.ts";
import { readSettings } from "../../src/settings.ts";
import type { Settings } from "../../src/settings.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { readRows } from "../../src/storage/table.ts";
import { tryAFewTimes } from "../../src/storage/until-storage-answers.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import type { StorageFault, StorageProxy } from "../fakes/storage-proxy.ts";

let azurite: Azurite;
let storage: StorageProxy;
let settings: Settings;
let azure: Azure;
beforeAll(async () => {
  azurite = await startAzurite();
  storage = await startStorageProxy(azurite);
});
afterAll(async () => {
  await storage.stop();
  await azurite.stop();
});
beforeEach(async () => {
  settings = settingsFor(storage.connectionString);
  azure = connectAzure(settings);
  await azure.table.createTable();
});

const settingsFor = (connectionString: string, container = `t${randomUUID()}`, zone = "Europe/Berlin") =>
  readSettings(
    {
      AZURE_OPENAI_ENDPOINT: "https://images.example.org",
      IMAGE_MODELS: "gpt-image-2=pictures",
      AZURE_STORAGE_CONNECTION_STRING: connectionString,
      AZURE_STORAGE_CONTAINER: container,
      TIME_ZONE: zone,
    },
    [],
  );
/** Another process with the same storage. */
const another = () => connectAzure(settingsFor(storage.connectionString, settings.container));

const ada = {
  platform: "teams",
  workspace: "tenant/1",
  channel: "19:a#b?c\\d@thread.tacv2",
  user: "29:ada",
  name: "Ada",
};
const payer = payerOf(ada);
const at = new Date("2026-11-30T12:00:00Z");
const bot: Scope = { kind: "bot" };
const person: Scope = { kind: "person", person: payer.person };
const channel: Scope = { kind: "channel", platform: "teams", id: ada.channel };
const workspace = { kind: "workspace" as const, platform: "teams", id: ada.workspace };

const hold = (job: string, change: Partial<Hold> = {}): Hold => ({
  job,
  payer,
  model: "gpt-image-2",
  pictures: 1,
  dollars: 0.05,
  at,
  ...change,
});
const set = (job: string, on = azure, change: Partial<Hold> = {}) =>
  reserve(hold(job, change), { needs: [], judge: () => undefined }, on);
const usage = { textIn: 100, pictureIn: 0, cachedTextIn: 0, cachedPictureIn: 0, textOut: 0, pictureOut: 1000 };
/** By the rates of gpt-image-2. */
const DOLLARS = (100 * 5 + 1000 * 30) / 1_000_000;
const drawn = { state: "kept", lostCalls: 0, kept: { usage } };
const job = (id: string, pictures: SettledJob["pictures"] = [drawn], by = ada): SettledJob => ({
  id,
  acceptedAt: at.toISOString(),
  order: { model: "gpt-image-2", size: "1024x1024", quality: "low", count: pictures.length, prompt: "a boat" },
  request: { askedBy: by },
  pictures,
});
const settle = (id: string, pictures?: SettledJob["pictures"], on = azure) =>
  settleJob(job(id, pictures), settings, on);
const sumOf = (scope: Scope, on = another()) => readSum(scope, { period: "month", at }, on);
const entries = async () =>
  (await readRows(LEDGER, { count: 10_000, after: "e.", before: "e/" }, another())).map(({ values }) => values);
type Asked = Parameters<Judge<unknown>>[0];
const NOTHING: Sum = { dollars: 0, pictures: 0, calls: 0, heldDollars: 0, heldPictures: 0 };

describe("money for a job", () => {
  it("is set aside, and becomes what it came to: in every scope of whoever pays", async () => {
    expect(await set("one")).toEqual({ outcome: "held" });
    for (const scope of [bot, workspace, channel, person])
      expect(await sumOf(scope)).toEqual({ ...NOTHING, heldDollars: 0.05, heldPictures: 1 });
    expect(await settle("one")).toEqual({ dollars: DOLLARS, isEstimate: false, calls: 1 });
    const spent = { ...NOTHING, dollars: DOLLARS, pictures: 1, calls: 1 };
    for (const scope of [bot, workspace, channel, person]) expect(await sumOf(scope)).toEqual(spent);
    for (const kind of ["person", "channel", "model"] as const) {
      const listed = await listSums(kind, { period: "day", at, within: workspace }, azure);
      expect(listed.map(({ sum }) => sum)).toEqual([spent]);
      expect(await listSums(kind, { period: "week", at }, azure)).toEqual(listed);
    }
    expect(await readHolds({ count: 10 }, azure)).toEqual([]);
  });

  it("twice is once, whatever is done twice", async () => {
    expect(await set("one")).toEqual({ outcome: "held" });
    expect(await set("one")).toEqual({ outcome: "known" });
    expect(await set("one", another())).toEqual({ outcome: "known" });
    expect(await sumOf(bot)).toMatchObject({ heldDollars: 0.05 });
    await settle("one");
    await settle("one");
    await settle("one", [drawn], another());
    await giveBack("one", azure);
    expect(await sumOf(bot)).toEqual({ ...NOTHING, dollars: DOLLARS, pictures: 1, calls: 1 });
    expect(await entries()).toHaveLength(1);
  });

  it("is given back where nothing came of it", async () => {
    await set("one");
    await giveBack("one", another());
    expect(await sumOf(person)).toEqual(NOTHING);
    await set("two");
    const refused = { state: "refused", lostCalls: 0, refusal: { stage: "prompt" as const } };
    expect(await settle("two", [refused])).toEqual({ dollars: 0, isEstimate: false, calls: 0 });
    expect(await sumOf(bot)).toEqual(NOTHING);
    expect(await entries()).toEqual([]);
  });

  it("is counted for whoever began the round, where it draws an idea of a brainstorm", async () => {
    const tom = { ...ada, user: "29:tom", name: "Tom" };
    const idea = { ...job("idea"), request: { askedBy: ada, brainstorm: { paidBy: tom } } };
    await settleJob(idea, settings, azure);
    expect(await sumOf(person)).toEqual(NOTHING);
    expect(await sumOf({ kind: "person", person: payerOf(tom).person })).toMatchObject({ calls: 1 });
  });

  it("counts for a job for which nothing was set aside, and lost calls, which may be billed", async () => {
    const { dollars, isEstimate, calls } = await settle("before", [
      { ...drawn, lostCalls: 1 },
      { state: "failed", lostCalls: 2, failure: "answer lost" },
    ]);
    expect({ isEstimate, calls }).toEqual({ isEstimate: true, calls: 4 });
    expect(await sumOf(bot)).toEqual({ ...NOTHING, dollars, pictures: 1, calls: 4 });
  });

  it("is on the day of its acceptance in the time zone, though it is settled later", async () => {
    const late = new Date("2026-11-30T23:30:00Z");
    await set("one", azure, { at: late });
    await settleJob({ ...job("one"), acceptedAt: late.toISOString() }, settings, azure);
    expect(await readSum(bot, { period: "day", at: new Date("2026-12-01T12:00:00Z") }, azure)).toMatchObject({
      dollars: DOLLARS,
    });
    expect(await readSum(bot, { period: "day", at }, azure)).toEqual(NOTHING);
    // That Tuesday is in the same week as the Monday before.
    expect(await readSum(bot, { period: "week", at }, azure)).toMatchObject({ dollars: DOLLARS });
    const days = await readDays(bot, { from: "2026-11-29", to: "2026-12-02" }, azure);
    expect(days.map(({ day, sum }) => [day, sum.pictures])).toEqual([
      ["2026-11-29", 0],
      ["2026-11-30", 0],
      ["2026-12-01", 1],
      ["2026-12-02", 0],
    ]);
  });

  it("is counted once where the time zone is another by then", async () => {
    const late = new Date("2026-11-30T23:30:00Z");
    await set("one", azure, { at: late });
    const inUtc = connectAzure(settingsFor(storage.connectionString, settings.container, "UTC"));
    for (const on of [inUtc, azure]) await settleJob({ ...job("one"), acceptedAt: late.toISOString() }, settings, on);
    expect(await entries()).toMatchObject([{ day: "2026-12-01" }]);
    expect(await readSum(bot, { period: "day", at: new Date("2026-12-01T12:00:00Z") }, azure)).toMatchObject({
      calls: 1,
      heldDollars: 0,
    });
  });

  it("of the model for ideas is one more entry, and no picture", async () => {
    const call = { id: randomUUID(), payer, deployment: "gpt-5-mini", about: "directions", usage, isTold: true };
    await noteSideCall(call, settings, azure);
    await noteSideCall(call, settings, azure);
    const today = await readSum(person, { period: "day", at: new Date() }, azure);
    expect(today).toEqual({ ...NOTHING, dollars: 0.000025, calls: 1 });
    expect(await listSums("model", { period: "day", at: new Date() }, azure)).toMatchObject([
      { scope: { kind: "model", model: "ideas:gpt-5-mini" } },
    ]);
  });
});

describe("a limit", () => {
  const needs = [{ scope: person, period: "week" as const }];
  const most = (dollars: number) => (sum: Asked) => {
    const { dollars: spent, heldDollars } = sum(person, "week");
    return spent + heldDollars + 0.05 > dollars + 1e-9 ? { left: dollars - spent - heldDollars } : undefined;
  };

  it("is judged by what is spent and what is set aside, of the last month too where a week has begun in it", async () => {
    const first = new Date("2026-12-01T12:00:00Z");
    await set("november");
    expect(await reserve(hold("december", { at: first }), { needs, judge: most(0.05) }, another())).toMatchObject({
      outcome: "denied",
    });
    const refused = { state: "refused", lostCalls: 0, refusal: { stage: "prompt" as const } };
    await settle("november", [refused], another());
    // What it remembers is read anew before it says no.
    expect(await reserve(hold("december", { at: first }), { needs, judge: most(0.05) }, azure)).toEqual({
      outcome: "held",
    });
  });

  it("may be for what a person spends in one workspace", async () => {
    const elsewhere = payerOf({ ...ada, workspace: "tenant/2" });
    const here = [{ scope: person, period: "day" as const, within: workspace }];
    const none = { needs: here, judge: (sum: Asked) => sum(person, "day", workspace).heldDollars > 0 || undefined };
    await set("elsewhere", azure, { payer: elsewhere });
    expect(await reserve(hold("one"), none, another())).toEqual({ outcome: "held" });
    expect(await reserve(hold("two"), none, azure)).toEqual({ outcome: "denied", denial: true });
  });

  it("lets an event that comes again be, though it has taken the last itself", async () => {
    expect(await reserve(hold("one"), { needs, judge: most(0.05) }, azure)).toEqual({ outcome: "held" });
    expect(await reserve(hold("one"), { needs, judge: most(0.05) }, azure)).toEqual({ outcome: "known" });
    expect(await reserve(hold("two"), { needs, judge: most(0.05) }, azure)).toMatchObject({ outcome: "denied" });
  });

  it("is not gone beyond by three replicas, and all of it is spent", async () => {
    await set("before", azure, { dollars: 0, pictures: 0 });
    const race = async (on: Azure, replica: number) => {
      const outcomes: string[] = [];
      for (let number = 0; number < 30; number += 1) {
        const asked = hold(`job-${replica}-${number}`);
        outcomes.push((await reserve(asked, { needs, judge: most(1) }, on)).outcome);
      }
      return outcomes;
    };
    const outcomes = (await Promise.all([azure, another(), another()].map(race))).flat();
    expect(outcomes.filter((outcome) => outcome === "held")).toHaveLength(20);
    expect(outcomes.filter((outcome) => outcome === "denied")).toHaveLength(70);
    expect(await sumOf(person)).toMatchObject({ heldDollars: 1, heldPictures: 20 });
  });
});

describe("an answer of storage that is lost", () => {
  const faults: [string, StorageFault][] = [
    ["cut off before", { cut: "before" }],
    ["cut off after", { cut: "after" }],
    ["busy", { status: 503, code: "ServerBusy", message: "busy" }],
  ];

  it.each(faults)("%s: what is done again is done once", async (_, fault) => {
    const acts: (() => Promise<unknown>)[] = [() => set("one"), () => settle("one"), () => giveBack("one", azure)];
    for (const [index, act] of acts.entries()) {
      const plan = storage.fail({ call: "POST transaction" }, fault, 4);
      await tryAFewTimes(act, azure).catch(() => undefined);
      plan.end();
      const outcome = await act();
      if (index === 0) expect(["held", "known"]).toContain((outcome as { outcome: string }).outcome);
    }
    expect(await sumOf(bot)).toEqual({ ...NOTHING, dollars: DOLLARS, pictures: 1, calls: 1 });
    expect(await entries()).toHaveLength(1);
  });
});

describe("what it costs in calls", () => {
  const counted = () => storage.calls.splice(0).map(({ name }) => name);

  it("is one to set aside and one to settle, where one process is alone with it", async () => {
    await set("first");
    await settle("first");
    counted();
    await set("second");
    expect(counted()).toEqual(["POST transaction"]);
    await settle("second");
    expect(counted()).toEqual(["POST transaction"]);
  });

  it("is little more for many at once than for one", async () => {
    await set("first");
    counted();
    await Promise.all(Array.from({ length: 60 }, (_, number) => set(`job-${number}`)));
    expect(counted().length).toBeLessThanOrEqual(4);
  });
});

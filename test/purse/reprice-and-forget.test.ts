import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { forgetLapsed, forgetPersonInLedger } from "../../src/purse/forget-person.ts";
import { noteSideCall, settleJob } from "../../src/purse/ledger.ts";
import { LEDGER } from "../../src/purse/ledger-rows.ts";
import { payerOf } from "../../src/purse/payer.ts";
import { reprice } from "../../src/purse/reprice.ts";
import { listSums, readSum } from "../../src/purse/sums.ts";
import { readSettings } from "../../src/settings.ts";
import type { Settings } from "../../src/settings.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { readRows } from "../../src/storage/table.ts";
import { TIMES } from "../../src/times.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import type { StorageProxy } from "../fakes/storage-proxy.ts";
import { tenth } from "../times.ts";
import { ledgerFaults } from "./ledger-faults.ts";

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
  const read = readSettings(
    {
      AZURE_OPENAI_ENDPOINT: "https://images.example.org",
      IMAGE_MODELS: "gpt-image-2=pictures",
      AZURE_STORAGE_CONNECTION_STRING: storage.connectionString,
      AZURE_STORAGE_CONTAINER: `t${randomUUID()}`,
      TIME_ZONE: "America/New_York",
    },
    [],
  );
  // A busy machine is no outage.
  const times = tenth(TIMES);
  settings = { ...read, times: { ...times, purse: { ...times.purse, tryLimitMilliseconds: 60_000 } } };
  azure = connectAzure(settings);
  await azure.table.createTable();
});
const another = () => connectAzure({ ...settings, storage: { connectionString: azurite.connectionString } });

const usage = { textIn: 100, pictureIn: 0, cachedTextIn: 0, cachedPictureIn: 0, textOut: 0, pictureOut: 1000 };
const ada = { platform: "discord", workspace: "1", channel: "2", user: "3", name: "Ada" };
const tom = { ...ada, user: "4", name: "Tom" };
const person = (by = ada) => ({ kind: "person" as const, person: payerOf(by).person });
const bot = { kind: "bot" } as const;

async function drew(count: number, at: string, by = ada): Promise<void> {
  const jobs = Array.from({ length: count }, (_, number) => ({
    id: `job-${at.slice(0, 10)}-${by.user}-${number}`,
    acceptedAt: at,
    order: { model: "gpt-image-2" as const, size: "1024x1024" as const, quality: "low", count: 1, prompt: "a boat" },
    request: { askedBy: by },
    pictures: [{ state: "kept", lostCalls: number % 2, kept: { usage } }],
  }));
  await Promise.all(jobs.map((job) => settleJob(job, settings, azure)));
}

/** Every rate is twice what it was. */
function dearer(): Pick<Settings, "prices"> {
  const prices = structuredClone(settings.prices);
  for (const model of Object.values(prices.models))
    for (const name of Object.keys(model.rates ?? {})) if (model.rates) model.rates[name as "textIn"] *= 2;
  return { prices };
}

const monthOfOctober = { period: "month" as const, at: new Date("2026-10-15T12:00:00Z") };

it("prices are put right from a day on, however often it is cut off, and sums follow", async () => {
  await drew(20, "2026-09-30T12:00:00Z");
  // In New York that is still the last day of September.
  await drew(1, "2026-10-01T02:00:00Z", tom);
  await drew(120, "2026-10-02T12:00:00Z");
  const before = await readSum(bot, monthOfOctober, azure);
  const runs = [];
  for (const cut of ["before", "after", "before"] as const) {
    const plan = storage.fail({ call: "POST transaction", from: 2 }, { cut }, Infinity);
    runs.push(await reprice("2026-10-01", dearer(), connectAzure(settings)).catch(() => "cut off"));
    plan.end();
    expect(await ledgerFaults(another())).toEqual([]);
  }
  expect(runs).toContain("cut off");
  const { entries, after } = await reprice("2026-10-01", dearer(), connectAzure(settings));
  expect(entries).toBe(120);
  const now = await readSum(bot, monthOfOctober, azure);
  expect(now.dollars).toBeCloseTo(2 * before.dollars, 5);
  expect(after).toBeCloseTo(now.dollars, 5);
  expect(await reprice("2026-10-01", dearer(), connectAzure(settings))).toMatchObject({ changed: 0 });
  expect(await ledgerFaults(another())).toEqual([]);
  expect((await readSum(person(tom), { ...monthOfOctober, at: new Date("2026-09-30T12:00:00Z") }, azure)).calls).toBe(
    1,
  );
}, 240_000);

it("who wants to be forgotten is: amounts stay, and a present budget is not refilled", async () => {
  await drew(20, "2026-10-02T12:00:00Z");
  await drew(10, "2026-10-02T12:00:00Z", tom);
  const now = new Date();
  await drew(3, now.toISOString());
  const call = { id: "1", payer: payerOf(ada), deployment: "gpt-5-mini", about: "directions", usage, isTold: true };
  await noteSideCall(call, settings, azure);
  const october = await readSum(bot, monthOfOctober, azure);
  const today = { period: "month" as const, at: now };
  const mine = await readSum(person(), today, azure);
  const plan = storage.fail({ call: "POST transaction" }, { cut: "after" }, Infinity);
  await expect(forgetPersonInLedger(payerOf(ada).person, azure)).rejects.toThrow();
  plan.end();
  // As the daily sweep goes on with it.
  await forgetLapsed(connectAzure(settings));

  const rows = await readRows(LEDGER, { count: 1000 }, another());
  const hash = payerOf(ada).person;
  const left = rows
    .filter(({ name, values }) => `${name} ${JSON.stringify(values)}`.includes(hash))
    .map(({ name }) => name);
  const month = now.toISOString().slice(0, 7);
  expect(left.filter((name) => !name.startsWith(`s.${month}.`))).toEqual([`f.${hash}`]);
  expect(await readSum(bot, monthOfOctober, azure)).toEqual(october);
  expect(await readSum(person(), today, azure)).toEqual(mine);
  const listed = await listSums("person", monthOfOctober, azure);
  expect(listed.map(({ scope }) => "person" in scope && scope.person)).toEqual(["forgotten", payerOf(tom).person]);
  const within = { kind: "workspace" as const, platform: "discord", id: "1" };
  expect(await listSums("person", { ...monthOfOctober, within }, azure)).toEqual(listed);
}, 240_000);

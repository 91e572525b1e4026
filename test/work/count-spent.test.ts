import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { acceptRequest } from "../../src/ask/accept.ts";
import { readJob } from "../../src/jobs/job.ts";
import { readHolds, reserve } from "../../src/purse/ledger.ts";
import { LEDGER } from "../../src/purse/ledger-rows.ts";
import { payerOf } from "../../src/purse/payer.ts";
import { readSum } from "../../src/purse/sums.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { putRow, readRows, removeRow } from "../../src/storage/table.ts";
import { TIMES } from "../../src/times.ts";
import { lookAtHolds } from "../../src/work/look-at-holds.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { event, json, paint, startScriptedImages } from "../fakes/scripted-images.ts";
import type { ScriptedImages } from "../fakes/scripted-images.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import type { StorageProxy } from "../fakes/storage-proxy.ts";
import { announceAtOnce, openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { ledgerFaults } from "../purse/ledger-faults.ts";
import { SHORT_HOLD, tenth } from "../times.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

let images: ScriptedImages;
let storage: StorageProxy;
let core: Core;
/** Another replica, whose way to storage is its own. */
let other: Azure;
beforeEach(async () => {
  images = await startScriptedImages();
  storage = await startStorageProxy(azurite);
  const times = tenth(TIMES);
  core = await openCore(
    storage.connectionString,
    images.origin,
    {},
    { ...times, jobs: { ...times.jobs, ...SHORT_HOLD } },
  );
  other = connectAzure({ ...core.settings, storage: { connectionString: azurite.connectionString } });
});
afterEach(async () => {
  await core.stop();
  await storage.stop();
  await images.stop();
});

const bot = { kind: "bot" } as const;
const today = () => readSum(bot, { period: "day", at: new Date() }, other);
const anHourLater = () => lookAtHolds(core.settings, other, { now: Date.now() + 3_600_000 });
const untilHeld = () => until(async () => (await readHolds({ count: 1 }, other)).length > 0);
const faultsOf = async (...ids: string[]) => {
  const jobs = await Promise.all(ids.map(async (id) => (await readJob(id, other))?.job ?? expect.fail(id)));
  return ledgerFaults(other, jobs);
};

describe("a process that loses storage for good at a call of the ledger", () => {
  it.each([
    ["before money is set aside", 1, { cut: "before" }],
    ["after it", 1, { cut: "after" }],
    ["before it is counted", 2, { cut: "before" }],
    ["after it", 2, { cut: "after" }],
  ] as const)(
    "%s (%i): another one answers, and all is counted once",
    async (_, from, fault) => {
      core.work();
      const first = storage.fail({ call: "POST transaction", from }, fault);
      const id = await core.accept();
      await until(() => first.met.length > 0);
      storage.fail({}, { cut: "before" }, Infinity);
      await core.stop();
      core.work(other);
      const job = await until(async () => {
        const present = (await readJob(id, other))?.job;
        return present?.toldAt !== undefined && present;
      });
      expect(job.counted).toBe(true);
      expect(await faultsOf(id)).toEqual([]);
      expect(await today()).toMatchObject({ pictures: 1, heldDollars: 0 });
    },
    90_000,
  );
});

describe("what is counted", () => {
  it("are the tokens that the service told, and money by their rates", async () => {
    const usage = { input_tokens: 3, input_tokens_details: { text_tokens: 3, image_tokens: 0 }, output_tokens: 1000 };
    images.play(async (_, response) => {
      const b64_json = (await paint()).toString("base64");
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(event({ type: "image_generation.completed", b64_json, usage }));
    });
    core.work();
    const id = await core.accept({ count: "3" });
    await core.told(id);
    expect(await faultsOf(id)).toEqual([]);
    const dollars = (3 * (3 * 5 + 1000 * 30)) / 1_000_000;
    expect(await today()).toEqual({ dollars, pictures: 3, calls: 3, heldDollars: 0, heldPictures: 0 });
    expect(await readRows(LEDGER, { count: 10, after: "e.", before: "e/" }, other)).toMatchObject(
      Array.from({ length: 3 }, () => ({ values: { usage: "3 0 0 0 0 1000", isEstimate: false } })),
    );
  });

  it("is a job of before the ledger, for which nothing was set aside", async () => {
    const id = await core.accept();
    await untilHeld();
    for (const row of await readRows(LEDGER, { count: 100 }, other)) await removeRow(row, other);
    core.work();
    await core.told(id);
    expect(await faultsOf(id)).toEqual([]);
    expect(await today()).toMatchObject({ pictures: 1 });
  });

  it("is nothing for what was declined, and for words that were refused", async () => {
    const declined = core.request({ count: "99" });
    expect(await acceptRequest(declined, core.settings, core.azure)).toMatchObject({ outcome: "declined" });
    expect(await readRows(LEDGER, { count: 1 }, other)).toEqual([]);
    const details = { moderation_stage: "input" };
    images.play(json(400, { error: { code: "moderation_blocked", message: "no", moderation_details: details } }));
    core.work();
    const id = await core.accept();
    expect((await core.told(id)).job.pictures[0]).toMatchObject({ state: "refused", refusal: { stage: "prompt" } });
    expect(await today()).toEqual({ dollars: 0, pictures: 0, calls: 0, heldDollars: 0, heldPictures: 0 });
    expect(await faultsOf(id)).toEqual([]);
    expect(await readRows(LEDGER, { count: 10, after: "e.", before: "e/" }, other)).toEqual([]);
  });

  it("waits for the ledger, and the answer does not", async () => {
    core.work();
    const busy = { status: 503, code: "ServerBusy", message: "busy" };
    const away = storage.fail({ call: "POST transaction" }, busy, Infinity);
    const id = await core.accept();
    await until(() => core.chat.some(({ job, reply }) => job === id && reply.mood === "finished"));
    away.end();
    await core.told(id);
    expect(await faultsOf(id)).toEqual([]);
  });

  it("is made up for where the ledger takes nothing for long, though nothing was set aside", async () => {
    const times = { ...core.settings.times, purse: { ...core.settings.times.purse, countLimitMilliseconds: 300 } };
    const azure = { ...core.azure, times };
    const away = storage.fail(
      { call: "POST transaction" },
      { status: 500, code: "", message: "Transaction Failed" },
      Infinity,
    );
    core = { ...core, azure };
    core.work(azure);
    const accepted = await acceptRequest(core.request({}, "test-long"), core.settings, azure);
    if (accepted.outcome === "accepted") await announceAtOnce(accepted, core);
    const { job } = await core.told("test-long");
    expect(job.counted).toBeUndefined();
    away.end();
    await anHourLater();
    expect(await faultsOf("test-long")).toEqual([]);
    expect(await today()).toMatchObject({ pictures: 1, heldDollars: 0 });
    expect(await readRows(LEDGER, { count: 1, after: "u.", before: "u/" }, other)).toEqual([]);
  });

  it("comes right by itself after a fault of the ledger's own", async () => {
    const id = await core.accept();
    await untilHeld();
    const sums = await readRows(LEDGER, { count: 100, after: "s.", before: "s/" }, other);
    for (const row of sums) await putRow({ ...row, values: { ...row.values, days: "no JSON" } }, other);
    core.work();
    const { job } = await core.told(id);
    expect(job.counted).toBeUndefined();
    for (const row of sums) await putRow(row, other);
    await anHourLater();
    expect(await faultsOf(id)).toEqual([]);
  });
});

describe("money that was left set aside", () => {
  const hold = (job: string, minutes: number) => {
    const at = new Date(Date.now() - minutes * 60_000);
    const payer = payerOf(core.request().askedBy);
    const asked = { job, payer, model: "gpt-image-2" as const, pictures: 1, dollars: 0.1, at };
    return reserve(asked, { needs: [], judge: () => undefined }, other);
  };

  it("for what never became a job is given back, and not before", async () => {
    await hold("nothing-old", 20);
    await hold("nothing-new", 0);
    await lookAtHolds(core.settings, { ...other, times: TIMES });
    expect((await readHolds({ count: 10 }, other)).map(({ job }) => job)).toEqual(["nothing-new"]);
    expect(await ledgerFaults(other)).toEqual([]);
  });

  it("for a job under way is left alone", async () => {
    const id = await core.accept();
    await untilHeld();
    await anHourLater();
    expect(await readHolds({ count: 10 }, other)).toHaveLength(1);
    core.work();
    await core.told(id);
    expect(await faultsOf(id)).toEqual([]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { connectAzure, prepareStorage } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { log } from "../../src/log.ts";
import { closeDoor, endProbes, holdBack, openDoors, RESOURCE, takeSlot } from "../../src/images-api/pace.ts";
import { readSettings } from "../../src/settings.ts";
import { TIMES } from "../../src/times.ts";
import { tenth } from "../times.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import { storageRefusals } from "../fakes/storage-refusals.ts";

let azurite: Azurite;
let azure: Azure;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());
beforeEach(async () => {
  azure = connect(`t${crypto.randomUUID()}`);
  await prepareStorage(azure, AbortSignal.timeout(10_000));
  for (const level of ["warn", "error"] as const) vi.spyOn(log, level).mockImplementation(() => undefined);
});

/** What the image service's doors wait is read here, and not waited for. */
const times = { ...TIMES, storage: tenth(TIMES.storage) };
const connect = (container: string, connectionString = azurite.connectionString) => {
  const environment = { AZURE_STORAGE_CONNECTION_STRING: connectionString, AZURE_STORAGE_CONTAINER: container };
  return connectAzure({ ...readSettings(environment, []), times });
};
const enough = () => AbortSignal.timeout(20_000);
const take = (deployment = "pictures", on = azure) => takeSlot(deployment, 6000, on, enough());
const minutes = (until: number) => Math.round((until - Date.now()) / 60_000);

type Door = { closedUntil: number; closings: number; probingUntil: number; because: string };
type Written = { deployments: Record<string, { nextSlotAt: number; notBefore: number }>; doors: Record<string, Door> };
const blob = () => azure.container.getBlockBlobClient("pace.json");
const read = async (): Promise<Written> => JSON.parse((await blob().downloadToBuffer()).toString("utf8"));
const write = async (text: string) => void (await blob().uploadData(Buffer.from(text)));
/** As if so many minutes had gone by: every time in the blob lies so much further back. */
async function letPass(passed: number): Promise<void> {
  const earlier = (_: string, value: unknown) =>
    typeof value === "number" && value > 1e12 ? value - passed * 60_000 : value;
  await write(JSON.stringify(await read(), earlier));
}

describe("what a long rate limit has closed", () => {
  const close = (seconds = 86_400) => closeDoor("pictures", { seconds, because: "a day" }, azure, enough());

  it("is looked at after five minutes, not after a day, and longer after each look, up to an hour", async () => {
    const waits: number[] = [];
    for (let look = 0; look < 6; look++) {
      waits.push(minutes(await close()));
      expect(await take()).toMatchObject({ granted: false, reason: "busy", because: "a day" });
      await letPass(61);
      expect(await take()).toEqual({ granted: true, probes: ["pictures"] });
    }
    expect(waits).toEqual([5, 10, 20, 40, 60, 60]);
  });

  it("says until when, and leaves other deployments open", async () => {
    const until = await close();
    expect(await take()).toMatchObject({ granted: false, until });
    expect(await take("others")).toEqual({ granted: true, probes: [] });
  });

  it("is looked at by one call at a time, of all replicas, and again when that one has died over it", async () => {
    await close();
    await letPass(6);
    const other = connect(azure.container.containerName);
    const both = await Promise.all([take(), take("pictures", other)]);
    expect(both.filter(({ granted }) => granted)).toEqual([{ granted: true, probes: ["pictures"] }]);
    expect(both).toContainEqual({ granted: false, reason: "later", seconds: expect.any(Number) });
    await letPass(12);
    expect(await take()).toMatchObject({ granted: true, probes: ["pictures"] });
  });

  it("opens when a look finds it open, and is looked at again at once when a look has found out nothing", async () => {
    await close();
    await letPass(6);
    await take();
    await endProbes(["pictures"], azure, enough());
    expect(await take()).toMatchObject({ granted: true, probes: ["pictures"] });
    await openDoors(["pictures"], azure, enough());
    expect(await take()).toEqual({ granted: true, probes: [] });
    expect((await read()).doors).toEqual({});
  });

  it("closes every deployment where the resource is suspended", async () => {
    await closeDoor(RESOURCE, { because: "suspended" }, azure, enough());
    for (const deployment of ["pictures", "others"])
      expect(await take(deployment)).toMatchObject({ granted: false, reason: "suspended" });
    await letPass(16);
    expect(await take("others")).toEqual({ granted: true, probes: [RESOURCE] });
  });
});

describe("no time that stands there closes anything for longer than we do ourselves", () => {
  const year2099 = Date.parse("2099-01-01");
  const hour = 3_600_000;
  it.each<[string, number]>([
    ["the year 2099", year2099],
    ["an hour and more ahead, as another replica's clock may be", Date.now() + hour + 50 * 60_000],
  ])("%s", async (_, time) => {
    const turns = { nextSlotAt: time, notBefore: time };
    const door = { closedUntil: time, closings: 3, probingUntil: time, because: "x" };
    await write(JSON.stringify({ deployments: { pictures: turns, others: turns }, doors: { pictures: door } }));
    expect(await take("others")).toEqual({ granted: true, probes: [] });
    expect(await take()).toEqual({ granted: true, probes: ["pictures"] });
    expect((await read()).deployments.others?.nextSlotAt).toBeLessThan(Date.now() + hour);
  });

  it("a rate limit holds back as long as somebody may wait, and no longer", async () => {
    await holdBack("pictures", 9e9, azure, enough());
    const { notBefore = 0 } = (await read()).deployments.pictures ?? {};
    expect(minutes(notBefore)).toBe(15);
  });

  it.each([
    ["cut off", '{"deployments":{"pictures":{"nextSl'],
    ["empty", ""],
    ["no object", "[]"],
    ["of another version", '{"version":9,"deployments":[1],"doors":"none"}'],
    ["with a number that is none", '{"deployments":{"pictures":{"nextSlotAt":1e999,"notBefore":"x"}}}'],
  ])("what cannot be read is begun anew: %s", async (_, text) => {
    await write(text);
    expect(await take()).toEqual({ granted: true, probes: [] });
    expect((await read()).deployments.pictures?.nextSlotAt).toBeGreaterThan(0);
  });
});

describe("while storage does not take a change", () => {
  it("waits with pauses and a line in the log, and takes its turn once", async () => {
    await take();
    const storage = await startStorageProxy(azurite);
    try {
      const through = connect(azure.container.containerName, storage.connectionString);
      const plan = storage.fail({ method: "PUT", path: /pace\.json/ }, storageRefusals.immutable, 3);
      expect(await take("pictures", through)).toMatchObject({ granted: true });
      expect(plan.met).toHaveLength(3);
      expect(vi.mocked(log.warn).mock.calls.map(([, words]) => words)).toContainEqual(
        expect.stringContaining("the pace waits"),
      );
    } finally {
      await storage.stop();
    }
  });

  it("ends with whoever waits for it, and makes few calls until then", async () => {
    await take();
    const storage = await startStorageProxy(azurite);
    try {
      const through = connect(azure.container.containerName, storage.connectionString);
      const plan = storage.fail({ method: "PUT", path: /pace\.json/ }, storageRefusals.immutable, 1_000_000);
      const away = new AbortController();
      const taking = takeSlot("pictures", 6000, through, away.signal);
      const refused = expect(taking).rejects.toThrow();
      await vi.waitFor(() => expect(plan.met.length).toBeGreaterThan(1), 30_000);
      away.abort();
      await refused;
      expect(plan.met.length).toBeLessThan(5);
    } finally {
      await storage.stop();
    }
  });

  it("gives every one of many at once a turn of its own", async () => {
    const turns = await Promise.all(Array.from({ length: 12 }, () => take()));
    expect(turns.every(({ granted }) => granted)).toBe(true);
    const { nextSlotAt = 0 } = (await read()).deployments.pictures ?? {};
    expect(nextSlotAt).toBeGreaterThan(Date.now() - 10_000);
  });
});

import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bringPicture, putInput } from "../../src/storage/input-blobs.ts";
import { openDraft, readDraft, saveDraft } from "../../src/jobs/drafts.ts";
import { isFirst, settle } from "../../src/storage/first-of-several.ts";
import { putRows, readRows } from "../../src/storage/table.ts";
import { openSweep } from "../../src/work/sweep.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { createJob, newJob } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { checkRequest } from "../../src/request/check.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import { storageRefusals } from "../fakes/storage-refusals.ts";

let azurite: Azurite;
let core: Core;
beforeAll(async () => {
  azurite = await startAzurite();
  core = await openCore(azurite.connectionString, "http://127.0.0.1:1");
});
afterAll(() => azurite.stop());

const inDays = (days: number) => Date.now() + days * 86_400_000;

async function sweep(now: number, azure = core.azure): Promise<void> {
  const pass = openSweep(azure, now);
  while (!pass.isDone()) await pass.goOn(AbortSignal.timeout(60_000));
}

async function blobs(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of core.azure.container.listBlobsFlat()) names.push(name);
  return names;
}

async function begin() {
  const bytes = await sharp({ create: { width: 64, height: 64, channels: 3, background: "#888" } })
    .png()
    .toBuffer();
  const brought = await bringPicture(bytes, core.azure);
  if ("fault" in brought) throw new Error(brought.fault.fault);
  const { name, ...size } = brought;
  const { askedBy, address } = core.request();
  const begun = { source: { from: "input", name } as const, blob: `inputs/${name}`, ...size, options: {} };
  return saveDraft({ ...begun, private: false, askedBy, address }, core.azure);
}

it("what was begun and never sent is taken away after a day, with its picture and its masks", async () => {
  const draft = await begin();
  await putInput(`${draft.id}-mask-1.png`, Buffer.from("a mask"), core.azure);
  await sweep(inDays(0.9));
  expect(await blobs()).toHaveLength(2);
  expect(await readDraft(draft.id, core.azure)).toEqual(draft);
  await sweep(inDays(2));
  expect(await blobs()).toEqual([]);
  expect(await readDraft(draft.id, core.azure)).toBeUndefined();
});

it("a draft belongs to the first browser that opens it", async () => {
  const { id } = await begin();
  const opened = await Promise.all(["one", "two", "three"].map((secret) => openDraft(id, secret, core.azure)));
  expect(opened.filter(Boolean)).toHaveLength(1);
  const owner = ["one", "two", "three"][opened.indexOf(true)] ?? "";
  expect(await openDraft(id, owner, core.azure)).toBe(true);
  expect(await openDraft(id, "four", core.azure)).toBe(false);
  expect((await readDraft(id, core.azure))?.openedBy).toMatch(/^[0-9a-f]{64}$/);
  expect(await openDraft("0".repeat(40), "one", core.azure)).toBe(false);
});

async function put(...names: string[]): Promise<void> {
  for (const name of names) await core.azure.container.getBlockBlobClient(name).upload("x", 1);
}

/** A job in storage, with one input, whose only picture has come to this state. */
async function ended(state: Job["pictures"][number]["state"], toldAt?: string): Promise<string> {
  const request = core.request();
  const checked = checkRequest(request, core.settings);
  const job = newJob(request, "order" in checked ? checked.order : undefined);
  for (const picture of job.pictures) picture.state = state;
  await createJob({ ...job, toldAt }, core.azure);
  const name = `inputs/${job.id}-1.png`;
  await put(name);
  return name;
}

it("what a job was made from goes after a day, unless a picture came of it or is still to come", async () => {
  const now = new Date().toISOString();
  const refused = await ended("refused", now);
  const needed = [await ended("kept", now), await ended("waiting")];
  const brought = `inputs/${"a".repeat(40)}.png`;
  await put(brought, "inputs/test-nobody-mask.png");
  await sweep(inDays(0.9));
  expect(await blobs()).toContain(refused);
  await sweep(inDays(1.1));
  expect((await blobs()).filter((name) => name.startsWith("inputs/")).toSorted()).toEqual(
    [brought, ...needed].toSorted(),
  );
  await sweep(inDays(7.1));
  expect(await blobs()).not.toContain(brought);
  expect(await blobs()).toEqual(expect.arrayContaining(needed));
});

it("pictures in the making and notes of cancelling that a killed process left go after two days, and no others", async () => {
  const hex = "b".repeat(40);
  const [orphan, note] = [`pictures/${hex}-partial.jpg`, "cancels/test-1.json"];
  const kept = [`pictures/${hex}.png`, `pictures/${hex}-preview.jpg`, `jobs/test-1.json`, "lists/history/x/0"];
  await put(orphan, note, ...kept);
  await sweep(inDays(1.9));
  expect(await blobs()).toEqual(expect.arrayContaining([orphan, note, ...kept]));
  await sweep(inDays(2.1));
  expect(await blobs()).toEqual(expect.arrayContaining(kept));
  expect(await blobs()).not.toContain(orphan);
  expect(await blobs()).not.toContain(note);
});

it("one that will not go keeps nothing else, and what is no blob is left alone", async () => {
  const presses = ["1", "2", "3"].map((digit) => `presses/${digit.repeat(64)}`);
  const old = `presses/2026-11-20/${"4".repeat(64)}`;
  // As a storage with folders lists them.
  const folders = ["presses/2026-11-20", "sheets/x", "teams/answered"];
  await put(...presses, old, ...folders);
  const storage = await startStorageProxy(azurite);
  const azure = connectAzure({ ...core.settings, storage: { connectionString: storage.connectionString } });
  storage.fail({ method: "DELETE", path: /presses\/1111/ }, storageRefusals.immutable, Infinity);
  await sweep(inDays(2), azure);
  const left = await blobs();
  expect(left.filter((name) => name.startsWith("presses/")).toSorted()).toEqual(
    [`presses/${"1".repeat(64)}`, "presses/2026-11-20"].toSorted(),
  );
  expect(left).toEqual(expect.arrayContaining(folders));
  expect(
    storage.calls.filter(({ method, path }) => method === "DELETE" && /presses\/2026-11-20(\?|$)/.test(path)),
  ).toEqual([]);
  await storage.stop();
});

it("who was the first is forgotten when nobody asks any more, but for installations", async () => {
  const kinds = ["press", "answer", "form", "welcome"] as const;
  for (const what of kinds) await isFirst({ what, of: "it" }, core.azure);
  await settle({ what: "welcome", of: "it" }, core.azure);
  const present = async () => {
    const rows = await Promise.all(kinds.map((what) => readRows(`first-${what}`, { count: 9 }, core.azure)));
    return kinds.filter((_, index) => rows[index]?.length);
  };
  await sweep(inDays(0.9));
  expect(await present()).toEqual(kinds);
  await sweep(inDays(1.1));
  expect(await present()).toEqual(["answer", "form", "welcome"]);
  await sweep(inDays(2.1));
  expect(await present()).toEqual(["form", "welcome"]);
  await sweep(inDays(400));
  expect(await present()).toEqual(["welcome"]);
});

it("more rows than storage tells at once are all taken away", async () => {
  const partition = "first-press";
  const rows = Array.from({ length: 1100 }, (_, number) => ({ partition, name: String(number), values: {} }));
  await putRows(rows, core.azure);
  await sweep(inDays(1.1));
  expect(await readRows(partition, { count: 9 }, core.azure)).toEqual([]);
});

import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bringPicture, putInput } from "../../src/bring.ts";
import { openDraft, readDraft, saveDraft, sweepDrafts } from "../../src/drafts.ts";
import { isFirstPress, sweepPresses } from "../../src/once.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { openCore } from "./core-world.ts";
import type { Core } from "./core-world.ts";

let azurite: Azurite;
let core: Core;
beforeAll(async () => {
  azurite = await startAzurite();
  core = await openCore(azurite.connectionString, "http://127.0.0.1:1");
});
afterAll(() => azurite.stop());

const inDays = (days: number) => Date.now() + days * 86_400_000;

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
  await isFirstPress("again/x.1/test/2", "event", core.azure);
  await Promise.all([sweepDrafts(core.azure, inDays(0.9)), sweepPresses(core.azure, inDays(0.9))]);
  expect(await blobs()).toHaveLength(4);
  await Promise.all([sweepDrafts(core.azure, inDays(2)), sweepPresses(core.azure, inDays(2))]);
  expect(await blobs()).toEqual([]);
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

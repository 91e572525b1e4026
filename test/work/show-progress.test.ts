import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi } from "../../local/images-api/images-api.ts";
import { acceptRequest } from "../../src/ask/accept.ts";
import { readJob } from "../../src/jobs/job.ts";
import { readPicture } from "../../src/storage/picture-blobs.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import { TIMES } from "../../src/times.ts";
import { announceAtOnce, openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

let images: ImagesApi;
let core: Core;
let times: number[];
beforeEach(async () => {
  // Medium takes 5 s, with two partial pictures on its way.
  images = await startImagesApi({ plainly: true, latency: 2, scenarios: true });
  core = await openCore(azurite.connectionString, images.url);
  times = [];
  core.deliver = () => {
    times.push(Date.now());
    return { delivered: true };
  };
});
afterEach(async () => {
  await core.stop();
  await images.stop();
});

async function ask(words: string, options = {}): Promise<string> {
  const request = { ...core.request(options), prompt: words };
  const accepted = await acceptRequest(request, core.settings, core.azure);
  if (accepted.outcome !== "accepted") throw new Error("not accepted");
  await announceAtOnce(accepted, core);
  return request.id;
}

async function partialsLeft(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of core.azure.container.listBlobsFlat({ prefix: "pictures/" }))
    if (name.includes("partial")) names.push(name);
  return names;
}

it("shows partial pictures as they come, some seconds apart, each under an address of its own, and none at the end", async () => {
  core.work();
  const id = await ask("a lighthouse");
  const first = await until(() => core.chat.find(({ reply }) => reply.pictures.length));
  expect(first.reply).toMatchObject({ mood: "waiting", actions: [{ do: "cancel", job: id }] });
  expect(first.reply.pictures[0]?.name).toMatch(/^[0-9a-f]{40}-partial\.jpg$/);
  expect((await readPicture(first.reply.pictures[0]?.name ?? "", core.azure))?.readUInt16BE(0)).toBe(0xffd8);
  const { reply } = await core.told(id, 30);
  expect(reply.pictures[0]?.name).toMatch(/^[0-9a-f]{40}\.png$/);
  const shown = core.chat.flatMap(({ reply }) => reply.pictures.map(({ name }) => name));
  expect(new Set(shown).size).toBe(3);
  const apart = times.slice(1, -1).map((time, index) => time - (times[index] ?? 0));
  expect(Math.min(...apart)).toBeGreaterThanOrEqual(250);
  expect(await partialsLeft()).toEqual([]);
  expect((await readJob(id, core.azure))?.job.pictures[0]?.partial).toBeUndefined();
});

it("takes a partial picture away when the result is blocked", async () => {
  core.work();
  const id = await ask("[[blocked:picture]] a lighthouse");
  await until(() => core.chat.find(({ reply }) => reply.pictures.length));
  const { reply } = await core.told(id, 30);
  expect(reply).toMatchObject({ mood: "declined", pictures: [] });
  expect(await partialsLeft()).toEqual([]);
});

it("takes a partial picture away whose upload outlasts the drawing", async () => {
  await core.stop();
  const storage = await startStorageProxy(azurite);
  const { partialLimitMilliseconds } = TIMES.work;
  const times = { ...core.settings.times, work: { ...core.settings.times.work, partialLimitMilliseconds } };
  core = await openCore(storage.connectionString, images.url, {}, times);
  const release = Promise.withResolvers<void>();
  storage.fail({ method: "PUT", path: /-partial\.jpg/ }, { until: release.promise });
  try {
    core.work();
    const { reply } = await core.told(await ask("a lighthouse"), 40);
    expect(reply.mood).toBe("finished");
    const before = core.chat.length;
    const upload = storage.calls.find(({ name }) => name === "PUT partial");
    release.resolve();
    await until(() => upload?.status !== undefined);
    await until(async () => (await partialsLeft()).length === 0);
    await core.told(await ask("[[blocked:prompt]] another"));
    expect(core.chat).toHaveLength(before + 1);
  } finally {
    await storage.stop();
  }
});

it("without a stream, tells the time that has passed and how long it usually takes", async () => {
  core.work();
  await core.told(await ask("first", { model: "dall-e-3" }), 30);
  core.chat.length = 0;
  const id = await ask("second", { model: "dall-e-3" });
  const told = await until(() => core.chat.find(({ reply }) => reply.mood === "waiting"), 20);
  expect(told.reply.paragraphs.join(" ")).toMatch(/for 5 seconds now. This usually takes about 5 seconds/);
  await core.told(id, 30);
});

it("an edit that hangs does not keep the answer waiting, and what it covers is put back", async () => {
  const release = Promise.withResolvers<void>();
  core.deliver = async () => {
    const message = core.chat.at(-1);
    if (message?.reply.mood === "waiting") await release.promise;
    return { delivered: true };
  };
  core.work();
  const id = await ask("a lighthouse");
  await core.told(id, 40);
  const before = core.chat.length;
  release.resolve();
  await until(() => core.chat.length > before);
  expect(core.chat.at(-1)?.reply.mood).toBe("finished");
});

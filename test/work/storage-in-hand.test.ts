import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { acceptRequest } from "../../src/ask/accept.ts";
import { connectAzure, prepareStorage } from "../../src/storage/azure.ts";
import { readJob } from "../../src/jobs/job.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { startScriptedImages } from "../fakes/scripted-images.ts";
import type { ScriptedImages } from "../fakes/scripted-images.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import type { StorageProxy } from "../fakes/storage-proxy.ts";
import { storageRefusals } from "../fakes/storage-refusals.ts";
import { TIMES } from "../../src/times.ts";
import { SHORT_HOLD, tenth } from "../times.ts";
import { announceAtOnce, openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

let images: ScriptedImages;
let storage: StorageProxy;
let core: Core;
beforeEach(async () => {
  images = await startScriptedImages();
  storage = await startStorageProxy(azurite);
  const times = tenth(TIMES);
  const withShortHold = { ...times, jobs: { ...times.jobs, ...SHORT_HOLD } };
  core = await openCore(storage.connectionString, images.origin, {}, withShortHold);
});
afterEach(async () => {
  await core.stop();
  await storage.stop();
  await images.stop();
});

const said = () => core.chat.map(({ reply }) => reply.paragraphs.join(" "));
const ofPictures = /\/pictures\/[0-9a-f]{40}\.png/;

describe("a drawn picture, when storage refuses us", () => {
  it("for some seconds, to its upload alone: it is drawn once and comes", async () => {
    storage.fail({ method: "PUT", path: ofPictures, seconds: 0.5 }, storageRefusals.authorizationFailure);
    core.work();
    const { reply } = await core.told(await core.accept(), 60);
    expect(reply).toMatchObject({ mood: "finished", pictures: [{ width: 1024 }] });
    expect(images.calls).toHaveLength(1);
  });

  it("everything, for longer than a hold lasts: it is drawn once, though another replica is back first", async () => {
    const otherWay = await startStorageProxy(azurite);
    const away = storage.fail({ startsWith: "PUT picture" }, storageRefusals.authorizationFailure, Infinity);
    const awayThere = otherWay.fail({}, storageRefusals.authorizationFailure, Infinity);
    core.work();
    const id = await core.accept();
    await until(() => away.met.length > 0);
    core.work(connectAzure({ ...core.settings, storage: { connectionString: otherWay.connectionString } }));
    const { queue } = connectAzure({ ...core.settings, storage: { connectionString: azurite.connectionString } });
    await until(async () => (await queue.peekMessages()).peekedMessageItems.length > 0);
    awayThere.end();
    await until(() => otherWay.calls.some(({ name, status }) => name === "GET job" && status === 200));
    // What takes the job up would draw at once, and looks a second time before it does.
    await until(() => otherWay.calls.filter(({ name, status }) => name === "GET job" && status === 200).length > 1);
    away.end();
    const { reply, job } = await core.told(id, 60);
    expect(reply).toMatchObject({ mood: "finished", pictures: [{ width: 1024 }] });
    expect(job.pictures[0]?.lostCalls).toBe(0);
    expect(images.calls).toHaveLength(1);
    await core.stop();
    await otherWay.stop();
  }, 120_000);

  it("and the process has to end: the log and the asker hear that it is lost", async () => {
    const worker = core.work();
    const uploads = storage.fail({ method: "PUT", path: ofPictures }, storageRefusals.authorizationFailure, Infinity);
    const id = await core.accept();
    await until(() => uploads.met.length > 0);
    const began = Date.now();
    await worker.stop();
    expect(Date.now() - began).toBeLessThan(14_000);
    expect(said().at(-1)).toMatch(/was drawn.*lost.*charge/);
    expect((await readJob(id, core.azure))?.job.pictures[0]?.state).toBe("drawing");
  }, 30_000);
});

describe("a container whose blobs cannot be changed", () => {
  it("is found at the start, and nobody is promised anything", async () => {
    storage.fail({}, "immutable", Infinity);
    const azure = connectAzure(core.settings);
    await expect(prepareStorage(azure, AbortSignal.timeout(10_000))).rejects.toMatchObject({
      code: "BlobImmutableDueToPolicy",
    });
    const accepted = await acceptRequest(core.request(), core.settings, azure);
    expect(accepted).toMatchObject({ outcome: "declined", reply: { mood: "sorry" } });
  });

  it("is found at the first refusal: the asker hears it, nothing is drawn, and storage is left in peace", async () => {
    const id = await core.accept();
    const policy = storage.fail({}, "immutable", Infinity);
    core.work();
    await until(() => said().some((words) => words.includes("cannot reach my storage")), 60);
    const before = storage.calls.length;
    await pause(500);
    expect(storage.calls.length - before).toBeLessThan(60);
    expect(images.calls).toHaveLength(0);
    expect(await acceptRequest(core.request(), core.settings, core.azure)).toMatchObject({ outcome: "declined" });
    policy.end();
    const { reply } = await core.told(id, 60);
    expect(reply.mood).toBe("finished");
    expect(images.calls).toHaveLength(1);
  }, 150_000);
});

describe("what was deleted under the bot", () => {
  it("is made anew", async () => {
    core.work();
    const { container, queue, table } = core.azure;
    await Promise.all([queue.delete(), container.delete(), table.deleteTable()]);
    await until(async () => (await container.exists()) && queue.exists(), 90);
    const { reply } = await core.told(await core.accept(), 60);
    expect(reply.mood).toBe("finished");
  }, 160_000);
});

it("draws on while messages hang, and gives none of them up", async () => {
  await core.stop();
  core = await openCore(storage.connectionString, images.origin, { IMAGE_CONCURRENCY: "1" });
  const hang = Promise.withResolvers<void>();
  let sent = 0;
  core.deliver = async () => {
    if (core.chat.at(-1)?.reply.mood === "finished" && (sent += 1) <= 3) await hang.promise;
    return { delivered: true };
  };
  core.work();
  const ids = [];
  for (let index = 0; index < 3; index += 1) ids.push(await core.accept());
  await until(() => sent === 3);
  await core.told(await core.accept());
  expect(images.calls).toHaveLength(4);
  hang.resolve();
  for (const id of ids) await core.told(id);
});

it("draws on while a picture to start from is fetched", async () => {
  core.settings.concurrency = 1;
  const hang = Promise.withResolvers<Buffer>();
  const asked = Promise.withResolvers<void>();
  core.work(core.azure, {
    test: () => {
      asked.resolve();
      return hang.promise;
    },
  });
  const edit = core.request();
  const accepted = await acceptRequest(
    { ...edit, sources: [{ from: "chat", url: "https://example.org/a.png" }] },
    core.settings,
    core.azure,
  );
  if (accepted.outcome === "accepted") await announceAtOnce(accepted, core);
  await asked.promise;
  await core.told(await core.accept());
  expect(images.calls).toHaveLength(1);
  hang.reject(new Error("gone"));
});

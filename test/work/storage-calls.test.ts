import { afterAll, beforeAll, expect, it } from "vitest";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { startScriptedImages } from "../fakes/scripted-images.ts";
import type { ScriptedImages } from "../fakes/scripted-images.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import type { StorageProxy } from "../fakes/storage-proxy.ts";
import { TIMES } from "../../src/times.ts";
import { openCore, until } from "../src/core-world.ts";

let azurite: Azurite;
let images: ScriptedImages;
let storage: StorageProxy;
beforeAll(async () => {
  [azurite, images] = await Promise.all([startAzurite(), startScriptedImages()]);
  storage = await startStorageProxy(azurite);
});
afterAll(async () => {
  await storage.stop();
  await Promise.all([azurite.stop(), images.stop()]);
});

/** Looks that go on whether anybody asks for a picture or not. */
const LOOKS =
  /^(GET tickets|GET wishes|GET alerts|GET rules|GET brake|GET privacy|GET durations|PUT durations|GET first-|GET drafts|list )/;

const asked = () => storage.calls.map(({ name }) => name).filter((name) => !LOOKS.test(name));
/** The tests' own looks at the record go the same way. */
const written = () => asked().filter((name) => name !== "GET job");

it("a picture costs eleven calls to storage, two of them before the waiting message and two for the ledger", async () => {
  const core = await openCore(storage.connectionString, images.origin);
  core.work();
  // In the lowest quality there are no pictures in the making, whose calls depend on the time that a picture takes.
  const low = { quality: "low" };
  await core.told(await core.accept(low));
  await until(() => written().includes("DELETE ticket"));
  storage.calls.length = 0;
  const id = await core.accept(low);
  expect(asked().slice(0, 2)).toEqual(["POST ticket", "PUT job"]);
  await core.told(id);
  await until(() => written().includes("DELETE ticket"));
  const ofLedger = (name: string) => /transaction|ledger/.test(name);
  // Once money is set aside, beside what comes next, and once it is counted, beside the answer: its rows are remembered.
  expect(written().filter(ofLedger)).toEqual(["POST transaction", "POST transaction"]);
  const others = written().filter((name) => !ofLedger(name));
  expect(others.slice(0, 4)).toEqual(["POST ticket", "PUT job", "PUT pace", "PUT job"]);
  // The original and its preview go side by side.
  expect(others.slice(4, 6).toSorted()).toEqual(["PUT picture", "PUT preview"]);
  expect(others.slice(6)).toEqual(["PUT history", "PUT job", "DELETE ticket"]);
  await core.stop();
});

it("thirty at once cost no more than thirteen each", async () => {
  // At a tenth of the times there would be ten times as many looks.
  const core = await openCore(storage.connectionString, images.origin, { IMAGE_CONCURRENCY: "30" }, TIMES);
  core.work();
  storage.calls.length = 0;
  const ids = await Promise.all(Array.from({ length: 30 }, () => core.accept()));
  for (const id of ids) await until(() => core.chat.some(({ job }) => job === id));
  await until(() => written().filter((name) => name === "DELETE ticket").length === 30);
  expect(storage.calls.length / 30).toBeLessThanOrEqual(13);
  await core.stop();
});

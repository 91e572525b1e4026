import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { connectAzure } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { forget, isFirst, settle } from "../../src/storage/first-of-several.ts";
import type { Once } from "../../src/storage/first-of-several.ts";
import { TIMES } from "../../src/times.ts";
import { openSweep } from "../../src/work/sweep.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import type { StorageProxy } from "../fakes/storage-proxy.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";

let azurite: Azurite;
let storage: StorageProxy;
let core: Core;
/** Two replicas. */
let here: Azure;
let there: Azure;
beforeAll(async () => {
  azurite = await startAzurite();
  storage = await startStorageProxy(azurite);
  core = await openCore(storage.connectionString, "http://127.0.0.1:1");
  // Storage tells its times in whole seconds, so these cannot be a tenth.
  const times = { ...TIMES, storage: { ...TIMES.storage, oneClickSeconds: 4, takenSeconds: 2, answeringSeconds: 3 } };
  const settings = { ...core.settings, times };
  [here, there] = [connectAzure(settings), connectAzure(settings)];
});
afterAll(async () => {
  await storage.stop();
  await azurite.stop();
});

let number = 0;
const something = (what: Once["what"]): Once => ({ what, of: `thing ${(number += 1)}` });

describe.each(["press", "answer", "form", "welcome"] as const)("of several that ask about one %s", (what) => {
  it("at once, on all replicas, one is first", async () => {
    const once = something(what);
    const asked = [here, there, here, there, here, there].map((azure) => isFirst(once, azure));
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1);
    expect(await isFirst(something(what), here)).toBe(true);
  });

  it("the first is known though the answer to it was lost", async () => {
    const once = something(what);
    const lost = storage.fail({ call: "POST table" }, { cut: "after" });
    expect(await isFirst(once, here)).toBe(true);
    expect(lost.met).toHaveLength(1);
    expect(await isFirst(once, there)).toBe(false);
  });

  it("the next is first where nothing came of it", async () => {
    const once = something(what);
    await isFirst(once, here);
    await forget(once, here);
    expect([await isFirst(once, there), await isFirst(once, here)]).toEqual([true, false]);
  });

  it("none is first while storage is out of reach, and it is said", async () => {
    const away = storage.fail({ call: "POST table" }, { page: 503 }, Infinity);
    await expect(isFirst(something(what), here)).rejects.toThrow();
    away.end();
  });
});

describe("a press", () => {
  it("costs one call to storage, and the next in a row two", async () => {
    const once = something("press");
    const from = storage.calls.length;
    await isFirst(once, here);
    await isFirst(once, there);
    expect(storage.calls.slice(from).map(({ name }) => name)).toEqual(["POST table", "POST table", "GET first-press"]);
  });

  it("is the first again when its event is delivered again", async () => {
    const once = something("press");
    const asked = async (by: string, azure: Azure) => isFirst(once, azure, { by });
    expect([await asked("one", here), await asked("two", here), await asked("one", there)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("at midnight is one with the press before it", async () => {
    const once = something("press");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2027-01-01T23:59:59.900Z") });
    const first = await isFirst(once, here);
    vi.setSystemTime(Date.parse("2027-01-02T00:00:00.100Z"));
    expect([first, await isFirst(once, there)]).toEqual([true, false]);
    vi.useRealTimers();
  });

  it("some seconds later is meant, sooner where nothing came of the one before, and one of those alone", async () => {
    const [once, inVain] = [something("press"), something("press")];
    for (const press of [once, inVain]) await isFirst(press, here, { by: "one" });
    const isTaken = async (by: string) => by !== "one";
    expect(await isFirst(inVain, here, { isTaken })).toBe(false);
    await pause(2100);
    expect(await isFirst(once, here, { isTaken: async () => true })).toBe(false);
    const again = await Promise.all([here, there, here].map((azure) => isFirst(inVain, azure, { isTaken })));
    expect(again.filter(Boolean)).toHaveLength(1);
    await pause(2100);
    expect(await isFirst(once, there)).toBe(true);
  });
});

describe("an answer", () => {
  it("whose process died over it is given by the next copy after its turn, and is settled for ever", async () => {
    const [once, settled] = [something("answer"), something("welcome")];
    for (const thing of [once, settled]) await isFirst(thing, here);
    await settle(settled, here);
    await pause(3100);
    // The answer to the second write is lost too.
    storage.fail({ call: "PUT first-answer" }, { cut: "after" });
    const copies = await Promise.all([isFirst(once, here), isFirst(once, there)]);
    expect(copies.filter(Boolean)).toHaveLength(1);
    expect(await isFirst(settled, there)).toBe(false);
  });
});

describe("what the version before has done", () => {
  const folders = { form: "teams/pressed/", welcome: "teams/welcomed/" } as const;
  const oldBlob = (name: string) => core.azure.container.getBlockBlobClient(name);
  /** As that version left it: the same name, and "done" in it. */
  async function doneBefore(what: "form" | "welcome", text = "done"): Promise<Once & { blob: string }> {
    const once = something(what);
    const blob = folders[what] + createHash("sha256").update(once.of).digest("hex");
    await oldBlob(blob).upload(text, text.length);
    return { ...once, what, blob };
  }
  async function sweep(days: number): Promise<void> {
    const pass = openSweep(core.azure, Date.now() + days * 86_400_000);
    while (!pass.isDone()) await pass.goOn(AbortSignal.timeout(60_000));
  }

  it.each(["form", "welcome"] as const)("is not done again, a %s, before it is moved and after", async (what) => {
    const [done, begun] = [await doneBefore(what), await doneBefore(what, "")];
    expect([await isFirst(done, here), await isFirst(begun, here)]).toEqual([false, true]);
    await sweep(1.9);
    expect(await oldBlob(done.blob).exists()).toBe(true);
    await sweep(2.1);
    expect([await oldBlob(done.blob).exists(), await oldBlob(begun.blob).exists()]).toEqual([false, false]);
    expect(await isFirst(done, there)).toBe(false);
  });

  it("is undone with the installation", async () => {
    const once = await doneBefore("welcome");
    await forget(once, here);
    expect([await isFirst(once, here), await isFirst(once, there)]).toEqual([true, false]);
  });

  it("is swept where nobody asks for it after some minutes", async () => {
    const names = [`presses/${"1".repeat(64)}`, `teams/answered/2026-11-29/${"2".repeat(64)}`];
    for (const name of names) await oldBlob(name).upload("x", 1);
    await sweep(2.1);
    for (const name of names) expect(await oldBlob(name).exists()).toBe(false);
  });
});

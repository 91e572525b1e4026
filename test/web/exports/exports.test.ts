import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keepExport, readExport } from "../../../src/storage/exports.ts";
import { exportRoutes } from "../../../src/web/exports/routes.ts";
import { makeApp } from "../../../src/web/http.ts";
import { openSweep } from "../../../src/work/sweep.ts";
import { startAzurite } from "../../fakes/azurite.ts";
import type { Azurite } from "../../fakes/azurite.ts";
import { openCore } from "../../src/core-world.ts";
import type { Core } from "../../src/core-world.ts";

let azurite: Azurite;
let core: Core;
beforeAll(async () => {
  azurite = await startAzurite();
  core = await openCore(azurite.connectionString, "http://127.0.0.1:1");
});
afterAll(() => azurite.stop());

const file = { name: "usage – Ämter.csv", mediaType: "text/csv; charset=utf-8", bytes: Buffer.from("a,b\r\n") };

const ask = (path: string) => {
  const app = makeApp(core.azure, () => Promise.resolve([]), exportRoutes(core.settings, core.azure));
  return app.request(`http://127.0.0.1${path}`);
};

test("whoever has the address gets the file as it was, and nobody keeps a copy on the way", async () => {
  const id = await keepExport(file, core.azure);
  const answer = await ask(`/exports/${id}`);
  expect(answer.status).toBe(200);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(file.bytes);
  expect(answer.headers.get("content-type")).toBe(file.mediaType);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.get("content-disposition")).toBe(
    `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
  );
});

test("nobody else finds one, nor whatever else is in storage", async () => {
  await core.azure.container.getBlockBlobClient("exports/secret").upload("x", 1);
  for (const path of ["/exports/secret", "/exports/", `/exports/${"0".repeat(40)}`, "/exports/..%2Fjobs"])
    expect((await ask(path)).status).toBe(404);
});

test("after its time there is nothing at the address, and after a day nothing in storage", async () => {
  const { azure } = core;
  const id = await keepExport(file, azure);
  const over = { ...azure, times: { ...azure.times, storage: { ...azure.times.storage, exportMilliseconds: 1000 } } };
  expect(await readExport(id, over)).toEqual(file);
  // Storage reckons in whole seconds.
  await pause(2100);
  expect(await readExport(id, over)).toBeUndefined();
  const blob = azure.container.getBlockBlobClient(`exports/${id}`);
  const sweep = async (days: number) => {
    const pass = openSweep(azure, Date.now() + days * 86_400_000);
    while (!pass.isDone()) await pass.goOn(AbortSignal.timeout(60_000));
  };
  await sweep(0.9);
  expect(await blob.exists()).toBe(true);
  await sweep(1.1);
  expect(await blob.exists()).toBe(false);
});

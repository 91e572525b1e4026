import { afterAll, beforeAll, expect, it } from "vitest";
import { changeJob } from "../../../src/jobs/job.ts";
import { connectAzure } from "../../../src/storage/azure.ts";
import { makeApp, startHttp } from "../../../src/web/http.ts";
import { wallRoutes } from "../../../src/web/wall/routes.ts";
import { startAzurite } from "../../fakes/azurite.ts";
import type { Azurite } from "../../fakes/azurite.ts";
import { startStorageProxy } from "../../fakes/storage-proxy.ts";
import { openWallWorld } from "./wall-world.ts";
import type { WallWorld } from "./wall-world.ts";

let azurite: Azurite;
let world: WallWorld;
beforeAll(async () => {
  azurite = await startAzurite();
  world = await openWallWorld(azurite.connectionString);
});
afterAll(async () => {
  await world?.stop();
  await azurite?.stop();
});

const textOf = (html: string) =>
  html
    .replace(/^[^]*<body>/, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");

it("shows what a channel keeps, with whose words, who keeps it, and the pictures themselves; what is private never", async () => {
  await world.hang("harbour", "a gull", ["Bo"], { at: new Date("2026-11-01") });
  await world.hang("harbour", "<b>a boat</b> & \u202eanchor", ["Cy", "Di", "", "Eve", "Flo"]);
  await world.hang("harbour", "a secret", ["Bo"], { isPrivate: true });
  await world.hang("elsewhere", "a mountain", ["Bo"]);
  const answer = await fetch(await world.pageOf("harbour"));
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
    "content-security-policy": expect.stringContaining("default-src 'none'"),
  });
  const html = await answer.text();
  expect(textOf(html)).toMatch(/boat.*Asked by Ada ★ Kept by Cy, Di, somebody, and 2 others.*a gull.*Kept by Bo/);
  expect(html).toContain("&lt;b&gt;a boat&lt;/b&gt; &amp;");
  expect(html).not.toMatch(/a secret|a mountain|<script/);
  const shown = [...html.matchAll(/(?:src|href)="\.\.\/(pictures\/[^"]+)"/g)].map(([, path]) => path);
  expect(shown).toHaveLength(4);
  for (const path of [...shown, "wall-page/wall.css", "pages/page.css"])
    expect((await fetch(`${world.origin}/${path}`)).status).toBe(200);
});

it("has pages, in either order, and takes no other than its own for one", async () => {
  for (let index = 0; index < 26; index += 1)
    await world.hang("gallery", `picture ${index}`, index ? ["Bo"] : ["Bo", "Cy"], {
      at: new Date(Date.now() + index * 1000),
    });
  const page = await world.pageOf("gallery");
  const read = async (query: string) => textOf(await (await fetch(page + query)).text());
  expect(await read("")).toMatch(/picture 25 .*picture 2 .*Page 1 Further/);
  expect(await read("?order=newest&page=2")).toMatch(/picture 1 .*picture 0 .*Back Page 2 $|picture 1 .*Page 2/);
  expect(await read("?order=most")).toMatch(/Most kept first.*picture 0 .*picture 25/);
  for (const odd of ["?page=-1", "?page=x", "?page=1e400", "?order=%00", "?page=1.5"])
    expect(await read(odd)).toContain("picture 25");
  expect(await read("?page=900")).toContain("Nothing hangs here any more.");
});

it("says so kindly where a wall is empty, unknown, or storage is away", async () => {
  const job = await world.hang("short", "gone soon", ["Bo"]);
  const page = await world.pageOf("short");
  await changeJob(
    job.id,
    ({ pictures }) => void Object.assign(pictures[0] ?? {}, { state: "deleted" }),
    world.core.azure,
  );
  const empty = await fetch(page);
  expect([empty.status, textOf(await empty.text())]).toEqual([
    200,
    expect.stringContaining("Nothing hangs here any more."),
  ]);
  for (const id of ["0".repeat(32), "x", "..%2f", `${page.split("/").at(-1)}0`, "__proto__"]) {
    const none = await fetch(`${world.origin}/walls/${id}`);
    expect([id, none.status]).toEqual([id, 404]);
  }
  const proxy = await startStorageProxy(azurite);
  const { settings } = world.core;
  const beside = connectAzure({ ...settings, storage: { connectionString: proxy.connectionString } });
  const http = await startHttp(
    { port: 0, host: "127.0.0.1", times: settings.times },
    makeApp(beside, () => Promise.resolve([]), wallRoutes(settings, beside)),
  );
  const fault = proxy.fail({ path: /wall-pages/ }, "hang", Infinity);
  const away = await fetch(`http://127.0.0.1:${http.port}/walls/${page.split("/").at(-1)}`);
  expect([away.status, away.headers.get("retry-after")]).toEqual([503, "30"]);
  expect(fault.met.length).toBeGreaterThan(0);
  await http.stop();
  await proxy.stop();
});

import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { connectAzure, prepareStorage } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { makeApp, startHttp } from "../../src/web/http.ts";
import { log } from "../../src/log.ts";
import { keepPicture } from "../../src/work/keep-picture.ts";
import { checkPicture } from "../../src/pixels/check-picture.ts";
import { readSettings } from "../../src/settings.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { paint } from "../fakes/scripted-images.ts";

let azurite: Azurite;
let azure: Azure;
let origin: string;
let stop: () => Promise<void>;
let reasons: string[] = [];
const id = "0123456789abcdef0123456789abcdef01234567";
let bytes: Buffer;

beforeAll(async () => {
  azurite = await startAzurite();
  azure = connectAzure(
    readSettings(
      { AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString, AZURE_STORAGE_CONTAINER: `t${randomUUID()}` },
      [],
    ),
  );
  await prepareStorage(azure, AbortSignal.timeout(10_000));
  bytes = await paint(1600, 900);
  const checked = await checkPicture(bytes);
  if (!checked) throw new Error("no picture");
  await keepPicture(id, { ...checked, bytes }, azure);
  const http = await startHttp(
    { port: 0, host: "127.0.0.1", times: azure.times },
    makeApp(
      azure,
      () => Promise.resolve(reasons),
      [
        { method: "POST", path: "/reads", answer: async (asked) => new Response(await asked.text()) },
        { method: "GET", path: "/breaks/*", answer: () => Promise.reject(new Error("on purpose")) },
      ],
      {
        operator: { name: "Example & Sons", contact: "pictures@example.org" },
        keepDays: 30,
        configuration: { text: "", present: {} },
      },
    ),
  );
  origin = `http://127.0.0.1:${http.port}`;
  stop = () => http.stop();
});
afterAll(async () => {
  await stop();
  await azurite.stop();
});

describe("a kept picture", () => {
  it("is served byte for byte, and kept for an hour by who has seen it, by nobody in between", async () => {
    const response = await fetch(`${origin}/pictures/${id}.png`);
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "image/png",
      "content-length": String(bytes.length),
      "cache-control": "private, max-age=3600, must-revalidate",
      "x-content-type-options": "nosniff",
    });
    expect(response.headers.get("etag")).toMatch(/^"/);
  });

  it("has a preview that fits into a Teams card", async () => {
    const response = await fetch(`${origin}/pictures/${id}-preview.jpg`);
    const preview = Buffer.from(await response.arrayBuffer());
    expect(preview.length).toBeLessThanOrEqual(1_000_000);
    expect((await checkPicture(preview))?.file).toMatchObject({ mediaType: "image/jpeg", width: 1024, height: 576 });
  });

  it("answers HEAD, and 304 to who has it already", async () => {
    const head = await fetch(`${origin}/pictures/${id}.png`, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([
      200,
      String(bytes.length),
      "",
    ]);
    const etag = head.headers.get("etag") ?? "";
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await fetch(`${origin}/pictures/${id}.png`, { headers: { "if-none-match": known } });
      expect([known, again.status, again.headers.get("etag")]).toEqual([known, 304, etag]);
    }
    const other = await fetch(`${origin}/pictures/${id}.png`, { headers: { "if-none-match": '"other"' } });
    expect(other.status).toBe(200);
    await other.body?.cancel();
  });

  it("bears a client that goes away in the middle", async () => {
    await new Promise<void>((resolve) => {
      const going = request(`${origin}/pictures/${id}.png`, (response) =>
        response.once("data", () => response.destroy()),
      );
      going
        .on("close", resolve)
        .on("error", () => undefined)
        .end();
    });
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
  });
});

it.each([
  `/pictures/${"f".repeat(40)}.png`,
  `/pictures/${id}.svg`,
  `/pictures/${id}`,
  `/pictures/${id.toUpperCase()}.png`,
  `/pictures/${id}.png?sig=x`,
  "/pictures/",
  "/pictures/../jobs/test.json",
  "/pictures/..%2Fjobs%2Ftest.json",
  "/pictures/%00.png",
  "/pictures/%zz",
  "/jobs/test.json",
  "/index.html",
  "/api/messages",
])("there is nothing at %s", async (path) => {
  const status = await new Promise((resolve, reject) => {
    const raw = request(origin, { path }, (response) => {
      resolve(response.statusCode);
      response.resume();
    });
    raw.on("error", reject).end();
  });
  expect(status).toBe(404);
});

it("cannot be written to", async () => {
  for (const method of ["PUT", "POST", "DELETE"])
    expect((await fetch(`${origin}/pictures/${id}.png`, { method })).status).toBe(404);
});

it.each(["/", "/privacy", "/terms"])("%s is open to all, as the stores ask", async (path) => {
  const response = await fetch(`${origin}${path}`);
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
  expect(await response.text()).toContain("Easel");
});

it("/privacy says who answers for what is kept, how long it is kept, and no more than is so here", async () => {
  const text = await (await fetch(`${origin}/privacy`)).text();
  expect(text).toMatch(
    /Example &amp; Sons runs Easel here[^]*pictures@example.org[^]*For how long: 30 days[^]*<kbd>\/privacy<\/kbd>/,
  );
  expect(text).not.toMatch(/until it is deleted there|A chat model is set up/);
});

it.each(["/", "/privacy", "/terms", "/nowhere", "/pictures/", "/healthz", "/breaks/it"])(
  "%s says what a browser may make of it: nothing from elsewhere, nothing inside of another page",
  async (path) => {
    const response = await fetch(`${origin}${path}`);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "content-security-policy": expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/) as string,
    });
  },
);

it.each(["/", "/privacy", "/terms", "/nowhere", "/pictures/nowhere/at/all"])(
  "%s has the stylesheet and the header of every page, which lead to files and pages that are there",
  async (path) => {
    const page = await readPage(path);
    expect(page.addresses.filter((address) => address.endsWith("/pages/page.css"))).toHaveLength(1);
    expect(page.addresses).toEqual(expect.arrayContaining([`${origin}/`, `${origin}/privacy`, `${origin}/terms`]));
    const own = page.addresses.filter((address) => address.startsWith(origin));
    const statuses = await Promise.all(own.map(async (address) => [address, (await fetch(address)).status]));
    expect(statuses).toEqual(own.map((address) => [address, 200]));
    expect(page.text).not.toMatch(/<script|<style| style="/);
  },
);

it("shows on its first page a picture, how to begin, and who runs it", async () => {
  const { text, addresses } = await readPage("/");
  expect(addresses).toContain(`${origin}/pages/picture.jpg`);
  for (const words of ["/imagine a lighthouse", "@Easel imagine", "Example &amp; Sons"]) expect(text).toContain(words);
  expect(addresses).toContain("mailto:pictures@example.org");
});

it("answers a program that finds nothing in one line, and a browser with a page, both with 404", async () => {
  const plain = await fetch(`${origin}/nowhere`);
  expect([plain.status, await plain.text()]).toEqual([404, "There is nothing here.\n"]);
  const page = await fetch(`${origin}/pictures/${id}.png.html`, { headers: { accept: "text/html" } });
  expect([page.status, page.headers.get("content-type")]).toEqual([404, "text/html; charset=UTF-8"]);
});

/** As a browser asks for it; with all that it leads to, in full. */
async function readPage(path: string): Promise<{ text: string; addresses: string[] }> {
  const text = await (await fetch(`${origin}${path}`, { headers: { accept: "text/html" } })).text();
  const found = [...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address = ""]) => address);
  return { text, addresses: found.map((address) => new URL(address, `${origin}${path}`).href) };
}

it("keeps a picture's address out of the log when a request for it breaks", async () => {
  const logged = vi.spyOn(log, "error");
  expect((await fetch(`${origin}/breaks/${id}.png`)).status).toBe(500);
  const line = JSON.stringify(logged.mock.calls);
  logged.mockRestore();
  expect(line).toContain(`/breaks/${id.slice(0, 8)}…`);
  expect(line).not.toContain(id.slice(0, 9));
});

it("is broken by nobody who breaks off", async () => {
  const logged = vi.spyOn(log, "error");
  const going = request(`${origin}/reads`, { method: "POST" }).on("error", () => undefined);
  await new Promise((resolve) => going.write("a beginning", resolve));
  going.destroy();
  // Whatever was to be said of it has been said when a later request that breaks is in the log.
  await fetch(`${origin}/breaks/it`);
  await vi.waitFor(() => expect(logged).toHaveBeenCalled(), 30_000);
  expect(JSON.stringify(logged.mock.calls)).not.toContain("/reads");
  logged.mockRestore();
});

it("does not wait for a body where none is read", async () => {
  for (const path of ["/healthz", `/pictures/${id}.png`, "/nowhere"]) {
    const status = await new Promise((resolve, reject) => {
      const endless = request(`${origin}${path}`, { method: "GET", headers: { "transfer-encoding": "chunked" } });
      endless.on("response", (response) => {
        response.resume();
        response.on("close", () => resolve([response.statusCode, response.headers.connection]));
      });
      endless.on("error", reject);
      endless.write(Buffer.alloc(100_000));
    });
    expect(status).toEqual([400, "close"]);
  }
  const plain = await fetch(`${origin}/healthz`, { headers: { "content-length": "0" } });
  expect(plain.status).toBe(200);
});

it("says whether it lives and what it cannot reach", async () => {
  expect((await fetch(`${origin}/healthz`)).status).toBe(200);
  expect((await fetch(`${origin}/readyz`)).status).toBe(200);
  reasons = ["Storage is out of reach: ECONNREFUSED"];
  const response = await fetch(`${origin}/readyz`);
  expect([response.status, await response.text()]).toEqual([503, "Storage is out of reach: ECONNREFUSED\n"]);
});

it("says that a picture cannot be reached just now, and not that it is gone", async () => {
  await azurite.interrupt();
  const response = await fetch(`${origin}/pictures/${id}.png`);
  expect([response.status, response.headers.get("cache-control")]).toEqual([503, null]);
  await azurite.resume();
});

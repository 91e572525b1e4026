import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { request as plainRequest } from "node:http";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import sharp from "sharp";
import type { Sharp } from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readAddress } from "../../src/jobs/line.ts";
import { beginEdit } from "../../src/ask/begin-edit.ts";
import { editLink, idOfDraft, readDraft } from "../../src/jobs/drafts.ts";
import type { Draft } from "../../src/jobs/drafts.ts";
import { maskPng } from "../../src/web/edit-page/browser/mask-png.js";
import { rasterize } from "../../src/web/edit-page/browser/painting.js";
import { editPageRoutes } from "../../src/web/edit-page/routes.ts";
import { readJob } from "../../src/jobs/job.ts";
import { deletePicture } from "../../src/ask/cancel-and-delete.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { until } from "../src/core-world.ts";
import { meadow, openEditWorld } from "./edit-page-world.ts";
import type { EditWorld } from "./edit-page-world.ts";
import { spoken } from "../words/spoken.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

let world: EditWorld;
beforeEach(async () => {
  world = await openEditWorld(azurite.connectionString);
});
afterEach(() => world.stop());

const secret = () => randomBytes(32).toString("hex");
const fromPage = { "sec-fetch-site": "same-origin" };

function at(link: string, what: string): string {
  const address = new URL(link);
  address.pathname += `/${what}`;
  return String(address);
}

function open(link: string, own = secret(), headers: Record<string, string> = fromPage): Promise<Response> {
  return fetch(at(link, "open"), {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ secret: own }),
  });
}

const cookieIn = (response: Response) => response.headers.getSetCookie()[0]?.split(";")[0] ?? "";

async function opened(
  change?: Parameters<EditWorld["begin"]>[0],
  within = world,
): Promise<{ draft: Draft; link: string; cookie: string }> {
  const begun = await within.begin(change);
  return { ...begun, cookie: cookieIn(await open(begun.link)) };
}

type Sent = { words?: string; mask?: Blob; headers?: Record<string, string> };

async function send(
  { link, cookie }: { link: string; cookie: string },
  { words = "a red door", mask, headers }: Sent = {},
) {
  const body = new FormData();
  body.set("words", words);
  if (mask) body.set("mask", mask, "mask.png");
  const sent = () => fetch(at(link, "send"), { method: "POST", headers: { cookie, ...fromPage, ...headers }, body });
  let response = await sent();
  // As the page itself does it.
  for (; response.status === 429; response = await sent()) {
    await response.body?.cancel();
    await pause(Number(response.headers.get("retry-after")) * 100);
  }
  const { said } = (await response.json()) as { said: string[] };
  return { status: response.status, said, headers: response.headers };
}

/** A dab in the middle of a picture of 800×600. */
const dab = (radius = 100) =>
  maskPng(rasterize([{ erase: false, radius, points: [400, 300] }], { width: 800, height: 600 }), {
    width: 800,
    height: 600,
  });

const blobOf = async (picture: Sharp) => new Blob([new Uint8Array(await picture.png().toBuffer())]);
const jobs = async () => (await Array.fromAsync(world.core.azure.container.listBlobsFlat({ prefix: "jobs/" }))).length;

describe("a link", () => {
  it("shows the page, which holds nothing of the picture, is not kept and takes nothing from elsewhere", async () => {
    const { draft, link } = await world.begin();
    expect(link).toBe(`${world.origin}/pictures/${idOfDraft(draft)}/edit?key=${draft.id}`);
    const response = await fetch(link);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
    const policy = response.headers.get("content-security-policy") ?? "";
    for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"])
      expect(policy).toContain(rule);
    const page = await response.text();
    const addresses = [...page.matchAll(/(?:src|href|action)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses).toEqual([
      "../../pages/color.svg",
      "../../pages/page.css",
      "../../edit-page/editor.js",
      "../../",
      "../../privacy",
      "../../terms",
    ]);
    expect(page).not.toMatch(/<script(?![^>]*src)|style="|onclick/);
    expect(page).toContain('data-most-words="32000"');
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it("is not used up by whoever only looks at it: chats, scanners", async () => {
    const { draft, link } = await world.begin();
    for (const method of ["GET", "HEAD", "GET"]) expect((await fetch(link, { method })).status).toBe(200);
    expect((await readDraft(draft.id, world.core.azure))?.openedBy).toBeUndefined();
    expect((await open(link)).status).toBe(200);
  });

  it("leads nowhere with another key, to another picture, or without a key", async () => {
    const [one, other] = [await world.begin(), await world.begin()];
    const mixed = one.link.replace(idOfDraft(one.draft), idOfDraft(other.draft));
    const keys = ["0".repeat(40), "", "..%2F..%2Fjobs%2Fx", one.draft.id.toUpperCase(), `${one.draft.id}0`];
    for (const link of [
      mixed,
      ...keys.map((key) => one.link.replace(one.draft.id, key)),
      one.link.split("?")[0] ?? "",
    ]) {
      const response = await fetch(link);
      expect([link, response.status, response.headers.get("cache-control")]).toEqual([link, 404, "no-store"]);
      expect(await response.text()).toContain("This link leads to no picture");
      expect((await open(link)).status).toBe(404);
    }
  });

  it("has its time, and says so", async () => {
    const { draft, link, cookie } = await opened();
    await world.rewrite(
      { ...draft, openedBy: (await readDraft(draft.id, world.core.azure))?.openedBy },
      { expiresAt: new Date(Date.now() - 1000).toISOString() },
    );
    const response = await fetch(link);
    expect([response.status, await response.text()]).toEqual([410, expect.stringContaining("Press Edit")]);
    expect(await send({ link, cookie })).toMatchObject({ status: 410, said: [expect.stringContaining("Press Edit")] });
    expect(await jobs()).toBe(0);
  });

  it("belongs to the browser that opened it first", async () => {
    const { link, cookie } = await opened();
    const stranger = await fetch(link);
    expect([stranger.status, await stranger.text()]).toEqual([
      403,
      expect.stringContaining("is open in another browser"),
    ]);
    const second = await open(link);
    expect([second.status, second.headers.getSetCookie()]).toEqual([403, []]);
    expect((await second.json()) as unknown).toEqual({
      said: [expect.stringContaining("Press Edit under the picture yourself")],
    });
    for (const strange of ["", "edit-x=1", cookie.replace(/=.*/, `=${secret()}`)]) {
      expect((await fetch(at(link, "picture"), { headers: { cookie: strange } })).status).toBe(403);
      expect((await send({ link, cookie: strange })).status).toBe(403);
    }
    expect((await fetch(link, { headers: { cookie } })).status).toBe(200);
    // Out of a web chat the cookie does not come along: the page is shown, and asks for itself.
    expect((await fetch(link, { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(200);
    expect((await open(link, secret(), { ...fromPage, cookie })).status).toBe(200);
  });

  it("is opened once, however many try at the same time", async () => {
    const { link } = await world.begin();
    const answers = await Promise.all(Array.from({ length: 10 }, () => open(link)));
    const statuses = answers.map(({ status }) => status).toSorted((one, other) => one - other);
    expect(statuses).toEqual([200, ...Array.from({ length: 9 }, () => 403)]);
  });

  it("opens again for the same browser where the answer was lost", async () => {
    const { link } = await world.begin();
    const own = secret();
    expect([(await open(link, own)).status, (await open(link, own)).status, (await open(link)).status]).toEqual([
      200, 200, 403,
    ]);
  });
});

describe("the cookie", () => {
  it("is for this page and this site alone, out of a script's sight, and ends with the link", async () => {
    const { draft, link } = await world.begin();
    const response = await open(link);
    const [pair, ...rest] = (response.headers.getSetCookie()[0] ?? "").split("; ");
    expect(pair).toMatch(/^edit-[0-9a-f]{12}=[0-9a-f]{64}$/);
    expect(rest).toEqual([
      `Path=/pictures/${idOfDraft(draft)}/edit`,
      expect.stringMatching(/^Max-Age=\d+$/),
      "HttpOnly",
      "SameSite=Strict",
    ]);
    const life = world.core.settings.times.jobs.draftMilliseconds / 1000;
    const { secondsLeft } = (await response.json()) as { secondsLeft: number };
    for (const seconds of [secondsLeft, Number(/Max-Age=(\d+)/.exec(rest.join())?.[1])])
      expect(life - seconds).toBeLessThan(20);
  });

  it("goes over https alone where the page does, and knows the path before it", async () => {
    const other = await openEditWorld(azurite.connectionString, "https://easel.example.org/bot");
    const { draft, link } = await other.begin();
    expect(link).toMatch(/^https:\/\/easel\.example\.org\/bot\/pictures\//);
    const response = await open(link.replace("https://easel.example.org/bot", other.origin));
    const cookie = response.headers.getSetCookie()[0];
    expect(cookie).toContain(`Path=/bot/pictures/${idOfDraft(draft)}/edit;`);
    expect(cookie).toMatch(/; Secure$/);
    await other.stop();
  });
});

describe("from another page", () => {
  it.each<[string, Record<string, string>]>([
    ["of another site", { "sec-fetch-site": "cross-site" }],
    ["of a sister site", { "sec-fetch-site": "same-site" }],
    ["an old browser's", { "sec-fetch-site": "", origin: "https://evil.example" }],
    ["that says nothing", { "sec-fetch-site": "" }],
  ])("nothing is opened and nothing sent: %s", async (_, headers) => {
    const { link, cookie } = await opened();
    const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value));
    const plain = (what: string, type: string, body: string) =>
      fetch(at(link, what), { method: "POST", headers: { "content-type": type, cookie, ...sent }, body });
    expect((await plain("open", "application/json", JSON.stringify({ secret: secret() }))).status).toBe(403);
    expect((await plain("send", "multipart/form-data; boundary=x", "--x--")).status).toBe(403);
    expect(await jobs()).toBe(0);
  });

  it("of our own, an old browser's is known by its origin", async () => {
    const { link } = await world.begin();
    expect((await open(link, secret(), { origin: world.origin })).status).toBe(200);
  });
});

describe("the picture", () => {
  it("comes byte for byte to the browser that opened the page, from where nobody else sees it", async () => {
    const picture = await meadow(320, 200);
    const { draft, link, cookie } = await opened({ picture });
    expect((await fetch(`${world.origin}/pictures/${draft.blob.split("/")[1]}`)).status).toBe(404);
    const response = await fetch(at(link, "picture"), { headers: { cookie } });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "image/png",
      "cache-control": "no-store",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
    });
    const stored = await world.core.azure.container.getBlockBlobClient(draft.blob).downloadToBuffer();
    expect(Buffer.from(await response.arrayBuffer()).equals(stored)).toBe(true);
  });

  it("that was deleted meanwhile is told in words", async () => {
    const { draft, link, cookie } = await opened();
    await world.core.azure.container.getBlockBlobClient(draft.blob).delete();
    const response = await fetch(at(link, "picture"), { headers: { cookie } });
    expect([response.status, await response.json()]).toEqual([
      404,
      { said: [expect.stringContaining("no longer have that picture")] },
    ]);
  });
});

describe("what is sent", () => {
  it("becomes a request like any other: what was painted goes to the model, and the answer stands in the chat", async () => {
    world.core.work();
    const page = await opened();
    const sent = await send(page, { words: "  a red door\r\nwith a bell ", mask: await dab() });
    expect(sent).toMatchObject({ status: 200, said: [expect.stringContaining("will stand in the chat")] });
    expect(sent.headers.get("cache-control")).toBe("no-store");
    expect(world.waiting).toMatchObject([{ address: { platform: "test" }, reply: { mood: "waiting" } }]);
    const reply = await world.answer(1);
    expect([reply.mood, reply.pictures.length]).toEqual(["finished", 1]);
    expect((await readJobs())[0]?.order?.prompt).toBe("a red door\nwith a bell");
    const [call] = world.images.calls;
    expect(call).toMatchObject({
      operation: "edits",
      parameters: { quality: "low" },
    });
    const { data, info } = await sharp(call?.inputs?.mask)
      .extractChannel("alpha")
      .raw()
      .toBuffer({ resolveWithObject: true });
    const expected = rasterize([{ erase: false, radius: 100, points: [400, 300] }], { width: 800, height: 600 });
    expect([info.width, info.height]).toEqual([800, 600]);
    expect(data.equals(Buffer.from(expected.map((painted) => (painted ? 0 : 255))))).toBe(true);
  });

  it("goes on from a picture that Easel drew", async () => {
    world.core.work();
    const { job } = await world.core.told(await world.core.accept({ quality: "low" }));
    const by = { platform: "test", channel: "1", user: "2", name: "Ada" };
    const begun = await beginEdit(
      { ref: `${job.id}.1`, by, address: { platform: "test" } },
      world.core.settings,
      world.core.azure,
    );
    if ("sorry" in begun) throw new Error(spoken(begun.sorry));
    const link = editLink(begun.draft, world.core.settings) ?? "";
    const page = { link, cookie: cookieIn(await open(link)) };
    expect((await send(page)).status).toBe(200);
    await world.answer(1);
    const { id } = (await readJobs()).find((one) => one.id.startsWith("page-")) ?? { id: "" };
    expect((await readJob(id, world.core.azure))?.job.request).toMatchObject({
      parent: { job: job.id, place: 1, change: "edit" },
      sources: [{ from: "drawn", picture: { job: job.id, place: 1 } }],
      askedBy: by,
    });
    expect(world.images.calls.at(-1)?.inputs?.mask).toBeUndefined();
    // Whoever asked deletes it while somebody paints on it.
    await deletePicture({ ref: `${job.id}.1`, by, isModerator: false }, world.core.azure);
    const late = await send(page, { words: "a green door" });
    expect([late.status, late.said, world.waiting.length]).toEqual([410, [expect.stringContaining("deleted")], 1]);
  });

  it("is one request however often it is sent, and another when it is changed", async () => {
    const page = await opened();
    const mask = await dab();
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(page, { mask })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200));
    expect([await jobs(), world.waiting.length]).toEqual([1, 1]);
    await send(page, { mask, words: "a blue door" });
    await send(page, { mask: await dab(120) });
    await send(page);
    expect([await jobs(), world.waiting.length]).toEqual([4, 4]);
    world.core.work();
    for (const number of [1, 2, 3, 4]) expect((await world.answer(number)).mood).toBe("finished");
  });

  it("without anything painted changes the whole picture, with a mask of nothing too", async () => {
    const page = await opened();
    const opaque = await blobOf(sharp({ create: { width: 800, height: 600, channels: 4, background: "#000f" } }));
    expect([(await send(page)).status, (await send(page, { mask: opaque })).status]).toEqual([200, 200]);
    expect(await jobs()).toBe(1);
    world.core.work();
    await world.answer(1);
    expect(world.images.calls).toMatchObject([{ operation: "edits", inputPictures: 1 }]);
    expect(world.images.calls[0]?.inputs?.mask).toBeUndefined();
  });

  it("is told all that is wrong at once, and nothing is drawn", async () => {
    const page = await opened();
    const { status, said } = await send(page, {
      words: "x".repeat(32_001),
      mask: await blobOf(sharp({ create: { width: 600, height: 800, channels: 4, background: "#0000" } })),
    });
    expect([status, said]).toEqual([
      422,
      [
        expect.stringContaining("The mask is 600×800 and the picture 800×600"),
        expect.stringContaining("Leave out 1 or more"),
      ],
    ]);
    expect([await jobs(), world.waiting.length]).toEqual([0, 0]);
  });

  it.each<[string, () => Promise<Sent>, number, string]>([
    ["no words", async () => ({ words: " \n " }), 422, "There are no words"],
    ["a mask that is text", async () => ({ mask: new Blob(["a picture, I promise"]) }), 422, "has to be a PNG"],
    [
      "a mask without transparency",
      async () => ({
        mask: await blobOf(sharp({ create: { width: 800, height: 600, channels: 3, background: "#fff" } })),
      }),
      422,
      "no transparency",
    ],
    ["a mask of 21 MB", async () => ({ mask: new Blob([randomBytes(21_500_000)]) }), 413, "larger than this page"],
    [
      "a mask of more than a bit for each pixel",
      async () => ({ mask: new Blob([randomBytes((800 * 600) / 8 + 300_000)]) }),
      413,
      "larger than this page",
    ],
  ])("has a clear answer: %s", async (_, make, status, words) => {
    const answer = await send(await opened(), await make());
    expect([answer.status, answer.said]).toEqual([status, [expect.stringContaining(words)]]);
    expect([await jobs(), world.waiting.length]).toEqual([0, 0]);
  });

  it.each<[string, string, string]>([
    ["JSON", "application/json", '{"words":"a door"}'],
    ["a plain form", "application/x-www-form-urlencoded", "words=a+door"],
    [
      "a form cut in the middle",
      "multipart/form-data; boundary=x",
      '--x\r\ncontent-disposition: form-data; name="words"\r\n\r\na do',
    ],
    [
      "a form without words",
      "multipart/form-data; boundary=x",
      '--x\r\ncontent-disposition: form-data; name="other"\r\n\r\na door\r\n--x--\r\n',
    ],
    [
      "a mask that is no file",
      "multipart/form-data; boundary=x",
      '--x\r\ncontent-disposition: form-data; name="words"\r\n\r\na\r\n--x\r\ncontent-disposition: form-data; name="mask"\r\n\r\nb\r\n--x--\r\n',
    ],
  ])("has a clear answer where it is no form of ours: %s", async (_, type, body) => {
    const { link, cookie } = await opened();
    const response = await fetch(at(link, "send"), {
      method: "POST",
      headers: { "content-type": type, cookie, ...fromPage },
      body,
    });
    expect([response.status, await response.json()]).toEqual([
      400,
      { said: [expect.stringContaining("could not be read")] },
    ]);
    expect(await jobs()).toBe(0);
  });

  it("is not read beyond its limit, whatever length it gives itself", async () => {
    const { link, cookie } = await opened();
    const address = new URL(at(link, "send"));
    const status = await new Promise((resolve, reject) => {
      const headers = { "content-type": "multipart/form-data; boundary=x", cookie, ...fromPage };
      const endless = plainRequest(address, { method: "POST", headers }, (response) => {
        resolve(response.statusCode);
        endless.destroy();
      });
      const more = () => {
        while (!endless.destroyed && endless.write(Buffer.alloc(65_536)));
      };
      endless.on("drain", more).on("error", reject);
      more();
    });
    expect(status).toBe(413);
  });

  /** The head of a form and a little of its body, which then stays as it is. */
  async function hold({ link, cookie }: { link: string; cookie: string }) {
    const headers = { "content-type": "multipart/form-data; boundary=x", cookie, ...fromPage };
    const held = plainRequest(new URL(at(link, "send")), { method: "POST", headers });
    const answered = new Promise<{ status?: number }>((resolve) => {
      held.on("response", (response) => resolve({ status: response.statusCode })).on("error", () => resolve({}));
    });
    held.write("--x\r\n");
    return { answered, end: (rest: string) => held.end(rest) };
  }
  const words = '\r\ncontent-disposition: form-data; name="words"\r\n\r\na red door\r\n--x--\r\n'.slice(2);
  const tryOnce = async ({ link, cookie }: { link: string; cookie: string }) => {
    const body = new FormData();
    body.set("words", "a blue door");
    return fetch(at(link, "send"), { method: "POST", headers: { cookie, ...fromPage }, body });
  };

  it("is taken one at a time of each link, and two in all; whoever comes meanwhile is asked to come again", async () => {
    const [one, two, three] = [await opened(), await opened(), await opened()];
    const first = await hold(one);
    const busy = await until(async () => {
      const answer = await tryOnce(one);
      return answer.status === 429 && answer;
    });
    expect([busy.headers.get("retry-after"), await busy.json()]).toEqual([
      "2",
      { said: [expect.stringContaining("in a moment")] },
    ]);
    const second = await hold(two);
    await until(async () => (await tryOnce(three)).status === 429);
    expect((await fetch(`${world.origin}/healthz`)).status).toBe(200);
    first.end(words);
    expect(await first.answered).toEqual({ status: 200 });
    expect((await tryOnce(three)).status).toBe(200);
    second.end(words);
    expect(await second.answered).toEqual({ status: 200 });
    expect((await tryOnce(one)).status).toBe(200);
  });

  it("gives its place back when it goes away in the middle", async () => {
    const page = await opened();
    const headers = { "content-type": "multipart/form-data; boundary=x", cookie: page.cookie, ...fromPage };
    const going = plainRequest(new URL(at(page.link, "send")), { method: "POST", headers }).on(
      "error",
      () => undefined,
    );
    going.write("--x\r\n");
    await until(async () => (await tryOnce(page)).status === 429);
    going.destroy();
    await until(async () => (await tryOnce(page)).status === 200);
  });

  it("of hundreds of thousands of parts is none, at once", async () => {
    const { link, cookie } = await opened({ picture: await meadow(3000, 2400) });
    const part = '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n\r\n';
    const response = await fetch(at(link, "send"), {
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=x", cookie, ...fromPage },
      body: part.repeat(Math.floor(1_000_000 / part.length)),
    });
    expect(response.status).toBe(400);
  });

  it("says that its picture was deleted meanwhile, and the chat hears nothing of it", async () => {
    const page = await opened();
    await world.core.azure.container.getBlobClient(page.draft.blob).delete();
    expect(await send(page, { mask: await dab() })).toMatchObject({
      status: 410,
      said: [expect.stringContaining("deleted meanwhile")],
    });
    expect([await jobs(), world.waiting.length]).toEqual([0, 0]);
  });

  it("refuses an opening that is none", async () => {
    const { draft, link } = await world.begin();
    for (const own of ["", "short", `${secret()}; Path=/`, "Z".repeat(64)])
      expect((await open(link, own)).status).toBe(400);
    const form = await fetch(at(link, "open"), {
      method: "POST",
      headers: fromPage,
      body: new URLSearchParams({ secret: secret() }),
    });
    const large = await open(link, "0".repeat(5000));
    expect([form.status, large.status]).toEqual([400, 400]);
    expect((await readDraft(draft.id, world.core.azure))?.openedBy).toBeUndefined();
  });
});

describe("in trouble", () => {
  it("without storage says so, and the same can be sent afterwards", async () => {
    const page = await opened();
    await azurite.interrupt();
    const [shown, mask] = [await fetch(page.link), await dab()];
    expect([shown.status, await shown.text()]).toEqual([503, expect.stringContaining("try again in a minute")]);
    const sent = await send(page, { mask });
    expect([sent.status, sent.headers.get("retry-after"), sent.said]).toEqual([
      503,
      "30",
      [expect.stringContaining("nothing was sent")],
    ]);
    await azurite.resume();
    expect([(await send(page, { mask })).status, await jobs()]).toEqual([200, 1]);
  });

  it.each<[string, () => Promise<never> | { delivered: false; because: string }]>([
    ["refuses", () => ({ delivered: false, because: "no" })],
    ["breaks", () => Promise.reject(new Error("no"))],
  ])("with the chat, which %s the waiting message, the answer finds its way all the same", async (_, deliver) => {
    world.deliver = deliver;
    expect((await send(await opened())).status).toBe(200);
    world.core.work();
    await until(() => world.core.chat.find(({ reply }) => reply.mood === "finished"));
  });

  it("with a slow chat the page is answered, and no late message says for ever that a picture is on its way", async () => {
    const other = await openEditWorld(azurite.connectionString);
    await Promise.all([lateButFirst(world), lateAndOvertaken(other)]);
    await other.stop();
  });
});

function holdFirstMessage(held: EditWorld): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  held.deliver = async (address, number) => {
    if (number === 1) await promise;
    return { delivered: true, address: { ...address, message: number } };
  };
  return resolve;
}

async function lateButFirst(held: EditWorld): Promise<void> {
  const release = holdFirstMessage(held);
  expect((await send(await opened({}, held))).status).toBe(200);
  release();
  const [job] = await readJobs(held);
  await until(async () => (await readAddress(job?.id ?? "", held.core.azure))?.message === 1);
  held.core.work();
  expect((await held.answer(1)).mood).toBe("finished");
}

async function lateAndOvertaken(held: EditWorld): Promise<void> {
  const release = holdFirstMessage(held);
  expect((await send(await opened({}, held))).status).toBe(200);
  held.core.deliver = () => ({ delivered: true, address: { platform: "test", message: 99 } });
  const deliver = held.deliver;
  // The chat has trouble with the first try to mend it.
  held.deliver = (address, number) =>
    number === 2 ? { delivered: false, because: "503", againInSeconds: 1 } : deliver(address, number);
  held.core.work();
  await until(() => held.core.chat.find(({ reply }) => reply.mood === "finished"));
  release();
  const late = await until(() => {
    const tries = held.waiting.filter(({ reply }) => reply.mood === "finished");
    return tries.length === 2 && tries;
  });
  expect(late.map(({ address }) => address.message)).toEqual([1, 1]);
}

describe("the page's own files", () => {
  const folder = join(import.meta.dirname, "../../src/web/edit-page/browser");

  it("are all there, each with its kind, and asked for anew when they change", async () => {
    for (const name of readdirSync(folder)) {
      const response = await fetch(`${world.origin}/edit-page/${name}`);
      expect([
        name,
        response.status,
        response.headers.get("content-type"),
        response.headers.get("cache-control"),
      ]).toEqual([name, 200, "text/javascript; charset=utf-8", "no-cache"]);
      expect(await response.text()).toBe(readFileSync(join(folder, name), "utf8"));
      const etag = response.headers.get("etag") ?? "";
      const again = await fetch(`${world.origin}/edit-page/${name}`, { headers: { "if-none-match": `W/${etag}` } });
      expect([again.status, await again.text()]).toEqual([304, ""]);
    }
  });

  it("are no way to any other file", async () => {
    for (const name of ["routes.ts", "..%2Froutes.ts", "xeditor.js%00", "xeditor.js", "..%2f..%2f..%2fpackage.json"])
      expect([name, (await fetch(`${world.origin}/edit-page/${name}`)).status]).toEqual([name, 404]);
  });
});

it("is not there on a bot without a public address", () =>
  expect(editPageRoutes({ ...world.core.settings, publicUrl: undefined }, world.core.azure, {})).toEqual([]));

async function readJobs({ core }: EditWorld = world) {
  const { container } = core.azure;
  const names = await Array.fromAsync(container.listBlobsFlat({ prefix: "jobs/" }), ({ name }) => name);
  const files = await Promise.all(names.map((name) => readJob(name.slice(5, -5), core.azure)));
  return files.flatMap((file) => (file ? [file.job] : []));
}

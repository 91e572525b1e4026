import { existsSync, mkdirSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { chromium, devices } from "playwright-core";
import type { Browser, BrowserContextOptions, CDPSession, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { readDraft } from "../../src/jobs/drafts.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { until } from "../src/core-world.ts";
import { openEditWorld } from "../web/edit-page-world.ts";
import type { EditWorld } from "../web/edit-page-world.ts";

/** Debian's Chromium, or whatever CHROMIUM names. */
const browserPath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (path) => path && existsSync(path),
);
const pictures = join(import.meta.dirname, "../../test-results");

/** Nothing here is decided by a slow machine: what is waited for is a state, and it may take its time. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
const soon = { timeout: 60_000, interval: 50 };

let browser: Browser;
let azurite: Azurite;
beforeAll(async () => {
  if (!browserPath)
    throw new Error(
      "The browser test needs Chromium: apt-get install chromium fonts-dejavu-core, or name one in CHROMIUM.",
    );
  mkdirSync(pictures, { recursive: true });
  azurite = await startAzurite();
  browser = await chromium.launch({
    executablePath: browserPath,
    timeout: soon.timeout,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ],
  });
});
afterAll(async () => {
  await browser?.close();
  await azurite?.stop();
});

let world: EditWorld;
/** What the browsers complained of: a policy that was broken, a script that failed. */
let complaints: string[];
beforeEach(async () => {
  world = await openEditWorld(azurite.connectionString);
  world.core.work();
  complaints = [];
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await world.stop();
  expect(complaints).toEqual([]);
});

const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
const phone: BrowserContextOptions = {
  ...devices["Pixel 5"],
  viewport: { width: 360, height: 640 },
  deviceScaleFactor: 2,
};

async function newPage(options: BrowserContextOptions): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  page.setDefaultTimeout(soon.timeout);
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    // Chromium notes every answer that is no success; those are judged by what the page makes of them.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      complaints.push(message.text());
  });
  return page;
}

async function openPage(link: string, options = desktop): Promise<Page> {
  const page = await newPage(options);
  await page.goto(link);
  await page.locator("#stage.ready").waitFor();
  return page;
}

const fromPage = { "sec-fetch-site": "same-origin" };
const shot = (page: Page, name: string) => page.screenshot({ path: join(pictures, `edit-page-${name}.png`) });
const spoken = (page: Page) => page.locator("#spoken").textContent();
const extent = (page: Page) => page.locator("#extent").textContent();
const sendButton = (page: Page) => page.getByRole("button", { name: "Send" });
const onItsWay = (page: Page) => page.getByText("will stand in the chat").waitFor();

type Point = { x: number; y: number };
type Way = { from: Point; to: Point; radius: number };

async function canvasBox(page: Page) {
  const box = await page.locator("#painting").boundingBox();
  if (!box) throw new Error("there is no canvas");
  return box;
}

/** Where a point of the picture, as a share of it, is on the screen. */
async function onScreen(page: Page, { x, y }: Point): Promise<Point> {
  const box = await canvasBox(page);
  return { x: box.x + x * box.width, y: box.y + y * box.height };
}

/** The mask of the `number`th call to the Images API, as its transparency. */
async function maskOfCall(number = 1) {
  const call = await until(() => world.images.calls[number - 1]?.inputs && world.images.calls[number - 1]);
  if (!call?.inputs?.mask) return undefined;
  return sharp(call.inputs.mask).extractChannel("alpha").raw().toBuffer({ resolveWithObject: true });
}

/** Transparent under the brush, opaque elsewhere; within `slack` pixels of the brush's edge both are right, for a hand is held to the screen's pixels. */
async function expectMask(ways: Way[], size: { width: number; height: number }, { number = 1, slack = 1 } = {}) {
  const mask = await maskOfCall(number);
  expect([mask?.info.width, mask?.info.height]).toEqual([size.width, size.height]);
  const wrong: string[] = [];
  let free = 0;
  mask?.data.forEach((alpha, index) => {
    const at = { x: (index % size.width) + 0.5, y: Math.floor(index / size.width) + 0.5 };
    const outside = Math.min(...ways.map((way) => distance(at, way) - way.radius));
    if (outside < -slack) free += 1;
    if ((outside < -slack && alpha !== 0) || (outside > slack && alpha !== 255)) wrong.push(`${at.x},${at.y}`);
    if (alpha !== 0 && alpha !== 255) wrong.push(`${at.x},${at.y} is ${alpha}`);
  });
  expect(wrong.slice(0, 20)).toEqual([]);
  expect(free).toBeGreaterThan(100);
}

function distance({ x, y }: Point, { from, to }: Way): number {
  const length = (to.x - from.x) ** 2 + (to.y - from.y) ** 2;
  const along = length ? ((x - from.x) * (to.x - from.x) + (y - from.y) * (to.y - from.y)) / length : 0;
  const part = Math.min(1, Math.max(0, along));
  return Math.hypot(x - from.x - part * (to.x - from.x), y - from.y - part * (to.y - from.y));
}

const size = { width: 800, height: 600 };
const inPicture = ({ x, y }: Point) => ({ x: x * size.width, y: y * size.height });

async function drag(page: Page, from: Point, to: Point): Promise<void> {
  const [start, end] = [await onScreen(page, from), await onScreen(page, to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(end.x, end.y, { steps: 12 });
  await page.mouse.up();
}

describe("at a desk, with a mouse", () => {
  it("what is painted, and nothing else, may change; the picture comes into the chat", async () => {
    const { link } = await world.begin();
    const page = await openPage(link);
    expect(
      await page.getByAltText("The picture to change").evaluate((image: HTMLImageElement) => image.naturalWidth),
    ).toBe(800);
    await expect.poll(() => extent(page), soon).toBe("Nothing is painted, so the whole picture may change.");
    const [from, to] = [
      { x: 0.22, y: 0.55 },
      { x: 0.42, y: 0.68 },
    ];
    await drag(page, from, to);
    await expect.poll(() => extent(page), soon).toMatch(/^About \d+ % of the picture may change\.$/);
    await page.getByLabel("What should change").fill("a blue house with a round door");
    await shot(page, "desktop");
    await sendButton(page).click();
    await onItsWay(page);
    await shot(page, "desktop-sent");
    await expectMask([{ from: inPicture(from), to: inPicture(to), radius: 42 }], size);
    expect(world.images.calls[0]).toMatchObject({ operation: "edits", prompt: "a blue house with a round door" });
    expect((await world.answer(1)).mood).toBe("finished");
  });

  it("undo, erase, clear and the size of the brush do what they say", async () => {
    const { link } = await world.begin();
    const page = await openPage(link);
    const share = async () => Number(/\d+/.exec((await extent(page)) ?? "")?.[0] ?? 0);
    const undo = page.getByRole("button", { name: "Undo" });
    const clear = page.getByRole("button", { name: "Clear" });
    expect([await undo.isDisabled(), await clear.isDisabled()]).toEqual([true, true]);
    await page.getByLabel("Brush size").fill("60");
    await drag(page, { x: 0.2, y: 0.5 }, { x: 0.8, y: 0.5 });
    const whole = await share();
    await page.getByRole("radio", { name: "Erase" }).check();
    await page.getByLabel("Brush size").fill("20");
    await drag(page, { x: 0.5, y: 0 }, { x: 0.5, y: 1 });
    const parted = await share();
    expect(parted).toBeLessThan(whole);
    await clear.click();
    expect([await extent(page), await clear.isDisabled(), await undo.isDisabled()]).toEqual([
      "Nothing is painted, so the whole picture may change.",
      true,
      false,
    ]);
    await undo.click();
    await expect.poll(share, soon).toBe(parted);
    await page.keyboard.press("Control+z");
    await expect.poll(share, soon).toBe(whole);
    await drag(page, { x: 0.5, y: 0 }, { x: 0.5, y: 1 });
    await page.getByLabel("What should change").fill("a gap");
    await sendButton(page).click();
    await onItsWay(page);
    const mask = await maskOfCall();
    const alphaAt = (x: number, y: number) => mask?.data[y * 800 + x];
    expect([alphaAt(200, 300), alphaAt(400, 300), alphaAt(600, 300), alphaAt(400, 20)]).toEqual([0, 255, 0, 255]);
  });

  it("in the dark it is dark, in a narrow or a zoomed window one column without a bar across", async () => {
    const { link } = await world.begin();
    const page = await openPage(link, { ...desktop, colorScheme: "dark", reducedMotion: "reduce" });
    await drag(page, { x: 0.7, y: 0.2 }, { x: 0.82, y: 0.25 });
    await shot(page, "dark");
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(ground.match(/\d+/g)?.every((value) => Number(value) < 64)).toBe(true);
    expect(
      await page
        .locator("button")
        .first()
        .evaluate((button) => getComputedStyle(button).transitionDuration),
    ).toBe("0s");
    for (const width of [320, 640, 900, 1280]) {
      await page.setViewportSize({ width, height: 640 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    }
  });
});

/** A finger's way, as the screen of a phone tells it. */
async function touch(session: CDPSession, type: "touchStart" | "touchMove" | "touchEnd", ...touchPoints: Point[]) {
  await session.send("Input.dispatchTouchEvent", {
    type,
    touchPoints: touchPoints.map((point, id) => ({ ...point, id })),
  });
}

describe("on a phone, with a finger", () => {
  it("paints without moving the page, and zooms with two", async () => {
    const { link } = await world.begin();
    const page = await openPage(link, phone);
    const session = await page.context().newCDPSession(page);
    await shot(page, "phone-empty");
    const [from, to] = [
      { x: 0.25, y: 0.3 },
      { x: 0.3, y: 0.8 },
    ];
    const [start, end] = [await onScreen(page, from), await onScreen(page, to)];
    await touch(session, "touchStart", start);
    for (let step = 1; step <= 10; step += 1)
      await touch(session, "touchMove", {
        x: start.x + ((end.x - start.x) * step) / 10,
        y: start.y + ((end.y - start.y) * step) / 10,
      });
    await touch(session, "touchEnd");
    await expect.poll(() => extent(page), soon).toMatch(/^About/);
    const painted = await extent(page);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    const [one, other] = [await onScreen(page, { x: 0.6, y: 0.4 }), await onScreen(page, { x: 0.8, y: 0.6 })];
    await touch(session, "touchStart", one);
    await touch(session, "touchStart", one, other);
    await touch(session, "touchMove", { x: one.x - 30, y: one.y - 30 }, { x: other.x + 30, y: other.y + 30 });
    await touch(session, "touchEnd");
    await expect.poll(() => extent(page), soon).toBe(painted);
    expect(await page.locator("meta[name=viewport]").getAttribute("content")).not.toMatch(/scalable|maximum/);
    await expect.poll(() => page.evaluate(() => visualViewport?.scale), soon).toBeGreaterThan(1.2);
    await session.send("Emulation.setPageScaleFactor", { pageScaleFactor: 1 });
    await page.evaluate(() => scrollTo(0, 0));
    await shot(page, "phone");
    await page.getByLabel("What should change").fill("a tall tree");
    await page.evaluate(() => scrollTo(0, 5000));
    await shot(page, "phone-words");
    await sendButton(page).tap();
    await onItsWay(page);
    await shot(page, "phone-sent");
    await expectMask([{ from: inPicture(from), to: inPicture(to), radius: 42 }], size, { slack: 3 });
  });

  it("has everything in one column, large enough to be hit, and a place to scroll by", async () => {
    for (const [width, height] of [
      [1024, 1536],
      [1536, 512],
    ] as const) {
      const { link } = await world.begin({
        picture: await sharp({ create: { width, height, channels: 3, background: "#6a8" } })
          .png()
          .toBuffer(),
      });
      const page = await openPage(link, phone);
      const box = await canvasBox(page);
      expect(box.width / box.height).toBeCloseTo(width / height, 1);
      expect(box.height).toBeLessThan(640 * 0.6);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      const targets = page.locator("button, textarea, summary, input[type=range], .segments label");
      expect(await targets.count()).toBe(8);
      for (const target of await targets.all()) {
        const { width: wide = 0, height: high = 0 } = (await target.boundingBox()) ?? {};
        expect([await target.textContent(), wide >= 44, high >= 44]).toEqual([await target.textContent(), true, true]);
      }
      await page.context().close();
    }
  });
});

describe("with the keyboard alone", () => {
  it("paints, erases, takes back, writes and sends, and hears what happened", async () => {
    const { link } = await world.begin();
    const page = await openPage(link);
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    // Past the header's three links.
    await press("Tab", "Tab", "Tab", "Tab");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe(
      "Painting area over the picture",
    );
    expect(await page.locator("#ring").isVisible()).toBe(true);
    expect(await page.locator("#stage").evaluate((stage) => getComputedStyle(stage).outlineStyle)).toBe("solid");
    await press("Space");
    await expect.poll(() => spoken(page), soon).toMatch(/^Painted\. About \d+ % of the picture may change\.$/);
    // By half the brush: 42 pixels a step.
    await press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowUp");
    await until(async () => (await spoken(page)) === "71 % across, 43 % down.");
    await press("Enter");
    await press("+", "+");
    await expect.poll(() => spoken(page), soon).toBe("20 % of the picture");
    await press("-", "-");
    await press("ArrowDown", "ArrowDown");
    await press("Shift+ArrowDown", "Shift+ArrowDown");
    await shot(page, "keyboard");
    await press("ArrowLeft", "ArrowLeft", "ArrowLeft", "e");
    await expect.poll(() => spoken(page), soon).toBe("The brush erases.");
    await press("Space");
    await expect.poll(() => spoken(page), soon).toMatch(/^Erased\./);
    await press("u");
    await expect.poll(() => spoken(page), soon).toMatch(/^Taken back\./);
    await press("Space", "u", "e");
    await expect.poll(() => spoken(page), soon).toBe("The brush paints.");
    for (let times = 0; times < 20 && (await page.evaluate(() => document.activeElement?.id)) !== "words"; times += 1)
      await press("Tab");
    await page.keyboard.type("a kite");
    await press("Tab");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id), soon).toBe("send");
    await press("Enter");
    await onItsWay(page);
    await expect.poll(() => page.evaluate(() => document.activeElement?.id), soon).toBe("send");
    const right = { x: 400 + 4 * 42, y: 300 - 42 };
    const line = { from: { ...right, y: right.y + 84 }, to: { ...right, y: right.y + 168 }, radius: 42 };
    const dab = (at: Point) => ({ from: at, to: at, radius: 42 });
    await expectMask([dab({ x: 400, y: 300 }), dab(right), line], size, { slack: 0.001 });
  });

  it("finds the way out of the picture, and every control by its name", async () => {
    const { link } = await world.begin();
    const page = await openPage(link);
    for (let times = 0; times < 4; times += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    const names: (string | null | undefined)[] = [];
    for (let times = 0; times < 8; times += 1) {
      await page.keyboard.press("Tab");
      names.push(await page.evaluate(() => document.activeElement?.id || document.activeElement?.tagName));
    }
    expect(names).toEqual(["paint", "undo", "clear", "size", "SUMMARY", "words", "send", "BODY"]);
    for (const [role, name] of [
      ["application", "Painting area over the picture"],
      ["radio", "Paint"],
      ["radio", "Erase"],
      ["slider", "Brush size"],
      ["textbox", "What should change"],
    ] as const)
      expect(await page.getByRole(role, { name, exact: true }).count()).toBe(1);
    expect(await page.locator("#painting").getAttribute("aria-describedby")).toBe("keys");
    expect(await page.locator("#keys").textContent()).toContain("paints");
  });
});

describe("a link", () => {
  it("that had its time says what to do", async () => {
    const { draft, link } = await world.begin();
    await world.rewrite(draft, { expiresAt: new Date(Date.now() - 1000).toISOString() });
    const page = await newPage(phone);
    expect((await page.goto(link))?.status()).toBe(410);
    await page.getByText("Press Edit under the picture once more").waitFor();
    await shot(page, "expired");
  });

  it("that runs out while somebody paints loses nothing: it comes back with the next one", async () => {
    const { draft, link } = await world.begin();
    const page = await openPage(link);
    await drag(page, { x: 0.3, y: 0.3 }, { x: 0.6, y: 0.6 });
    await page.getByLabel("What should change").fill("a rainbow");
    const painted = await extent(page);
    const opened = await readDraft(draft.id, world.core.azure);
    await world.rewrite(
      { ...draft, openedBy: opened?.openedBy },
      { expiresAt: new Date(Date.now() - 1000).toISOString() },
    );
    await sendButton(page).click();
    await page.getByRole("alert").getByText("Press Edit under the picture once more").waitFor();
    expect([await extent(page), await page.getByLabel("What should change").inputValue()]).toEqual([
      painted,
      "a rainbow",
    ]);
    const { blob, source, width, height } = draft;
    // What another version of the page, or a hand, has left there takes nothing from what is ours.
    await page.evaluate(() => {
      for (const [index, text] of ["{", "null", "7", '{"words":"x","strokes":[{}],"at":1e15}'].entries())
        localStorage.setItem(`easel-edit-${index}`, text);
    });
    const next = await world.begin({ blob, source, width, height });
    await page.goto(next.link);
    await page.getByText("is back").waitFor();
    expect([await extent(page), await page.getByLabel("What should change").inputValue()]).toEqual([
      painted,
      "a rainbow",
    ]);
    expect(await page.evaluate(() => Object.keys(localStorage).filter((name) => /^easel-edit-\d$/.test(name)))).toEqual(
      [],
    );
    await sendButton(page).click();
    await onItsWay(page);
    await page.reload();
    await page.locator("#stage.ready").waitFor();
    expect([await extent(page), await page.getByLabel("What should change").inputValue()]).toEqual([
      "Nothing is painted, so the whole picture may change.",
      "",
    ]);
  });

  it("works in the browser that opened it first, again and again, and in no other", async () => {
    const { link } = await world.begin();
    const page = await openPage(link);
    await page.reload();
    await page.locator("#stage.ready").waitFor();
    const stranger = await newPage(desktop);
    expect((await stranger.goto(link))?.status()).toBe(403);
    await stranger.getByRole("heading", { name: "This link is open in another browser" }).waitFor();
    // Two came at the same time: the second sees the page before the first has opened it.
    const other = await world.begin();
    const late = await newPage(desktop);
    await late.route("**/edit/open?*", async (route) => {
      if (!world.waiting.length) await (await openPage(other.link)).context().close();
      await route.continue();
    });
    await late.goto(other.link);
    await late.getByRole("alert").getByText("you get a link of your own").waitFor();
    expect(await late.locator("#painting").count()).toBe(0);
  });

  it("out of a web chat works a second time too, although the cookie does not come along", async () => {
    const { link } = await world.begin();
    const page = await openPage(link);
    const chat = createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end(`<a href="${link}">Edit</a>`);
    });
    await new Promise<void>((resolve) => chat.listen(0, "127.0.0.1", resolve));
    await page.goto(`http://localhost:${(chat.address() as AddressInfo).port}/`);
    const asked = page.waitForRequest((request) => request.url() === link);
    await page.getByText("Edit").click();
    const headers = await (await asked).allHeaders();
    expect([headers["sec-fetch-site"], headers.cookie]).toEqual(["cross-site", undefined]);
    await page.locator("#stage.ready").waitFor();
    chat.close();
  });
});

describe("sending", () => {
  it("twice is one picture; something else is another one", async () => {
    const { link } = await world.begin();
    const page = await openPage(link);
    await page.getByLabel("What should change").fill("a cloud");
    let posts = 0;
    page.on("request", (request) => (posts += request.url().includes("/edit/send?") ? 1 : 0));
    await sendButton(page).dblclick();
    await onItsWay(page);
    expect(posts).toBe(1);
    const answered = page.waitForResponse((response) => response.url().includes("/edit/send?"));
    await sendButton(page).click();
    expect((await answered).ok()).toBe(true);
    await world.answer(1);
    expect([world.waiting.length, world.images.calls.length]).toEqual([1, 1]);
    expect(await maskOfCall()).toBeUndefined();
    await page.getByLabel("What should change").fill("two clouds");
    await sendButton(page).click();
    await world.answer(2);
    expect([world.waiting.length, world.images.calls.length]).toEqual([2, 2]);
  });

  it("while the server takes another form tries again by itself", async () => {
    const { link } = await world.begin();
    const page = await openPage(link);
    await page.getByLabel("What should change").fill("a cloud");
    const cookies = await page.context().cookies(link);
    const address = new URL(link);
    address.pathname += "/send";
    // Another tab of the same browser whose form comes slowly.
    const other = request(address, {
      method: "POST",
      headers: {
        cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; "),
        "content-type": "multipart/form-data; boundary=x",
        ...fromPage,
      },
    }).on("error", () => undefined);
    other.write("--x\r\n");
    const refused = page.waitForResponse((response) => response.status() === 429);
    await until(async () => {
      const probe = await fetch(address, {
        method: "POST",
        headers: { ...fromPage, cookie: String(other.getHeader("cookie")) },
      });
      return probe.status === 429;
    });
    await sendButton(page).click();
    await refused;
    other.destroy();
    await onItsWay(page);
    await world.answer(1);
  });

  it("says that the picture was deleted meanwhile, and keeps what was written", async () => {
    const { draft, link } = await world.begin();
    const page = await openPage(link);
    await page.getByLabel("What should change").fill("a cloud");
    await world.core.azure.container.getBlobClient(draft.blob).delete();
    await sendButton(page).click();
    await page.getByRole("alert").getByText("was deleted meanwhile").waitFor();
    expect([await page.getByLabel("What should change").inputValue(), world.waiting.length]).toEqual(["a cloud", 0]);
  });

  it("without words, or with too many, says so beside them and sends nothing", async () => {
    const { link } = await world.begin();
    const page = await openPage(link);
    const words = page.getByLabel("What should change");
    await sendButton(page).click();
    await page.locator("#words-fault").getByText("Please say what should change.").waitFor();
    expect([await words.getAttribute("aria-invalid"), await page.evaluate(() => document.activeElement?.id)]).toEqual([
      "true",
      "words",
    ]);
    await words.fill("x".repeat(32_004));
    await page.getByText("leave out 4 or more").waitFor();
    expect((await words.inputValue()).length).toBe(32_004);
    await sendButton(page).click();
    await shot(page, "too-long");
    await words.fill("a cloud");
    expect([await words.getAttribute("aria-invalid"), world.waiting.length]).toEqual([null, 0]);
  });

  it("while the server is gone keeps everything, and works when it is back", async () => {
    const { link } = await world.begin();
    const page = await openPage(link);
    await drag(page, { x: 0.2, y: 0.2 }, { x: 0.4, y: 0.4 });
    await page.getByLabel("What should change").fill("a balloon");
    const painted = await extent(page);
    await world.leave();
    await sendButton(page).click();
    await page.getByRole("alert").getByText("nothing was sent").waitFor();
    await shot(page, "server-gone");
    expect([await extent(page), await page.getByLabel("What should change").inputValue()]).toEqual([
      painted,
      "a balloon",
    ]);
    await world.comeBack();
    await sendButton(page).click();
    await onItsWay(page);
    expect(await page.getByRole("alert").textContent()).toBe("");
    await expectMask([{ from: inPicture({ x: 0.2, y: 0.2 }), to: inPicture({ x: 0.4, y: 0.4 }), radius: 42 }], size);
  });

  it("while storage is out of reach says so, and what the server finds wrong is shown", async () => {
    const { draft, link } = await world.begin();
    const page = await openPage(link);
    await page.getByLabel("What should change").fill("a balloon");
    await azurite.interrupt();
    await sendButton(page).click();
    await page.getByRole("alert").getByText("cannot reach my storage").waitFor();
    await azurite.resume();
    const opened = await readDraft(draft.id, world.core.azure);
    await world.rewrite({ ...draft, openedBy: opened?.openedBy }, { options: { model: "gpt-image-2", quality: "hd" } });
    await sendButton(page).click();
    await page.getByRole("alert").getByText("does not take quality").waitFor();
    expect(await page.getByLabel("What should change").inputValue()).toBe("a balloon");
  });
});

it("a page whose server is gone when it opens offers another try", async () => {
  const { link } = await world.begin();
  const page = await newPage(desktop);
  await page.route("**/edit/open?*", (route) => route.abort());
  await page.goto(link);
  await page.getByText("Easel cannot be reached just now").first().waitFor();
  await page.unroute("**/edit/open?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator("#stage.ready").waitFor();
});

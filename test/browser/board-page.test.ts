import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { changeSession } from "../../src/brainstorm/session.ts";
import type { Idea, Session } from "../../src/brainstorm/session.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { readPdf } from "./read-pdf.ts";
import { idea, openBoardWorld, round, wholeSession } from "../web/boards/board-world.ts";
import type { BoardWorld } from "../web/boards/board-world.ts";

/** Debian's Chromium, or whatever CHROMIUM names. */
const browserPath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (path) => path && existsSync(path),
);
const pictures = join(import.meta.dirname, "../../test-results");

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
const soon = { timeout: 60_000, interval: 50 };

let browser: Browser;
let azurite: Azurite;
let world: BoardWorld;
let drawn: Idea[];
let whole: Session;
beforeAll(async () => {
  if (!browserPath)
    throw new Error(
      "The browser test needs Chromium: apt-get install chromium fonts-dejavu-core, or name one in CHROMIUM.",
    );
  mkdirSync(pictures, { recursive: true });
  azurite = await startAzurite();
  world = await openBoardWorld(azurite.connectionString);
  drawn = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((number) => world.draw(number)));
  whole = await wholeSession(world);
  browser = await chromium.launch({
    executablePath: browserPath,
    timeout: soon.timeout,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ],
  });
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  await azurite?.stop();
});

/** What the browsers complained of: a policy that was broken, a script that failed. */
let complaints: string[];
beforeEach(() => {
  complaints = [];
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  expect(complaints).toEqual([]);
});

const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };

async function openPage(link: string, options = desktop): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  page.setDefaultTimeout(soon.timeout);
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      complaints.push(message.text());
  });
  await page.goto(link);
  await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
  return page;
}

const shot = (page: Page, name: string, fullPage = false) =>
  page.screenshot({ path: join(pictures, `board-page-${name}.png`), fullPage });

/** A round of so many pictures that people vote on. */
async function voting(count: number): Promise<string> {
  const ideas = drawn.slice(0, count);
  const votesUntil = new Date(Date.now() + 272_000).toISOString();
  const rounds = [round(1, { stage: "voting", ideas, places: count, votesUntil })];
  const { page } = await world.begin({ rounds });
  return page;
}

const hasBarAcross = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

/** Heads, landmarks and names as they are read out. */
const heard = (page: Page) => page.locator("body").ariaSnapshot();

describe("on a screen in the room", () => {
  it.each([2, 3, 4, 6, 8])("%i pictures and what is going on are seen at once", async (count) => {
    const page = await openPage(await voting(count), { viewport: { width: 3840, height: 2160 } });
    if (count === 6) await shot(page, "4k");
    for (const viewport of [
      { width: 3840, height: 2160 },
      { width: 1920, height: 1080 },
    ]) {
      await page.setViewportSize(viewport);
      const bottom = await page.locator(".ideas").evaluate((ideas) => ideas.getBoundingClientRect().bottom);
      expect(bottom).toBeLessThanOrEqual(viewport.height);
      expect(await hasBarAcross(page)).toBe(false);
    }
  });

  it("is read from the far end of the table, and shows originals", async () => {
    const page = await openPage(await voting(6), { viewport: { width: 3840, height: 2160 } });
    const sizeOf = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((part) => Number.parseFloat(getComputedStyle(part).fontSize));
    for (const part of [".idea-words", ".by", "#stage", "#until", ".number"])
      expect([part, (await sizeOf(part)) >= 34]).toEqual([part, true]);
    const shown = await page
      .locator(".ideas img")
      .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));
    expect(shown).toEqual(Array.from({ length: 6 }, () => 1536));
  });
});

it("on a phone is one column without a bar across, with links that a finger hits, in the light and in the dark", async () => {
  const { page: link } = await world.begin({ ...whole, topic: `${"Donaudampfschifffahrt".repeat(9)} for the bakery` });
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await openPage(link, { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, colorScheme });
    await shot(page, `phone-${colorScheme}`, true);
    expect(await hasBarAcross(page)).toBe(false);
    const lefts = await page
      .locator(".idea")
      .evaluateAll((ideas) => ideas.map((one) => one.getBoundingClientRect().left));
    expect(new Set(lefts).size).toBe(1);
    for (const link of await page.locator("main a").all())
      expect((await link.boundingBox())?.height).toBeGreaterThanOrEqual(24);
  }
});

it("is read out with landmarks, headings, and what each picture is", async () => {
  const page = await openPage((await world.begin(whole)).page);
  await expect.poll(() => heard(page), soon).toContain('heading "Round 2: variations of the winner" [level=2]');
  const snapshot = await heard(page);
  for (const part of [
    "- banner:",
    '- main:\n  - heading "A sign for the bakery in the old harbour" [level=1]',
    "- status: This brainstorm is over. It was decided for number 1, by Ada.",
    '- region "The decision":',
    'region "Round 1: first ideas"',
    '- heading "Idea 2 Winner" [level=3]',
    'link "Idea 2 of 6: idea 2: a gull with a pretzel"',
    "5 votes",
  ])
    expect(snapshot).toContain(part);
});

it("with the keyboard alone comes to every picture and back to where one came from, and sees where it is", async () => {
  const page = await openPage((await world.begin(whole)).page);
  const seen: string[] = [];
  for (let count = 0; count < 60; count += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const link = document.activeElement;
      if (!link || link === document.body) return undefined;
      const box = (link.querySelector("img") ?? link).getBoundingClientRect();
      const isSeen = box.bottom > 0 && box.top < innerHeight && getComputedStyle(link).outlineStyle !== "none";
      return { href: link.getAttribute("href") ?? "", isSeen };
    });
    if (!focused) break;
    expect(focused).toMatchObject({ isSeen: true });
    seen.push(focused.href);
  }
  const names = whole.rounds.flatMap(({ ideas }) => ideas.flatMap(({ picture }) => picture?.name ?? []));
  expect(seen).toEqual(expect.arrayContaining(names.map((name) => `../pictures/${name}`)));
  await page.locator("#round-2 .from a").first().focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => page.url(), soon).toContain("#idea-1-2");
});

describe("while something happens", () => {
  it("two screens see it without being loaded anew; what has not changed stays, and with it the focus", async () => {
    const ideas = [...drawn.slice(0, 1), idea(2, { state: "waiting" })];
    const { session, page: link } = await world.begin({ rounds: [round(1, { stage: "drawing", ideas, places: 2 })] });
    const pages = [await openPage(link), await openPage(link, { ...desktop, reducedMotion: "reduce" })];
    const [page] = pages as [Page, Page];
    await page.locator("#idea-1-1 a").focus();
    await page.locator("#idea-1-1 img").evaluate((image) => Object.assign(image, { mine: true }));
    const votesUntil = new Date(Date.now() + 4 * 60_000).toISOString();
    await changeSession(
      session.id,
      ({ rounds: [first] }) =>
        void (first && Object.assign(first, { stage: "voting", votesUntil, ideas: drawn.slice(0, 2) })),
      world.azure,
    );
    for (const each of pages) {
      await each.getByRole("link", { name: "Idea 2 of 2:" }).locator("img").waitFor();
      await expect.poll(() => each.locator("#stage").textContent(), soon).toContain("Vote for what you like");
      await expect
        .poll(() => each.locator("#until").textContent(), soon)
        .toMatch(/Votes until\s+\d+:\d\d[\s\S]*[34]:\d\d/);
    }
    const kept = await page.evaluate(() => ({
      image: document.querySelector("#idea-1-1 img"),
      isFocused: document.activeElement === document.querySelector("#idea-1-1 a"),
    }));
    expect(kept.isFocused).toBe(true);
    expect(await page.locator("#idea-1-1 img").evaluate((image) => "mine" in image)).toBe(true);
  });

  it("a page that is cut off says so, and goes on by itself", async () => {
    const { session, page: link } = await world.begin();
    const page = await openPage(link);
    await world.away();
    await page.getByText("out of touch").waitFor();
    await world.back();
    await changeSession(session.id, ({ rounds: [first] }) => void first?.ideas.push(idea(1)), world.azure);
    await page.getByText("1 of 6 are here").waitFor();
    await page.getByText("out of touch").waitFor({ state: "hidden" });
  });

  it("a page for which there is no place to listen asks for itself", async () => {
    const { session, page: link } = await world.begin();
    const leaving = new AbortController();
    const others = Array.from({ length: 100 }, () => fetch(`${link}/events`, { signal: leaving.signal }));
    await Promise.all(others);
    const page = await openPage(link);
    await changeSession(session.id, ({ rounds: [first] }) => void first?.ideas.push(idea(1)), world.azure);
    await page.getByText("1 of 6 are here").waitFor();
    leaving.abort();
  });

  it("once it is over the page stands in the order in which it went, and listens no more", async () => {
    const { session, page: link } = await world.begin({ ...whole, endedAt: undefined });
    const page = await openPage(link);
    const titles = () => page.locator(".round h2").allTextContents();
    expect((await titles())[0]).toBe("Round 3: in full quality");
    await page.locator("#round-3 .ideas a").first().focus();
    await changeSession(session.id, (present) => void (present.endedAt = new Date().toISOString()), world.azure);
    await page.getByRole("heading", { name: "The decision" }).waitFor();
    expect((await titles())[0]).toBe("Round 1: first ideas");
    expect(
      await page
        .locator("#round-3 .ideas a")
        .first()
        .evaluate((link) => link === document.activeElement),
    ).toBe(true);
    await expect.poll(() => page.locator("#board").getAttribute("class"), soon).toBe("");
  });
});

describe("on paper", () => {
  it.each(["A4", "Letter"] as const)(
    "%s: each round begins a page, nothing is cut, and all of it is there",
    async (format) => {
      const page = await openPage((await world.begin(whole)).page);
      const bytes = await page.pdf({ format, printBackground: true, path: join(pictures, `board-page-${format}.pdf`) });
      const pages = readPdf(bytes);
      const round = (number: number) => pages.findIndex(({ text }) => text.includes(`Round ${number}:`));
      expect(pages.map(({ text }) => text.slice(0, 30))).toHaveLength(4);
      expect([round(1), round(2), round(3)]).toEqual([1, 2, 3]);
      const text = pages.map((one) => one.text).join(" ");
      for (const said of [
        "A sign for the bakery in the old harbour",
        "The decision",
        "Winner",
        "5 votes",
        "from idea 2 of round 1",
        "about 20 cents",
        "idea 4: waves of dough",
        "needs other words",
      ])
        expect(text).toContain(said);
      expect(text).not.toContain("Terms of use");
      expect(pages.map((one) => one.pictures)).toEqual([1, 4, 2, 1]);
    },
  );

  it("of a long session with long words cuts no picture and nothing at the side", async () => {
    const words = "a very long idea ".repeat(60);
    const ideas = drawn.map((one) => ({ ...one, words }));
    const rounds = [round(1, { ideas, places: 8, stage: "closed" }), round(2, { ideas, places: 8, kind: "new" })];
    const page = await openPage((await world.begin({ rounds })).page);
    const pages = readPdf(await page.pdf({ format: "A4", printBackground: true }));
    // A picture that is cut stands on two pages.
    expect(pages.reduce((sum, one) => sum + one.pictures, 0)).toBe(16);
    expect(pages.filter(({ text }) => text.includes("Round")).length).toBe(2);
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 688, height: 1000 });
    expect(await hasBarAcross(page)).toBe(false);
  });
});

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, devices } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { openWallWorld } from "../web/wall/wall-world.ts";
import type { WallWorld } from "../web/wall/wall-world.ts";

/** Debian's Chromium, or whatever CHROMIUM names. */
const browserPath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (path) => path && existsSync(path),
);
const pictures = join(import.meta.dirname, "../../test-results");

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let browser: Browser;
let azurite: Azurite;
let world: WallWorld;
let link: string;
beforeAll(async () => {
  if (!browserPath)
    throw new Error(
      "The browser test needs Chromium: apt-get install chromium fonts-dejavu-core, or name one in CHROMIUM.",
    );
  mkdirSync(pictures, { recursive: true });
  azurite = await startAzurite();
  world = await openWallWorld(azurite.connectionString);
  for (let index = 0; index < 26; index += 1) {
    const words =
      index % 5
        ? `a gull over the harbour, number ${index}`
        : `${"a very long name of a boat ".repeat(9)}${"x".repeat(90)}`;
    await world.hang("quay", words, index % 3 ? ["Bo"] : ["Bo", "Cy", "Di", "Eve"], {
      at: new Date(Date.now() + index * 1000),
    });
  }
  link = await world.pageOf("quay");
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath: browserPath, timeout: 60_000, args });
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  await azurite?.stop();
});

/** What the browsers complained of, such as a policy that was broken. */
const complaints: string[] = [];
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  expect(complaints.splice(0)).toEqual([]);
});

const phone: BrowserContextOptions = {
  ...devices["Pixel 5"],
  viewport: { width: 360, height: 640 },
  deviceScaleFactor: 2,
};

async function openPage(options: BrowserContextOptions): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  page.setDefaultTimeout(60_000);
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(link);
  return page;
}

it.each<[string, BrowserContextOptions, number]>([
  ["phone", phone, 1],
  ["desk", { viewport: { width: 1280, height: 800 } }, 4],
  ["dark", { ...phone, colorScheme: "dark" }, 1],
])("fits a %s: nothing is cut, nothing overlaps, every picture is whole", async (name, options, columns) => {
  const page = await openPage(options);
  await expect
    .poll(() => page.evaluate(() => document.images[0]?.complete && document.images[0].naturalWidth))
    .toBeTruthy();
  const seen = await page.evaluate(() => {
    const boxes = [...document.querySelectorAll(".wall > li")].map((each) => each.getBoundingClientRect());
    return {
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      columns: new Set(boxes.map(({ left }) => Math.round(left))).size,
      outside: boxes.filter(({ left, right }) => left < 0 || right > innerWidth).length,
      small: [...document.querySelectorAll("nav a")].filter((each) => each.getBoundingClientRect().height < 44).length,
      ratio: [...document.images].map((image) => {
        const { width, height } = image.getBoundingClientRect();
        return Math.abs(width / height - Number(image.getAttribute("width")) / Number(image.getAttribute("height")));
      }),
      nameless: [...document.images].filter(({ alt }) => !alt).length,
    };
  });
  expect(seen).toMatchObject({ overflow: 0, columns, outside: 0, small: 0, nameless: 0 });
  expect(Math.max(...seen.ratio)).toBeLessThan(0.05);
  await page.screenshot({ path: join(pictures, `wall-${name}.png`) });
});

it("is walked through by the keyboard alone, with a focus that is seen", async () => {
  const page = await openPage({ viewport: { width: 1280, height: 800 } });
  const tabTo = async (text: string) => {
    for (let steps = 0; steps < 60; steps += 1) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const { activeElement: element } = document;
        return { text: element?.textContent?.trim(), outline: element && getComputedStyle(element).outlineStyle };
      });
      if (at.text !== text) continue;
      expect(at.outline).toBe("solid");
      return page.keyboard.press("Enter");
    }
    throw new Error(`no way to ${text}`);
  };
  await tabTo("Most kept first");
  await page.waitForURL(/order=most/);
  expect(await page.locator(".wall .by").nth(1).textContent()).toContain("Kept by Bo, Cy, Di, and 1 other");
  await tabTo("Further");
  await page.waitForURL(/page=2/);
  expect(await page.locator(".wall > li").count()).toBe(2);
  expect(await page.locator("[aria-current=page]").textContent()).toBe("Page 2");
  await tabTo("Back");
  await page.waitForURL(/page=1$/);
  expect(await page.locator(".wall > li").count()).toBe(24);
});

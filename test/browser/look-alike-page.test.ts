/** What the look-alike's page makes of what it is told, in a real browser: by keyboard, at a phone's width, and when things fail. */
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { lookAlikeCast } from "../../local/discord/look-alike/cast.ts";
import { startLookAlike } from "../../local/discord/look-alike/server.ts";
import type { LookAlike } from "../../local/discord/look-alike/server.ts";
import { finish, plainPicture, startBot, startWorld } from "../discord/world.ts";
import type { World } from "../discord/world.ts";

/** Debian's Chromium, or whatever CHROMIUM names. */
const browserPath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (path) => path && existsSync(path),
);

/** Nothing here is decided by a slow machine: what is waited for is a state, and it may take its time. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
const soon = { timeout: 60_000, interval: 50 };

let browser: Browser;
let world: World;
let bot: Awaited<ReturnType<typeof startBot>>;
let lookAlike: LookAlike;
beforeAll(async () => {
  if (!browserPath)
    throw new Error(
      "The browser test needs Chromium: apt-get install chromium fonts-dejavu-core, or name one in CHROMIUM.",
    );
  world = await startWorld({ cast: lookAlikeCast() });
  bot = await startBot(world);
  lookAlike = await startLookAlike({ discord: world.discord });
  browser = await chromium.launch({
    executablePath: browserPath,
    timeout: soon.timeout,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
  });
});
afterAll(async () => {
  await browser?.close();
  await bot?.stop();
  await lookAlike?.stop();
  await world?.stop();
});

let page: Page;
/** What the browser complained of: a policy that was broken, a script that failed. */
let complaints: string[];
beforeEach(async () => {
  complaints = [];
  page = await open({ viewport: { width: 1280, height: 900 } });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  expect(complaints).toEqual([]);
});

async function open(options: BrowserContextOptions): Promise<Page> {
  const opened = await (await browser.newContext({ reducedMotion: "reduce", ...options })).newPage();
  opened.setDefaultTimeout(soon.timeout);
  opened.on("pageerror", (error) => complaints.push(String(error)));
  opened.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      complaints.push(message.text());
  });
  await opened.goto(lookAlike.url);
  await opened.getByLabel("Message #pictures").waitFor();
  return opened;
}

const articles = () => page.getByRole("log").getByRole("article");
const nameOfFocused = () =>
  page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute("aria-label") ?? activeElement?.textContent;
  });

async function write(text: string): Promise<Locator> {
  await page.getByLabel(/^Message [#@]/).fill(text);
  await page.keyboard.press("Enter");
  return articles().last();
}

async function imagine(words: string): Promise<void> {
  await page.getByLabel(/^Message [#@]/).fill(`/imagine ${words}`);
  await page.getByRole("textbox", { name: "prompt" }).waitFor();
  await page.keyboard.press("Enter");
}

/** A picture by keyboard alone, up to its controls. */
async function drawn(words: string): Promise<Locator> {
  await imagine(words);
  const message = articles().filter({ hasText: words }).last();
  await message.getByText(/(?:its|their) way/).waitFor();
  const sent = await page.evaluate(async () => {
    const state = (await (await fetch("state")).json()) as { messages: { interaction_metadata?: { id: string } }[] };
    return state.messages.findLast((one) => one.interaction_metadata)?.interaction_metadata?.id;
  });
  await finish(world, `discord-${sent}`, { bytes: await plainPicture() });
  await message.locator(".picture img").waitFor();
  return message;
}

it("shows what people write as Discord does, and nothing of it becomes HTML", async () => {
  const message = await write(
    '<img src="x" onerror="document.title=1"> **loud** ||hidden|| [here](javascript:alert(1))',
  );
  await message.getByText("loud").waitFor();
  expect(await message.locator("strong, b.md-bold").filter({ hasText: "loud" }).count()).toBe(1);
  expect(await message.textContent()).toContain('<img src="x" onerror="document.title=1">');
  expect(await message.locator(".body img, a[href^=javascript]").count()).toBe(0);
  await expect.poll(() => page.title()).toContain("#pictures");
});

it("takes what is typed on behind a command that needs nothing as its first words, letter by letter", async () => {
  const topic = page.getByRole("textbox", { name: "topic" });
  const field = page.getByLabel(/^Message [#@]/);
  for (const begin of ["/brainstorm ", "/brainstorm"]) {
    await field.click();
    await page.keyboard.type(begin);
    if (!begin.endsWith(" ")) await page.keyboard.press("Enter");
    await page.keyboard.type("a sign for the bakery");
    expect(await topic.inputValue()).toBe("a sign for the bakery");
    await page.keyboard.press("Escape");
  }
  await field.fill("/brainstorm a sign ideas:4");
  expect(await topic.inputValue()).toBe("a sign");
  expect(await page.getByRole("dialog").count()).toBe(0);
});

it("is worked by keyboard: a command, a form, a menu, a picture, and each leads back to where it was opened", async () => {
  const message = await drawn("a lamp in the fog");
  await message.getByRole("button", { name: "Change words" }).focus();
  await page.keyboard.press("Enter");
  const form = page.getByRole("dialog", { name: /words/i });
  await form.getByRole("textbox").first().waitFor();
  expect(await form.getByRole("textbox").first().inputValue()).toBe("a lamp in the fog");
  await page.keyboard.press("Escape");
  await expect.poll(nameOfFocused, soon).toBe("Change words");

  await message.getByRole("button", { name: "More of this message" }).focus();
  await page.keyboard.press("Enter");
  const menu = page.getByRole("menu");
  expect(await menu.getByRole("menuitem").allTextContents()).toEqual(expect.arrayContaining(["Copy Text"]));
  await page.keyboard.press("ArrowUp");
  expect(await nameOfFocused()).toBe("Copy Message ID");
  await page.keyboard.press("Escape");
  expect(await nameOfFocused()).toBe("More of this message");

  await message.getByRole("button", { name: /^Look at the picture/ }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Picture" }).getByRole("img").waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(nameOfFocused, soon).toMatch(/^Look at the picture/);
  expect(await page.locator("#live").textContent()).toContain("a lamp in the fog");
});

it("says which press nobody answered, and which command, and what Discord refused", async () => {
  const message = await drawn("a quiet pond");
  world.discord.fail({ path: /\/callback$/ }, { delaySeconds: 3.2 });
  await message.getByRole("button", { name: "Change words" }).click();
  await expect.poll(() => message.locator("[aria-busy=true]").count(), soon).toBe(1);
  await message.getByText("This interaction failed").waitFor();
  await page.getByText("Discord would refuse this: 10062 Unknown interaction").waitFor();

  world.discord.fail({ path: /\/callback$/ }, { delaySeconds: 3.2 });
  await imagine("nobody is there");
  await articles().getByText("Sending command…").waitFor();
  await articles().getByText("The application did not respond").waitFor();
  await articles().getByRole("button", { name: "Dismiss message" }).last().click();
  await expect.poll(() => articles().getByText("The application did not respond").count(), soon).toBe(0);
});

it("marks where something new is, and lets one be somebody else", async () => {
  await page.getByRole("button", { name: "#design-team" }).click();
  await page.getByLabel("Message #design-team").waitFor();
  const other = await open({ viewport: { width: 1280, height: 900 } });
  await other.getByRole("radio", { name: "Grace" }).check({ force: true });
  await other.getByText("Grace", { exact: true }).first().waitFor();
  await other.getByLabel("Message #pictures").fill("hello from Grace");
  await other.keyboard.press("Enter");
  await page.getByRole("button", { name: "#pictures, unread" }).click();
  await articles().filter({ hasText: "hello from Grace" }).waitFor();
  expect(await page.getByRole("radio", { name: "Ada" }).isChecked()).toBe(true);
});

it("puts at a phone's width into drawers what does not fit, and takes the focus along", async () => {
  page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true });
  expect(await page.getByRole("button", { name: "#design-team" }).count()).toBe(0);
  await page.getByRole("button", { name: "Channels" }).click();
  await page.getByRole("button", { name: "#design-team" }).waitFor();
  expect(await nameOfFocused()).toBe("#pictures");
  await page.keyboard.press("Escape");
  expect(await nameOfFocused()).toBe("Channels");
  await page.getByRole("button", { name: "Channels" }).click();
  await page.getByRole("button", { name: "lighthouses" }).click();
  await page.getByLabel(/^Message #lighthouses/).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

/**
 * Makes the pictures of the README anew, from the running demo, as a newcomer sees it: `npm run pictures`, or
 * `npm run pictures -- brainstorm` for those of a brainstorm alone. It needs Chromium (Debian: `apt-get install chromium fonts-dejavu-core`), or one that CHROMIUM names.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";

const docs = import.meta.dirname;
const PATIENCE_MILLISECONDS = 90_000;

type Demo = { process: ChildProcess; teams: string; discord?: string };

const directory = mkdtempSync(join(tmpdir(), "easel-pictures-"));
const demo = await startDemo();
const browser = await openBrowser();
try {
  if (process.argv[2] !== "brainstorm") {
    await picturesOfTeams(demo.teams);
    if (demo.discord) await pictureOfDiscord(demo.discord);
  }
  await picturesOfBrainstorm(demo.teams);
  if (demo.discord) await pictureOfDiscordBoard(demo.discord);
} finally {
  await browser.close();
  process.kill(-(demo.process.pid ?? 0), "SIGINT");
  await once(demo.process, "exit");
  rmSync(directory, { recursive: true, force: true });
}
process.exit();

async function startDemo(): Promise<Demo> {
  const { PATH, HOME } = process.env;
  const ports = { PORT: await freePort(), EASEL_CHAT_PORT: await freePort(), EASEL_DISCORD_PORT: await freePort() };
  const environment = { PATH, HOME, EASEL_DIRECTORY: directory, ...ports };
  const child = spawn(process.execPath, ["main.ts"], { cwd: join(docs, ".."), env: environment, detached: true });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  child.stderr.pipe(process.stderr);
  const isReady = () => said.includes("Ctrl-C");
  while (!isReady()) await Promise.race([once(child.stdout, "data"), once(child, "exit").then(giveUp)]);
  const [, teams] = /Open (http:\S+) in a browser/.exec(said) ?? [];
  const [, discord] = /Discord\D*(http:\S+)/.exec(said) ?? [];
  return teams ? { process: child, teams, discord } : giveUp();
}

function giveUp(): never {
  throw new Error("the demo did not start");
}

function openBrowser(): Promise<Browser> {
  const paths = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const executablePath = paths.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error("The pictures are taken with Chromium: install it, or name one in CHROMIUM.");
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--no-first-run"] });
}

type Size = { width: number; height: number };

async function openPage(address: string, size: Size, colorScheme: "light" | "dark" = "light"): Promise<Page> {
  const page = await browser.newPage({ viewport: size, reducedMotion: "reduce", colorScheme });
  page.setDefaultTimeout(PATIENCE_MILLISECONDS);
  await page.goto(address);
  return page;
}

/** The chat as it is after the first request, and a picture of each model's way. */
async function picturesOfTeams(address: string): Promise<void> {
  const page = await openPage(address, { width: 1280, height: 900 });
  const say = async (words: string) => {
    await page.locator("div[role=textbox]").first().click();
    await page.keyboard.type(words);
    await page.getByRole("button", { name: "Send Message" }).click();
  };
  const card = () => page.locator(".ac-adaptiveCard").last();
  await page.getByText("Hello, I am Easel").waitFor();
  await page.getByTitle("Hide log panel").click();
  await say("imagine a lighthouse made of books by the sea at night --size wide");
  await untilDrawn(page, 1);
  // The greeting above it is long: what counts is the picture, with what stands under it.
  await card().evaluate((element) => element.scrollIntoView({ block: "end" }));
  await take(page, "easel-in-teams.png");
  await takeOf(card(), "dall-e-3.png");

  await say("imagine a castle on a hill at sunset --size wide --model gpt-image-2 --quality high");
  await page.locator("img[src*='-partial']").last().waitFor();
  await takeOf(card(), "gpt-image-2-appears.png");
  await untilDrawn(page, 2);
  await page.getByRole("button", { name: "Edit", exact: true }).last().click();
  await page.getByText("Edit this picture").waitFor();
  for (const cell of ["C1", "D1", "C2", "D2"]) await page.getByText(cell, { exact: true }).last().click();
  await page.getByRole("textbox", { name: "What should change" }).last().fill("a dragon flying over the towers");
  await page.getByRole("button", { name: "Draw", exact: true }).last().click();
  await untilDrawn(page, 3);
  await takeOf(card(), "gpt-image-2.png");
}

async function pictureOfDiscord(address: string): Promise<void> {
  const page = await openPage(address, { width: 1100, height: 900 }, "dark");
  const words = "a lighthouse made of books by the sea at night";
  await page.getByLabel("Message #pictures").click();
  await page.keyboard.type("/imagine ");
  await page.getByRole("textbox", { name: "prompt" }).fill(words);
  await page.getByRole("button", { name: "Add size:" }).click();
  const size = page.getByRole("combobox", { name: "size", exact: true });
  await size.selectOption(await size.locator("option", { hasText: "Wide" }).first().getAttribute("value"));
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const message = page.getByRole("log").getByRole("article").filter({ hasText: words }).last();
  await message.getByRole("button", { name: "Again" }).waitFor();
  const picture = message.locator("img[src*='attachments/']").first();
  await picture.waitFor();
  await picture.evaluate((image: HTMLImageElement) => image.decode());
  await take(page, "easel-in-discord.png");
}

/** Its board while people vote, and its page. */
async function picturesOfBrainstorm(address: string): Promise<void> {
  const page = await openPage(address, { width: 1000, height: 2400 });
  await page.locator("div[role=textbox]").first().click();
  await page.keyboard.type("brainstorm a sign for the bakery in the old harbour --ideas 4 --model gpt-image-2");
  await page.getByRole("button", { name: "Send Message" }).click();
  await page.getByRole("button", { name: "Draw now" }).last().click();
  await page.getByText("Vote for what you like").last().waitFor();
  await untilDrawn(page, 4);
  await takeOf(page.locator(".ac-adaptiveCard").last(), "brainstorm-in-teams.png");
  await page.getByRole("button", { name: "More…" }).last().click();
  const [board] = await Promise.all([
    page.context().waitForEvent("page", { timeout: PATIENCE_MILLISECONDS }),
    page.getByText("Open the board").last().click(),
  ]);
  await board.setViewportSize({ width: 1280, height: 800 });
  await board.getByText("Vote for what you like").waitFor();
  await board.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
  await take(board, "brainstorm-page.png");
}

async function pictureOfDiscordBoard(address: string): Promise<void> {
  const page = await openPage(address, { width: 1100, height: 1300 }, "dark");
  await page.getByLabel("Message #pictures").click();
  await page.keyboard.type("/brainstorm ");
  await page.getByRole("textbox", { name: "topic" }).fill("a sign for the bakery in the old harbour");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const board = page.getByRole("log").getByRole("article").filter({ hasText: "Brainstorm:" }).last();
  await board.getByRole("button", { name: "Draw now" }).click();
  await board.getByText("Vote for what you like").waitFor();
  await board.evaluate((part) => Promise.all([...part.querySelectorAll("img")].map((image) => image.decode())));
  await take(page, "brainstorm-in-discord.png");
}

/** Finished pictures, whole: those in the making, and the grid of an edit, have other names. */
async function untilDrawn(page: Page, count: number): Promise<void> {
  await page.waitForFunction((least) => {
    const images = [...document.querySelectorAll<HTMLImageElement>("img[src*='-preview']")];
    return images.filter(({ complete, naturalWidth }) => complete && naturalWidth > 0).length >= least;
  }, count);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

async function take(page: Page, name: string): Promise<void> {
  await keep(await page.screenshot(), name);
}

async function takeOf(part: ReturnType<Page["locator"]>, name: string): Promise<void> {
  await keep(await part.screenshot(), name);
}

/** A chat has few colours: with a palette, a picture of it takes a third. */
async function keep(bytes: Buffer, name: string): Promise<void> {
  await sharp(bytes).png({ palette: true, colours: 256, effort: 10 }).toFile(join(docs, name));
}

async function freePort(): Promise<string> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return String(typeof address === "object" && address ? address.port : 0);
}

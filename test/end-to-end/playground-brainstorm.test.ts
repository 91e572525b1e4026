/**
 * A brainstorm of three people in a group of the Playground. One of them sits at a real browser; what the two others press comes on
 * the wire, for the Playground has one person at its keyboard.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { freePorts, interrupt, openBrowser, PATIENCE_SECONDS, root, start } from "./local-mode.ts";
import type { Started } from "./local-mode.ts";
import { untilTrue } from "./world.ts";

vi.setConfig({ testTimeout: 400_000, hookTimeout: 240_000 });

const results = join(root, "test-results");

let directory = "";
let started: Started;
let browser: Browser;
let page: Page;
/** The last that the browser heard of the board. */
let board: { conversation: string; message: string; session: string } | undefined;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "easel-brainstorm-"));
  mkdirSync(results, { recursive: true });
  [started, browser] = await Promise.all([
    start({ ...(await freePorts()), EASEL_DIRECTORY: directory }),
    openBrowser(),
  ]);
  page = await browser.newPage({ viewport: { width: 1280, height: 1050 }, reducedMotion: "reduce" });
  page.context().setDefaultTimeout(PATIENCE_SECONDS * 1000);
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => hear(String(payload))));
});
afterAll(async () => {
  await browser?.close();
  if (started?.process.exitCode === null) await interrupt(started);
  rmSync(directory, { recursive: true, force: true });
});

function hear(frame: string): void {
  const session = /"session":"([0-9a-f]{32})"/.exec(frame)?.[1];
  if (!session || !frame.includes('"text":"Brainstorm: ')) return;
  const { actionConversationId: conversation = "", message } = JSON.parse(frame) as {
    actionConversationId?: string;
    message?: { messageId?: string };
  };
  if (message?.messageId) board = { conversation, message: message.messageId, session };
}

const megan = { id: "user-id-1", name: "Megan Bowen", aadObjectId: "00000000-0000-0000-0000-0000000000021" };
const adele = { id: "user-id-2", name: "Adele Vance", aadObjectId: "00000000-0000-0000-0000-0000000000022" };
let presses = 0;

/** A press of somebody who is not at the keyboard; says what they are told. */
async function pressAs(from: typeof megan, data: Record<string, string>): Promise<string> {
  if (!board) throw new Error("no board stands there");
  const { conversation: id, message: replyToId, session } = board;
  presses += 1;
  const activity = {
    type: "invoke",
    name: "adaptiveCard/action",
    id: `f:${presses}`,
    timestamp: new Date().toISOString(),
    channelId: "msteams",
    serviceUrl: `${started.chatUrl}/_connector`,
    from,
    recipient: { id: "00000000-0000-0000-0000-00000000000011", name: "Test Bot" },
    conversation: { id, conversationType: "groupChat", tenantId: "00000000-0000-0000-0000-0000000000001" },
    replyToId,
    value: { action: { type: "Action.Execute", verb: "board", data: { do: "board", session, round: "1", ...data } } },
  };
  const answer = await fetch(`${started.botUrl}/api/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(activity),
  });
  return String(((await answer.json()) as { value: unknown }).value);
}

async function sayToBot(words: string): Promise<void> {
  await page.locator("div[role=textbox]").first().click();
  await page.keyboard.type("@");
  await page.getByRole("menuitem", { name: "Test Bot" }).click();
  await page.keyboard.type(` ${words}`);
  await page.getByRole("button", { name: "Send Message" }).click();
}

const cards = () => page.locator(".ac-adaptiveCard");
const card = () => cards().filter({ hasText: "Brainstorm: a logo" }).first();
const says = (words: string | RegExp) => card().filter({ hasText: words }).waitFor();
const press = (name: string) => card().getByRole("button", { name, exact: true }).click();
/** What is folded: an edit of the board folds it again. */
const pressFolded = (name: string) =>
  untilTrue(async () => {
    const button = card().getByRole("button", { name, exact: true });
    if (!(await button.isVisible())) await card().getByRole("button", { name: "More…" }).click();
    return button.click({ timeout: 2000 }).then(
      () => true,
      () => false,
    );
  }, PATIENCE_SECONDS);
/** A form that only whoever pressed sees. What it is sent by stands on no board, which may have a button of the form's own title. */
const form = (title: string, send: string) =>
  cards()
    .filter({ hasText: title })
    .filter({ has: page.getByRole("button", { name: send, exact: true }) })
    .last();
const sendForm = (title: string, send: string) =>
  form(title, send).getByRole("button", { name: send, exact: true }).click();
const photograph = (name: string) => card().screenshot({ path: join(results, `brainstorm-teams-${name}.png`) });
const pictures = () =>
  card()
    .locator("img")
    .evaluateAll((images) =>
      images.map((image) => ({
        alt: (image as HTMLImageElement).alt,
        isHere: (image as HTMLImageElement).naturalWidth > 0,
      })),
    );
const untilPictures = (count: number) =>
  untilTrue(
    async () => (await pictures()).filter(({ isHere }) => isHere).length === count && pictures(),
    PATIENCE_SECONDS,
  );

it("goes from a topic to a finished picture", async () => {
  await page.goto(started.chatUrl);
  await page.getByText("Group Chat", { exact: true }).first().click();
  await page.locator("div[role=textbox]").first().waitFor();
  await sayToBot("brainstorm a logo for our bakery");
  await says("Ideas are welcome: there is room for 6.");
  await says(/Ideas until: \d+:\d+/);

  const idea = { does: "add", sent: "in place", said_words: "a croissant that is a crescent moon" };
  expect(await pressAs(megan, idea)).toContain("Your idea is number 1.");
  await says("a croissant that is a crescent moon · Megan Bowen");
  await press("Add an idea");
  const field = form("Add an idea", "Add it").getByRole("textbox", { name: "Your idea" });
  await field.fill("an oven that is a house");
  const clause = { does: "yes-and", sent: "in place", picked_idea: "1.1", said_words: "it glows in the dark" };
  expect(await pressAs(adele, clause)).toContain("Megan Bowen and Adele Vance");
  await says("Megan Bowen and Adele Vance");
  // The board has been edited meanwhile, and what was being typed is there still.
  expect(await field.inputValue()).toBe("an oven that is a house");
  await sendForm("Add an idea", "Add it");
  await says("an oven that is a house · Alex Wilber");
  await cards().filter({ hasText: "Your idea is number 2." }).last().waitFor();
  await photograph("ideas");

  expect(await pressAs(megan, { does: "draw" })).toContain("Only Alex Wilber");
  await pressFolded("Draw now");
  await says("Vote for what you like");
  const drawn = await untilPictures(6);
  expect(drawn.map(({ alt }) => alt.slice(0, 13))).toEqual([1, 2, 3, 4, 5, 6].map((number) => `Idea ${number} of 6: `));
  const { height } = (await card().boundingBox()) ?? {};
  expect(height).toBeLessThanOrEqual(900);
  await photograph("votes");

  await press("2");
  await page.getByText("Your vote: 2.").waitFor();
  for (const number of ["1", "2"]) await pressAs(megan, { does: "vote", toggle: number });
  expect(await pressAs(adele, { does: "vote", toggle: "2" })).toContain("Your vote: 2.");
  await says("3 people have voted");
  expect(await card().innerText()).not.toMatch(/\bvotes? from|has won|\d votes/);
  await press("Close the votes");
  await says(/Number 2, by Alex Wilber, has won/);
  await photograph("result");

  await press("Next round");
  await sendForm("Next round", "Draw");
  await says("Vote for what you like");
  await untilPictures(6);
  await press("3");
  await page.getByText("Your vote: 3.").waitFor();
  await press("Close the votes");
  await says(/Number 3.*has won/);
  await pressFolded("Finish one");
  await sendForm("Finish one", "Finish it");
  await says("Here it is, finished.");
  await untilPictures(1);
  await photograph("finished");
  await pressFolded("End");
  await sendForm("End this brainstorm?", "End it");
  await says("This brainstorm is over");
  await page.setViewportSize({ width: 420, height: 900 });
  await photograph("over-on-a-phone");
});

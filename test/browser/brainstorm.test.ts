/** A brainstorm of three people in a channel, as they see it: local mode, and each in a browser of their own. */
import { join } from "node:path";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { results, startLocalMode } from "./local-mode.ts";
import type { LocalMode } from "./local-mode.ts";

vi.setConfig({ testTimeout: 400_000, hookTimeout: 240_000 });

let local: LocalMode;
beforeAll(async () => {
  local = await startLocalMode();
});
afterAll(() => local?.stop());
afterEach(async () => {
  await Promise.all(local.browser.contexts().map((context) => context.close()));
  expect(local.complaints.splice(0)).toEqual([]);
});

async function pageOf(person: string, options: BrowserContextOptions = { viewport: { width: 1280, height: 1500 } }) {
  const page = await local.open(options);
  if (person !== "Ada") await page.getByRole("radio", { name: person }).check({ force: true });
  return page;
}

const logOf = (page: Page) => page.getByRole("log");
/** A private answer quotes the board that it is an answer to. */
const boardOn = (page: Page) =>
  logOf(page).getByRole("article").filter({ hasText: "Brainstorm:", hasNotText: "Only you can see this" }).last();
const says = (page: Page, words: string | RegExp) => boardOn(page).filter({ hasText: words }).waitFor();
const press = (page: Page, name: string) => boardOn(page).getByRole("button", { name, exact: true }).click();
const pictures = (page: Page) => boardOn(page).locator("img[src*='attachments/']");
const wordTo = (page: Page, words: string | RegExp) =>
  logOf(page)
    .getByRole("article")
    .filter({ hasText: "Only you can see this" })
    .filter({ hasText: words })
    .last()
    .waitFor();

async function send(page: Page, line: string): Promise<void> {
  await page.getByLabel(/^Message [#@]/).fill(line);
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

async function fillIn(page: Page, fields: (dialog: Locator) => Promise<unknown>): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await fields(dialog);
  await dialog.getByRole("button", { name: "Submit" }).click();
  await expect.poll(() => page.getByRole("dialog").count(), { timeout: 60_000 }).toBe(0);
}

async function vote(page: Page, numbers: number[]): Promise<void> {
  await boardOn(page).locator("summary").click();
  for (const number of numbers)
    await boardOn(page)
      .getByRole("checkbox", { name: new RegExp(`^${number}\\.`) })
      .check();
  await boardOn(page).getByRole("button", { name: "Done" }).click();
}

const photograph = (page: Page, name: string) =>
  boardOn(page).screenshot({ path: join(results, `brainstorm-${name}.png`) });

it("goes from a topic to a finished picture: ideas, drafts, votes, another round", async () => {
  const [ada, grace, alan] = [await pageOf("Ada"), await pageOf("Grace"), await pageOf("Alan")];
  await send(ada, "/brainstorm topic:a logo for our bakery ideas:4 votes:2");
  await says(ada, "Brainstorm: a logo for our bakery");
  await photograph(ada, "gathering");

  await says(grace, "Ideas are welcome");
  await press(grace, "Add an idea");
  await fillIn(grace, (dialog) => dialog.getByRole("textbox").fill("a croissant that is a crescent moon"));
  await wordTo(grace, "number 1");
  await says(alan, "a croissant that is a crescent moon");
  await press(alan, "Yes, and…");
  await fillIn(alan, async (dialog) => {
    await dialog.getByRole("combobox").selectOption({ index: 1 });
    await dialog.getByRole("textbox").fill("it glows over the roofs of the town");
  });
  await says(ada, "Grace and Alan");
  await photograph(ada, "ideas");

  // Whoever did not begin it, and is no moderator, is told who can.
  await press(grace, "Draw now");
  await wordTo(grace, "Only Ada");
  await press(ada, "Draw now");
  await says(ada, "Vote for what you like");
  await expect.poll(() => pictures(ada).count(), { timeout: 60_000 }).toBe(4);
  expect(await pictures(ada).first().getAttribute("alt")).toContain("Idea 1 of 4: a croissant");
  await photograph(ada, "voting");

  await vote(ada, [1, 2]);
  await wordTo(ada, "1 and 2");
  await vote(grace, [1]);
  await wordTo(grace, "Your vote: 1");
  await vote(alan, [1, 3]);
  await says(ada, "3 people have voted");
  expect(await boardOn(ada).innerText()).not.toContain("has won");
  await press(ada, "Close the votes");
  await says(grace, /Number 1.*has won, with 3 votes; 3 people voted/);
  await photograph(grace, "result");

  await press(ada, "Next round");
  await fillIn(ada, (dialog) => dialog.getByText(/Up to 4 drafts, for /).waitFor());
  await says(alan, "Round 2");
  await says(alan, "Vote for what you like");
  await expect.poll(() => pictures(alan).count(), { timeout: 60_000 }).toBe(4);
  await photograph(alan, "round-2");
  await vote(alan, [2]);
  await wordTo(alan, "Your vote: 2");
  await press(ada, "Close the votes");
  await says(ada, /Number 2.*has won/);

  await press(ada, "Finish one");
  await fillIn(ada, (dialog) => dialog.getByText(/One picture, for /).waitFor());
  await says(ada, "Here it is, finished.");
  await expect.poll(() => pictures(ada).count(), { timeout: 60_000 }).toBe(1);
  await photograph(ada, "finished");

  await press(ada, "End");
  await logOf(ada).getByRole("button", { name: "End it" }).last().click();
  await says(grace, "This brainstorm is over");
  await photograph(grace, "over");
  const phone = await pageOf("Ada", { viewport: { width: 390, height: 844 }, hasTouch: true });
  await says(phone, "This brainstorm is over");
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await phone.screenshot({ path: join(results, "brainstorm-phone.png") });
});

it("has a thread of its own where somebody wants that, and a form where there is no topic", async () => {
  const page = await pageOf("Ada", { viewport: { width: 390, height: 844 }, hasTouch: true });
  await page.getByLabel("Message #pictures").fill("/brainstorm thread:true ideas:2");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await fillIn(page, (dialog) => dialog.getByRole("textbox").first().fill("a poster for the summer fair"));
  await page.getByRole("button", { name: /See thread/ }).click();
  await says(page, "Brainstorm: a poster for the summer fair");
  await press(page, "Draw now");
  await says(page, "Vote for what you like");
  await expect.poll(() => pictures(page).count(), { timeout: 60_000 }).toBe(2);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.screenshot({ path: join(results, "brainstorm-thread-on-a-phone.png") });
});

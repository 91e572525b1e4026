/** The look-alike of Discord as a newcomer meets it: local mode as it starts, in a real browser. */
import { join } from "node:path";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { FAULTS } from "../../local/flight-simulator/faults.ts";
import type { FaultId } from "../../local/flight-simulator/faults.ts";
import { PATIENCE, results, startLocalMode } from "./local-mode.ts";
import type { LocalMode } from "./local-mode.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let local: LocalMode;
beforeAll(async () => {
  local = await startLocalMode();
});
afterAll(() => local?.stop());

let page: Page;
const soon = { timeout: PATIENCE, interval: 50 };
const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };

beforeEach(async () => {
  page = await local.open(desktop);
});
afterEach(async () => {
  await Promise.all(local.browser.contexts().map((context) => context.close()));
  expect(local.complaints.splice(0)).toEqual([]);
});

const log = () => page.getByRole("log");
const messageWith = (words: string | RegExp) => log().getByRole("article").filter({ hasText: words }).last();
/** What one person alone was told, by what it says: what earlier tests were told stands there still. */
const alone = () => log().getByRole("article").filter({ hasText: "Only you can see this" });
const pictureIn = (message: Locator) => message.locator("img[src*='attachments/']").first();

async function imagine(words: string, options: Record<string, string> = {}): Promise<Locator> {
  const field = page.getByLabel(/^Message [#@]/);
  await field.click();
  await page.keyboard.type("/imagine ");
  await page.getByRole("textbox", { name: "prompt" }).fill(words);
  for (const [name, choice] of Object.entries(options)) {
    await page.getByRole("button", { name: `Add ${name}:` }).click();
    await page.getByRole("combobox", { name, exact: true }).selectOption(choice);
  }
  await page.getByRole("button", { name: "Send", exact: true }).click();
  return messageWith(words);
}

/** The one whose picture has come: below it is what can be done with it. */
async function drawn(words: string, options: Record<string, string> = {}): Promise<Locator> {
  const message = await imagine(words, options);
  await message.getByRole("button", { name: "Again", exact: true }).waitFor();
  await pictureIn(message).waitFor();
  return message;
}

describe("the look-alike", () => {
  it("says what it is, lists the commands, and draws what is typed", async () => {
    await page
      .getByText(/look-alike/i)
      .first()
      .waitFor();
    await page.getByLabel("Message #pictures").fill("/");
    const commands = page.getByRole("listbox", { name: "Commands" }).getByRole("option");
    await expect.poll(() => commands.count()).toBeGreaterThanOrEqual(5);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Escape");
    await page.getByLabel("Message #pictures").fill("");
    const words = "a lighthouse made of books by the sea";
    const message = await drawn(words);
    await message.getByText("/imagine").waitFor();
    const picture = pictureIn(message);
    expect(await picture.getAttribute("alt")).toContain(words);
    await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(200);
    await page.screenshot({ path: join(results, "easel-in-discord.png") });
  });

  it("shows behind More… to the presser alone what else there is", async () => {
    const message = await drawn("a fox in the snow");
    await message.getByRole("button", { name: "More…" }).click();
    const deletes = page.getByRole("button", { name: "Delete", exact: true });
    const more = alone().filter({ has: deletes }).last();
    await deletes.waitFor();
    await more.getByRole("button", { name: /dismiss/i }).click();
    await expect.poll(() => log().getByText("Only you can see this").count()).toBe(0);
  });

  it("lets a person revise what a filter has stopped", async () => {
    await imagine("a bloody fight");
    const refused = alone().filter({ hasText: "It saw violence" }).last();
    await refused.getByRole("button", { name: "Revise" }).click();
    const dialog = page.getByRole("dialog");
    const words = dialog.getByRole("textbox").first();
    await expect.poll(() => words.inputValue()).toBe("a bloody fight");
    await words.fill("a friendly game of chess");
    await dialog.getByRole("button", { name: "Submit" }).click();
    await pictureIn(messageWith("a friendly game of chess")).waitFor();
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
  });

  it("edits by region", async () => {
    const message = await drawn("a red kite on a hill", { model: "GPT Image 2" });
    await message.getByRole("button", { name: "Edit" }).click();
    const panel = messageWith("Pick the cells");
    await choose(panel, ["C2", "D2"]);
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Only C2, D2 may change.").waitFor();
    await dialog.getByRole("textbox").first().fill("a hot air balloon");
    await dialog.getByRole("button", { name: "Submit" }).click();
    const edited = messageWith("a hot air balloon");
    await edited.getByRole("button", { name: "Again", exact: true }).waitFor();
    await pictureIn(edited).waitFor();
  });

  it("shows a person their history, and to others what is everybody's alone", async () => {
    const message = await drawn("a teapot on the moon");
    await send("/history");
    const history = alone().filter({ hasText: "Your pictures" }).last();
    await pictureIn(history).waitFor();
    await page.getByRole("radio", { name: "Grace" }).check({ force: true });
    await pictureIn(messageWith("a teapot on the moon")).waitFor();
    await expect.poll(() => log().getByText("Only you can see this").count()).toBe(0);
    await messageWith("a teapot on the moon").getByRole("button", { name: "Again", exact: true }).click();
    await expect.poll(() => log().getByRole("article").filter({ hasText: "a teapot on the moon" }).count()).toBe(2);
    await message.waitFor();
  });
});

/** A command without options. */
async function send(command: string): Promise<void> {
  await page.getByLabel(/^Message [#@]/).fill(command);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

/** Ticks what a menu offers, and closes it, which sends it. */
async function choose(message: Locator, values: string[]): Promise<void> {
  await message.locator("summary").click();
  for (const value of values) await message.getByRole("checkbox", { name: value }).check();
  await message.getByRole("button", { name: "Done" }).click();
}

describe("the flight simulator", () => {
  const fault = (id: FaultId) => page.locator(`[data-fault="${id}"]`);
  async function flip(id: FaultId): Promise<void> {
    await page.getByRole("switch", { name: FAULTS[id].title, exact: true }).click();
  }
  const isOn = (id: FaultId) =>
    page.getByRole("switch", { name: FAULTS[id].title, exact: true }).getAttribute("aria-checked");

  beforeEach(async () => {
    await page.getByRole("button", { name: "Flight simulator" }).click();
    await page.getByRole("switch").first().waitFor();
  });

  it("delivers an event twice, and one picture comes", async () => {
    await flip("delivered-twice");
    await drawn("two of a kind");
    expect(await isOn("delivered-twice")).toBe("false");
    expect(await log().getByRole("article").filter({ hasText: "two of a kind" }).count()).toBe(1);
    await fault("delivered-twice").getByRole("listitem").first().waitFor();
  });

  it("lets an acknowledgement come too late: the person is told that, and why is in sight", async () => {
    await flip("late-acknowledgement");
    await imagine("too late");
    await page.getByText("The application did not respond").first().waitFor();
    await fault("late-acknowledgement").getByText("10062").last().waitFor();
  });

  it("has the filter stop the words of the next request alone", async () => {
    await flip("words-blocked");
    const refusals = log().getByRole("button", { name: "Revise" });
    const before = await refusals.count();
    await imagine("a harmless daisy");
    await expect.poll(() => refusals.count(), soon).toBe(before + 1);
    await drawn("a harmless daisy in a vase");
  });

  it("takes storage away: that is said, and all is well when it is back", async () => {
    await flip("storage-away");
    await imagine("out of reach");
    await alone().filter({ hasText: "cannot reach my storage" }).last().waitFor();
    await flip("storage-away");
    await drawn("within reach again");
  });

  it("kills the bot while it draws, and the picture comes all the same", async () => {
    const message = await imagine("made to last");
    await message.waitFor();
    await flip("bot-killed");
    await message.getByRole("button", { name: "Again", exact: true }).waitFor();
    await pictureIn(message).waitFor();
  });
});

it("fits a phone: what does not fit is a press away, and nothing scrolls sideways", async () => {
  page = await local.open({ viewport: { width: 390, height: 844 }, hasTouch: true });
  await drawn("a boat in a bottle");
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
  await page.screenshot({ path: join(results, "easel-in-discord-on-a-phone.png") });
});

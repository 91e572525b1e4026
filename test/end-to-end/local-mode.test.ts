import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { bare, freePorts, interrupt, openBrowser, PATIENCE_SECONDS, root, start } from "./local-mode.ts";
import type { Started } from "./local-mode.ts";
import { untilTrue } from "./world.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** Sockets that listen on this machine, as the kernel lists them: address and port in hexadecimal. */
function listening(): string[] {
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state]) => state === "0A")
      .map(([, local]) => local ?? ""),
  );
}

function processesOfGroup(group: number): string[] {
  return execFileSync("ps", ["-eo", "pgid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.trim().startsWith(`${group} `));
}

describe("local mode", () => {
  let browser: Browser;
  let page: Page;
  let started: Started;
  let environment: Record<string, string>;
  let pictureAddress = "";

  beforeAll(async () => {
    environment = {
      ...(await freePorts()),
      EASEL_DIRECTORY: mkdtempSync(join(tmpdir(), "easel-local-")),
    };
    started = await start(environment);
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 1050 }, reducedMotion: "reduce" });
    page.context().setDefaultTimeout(PATIENCE_SECONDS * 1000);
  });
  afterAll(async () => {
    await browser?.close();
    if (started?.process.exitCode === null) await interrupt(started);
    rmSync(environment.EASEL_DIRECTORY ?? "", { recursive: true, force: true });
  });

  async function say(words: string): Promise<void> {
    await page.locator("div[role=textbox]").first().click();
    await page.keyboard.type(words);
    await page.getByRole("button", { name: "Send Message" }).click();
  }

  const cards = () => page.locator(".ac-adaptiveCard");
  /** The one that comes next: until it is there, the last card is one from before, with the same buttons. */
  const nextCard = async () => cards().nth(await cards().count());
  /** What is in the making is no picture yet. */
  const pictures = () =>
    page.locator("img[src*='/pictures/']:not([src*='-partial'])").evaluateAll((images) =>
      images.map((image) => ({
        src: (image as HTMLImageElement).src,
        alt: (image as HTMLImageElement).alt,
        width: (image as HTMLImageElement).naturalWidth,
      })),
    );
  const untilPictures = (count: number) =>
    untilTrue(
      async () => (await pictures()).filter(({ width }) => width > 0).length >= count && (await pictures()),
      PATIENCE_SECONDS,
    );

  it("says what runs and what to type, and listens on this machine alone", () => {
    const output = started.output();
    for (const words of [
      "Easel",
      "Images API",
      "Azurite",
      "Teams",
      "Discord",
      "imagine a lighthouse made of books",
      "Ctrl-C",
    ])
      expect(output).toContain(words);
    const ports = [...output.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) =>
      Number(port).toString(16).toUpperCase().padStart(4, "0"),
    );
    const ours = listening().filter((local) => ports.includes(local.split(":")[1] ?? ""));
    expect(ours.length).toBeGreaterThanOrEqual(4);
    expect(ours.filter((local) => !local.startsWith("0100007F:"))).toEqual([]);
  });

  it("keeps all that it writes for oneself", () => {
    const directory = environment.EASEL_DIRECTORY ?? "";
    const entries = ["", ...readdirSync(directory, { recursive: true, encoding: "utf8" })];
    expect(entries.length).toBeGreaterThan(3);
    const open = entries.filter((entry) => statSync(join(directory, entry)).mode & 0o077);
    expect(open).toEqual([]);
  });

  it("draws what is typed into the chat, in a real browser", async () => {
    await page.goto(started.chatUrl);
    await page.locator("div[role=textbox]").first().waitFor();
    await say("imagine a lighthouse made of books by the sea at night --size wide --quality hd");
    const [picture] = await untilPictures(1);
    expect(picture?.alt.length).toBeGreaterThan(20);
    expect(picture?.width).toBe(1024);
    pictureAddress = picture?.src ?? "";
    const inTheTerminal = /drawn in [\d.]+ s · a lighthouse made of books by the sea at night\n/;
    await untilTrue(() => inTheTerminal.test(started.output()), PATIENCE_SECONDS);
    await page.getByText("What the model drew from").first().waitFor();
    await button("More…").click();
    await page.getByText("Open original").first().waitFor();
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    mkdirSync(join(root, "test-results"), { recursive: true });
    await page.screenshot({ path: join(root, "test-results/easel-in-teams.png") });
    expect(readdirSync(join(root, "test-results"))).toContain("easel-in-teams.png");
  });

  /** What a person sees of a card without opening anything. */
  const seenOf = (one: Locator) =>
    one.evaluate((card) => ({
      height: Math.round(card.getBoundingClientRect().height),
      tallest: Math.max(...[...card.querySelectorAll("img")].map((image) => image.getBoundingClientRect().height)),
      buttons: [...card.querySelectorAll("button")].filter((each) => each.offsetParent).map((each) => each.innerText),
    }));
  const wordsOf = (length: number) => "a lighthouse made of old books ".repeat(length / 31 + 1).slice(0, length);

  it.each([
    { words: "a lighthouse made of books", model: "dall-e-3", count: 1, mostHeight: 640 },
    { words: wordsOf(3900), model: "dall-e-3", count: 1, mostHeight: 640 },
    { words: wordsOf(30_000), model: "gpt-image-2", count: 1, mostHeight: 640 },
    { words: "four boats at dawn", model: "dall-e-3", count: 4, mostHeight: 720 },
  ])("fits on a screen: $count by $model", async ({ words, model, count, mostHeight }) => {
    const before = (await pictures()).length;
    const next = await nextCard();
    await page.locator("div[role=textbox]").first().click();
    await page.keyboard.insertText(`imagine ${words} --model ${model} --count ${count}`);
    await page.getByRole("button", { name: "Send Message" }).click();
    await next.getByRole("button", { name: count > 1 ? "All again" : "Again", exact: true }).waitFor();
    await untilPictures(before + count);
    const card = await untilTrue(async () => {
      const seen = await seenOf(next);
      return seen.tallest > 0 && seen;
    }, PATIENCE_SECONDS);
    expect(card.height).toBeLessThanOrEqual(mostHeight);
    if (count === 1) expect(card.tallest / card.height).toBeGreaterThan(0.64);
    expect(card.buttons).toEqual(
      count > 1 ? ["1", "2", "3", "4", "All again"] : ["Again", "Change words", "Edit", "More…"],
    );
  });

  it("lets a person revise what a filter has stopped", async () => {
    const before = (await pictures()).length;
    const refusal = await nextCard();
    await say("imagine a bloody fight");
    await refusal.getByRole("textbox", { name: "Your words" }).fill("a friendly game of chess");
    await refusal.getByRole("button", { name: "Revise" }).click();
    await untilPictures(before + 1);
    await page.getByText("a friendly game of chess").first().waitFor();
  });

  const button = (name: string) => page.getByRole("button", { name, exact: true }).last();

  it("goes on from a picture: again, in other words, with its family", async () => {
    const before = (await pictures()).length;
    await button("Again").click();
    await untilPictures(before + 1);
    const form = await nextCard();
    await button("Change words").click();
    await form.getByRole("textbox", { name: "Your words" }).fill("a friendly game of draughts");
    await form.getByRole("button", { name: "Draw", exact: true }).click();
    await untilPictures(before + 2);
    await page.getByText("a friendly game of draughts").first().waitFor();
    await button("More…").click();
    await button("Family").click();
    await page.getByText("3. other words: a friendly game of draughts").waitFor();
    await untilPictures(before + 3);
  });

  it("edits a picture by its cells, and by hand on the page, and both come to stand in the chat", async () => {
    await say("imagine a red fox in the snow --model gpt-image-2");
    await untilTrue(async () => (await pictures()).at(-1)?.alt.includes("red fox"), PATIENCE_SECONDS);
    const form = await nextCard();
    await button("Edit").click();
    await form.getByText("Edit this picture").waitFor();
    const link = form.getByRole("link", { name: "Paint the part that may change" });
    const [painting] = await Promise.all([page.context().waitForEvent("page"), link.click()]);
    await form.getByText("D4", { exact: true }).click();
    await form.getByRole("textbox", { name: "What should change" }).fill("a hare beside the fox");
    await form.getByRole("button", { name: "Draw", exact: true }).click();
    await page.getByText("a hare beside the fox").first().waitFor();

    await painting.locator("#stage.ready").waitFor();
    await painting.locator("#painting").scrollIntoViewIfNeeded();
    const box = await painting.locator("#painting").boundingBox();
    if (!box) throw new Error("there is nothing to paint on");
    await painting.mouse.move(box.x + box.width / 3, box.y + box.height / 3);
    await painting.mouse.down();
    await painting.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 8 });
    await painting.mouse.up();
    await painting.getByLabel("What should change").fill("a kite in the sky");
    await painting.getByRole("button", { name: "Send" }).click();
    await page.getByText("a kite in the sky").first().waitFor();
    await untilTrue(
      async () => (await pictures()).filter(({ alt }) => /hare|kite/.test(alt)).length >= 2,
      PATIENCE_SECONDS,
    );
    await painting.close();
  });

  it("deletes a picture, so that its address is empty", async () => {
    const [last] = (await pictures()).filter(({ alt }) => alt.includes("kite")).slice(-1);
    await button("More…").click();
    await button("Delete").click();
    await button("Delete for good").click();
    await page.getByText("has deleted this picture").waitFor();
    expect((await fetch(last?.src ?? "")).status).toBe(404);
  });

  it("ends whole on Ctrl-C, and has its pictures still at the next start", async () => {
    const group = started.process.pid ?? 0;
    await interrupt(started);
    expect(started.process.exitCode).toBe(0);
    expect(started.output()).toMatch(/Easel has ended\. .*\n$/);
    expect(processesOfGroup(group)).toEqual([]);
    await expect(fetch(started.chatUrl)).rejects.toThrow();
    started = await start(environment);
    const response = await fetch(pictureAddress);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
  });

  it("says in one sentence when a port is taken", async () => {
    const second = spawn(process.execPath, ["main.ts"], { cwd: root, env: { ...bare, ...environment } });
    let text = "";
    second.stderr.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    const code = await new Promise((resolve) => second.once("exit", resolve));
    expect(code).toBe(1);
    expect(text).toContain(environment.PORT);
    expect(text.trim().split("\n")).toHaveLength(1);
  });
});

describe("with settings", () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      "one real setting switches local mode off",
      { DISCORD_TOKEN: "x" },
      ["DISCORD_APPLICATION_ID", "IMAGE_MODELS", "AZURE_OPENAI_ENDPOINT", "AZURE_STORAGE_ACCOUNT"],
    ],
    [
      "production switches it off",
      { NODE_ENV: "production" },
      ["IMAGE_MODELS", "AZURE_OPENAI_ENDPOINT", "AZURE_STORAGE_ACCOUNT"],
    ],
    [
      "Teams half-made",
      {
        MicrosoftAppType: "SingleTenant",
        IMAGE_MODELS: "gpt-image-2",
        AZURE_OPENAI_ENDPOINT: "https://x.openai.azure.com",
        AZURE_STORAGE_ACCOUNT: "easel",
      },
      ["MicrosoftAppId", "MicrosoftAppPassword", "MicrosoftAppTenantId", "PUBLIC_URL"],
    ],
    [
      "no platform at all",
      {
        IMAGE_MODELS: "gpt-image-2",
        AZURE_OPENAI_ENDPOINT: "https://x.openai.azure.com",
        AZURE_STORAGE_ACCOUNT: "easel",
      },
      ["DISCORD_TOKEN", "MicrosoftAppId"],
    ],
  ])("%s: the start says all that is missing at once", (_, settings, names) => {
    let text = "";
    try {
      execFileSync(process.execPath, ["main.ts"], {
        cwd: root,
        env: { ...bare, ...settings },
        encoding: "utf8",
        stdio: "pipe",
      });
    } catch (error) {
      text = (error as { stderr: string }).stderr;
    }
    for (const name of names) expect(text).toContain(name);
    expect(text).toContain(".env.example");
  });
});

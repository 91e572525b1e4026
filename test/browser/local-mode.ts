/** Local mode as it starts, and a real browser to look at it with. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { State } from "../../local/discord/page-protocol.ts";

const root = join(import.meta.dirname, "../..");
/** Where pictures of what was seen are put. */
export const results = join(root, "test-results");
/** Debian's Chromium, or whatever CHROMIUM names. */
const browserPath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (path) => path && existsSync(path),
);

/** Nothing here is decided by a slow machine: what is waited for is a state, and it may take its time. */
export const PATIENCE = 90_000;

export type LocalMode = {
  /** Of the look-alike's page. */
  address: string;
  /** A page of its own for somebody; what its browser complains of is in `complaints`. */
  open(options: BrowserContextOptions): Promise<Page>;
  /** What a browser complained of: a policy that was broken, a script that failed. */
  complaints: string[];
  browser: Browser;
  stop(): Promise<void>;
};

export async function startLocalMode(): Promise<LocalMode> {
  if (!browserPath)
    throw new Error(
      "The browser test needs Chromium: apt-get install chromium fonts-dejavu-core, or name one in CHROMIUM.",
    );
  mkdirSync(results, { recursive: true });
  const directory = mkdtempSync(join(tmpdir(), "easel-look-alike-"));
  const [browser, world] = await Promise.all([
    chromium.launch({
      executablePath: browserPath,
      timeout: PATIENCE,
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
    }),
    startMain(directory),
  ]);
  const complaints: string[] = [];
  return {
    address: world.address,
    browser,
    complaints,
    open: async (options) => {
      const opened = await (await browser.newContext({ reducedMotion: "reduce", ...options })).newPage();
      opened.setDefaultTimeout(PATIENCE);
      opened.on("pageerror", (error) => complaints.push(String(error)));
      opened.on("console", (message) => {
        // What a client would not let a person send, and what was deleted meanwhile, is an answer of 400 or 404.
        if (message.type() === "error" && !/status of 40[04]/.test(message.text())) complaints.push(message.text());
      });
      await opened.goto(world.address);
      await opened.getByLabel("Message #pictures").waitFor();
      return opened;
    },
    stop: async () => {
      await browser.close();
      await world.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function startMain(directory: string): Promise<{ address: string; stop(): Promise<void> }> {
  const { PATH = "", HOME = "", NODE_COMPILE_CACHE = "" } = process.env;
  const ports = await Promise.all(
    ["PORT", "EASEL_CHAT_PORT", "EASEL_DISCORD_PORT"].map(async (name) => [name, String(await freePort())]),
  );
  const env = { PATH, HOME, NODE_COMPILE_CACHE, EASEL_DIRECTORY: directory, ...Object.fromEntries(ports) };
  const main = spawn(process.execPath, ["main.ts"], { cwd: root, env, detached: true });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = "";
  for (const stream of [main.stdout, main.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const found = /(http:\S+\/look-alike\/)/.exec(text)?.[1];
      if (found) resolve(found);
    });
  }
  main.once("exit", () => reject(new Error(`local mode did not start:\n${text}`)));
  const address = await promise;
  const isConnected = async () => ((await (await fetch(new URL("state", address))).json()) as State).connected;
  while (!(await isConnected())) await new Promise((wake) => setTimeout(wake, 100));
  return {
    address,
    stop: async () => {
      if (main.exitCode !== null) return;
      const ended = new Promise((resolve) => main.once("exit", resolve));
      main.kill("SIGINT");
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

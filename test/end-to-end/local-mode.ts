/** Local mode as a newcomer starts it, and a real browser to look at it with. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { untilTrue } from "./world.ts";

export const root = join(import.meta.dirname, "../..");
/** Debian's Chromium, or whatever CHROMIUM names. */
const browserPath = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path && existsSync(path));

const { PATH = "", HOME = "", NODE_COMPILE_CACHE = "" } = process.env;
/** No setting of Easel's is in it. */
export const bare = { PATH, HOME, NODE_COMPILE_CACHE };

/** Nothing here is decided by a slow machine: what is waited for is a state, and it may take its time. */
export const PATIENCE_SECONDS = 90;

export type Started = { process: ChildProcess; output: () => string; chatUrl: string; botUrl: string };

/** In a group of its own, so that Ctrl-C reaches all of it as in a terminal. */
export async function start(environment: Record<string, string>): Promise<Started> {
  const child = spawn(process.execPath, ["main.ts"], {
    cwd: root,
    env: { ...bare, ...environment },
    detached: true,
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  const chatUrl = await untilTrue(() => /Open (http:\S+) in a browser/.exec(text)?.[1], PATIENCE_SECONDS).catch(() => {
    throw new Error(`local mode did not start within ${PATIENCE_SECONDS} s:\n${text}`);
  });
  return { process: child, output: () => text, chatUrl, botUrl: /Easel\s+(http:\S+)/.exec(text)?.[1] ?? "" };
}

export async function interrupt({ process: child }: Started): Promise<void> {
  const exited = new Promise((resolve) => child.once("exit", resolve));
  process.kill(-(child.pid ?? 0), "SIGINT");
  await exited;
}

/** For each part of local mode that takes one. */
export async function freePorts(): Promise<{ PORT: string; EASEL_CHAT_PORT: string; EASEL_DISCORD_PORT: string }> {
  return {
    PORT: String(await freePort()),
    EASEL_CHAT_PORT: String(await freePort()),
    EASEL_DISCORD_PORT: String(await freePort()),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function openBrowser(): Promise<Browser> {
  if (!browserPath)
    throw new Error(
      "The browser test needs Chromium: apt-get install chromium fonts-dejavu-core, or name one in CHROMIUM.",
    );
  return chromium.launch({
    executablePath: browserPath,
    timeout: PATIENCE_SECONDS * 1000,
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
}

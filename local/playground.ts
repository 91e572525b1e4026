import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startChild } from "./child.ts";
import type { Child } from "./child.ts";
import { checkPort } from "./port.ts";

export type PlaygroundOptions = {
  port?: number;
  /** The bot's address for messages: `http://127.0.0.1:3978/api/messages`. */
  botUrl: string;
  /** Where its log goes; the system's directory for temporary files unless set. */
  directory?: string;
};

export type Playground = {
  url: string;
  /** Hosts outside of this machine that it tried to reach and did not. */
  refusedHosts: string[];
  /** Settles when it has stopped, asked or not, with a few words on how. */
  ended: Promise<string>;
  stop(): Promise<void>;
};

const START_MILLISECONDS = 20_000;

/** Starts the Microsoft 365 Agents Playground, the chat client at hand, on this machine alone. */
export async function startPlayground({
  port = 56150,
  botUrl,
  directory = tmpdir(),
}: PlaygroundOptions): Promise<Playground> {
  // It would take another port without a word that reaches anybody.
  await checkPort(port, "the chat client needs", "stop that program, or choose another port with EASEL_CHAT_PORT");
  mkdirSync(directory, { recursive: true });
  const preload = pathToFileURL(fileURLToPath(new URL("loopback-only.ts", import.meta.url))).href;
  const cli = createRequire(import.meta.url).resolve("@microsoft/m365agentsplayground/cli.js");
  const url = `http://127.0.0.1:${port}`;
  const parameters = [
    "start",
    "-e",
    botUrl,
    "-c",
    "msteams",
    "-p",
    String(port),
    "--service-url",
    `${url}/_connector`,
    "--disable-telemetry",
  ];
  const child = startChild(cli, parameters, {
    execArgv: ["--import", preload],
    env: {
      ...process.env,
      TEAMSAPPTESTER_BROWSER: "none",
      // `--disable-telemetry` leaves this out: the telemetry library's statistics on itself.
      APPLICATION_INSIGHTS_NO_STATSBEAT: "true",
      M365_AGENTS_PLAYGROUND_LOGFILE: join(resolve(directory), "playground.log"),
    },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const refusedHosts: string[] = [];
  child.process.on("message", (message) => refusedHosts.push((message as { refused: string }).refused));
  await untilReady(child, url);
  return { url, refusedHosts, ended: child.ended, stop: () => child.stop() };
}

async function untilReady(child: Child, url: string): Promise<void> {
  const limit = Date.now() + START_MILLISECONDS;
  for (;;) {
    const outcome = await Promise.race([child.ended, answers(`${url}/_debug/ping`)]);
    if (outcome === true) return;
    if (outcome !== false || Date.now() > limit) {
      await child.stop();
      throw new Error(`the Agents Playground did not start: ${outcome || `no answer within ${START_MILLISECONDS} ms`}`);
    }
    await pause(50);
  }
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(address, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    // Refused or silent: it is not there yet, and the caller asks again until its limit.
    return false;
  }
}

/** The outside world of a run, and the processes that are measured in it. All of them live behind the same redirect. */
import { fork, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { azuriteHostNames } from "../test/fakes/azurite.ts";
import { makeCertificates } from "../test/fakes/certificates.ts";
import { startFakeDiscord } from "../local/discord/start.ts";
import type { FakeDiscord } from "../local/discord/start.ts";
import { microsoftHostNames, startMicrosoft } from "../test/fakes/microsoft/microsoft.ts";
import type { Microsoft } from "../test/fakes/microsoft/microsoft.ts";
import { redirectEnvironment } from "../local/redirect.ts";
import { LOOKS } from "./figures.ts";
import type { Call } from "./figures.ts";
import type { Ask, OutsideReady, PictureOrder } from "./outside.ts";
import type { Copying, Seeded, Seeding } from "./seed.ts";

const discordHostNames = ["discord.com", "gateway.discord.gg", "cdn.discordapp.com", "media.discordapp.net"];
const root = fileURLToPath(new URL("..", import.meta.url));

/** As long as anything is waited for: a machine that is busy with something else makes a run slow, and not wrong. */
export const PATIENCE_SECONDS = 120;

export type World = {
  /** One Discord for Easel and one for the bare script: an event goes to every connection of its Discord. */
  discord: Record<"easel" | "bare", FakeDiscord>;
  microsoft: Microsoft;
  /** What the image service does from now on; a call that was held goes on. */
  orderPictures(order: PictureOrder): Promise<void>;
  /** Calls to storage and image service since the last time of asking. */
  takeCalls(): Promise<Call[]>;
  /** Until nothing is asked of storage and image service but whether there is work. */
  untilQuiet(): Promise<void>;
  seed(seeding: Seeding): Promise<Seeded>;
  /** How many there are then. */
  copyRows(copying: Copying): Promise<number>;
  environment(side: "easel" | "bare", container?: string): Record<string, string>;
  /** Throws when Discord had something against what it was sent. */
  stop(): Promise<void>;
};

export async function startWorld(): Promise<World> {
  const names = [...discordHostNames, ...microsoftHostNames, ...azuriteHostNames, "*.openai.azure.com"];
  const certificates = makeCertificates(names);
  const { key, cert, ca, directory } = certificates;
  const tls = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  const password = "the app's password";
  const account = { tenant: randomUUID(), appId: randomUUID(), appPassword: password };
  const [easel, bare, microsoft, outside] = await Promise.all([
    startFakeDiscord({ tls, interactionSeconds: PATIENCE_SECONDS }),
    startFakeDiscord({ tls, interactionSeconds: PATIENCE_SECONDS }),
    startMicrosoft({ key, cert, ...account }),
    startOutside(key, cert),
  ]);
  const discord = { easel, bare };
  const { blobPort, queuePort, tablePort, imagesPort } = outside.ready;
  const redirect = {
    ...microsoft.hosts,
    "*.blob.core.windows.net": blobPort,
    "*.queue.core.windows.net": queuePort,
    "*.table.core.windows.net": tablePort,
    "*.openai.azure.com": imagesPort,
  };
  const takeCalls = () => outside.ask({ calls: true }) as Promise<Call[]>;
  return {
    discord,
    microsoft,
    orderPictures: (order) => outside.ask({ order }) as Promise<void>,
    takeCalls,
    async untilQuiet() {
      do {
        await takeCalls();
        await pause(1000);
      } while ((await takeCalls()).some(({ kind }) => !LOOKS.test(kind)));
    },
    copyRows: (copy) => outside.ask({ copy }) as Promise<number>,
    seed: (seed) => outside.ask({ seed }) as Promise<Seeded>,
    environment: (side, container = `e${randomUUID()}`) => ({
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "",
      ...redirectEnvironment({
        hosts: { ...redirect, ...Object.fromEntries(discordHostNames.map((name) => [name, discord[side].port])) },
        authority: ca,
        log: join(directory, `hosts-${side}.log`),
      }),
      IMAGE_MODELS: "gpt-image-2=pictures",
      AZURE_OPENAI_ENDPOINT: "https://easel-bench.openai.azure.com",
      AZURE_STORAGE_ACCOUNT: "easel",
      AZURE_STORAGE_CONTAINER: container,
      IMAGE_REQUESTS_PER_MINUTE: "10000",
      PUBLIC_URL: "https://easel.example.org",
      HOST: "127.0.0.1",
      PORT: "0",
      NODE_ENV: "production",
      DISCORD_TOKEN: discord[side].token,
      DISCORD_APPLICATION_ID: discord[side].applicationId,
      MicrosoftAppId: account.appId,
      MicrosoftAppPassword: password,
      MicrosoftAppType: "SingleTenant",
      MicrosoftAppTenantId: account.tenant,
      ...microsoft.identityEnvironment,
    }),
    async stop() {
      for (const [side, { violations }] of Object.entries(discord))
        if (violations.length) throw new Error(`${side} is not measured aright: ${JSON.stringify(violations[0])}`);
      outside.process.disconnect();
      await Promise.all([easel.stop(), bare.stop(), microsoft.stop()]);
    },
  };
}

async function startOutside(key: string, cert: string) {
  const child = fork(join(root, "bench/outside.ts"), [key, cert], { execArgv: ["--max-old-space-size=8000"] });
  const ready = await new Promise<OutsideReady>((resolve, reject) => {
    child.once("message", (message) => resolve(message as OutsideReady));
    child.once("exit", () => reject(new Error("storage and image service did not start")));
  });
  const waiting = new Map<number, (answer: unknown) => void>();
  child.on("message", ({ number, answer }: { number: number; answer: unknown }) => waiting.get(number)?.(answer));
  let asked = 0;
  const ask = (question: Ask) =>
    new Promise<unknown>((resolve) => {
      waiting.set((asked += 1), resolve);
      child.send({ number: asked, ask: question });
    });
  return { process: child, ready, ask };
}

/** A process that is measured. */
export type Subject = {
  pid: number;
  output: string[];
  /** Resolves with the first line of its output that fits. */
  said(words: RegExp): Promise<string>;
  end(signal?: NodeJS.Signals): Promise<void>;
};

/** Starts a file of this repository under its environment and nothing else of ours. */
export function startSubject(file: string, environment: Record<string, string>, parameters: string[] = []): Subject {
  const child: ChildProcess = spawn(process.execPath, [...parameters, file], {
    cwd: root,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  // A run that breaks off leaves nobody behind.
  const endWithUs = () => void child.kill("SIGKILL");
  process.once("exit", endWithUs);
  const output: string[] = [];
  const watchers = new Set<() => void>();
  let isOver = false;
  const look = () => {
    for (const watcher of watchers) watcher();
  };
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream?.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      output.push(...lines);
      look();
    });
  }
  const exited = new Promise<void>((resolve) =>
    child.once("exit", () => {
      isOver = true;
      process.off("exit", endWithUs);
      look();
      resolve();
    }),
  );
  return {
    pid: child.pid ?? 0,
    output,
    said: (words) =>
      new Promise((resolve, reject) => {
        const watcher = () => {
          const line = output.find((candidate) => words.test(candidate));
          if (line === undefined && !isOver) return;
          watchers.delete(watcher);
          if (line === undefined) reject(new Error(`${file} ended before it said ${words}:\n${output.join("\n")}`));
          else resolve(line);
        };
        watchers.add(watcher);
        watcher();
      }),
    async end(signal = "SIGKILL") {
      child.kill(signal);
      await exited;
    },
  };
}

/** Easel itself, ready: connected to Discord, its storage prepared. `port` is that of its HTTP server. */
export async function startEasel(
  world: World,
  change: Record<string, string> = {},
  parameters: string[] = [],
): Promise<Subject & { port: number }> {
  const subject = startSubject("main.ts", { ...world.environment("easel"), ...change }, parameters);
  const { port } = JSON.parse(await subject.said(/"msg":"Easel listens"/)) as { port: number };
  await subject.said(/discord: connected/);
  while ((await fetch(`http://127.0.0.1:${port}/readyz`)).status !== 200) await pause(100);
  return { ...subject, port };
}

/** The outside world of a soak, and the replicas of the bot in it: each with a wire of its own to everything outside. */
import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { connectAzure } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { readSettings } from "../../src/settings.ts";
import { azuriteHostNames } from "../../test/fakes/azurite.ts";
import { makeCertificates, trustAuthority } from "../../test/fakes/certificates.ts";
import { startFakeDiscord } from "../../local/discord/start.ts";
import type { FakeDiscord } from "../../local/discord/start.ts";
import { microsoftHostNames, startMicrosoft } from "../../test/fakes/microsoft/microsoft.ts";
import type { Microsoft } from "../../test/fakes/microsoft/microsoft.ts";
import { redirectEnvironment } from "../../local/redirect.ts";
import type { ScriptedImages } from "../../test/fakes/scripted-images.ts";
import { startSubject } from "../world.ts";
import type { Subject } from "../world.ts";
import type { Chance } from "./chance.ts";
import type { Service } from "./faults.ts";
import { startImageService } from "./image-service.ts";
import { openWire } from "./wire.ts";
import type { Target, Traffic, Wire } from "./wire.ts";
import type { StorageReady } from "./storage.ts";

const discordHostNames = ["discord.com", "gateway.discord.gg", "cdn.discordapp.com", "media.discordapp.net"];
const hostNames = [...discordHostNames, ...microsoftHostNames, ...azuriteHostNames, "*.openai.azure.com"];
const gauge = new URL("gauge.ts", import.meta.url).href;
/** More than this, and a replica that was told to stop is taken for one that hangs. */
const LONGEST_STOP_MILLISECONDS = 40_000;

/** One process of the bot. */
export type Replica = {
  /** `A1` is the first process of the replica A. */
  process: string;
  subject: Subject;
  /** Of its HTTP server; nothing before it listens. */
  port?: number;
  /** It takes work; false as soon as it is to end. */
  isReady: boolean;
  startedAt: number;
  readyAt?: number;
  end?: { by: "SIGKILL" | "SIGTERM"; at: number; over: number };
};

export type SoakWorld = {
  discord: FakeDiscord;
  microsoft: Microsoft;
  images: ScriptedImages;
  traffic: Traffic;
  /** All that ever were, in the order of their start. */
  replicas: Replica[];
  /** The bot's storage, past all wires. */
  storage: Azure;
  start(replica: string): Promise<Replica>;
  end(replica: Replica, by: "SIGKILL" | "SIGTERM"): Promise<void>;
  stop(): Promise<void>;
};

export async function startSoakWorld(chance: Chance, probability: Traffic["probability"]): Promise<SoakWorld> {
  const certificates = makeCertificates(hostNames);
  trustAuthority(certificates);
  const { key, cert, ca, directory } = certificates;
  const tls = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  const account = { tenant: randomUUID(), appId: randomUUID(), appPassword: "the app's password" };
  const [discord, microsoft, images, { child, ready }] = await Promise.all([
    startFakeDiscord({ tls, rateLimits: false }),
    startMicrosoft({ key, cert, ...account }),
    startImageService(),
    startStorage(key, cert),
  ]);
  const identity = Number(new URL(microsoft.identityEnvironment.IDENTITY_ENDPOINT).port);
  const targets = targetsOf({ discord, microsoft, images, ready, identity });
  const traffic: Traffic = { calls: [], probability, chance, targets };
  const container = `e${randomUUID()}`;
  const settings = settingsOf({ discord, microsoft, container });
  const replicas: Replica[] = [];
  const generations = new Map<string, number>();
  const wires = new Map<Replica, Wire>();
  return {
    discord,
    microsoft,
    images,
    traffic,
    replicas,
    storage: storageOf(ready, container),
    async start(name) {
      const generation = (generations.get(name) ?? 0) + 1;
      generations.set(name, generation);
      const process = `${name}${generation}`;
      const wire = await openWire(process, traffic, tls);
      const hosts = Object.fromEntries(hostNames.map((host) => [host, wire.port]));
      const log = join(directory, `hosts-${process}.log`);
      const environment = {
        ...settings,
        ...redirectEnvironment({ hosts, authority: ca, log }),
        IDENTITY_ENDPOINT: `http://127.0.0.1:${wire.identityPort}/msi/token`,
      };
      const subject = startSubject("main.ts", environment, ["--expose-gc", `--import=${gauge}`]);
      const replica: Replica = { process, subject, isReady: false, startedAt: Date.now() };
      replicas.push(replica);
      wires.set(replica, wire);
      void becomeReady(replica);
      return replica;
    },
    async end(replica, by) {
      replica.isReady = false;
      const end = { by, at: Date.now(), over: Number.POSITIVE_INFINITY };
      replica.end = end;
      const isOver = replica.subject.end(by).then(() => true);
      const inTime = await Promise.race([isOver, pause(LONGEST_STOP_MILLISECONDS, false, { ref: false })]);
      if (!inTime) await replica.subject.end("SIGKILL");
      end.over = inTime ? Date.now() - end.at : Number.POSITIVE_INFINITY;
      wires.get(replica)?.stop();
    },
    async stop() {
      await Promise.all(replicas.filter(({ end }) => !end).map(({ subject }) => subject.end("SIGKILL")));
      for (const wire of wires.values()) wire.stop();
      child.disconnect();
      await Promise.all([discord.stop(), microsoft.stop(), images.stop()]);
    },
  };
}

async function startStorage(key: string, cert: string) {
  const child = fork(fileURLToPath(new URL("storage.ts", import.meta.url)), [key, cert]);
  const ready = await new Promise<StorageReady>((resolve, reject) => {
    child.once("message", (message) => resolve(message as StorageReady));
    child.once("exit", () => reject(new Error("storage did not start")));
  });
  return { child, ready };
}

type Outside = {
  discord: FakeDiscord;
  microsoft: Microsoft;
  images: ScriptedImages;
  ready: StorageReady;
  identity: number;
};

function targetsOf({ discord, microsoft, images, ready, identity }: Outside): Record<Service, Target> {
  const tls = true;
  return {
    discord: { port: discord.port, tls },
    gateway: { port: discord.port, tls },
    files: { port: discord.port, tls },
    connector: { port: microsoft.port, tls },
    entra: { port: microsoft.port, tls },
    identity: { port: identity, tls: false },
    blob: { port: ready.blobPort, tls },
    queue: { port: ready.queuePort, tls },
    table: { port: ready.tablePort, tls },
    images: { port: Number(new URL(images.origin).port), tls: false },
  };
}

function settingsOf({
  discord,
  microsoft,
  container,
}: {
  discord: FakeDiscord;
  microsoft: Microsoft;
  container: string;
}) {
  return {
    PATH: process.env.PATH ?? "",
    HOME: process.env.HOME ?? "",
    IMAGE_MODELS: "gpt-image-2=pictures",
    AZURE_OPENAI_ENDPOINT: "https://easel-soak.openai.azure.com",
    AZURE_STORAGE_ACCOUNT: "easel",
    AZURE_STORAGE_CONTAINER: container,
    IMAGE_REQUESTS_PER_MINUTE: "10000",
    IMAGE_CONCURRENCY: "4",
    PUBLIC_URL: "https://easel.example.org",
    HOST: "127.0.0.1",
    PORT: "0",
    NODE_ENV: "production",
    DISCORD_TOKEN: discord.token,
    DISCORD_APPLICATION_ID: discord.applicationId,
    MicrosoftAppId: microsoft.appId,
    MicrosoftAppPassword: "the app's password",
    MicrosoftAppType: "SingleTenant",
    MicrosoftAppTenantId: microsoft.tenant,
    ...microsoft.identityEnvironment,
  };
}

function storageOf({ connectionString }: StorageReady, container: string): Azure {
  return connectAzure(
    readSettings({ AZURE_STORAGE_CONNECTION_STRING: connectionString, AZURE_STORAGE_CONTAINER: container }, []),
  );
}

/** As an orchestrator sees it: when `/readyz` has said so for the first time. */
async function becomeReady(replica: Replica): Promise<void> {
  const line = await replica.subject.said(/"msg":"Easel listens"/).catch(() => undefined);
  if (!line) return;
  replica.port = (JSON.parse(line) as { port: number }).port;
  while (!replica.end && !replica.isReady) {
    const answer = await fetch(`http://127.0.0.1:${replica.port}/readyz`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok && !replica.end) [replica.isReady, replica.readyAt] = [true, Date.now()];
    else await pause(100);
  }
}

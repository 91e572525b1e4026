import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi } from "../../local/images-api/images-api.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { readSettings } from "../../src/settings.ts";
import { azuriteHostNames, startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { makeCertificates, trustAuthority } from "../fakes/certificates.ts";
import type { Certificates } from "../fakes/certificates.ts";
import { startFakeDiscord } from "../../local/discord/start.ts";
import type { FakeDiscord, FakeDiscordOptions } from "../../local/discord/start.ts";
import { microsoftHostNames, startMicrosoft } from "../fakes/microsoft/microsoft.ts";
import type { Microsoft } from "../fakes/microsoft/microsoft.ts";
import { teamsClient } from "../fakes/microsoft/teams-client.ts";
import type { TeamsClient } from "../fakes/microsoft/teams-client.ts";
import { readRedirectLog, redirectEnvironment } from "../../local/redirect.ts";
import { pauseBetweenLooks } from "../src/core-world.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import type { StorageProxy } from "../fakes/storage-proxy.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const discordHostNames = ["discord.com", "gateway.discord.gg", "cdn.discordapp.com", "media.discordapp.net"];
const imagesHost = "easel-test.openai.azure.com";

/** Where one bot lives: storage of its own, through a proxy that faults can be planned on, and a Discord of its own. */
export type Place = {
  discord: FakeDiscord;
  storageProxy: StorageProxy;
  /** The bot's storage, past the proxy, for a look inside. */
  storage(): Azure;
  /** Starts the bot as a process of its own with its production settings; resolves when it listens. */
  startBot(change?: Record<string, string | undefined>): Promise<Bot>;
};

export type World = Place & {
  microsoft: Microsoft;
  images: ImagesApi;
  azurite: Azurite;
  /** The image service comes back on its old port after `images.stop()`; `images` is then the new one. */
  reopenImages(): Promise<void>;
  /** A further place in the same world: what happens there is nothing to the bots of other places. */
  openPlace(): Promise<Place>;
  stop(): Promise<void>;
};

export type Bot = {
  port: number;
  process: ChildProcess;
  teams: TeamsClient;
  /** What it wrote, a line each. */
  output: string[];
  /** Every host that it connected to, or tried to. */
  hosts(): ReturnType<typeof readRedirectLog>;
  /** Ends it and waits for its end; says the exit code, or the signal. */
  end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
};

export type WorldOptions = {
  discord?: FakeDiscordOptions;
  latency?: number;
  imageRequestsPerMinute?: number;
  /** False where somebody looks at the pictures. */
  plainly?: boolean;
};

/** The outside world on this machine: everything that the bot talks to in production, at its production address. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const certificates = makeCertificates([
    ...discordHostNames,
    ...microsoftHostNames,
    ...azuriteHostNames,
    "*.openai.azure.com",
  ]);
  // For the tests' own look into the bot's storage.
  trustAuthority(certificates);
  const tls = { key: readFileSync(certificates.key, "utf8"), cert: readFileSync(certificates.cert, "utf8") };
  const openImages = (port?: number) =>
    startImagesApi({
      tls,
      port,
      scenarios: true,
      plainly: options.plainly ?? true,
      latency: options.latency ?? 0,
      acceptToken: (token) => token.split(".").length === 3,
      requestsPerMinute: options.imageRequestsPerMinute,
    });
  const [microsoft, azurite, firstImages] = await Promise.all([
    startMicrosoft({ ...certificates, tenant: randomUUID(), appId: randomUUID(), appPassword: "the app's password" }),
    startAzurite({ tls: { ...certificates, oauth: true } }),
    openImages(),
  ]);
  let images = firstImages;
  const outside = { certificates, tls, microsoft, azurite, imagesPort: images.port };
  const places: OpenedPlace[] = [];
  const openPlace = async () => {
    const place = await openPlaceIn(outside, options.discord);
    places.push(place);
    return place;
  };
  return {
    ...(await openPlace()),
    microsoft,
    azurite,
    get images() {
      return images;
    },
    async reopenImages() {
      images = await openImages(images.port);
    },
    openPlace,
    async stop() {
      await Promise.all(places.map((place) => place.close()));
      await Promise.all([microsoft.stop(), images.stop(), azurite.stop()]);
    },
  };
}

type Outside = {
  certificates: Certificates;
  tls: { key: string; cert: string };
  microsoft: Microsoft;
  azurite: Azurite;
  imagesPort: number;
};
type OpenedPlace = Place & { close(): Promise<void> };

async function openPlaceIn(outside: Outside, discordOptions?: FakeDiscordOptions): Promise<OpenedPlace> {
  const { certificates, tls, microsoft, azurite, imagesPort } = outside;
  const [discord, storageProxy] = await Promise.all([
    startFakeDiscord({ tls, ...discordOptions }),
    startStorageProxy(azurite, tls),
  ]);
  const container = `e${randomUUID()}`;
  const redirect = {
    ...Object.fromEntries(discordHostNames.map((name) => [name, discord.port])),
    ...microsoft.hosts,
    ...storageProxy.hosts,
    "*.openai.azure.com": imagesPort,
  };
  const bots: Bot[] = [];
  return {
    discord,
    storageProxy,
    storage: () => storageOf(azurite, container),
    async startBot(change = {}) {
      const environment = {
        ...settingsOf({ discord, microsoft, container }),
        ...plumbing(certificates, redirect),
        ...change,
      };
      const bot = await runBot(environment, microsoft);
      bots.push(bot);
      return bot;
    },
    async close() {
      await Promise.all(bots.map((bot) => bot.end("SIGKILL")));
      await Promise.all([discord.stop(), storageProxy.stop()]);
    },
  };
}

function settingsOf({
  discord,
  microsoft,
  container,
}: Pick<World, "discord" | "microsoft"> & { container: string }): Record<string, string> {
  return {
    IMAGE_MODELS: "gpt-image-2=pictures,dall-e-3=dalle3",
    AZURE_OPENAI_ENDPOINT: `https://${imagesHost}`,
    AZURE_STORAGE_ACCOUNT: "easel",
    AZURE_STORAGE_CONTAINER: container,
    IMAGE_REQUESTS_PER_MINUTE: "600",
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

function plumbing({ ca, directory }: Certificates, hosts: Record<string, number>): Record<string, string> {
  const log = join(directory, `hosts-${randomUUID()}.log`);
  return {
    PATH: process.env.PATH ?? "",
    HOME: process.env.HOME ?? "",
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? "",
    ...redirectEnvironment({ hosts, authority: ca, log }),
  };
}

async function runBot(environment: Record<string, string | undefined>, microsoft: Microsoft): Promise<Bot> {
  const child = spawn(process.execPath, ["main.ts"], {
    cwd: root,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      output.push(...lines);
    });
  }
  const exited = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once("exit", (code, signal) => resolve(code ?? signal ?? 0)),
  );
  const listening = untilTrue(() => output.map(portIn).find((port) => port !== undefined), 60);
  const port = await Promise.race([listening.catch(() => undefined), exited.then(() => undefined)]);
  if (port === undefined) {
    child.kill("SIGKILL");
    throw new Error(`the bot did not start:\n${output.join("\n")}`);
  }
  return {
    port,
    process: child,
    output,
    teams: teamsClient({ microsoft, botUrl: `http://127.0.0.1:${port}/api/messages` }),
    hosts: () => readRedirectLog(environment.REDIRECT_LOG ?? ""),
    end(signal = "SIGTERM") {
      child.kill(signal);
      return exited;
    },
  };
}

/** The bot's own line of log: its words and its port. */
function portIn(line: string): number | undefined {
  return line.includes('"msg":"Easel listens"') ? (JSON.parse(line) as { port: number }).port : undefined;
}

function storageOf({ connectionString }: Azurite, container: string): Azure {
  return connectAzure(
    readSettings({ AZURE_STORAGE_CONNECTION_STRING: connectionString, AZURE_STORAGE_CONTAINER: container }, []),
  );
}

export async function untilTrue<Value>(
  look: () => Promise<Value | undefined | false> | Value | undefined | false,
  seconds = 60,
): Promise<Value> {
  for (const begun = Date.now(); Date.now() < begun + seconds * 1000; await pauseBetweenLooks(begun)) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
  }
  throw new Error(`it did not come to that within ${seconds} s: ${look.toString()}`);
}

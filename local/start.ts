import { join } from "node:path";
import { startAzurite } from "./azurite.ts";
import { startBot } from "./bot.ts";
import type { Bot } from "./bot.ts";
import type { BotWord } from "./bot-word.ts";
import { makeCertificate } from "./certificate.ts";
import { lookAlikeCast, THREAD } from "./discord/look-alike/cast.ts";
import { startLookAlike } from "./discord/look-alike/server.ts";
import { startFakeDiscord } from "./discord/start.ts";
import type { FakeDiscord } from "./discord/start.ts";
import { makeImageTrouble } from "./flight-simulator/image-trouble.ts";
import { makeSimulator } from "./flight-simulator/simulator.ts";
import type { FlightSimulator } from "./flight-simulator/simulator.ts";
import { startImagesApi } from "./images-api/images-api.ts";
import { lockDirectory } from "./lock.ts";
import { startPlayground } from "./playground.ts";
import { checkPort } from "./port.ts";
import { startStorageGate } from "./storage-gate.ts";
import { openTeamsDoor } from "./teams-door.ts";

export type LocalWorld = {
  /** The settings with which the bot finds this world. */
  environment: Record<string, string>;
  /** What to open in a browser, for Teams. */
  chatUrl: string;
  /** The same for Discord. */
  discordUrl: string;
  imagesUrl: string;
  discord: FakeDiscord;
  simulator: FlightSimulator;
  /** Starts the bot in this world, from its entry point, with the settings above and these others. */
  startBot(file: string, others: Record<string, string | undefined>): Bot;
  stop(): Promise<void>;
};

/** Guards nothing: whoever can reach this machine's loopback can read it here. */
const KEY = "local-images-api-key";
const REQUESTS_PER_MINUTE = 60;
const DISCORD_HOSTS = ["discord.com", "gateway.discord.gg", "cdn.discordapp.com", "media.discordapp.net"] as const;

/**
 * Starts the outside world on this machine: the Images API, Azurite, the chat client in place of Teams and a look-alike of
 * Discord, side by side. PORT, EASEL_CHAT_PORT, EASEL_DISCORD_PORT and EASEL_DIRECTORY may choose other places. `log` is
 * told what happens, a sentence each.
 */
export async function startLocalWorld(
  environment: Record<string, string | undefined>,
  log: (sentence: string) => void = () => undefined,
): Promise<LocalWorld> {
  const places = await findPlaces(environment);
  const unlock = lockDirectory(places.directory);
  const parts = await openParts(places).catch((error: unknown) => {
    unlock();
    throw error;
  });
  const { playground, azurite, images, discord, storage, door, cert, imageTrouble } = parts;
  let bot: Bot | undefined;
  const killAndStartBotAgain = async () => bot?.killAndStartAgain();
  const simulator = makeSimulator({ discord, thread: THREAD, images: imageTrouble, storage, killAndStartBotAgain });
  door.setDeliveries(() => simulator.deliveries());
  storage.onTurnedAway(() => simulator.note("Easel turns to storage: cut"));
  const lookAlike = await startLookAlike({ discord, port: places.discordPort, simulator });
  let stopping = false;
  const watch = (name: string, ended: Promise<string>) =>
    void ended.then((how) => (stopping ? undefined : log(`${name} ${how}; start again.`)));
  watch("Azurite", azurite.ended);
  watch("The chat client", playground.ended);
  const settings = settingsOf(parts, places);
  return {
    environment: settings,
    chatUrl: playground.url,
    discordUrl: lookAlike.url,
    imagesUrl: images.url,
    discord,
    simulator,
    startBot: (file, others) => {
      const hear = (word: BotWord) =>
        simulator.note(word === "ready" ? "Easel is up." : `Easel tells: ${word.narrated}`);
      const at = { hosts: DISCORD_HOSTS, port: discord.port, cert };
      bot = startBot({ file, environment: { ...others, ...settings }, discord: at, hear });
      return bot;
    },
    stop: async () => {
      stopping = true;
      await lookAlike.stop();
      await parts.stop();
      unlock();
    },
  };
}

type Places = { botPort: number; playgroundPort: number; discordPort: number; directory: string };

async function findPlaces(environment: Record<string, string | undefined>): Promise<Places> {
  const botPort = readPort(environment, "PORT", 3978);
  const playgroundPort = readPort(environment, "EASEL_CHAT_PORT", 56150);
  const discordPort = readPort(environment, "EASEL_DISCORD_PORT", 56151);
  const mend = (name: string) => `stop that program, or choose another port with ${name}`;
  await checkPort(botPort, "the bot needs", mend("PORT"));
  await checkPort(discordPort, "the Discord look-alike needs", mend("EASEL_DISCORD_PORT"));
  return { botPort, playgroundPort, discordPort, directory: environment.EASEL_DIRECTORY?.trim() || ".easel" };
}

function botUrl({ botPort }: Places): string {
  return `http://127.0.0.1:${botPort}`;
}

type Parts = Awaited<ReturnType<typeof openParts>>;

/** Side by side; where one does not start, the others are stopped. */
async function openParts(places: Places) {
  const { playgroundPort: port, directory } = places;
  const imageTrouble = makeImageTrouble();
  const { key, cert } = makeCertificate(DISCORD_HOSTS);
  const door = await openTeamsDoor(`${botUrl(places)}/api/messages`);
  const started = await Promise.allSettled([
    startPlayground({ port, botUrl: door.url, directory }),
    startAzurite({ location: join(directory, "azurite") }),
    startImagesApi({ key: KEY, requestsPerMinute: REQUESTS_PER_MINUTE, scenarios: imageTrouble.scenarios }),
    startFakeDiscord({ tls: { key, cert }, cast: lookAlikeCast() }),
  ]);
  const [playground, azurite, images, discord] = started;
  const stopStarted = async () => {
    await Promise.all(started.map(async (part) => part.status === "fulfilled" && (await part.value.stop())));
    await door.stop();
  };
  if (
    playground.status === "rejected" ||
    azurite.status === "rejected" ||
    images.status === "rejected" ||
    discord.status === "rejected"
  ) {
    await stopStarted();
    throw started.find((part) => part.status === "rejected")?.reason as Error;
  }
  const storage = await startStorageGate(azurite.value.connectionString);
  return {
    playground: playground.value,
    azurite: azurite.value,
    images: images.value,
    discord: discord.value,
    storage,
    door,
    cert,
    imageTrouble,
    stop: async () => void (await Promise.all([storage.stop(), stopStarted()])),
  };
}

function settingsOf({ images, storage, discord }: Parts, places: Places): Record<string, string> {
  return {
    IMAGE_MODELS: "dall-e-3=dalle3,gpt-image-2=pictures",
    IDEAS_MODEL: "ideas",
    IMAGE_REQUESTS_PER_MINUTE: String(REQUESTS_PER_MINUTE),
    AZURE_OPENAI_ENDPOINT: images.url,
    AZURE_OPENAI_API_KEY: KEY,
    AZURE_STORAGE_CONNECTION_STRING: storage.connectionString,
    DISCORD_TOKEN: discord.token,
    DISCORD_APPLICATION_ID: discord.applicationId,
    PUBLIC_URL: botUrl(places),
    PORT: String(places.botPort),
    HOST: "127.0.0.1",
  };
}

function readPort(environment: Record<string, string | undefined>, name: string, usual: number): number {
  const text = environment[name]?.trim();
  if (!text) return usual;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`${name} is "${text}": give a whole number from 1 to 65535, or leave it out for ${usual}.`);
}

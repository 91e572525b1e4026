import { join } from "node:path";
import { startAzurite } from "./azurite.ts";
import { startImagesApi } from "./images-api/images-api.ts";
import { lockDirectory } from "./lock.ts";
import { startPlayground } from "./playground.ts";
import { checkPort } from "./port.ts";

export type LocalWorld = {
  /** The settings with which the bot finds this world. */
  environment: Record<string, string>;
  /** What to open in a browser. */
  chatUrl: string;
  imagesUrl: string;
  stop(): Promise<void>;
};

/** Guards nothing: whoever can reach this machine's loopback can read it here. */
const KEY = "local-images-api-key";
const REQUESTS_PER_MINUTE = 60;

/**
 * Starts the outside world on this machine: the Images API, Azurite and the chat client, side by side. PORT,
 * EASEL_CHAT_PORT and EASEL_DIRECTORY may choose other places. `log` is told what happens, a sentence each.
 */
export async function startLocalWorld(
  environment: Record<string, string | undefined>,
  log: (sentence: string) => void = () => undefined,
): Promise<LocalWorld> {
  const botPort = readPort(environment, "PORT", 3978);
  const playgroundPort = readPort(environment, "EASEL_CHAT_PORT", 56150);
  const directory = environment.EASEL_DIRECTORY?.trim() || ".easel";
  await checkPort(botPort, "the bot needs", "stop that program, or choose another port with PORT");
  const unlock = lockDirectory(directory);
  const botUrl = `http://127.0.0.1:${botPort}`;
  const started = await Promise.allSettled([
    startPlayground({ port: playgroundPort, botUrl: `${botUrl}/api/messages`, directory }),
    startAzurite({ location: join(directory, "azurite") }),
    startImagesApi({ key: KEY, requestsPerMinute: REQUESTS_PER_MINUTE }),
  ]);
  const [playground, azurite, images] = started;
  const stop = async () => {
    await Promise.all(started.map(async (part) => part.status === "fulfilled" && (await part.value.stop())));
    unlock();
  };
  if (playground.status === "rejected" || azurite.status === "rejected" || images.status === "rejected") {
    await stop();
    throw started.find((part) => part.status === "rejected")?.reason as Error;
  }
  let stopping = false;
  const watch = (name: string, ended: Promise<string>) =>
    void ended.then((how) => (stopping ? undefined : log(`${name} ${how}; start again.`)));
  watch("Azurite", azurite.value.ended);
  watch("The chat client", playground.value.ended);
  return {
    environment: {
      IMAGE_MODELS: "dall-e-3=dalle3,gpt-image-2=pictures",
      IMAGE_REQUESTS_PER_MINUTE: String(REQUESTS_PER_MINUTE),
      AZURE_OPENAI_ENDPOINT: images.value.url,
      AZURE_OPENAI_API_KEY: KEY,
      AZURE_STORAGE_CONNECTION_STRING: azurite.value.connectionString,
      PUBLIC_URL: botUrl,
      PORT: String(botPort),
      HOST: "127.0.0.1",
    },
    chatUrl: playground.value.url,
    imagesUrl: images.value.url,
    stop: async () => {
      stopping = true;
      await stop();
    },
  };
}

function readPort(environment: Record<string, string | undefined>, name: string, usual: number): number {
  const text = environment[name]?.trim();
  if (!text) return usual;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`${name} is "${text}": give a whole number from 1 to 65535, or leave it out for ${usual}.`);
}

import { join } from "node:path";
import { startAzurite } from "./azurite.ts";
import { startImagesApi } from "./images-api/images-api.ts";
import { startPlayground } from "./playground.ts";
import { checkPort } from "./port.ts";

export type LocalWorldOptions = {
  /** Where blobs, messages and logs are kept from one start to the next. */
  directory?: string;
  botPort?: number;
  playgroundPort?: number;
  /** Told what happens, a sentence each. */
  log?: (sentence: string) => void;
};

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

/** Starts the outside world on this machine: the Images API, Azurite and the chat client, side by side. */
export async function startLocalWorld(options: LocalWorldOptions = {}): Promise<LocalWorld> {
  const { directory = ".easel", botPort = 3978, playgroundPort = 56150, log = () => undefined } = options;
  await checkPort(botPort, "the bot needs", "stop that program, or choose another port with PORT");
  const botUrl = `http://127.0.0.1:${botPort}`;
  const started = await Promise.allSettled([
    startPlayground({ port: playgroundPort, botUrl: `${botUrl}/api/messages`, directory }),
    startAzurite({ location: join(directory, "azurite") }),
    startImagesApi({ key: KEY, requestsPerMinute: REQUESTS_PER_MINUTE }),
  ]);
  const [playground, azurite, images] = started;
  const stop = async () => {
    await Promise.all(started.map(async (part) => part.status === "fulfilled" && (await part.value.stop())));
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

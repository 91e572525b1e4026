import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { acceptRequest } from "../../src/ask/accept.ts";
import { announce } from "../../src/ask/announce.ts";
import type { Accepted } from "../../src/ask/announce.ts";
import { connectAzure, prepareStorage } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import type { Delivery, Fetchers, Send } from "../../src/replies/delivery.ts";
import { readJob } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import type { SpokenReply } from "../../src/replies/reply.ts";
import type { Address, ImageRequest } from "../../src/request/request.ts";
import { readSettings } from "../../src/settings.ts";
import type { Environment, Settings } from "../../src/settings.ts";
import { TIMES } from "../../src/times.ts";
import { startWorker } from "../../src/work/worker.ts";
import type { Worker } from "../../src/work/worker.ts";
import { spoken } from "../words/spoken.ts";
import { tenth } from "../times.ts";

/** The generation core on real storage, at a tenth of its times, with a chat of its own called "test" that writes down what it is sent. */
export type Core = {
  settings: Settings;
  azure: Azure;
  /** What stood in the chat, in order. */
  chat: { job: string; address: Address; reply: SpokenReply; how?: { isLast?: boolean } }[];
  /** What the chat makes of the next messages. */
  deliver: () => Delivery | Promise<Delivery>;
  work(on?: Azure, fetchers?: Fetchers): Worker;
  request(options?: ImageRequest["options"], id?: string): ImageRequest;
  /** Accepts and starts a job, and says its id. */
  accept(options?: ImageRequest["options"], id?: string): Promise<string>;
  told(id: string, seconds?: number): Promise<{ job: Job; reply: SpokenReply }>;
  stop(): Promise<void>;
};

export async function openCore(
  connectionString: string,
  imagesOrigin: string,
  change: Environment = {},
  times = tenth(TIMES),
): Promise<Core> {
  const read = readSettings(
    {
      AZURE_OPENAI_ENDPOINT: imagesOrigin,
      AZURE_OPENAI_API_KEY: "key",
      IMAGE_MODELS: "gpt-image-2=pictures,dall-e-3=dalle3",
      IMAGE_REQUESTS_PER_MINUTE: "6000",
      IMAGE_CONCURRENCY: "4",
      AZURE_STORAGE_CONNECTION_STRING: connectionString,
      AZURE_STORAGE_CONTAINER: `t${randomUUID()}`,
      PUBLIC_URL: "https://easel.example.org",
      ...change,
    },
    [],
  );
  const settings = { ...read, times };
  const azure = connectAzure(settings);
  await prepareStorage(azure, AbortSignal.timeout(10_000));
  const workers: Worker[] = [];
  const core: Core = {
    settings,
    azure,
    chat: [],
    deliver: () => ({ delivered: true }),
    work(on = azure, fetchers = {}) {
      const test: Send = async (address, reply, how) => {
        core.chat.push({ job: typeof address.job === "string" ? address.job : "", address, reply: spoken(reply), how });
        return core.deliver();
      };
      const worker = startWorker(settings, on, { test }, fetchers);
      workers.push(worker);
      return worker;
    },
    request(options = {}, id = `test-${randomUUID()}`) {
      const askedBy = { platform: "test", channel: "1", user: "2", name: "Ada" };
      const address = { platform: "test", job: id };
      return { id, prompt: "a lighthouse", options, unknownOptions: [], private: false, askedBy, address };
    },
    async accept(options, id) {
      const asked = core.request(options, id);
      const accepted = await acceptRequest(asked, settings, azure);
      if (accepted.outcome === "accepted") await announceAtOnce(accepted, core);
      return asked.id;
    },
    async told(id, seconds) {
      const job = await until(async () => {
        const present = await readJob(id, azure).catch(() => undefined);
        return present?.job.toldAt !== undefined && present.job;
      }, seconds);
      const reply = core.chat.findLast((message) => message.job === id && message.reply.mood !== "waiting")?.reply;
      if (!reply) throw new Error("nothing was told");
      return { job, reply };
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
  return core;
}

/** The waiting message of an accepted job stands, at `address` if the chat has one for it, and the job may begin. */
export async function announceAtOnce(
  accepted: Accepted,
  room: Pick<Core, "settings" | "azure">,
  address?: Address,
): Promise<void> {
  const send = () => Promise.resolve({ delivered: true as const, address });
  await announce(accepted, { send, milliseconds: 1000 }, room);
}

export async function until<Value>(
  look: () => Promise<Value | undefined | false> | Value | undefined | false,
  seconds = 60,
): Promise<Value> {
  for (const begun = Date.now(); Date.now() < begun + seconds * 1000; await pauseBetweenLooks(begun)) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
  }
  throw new Error("it did not come to that in time");
}

/** What is long in coming is looked for less often: a look into storage takes the machine from what it waits for. */
export function pauseBetweenLooks(begun: number): Promise<void> {
  return pause(Math.min(100, 20 + (Date.now() - begun) / 10));
}

import { Agent as PlainAgent } from "node:http";
import { Agent } from "node:https";
import { TableClient } from "@azure/data-tables";
import { DefaultAzureCredential } from "@azure/identity";
import type { TokenCredential } from "@azure/identity";
import { BlobServiceClient } from "@azure/storage-blob";
import type { ContainerClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import type { QueueClient } from "@azure/storage-queue";
import { noteOutage } from "./until-storage-answers.ts";
import type { Settings } from "../settings.ts";
import { isOutage, storageStatus } from "./storage-refusal.ts";
import { becauseOf } from "../log.ts";
import type { Times } from "../times.ts";

/** The one storage account and the one identity that everything durable goes through. */
export type Azure = {
  container: ContainerClient;
  /** The same, over connections of its own, for what is large: however slowly that goes, no record waits for it. */
  pictures: ContainerClient;
  queue: QueueClient;
  /** Whatever is listed, counted, or asked "am I the first?": one table, see `table.ts`. */
  table: TableClient;
  credential: TokenCredential;
  /** Rings `work` when this process has put a job in line, so that its own worker need not wait for the next look. */
  bell: EventTarget;
  /** Why nothing can be promised here: storage takes a first write, and refuses the ones that must follow. */
  unfit?: string;
  /** The same as in the settings. */
  times: Times;
  timeZone: string;
};

/**
 * The SDKs know no limit for an answer that does not come (`tryTimeoutInMs` is told to the service alone): a signal or
 * `untilStorageAnswers` goes with each call.
 */
const MOST_TRIES = 3;

/** To each of the three services, and once more for pictures; beyond that a call waits some milliseconds. Without a limit a burst opens one for each call, and each costs a handshake. */
const MOST_CONNECTIONS = 32;

/** Makes the clients; nothing is sent yet. */
export function connectAzure(settings: Settings): Azure {
  const credential = new DefaultAzureCredential();
  const agent = openAgent(settings);
  const { blobs, queues } = openServices(settings, credential, agent);
  return {
    container: blobs.getContainerClient(settings.container),
    pictures: openServices(settings, credential, openAgent(settings)).blobs.getContainerClient(settings.container),
    queue: queues.getQueueClient(settings.container),
    table: openTable(settings, credential, agent),
    credential,
    bell: new EventTarget(),
    times: settings.times,
    timeZone: settings.timeZone,
  };
}

/**
 * The SDKs hand it on, though the types of two of them do not say so. It counts by host: no ticket waits for a blob. None where
 * there is a proxy, which it would go past.
 */
function openAgent({ storage, isProxied }: Settings): Agent | PlainAgent | undefined {
  if (isProxied) return undefined;
  const options = { keepAlive: true, maxSockets: MOST_CONNECTIONS };
  // As a machine's own storage has it.
  const isPlain = "connectionString" in storage && /=http(:|;|$)|^UseDevelopmentStorage/.test(storage.connectionString);
  return isPlain ? new PlainAgent(options) : new Agent(options);
}

function retryPauses({ storage }: Times) {
  return { retryDelayInMs: storage.sdkPauseMilliseconds, maxRetryDelayInMs: storage.longestSdkPauseMilliseconds };
}

function openServices(
  { storage, times }: Settings,
  credential: TokenCredential,
  agent: Agent | PlainAgent | undefined,
): { blobs: BlobServiceClient; queues: QueueServiceClient } {
  const options = { retryOptions: { maxTries: MOST_TRIES, ...retryPauses(times) }, agent };
  return "account" in storage
    ? {
        blobs: new BlobServiceClient(`https://${storage.account}.blob.core.windows.net`, credential, options),
        queues: new QueueServiceClient(`https://${storage.account}.queue.core.windows.net`, credential, options),
      }
    : {
        blobs: BlobServiceClient.fromConnectionString(storage.connectionString, options),
        queues: QueueServiceClient.fromConnectionString(storage.connectionString, options),
      };
}

function openTable(
  { storage, container, times }: Settings,
  credential: TokenCredential,
  agent: Agent | PlainAgent | undefined,
): TableClient {
  const name = tableNameOf(container);
  const options = { retryOptions: { maxRetries: MOST_TRIES - 1, ...retryPauses(times) }, agent };
  if ("account" in storage)
    return new TableClient(`https://${storage.account}.table.core.windows.net`, name, credential, options);
  return TableClient.fromConnectionString(storage.connectionString, name, {
    ...options,
    // Said in the connection string, as for the other two services.
    allowInsecureConnection: true,
  });
}

/** A table's name is 3 to 63 letters and digits and begins with a letter; a container's may have hyphens and begin with a digit. */
function tableNameOf(container: string): string {
  return `t${container.replaceAll("-", "")}`.slice(0, 63);
}

/**
 * Creates the container, the queue and the table where they are missing, and sees that what is written can be written over and deleted.
 * Safe at every start; throws while storage is out of reach or does not allow that.
 */
export async function prepareStorage(azure: Azure, abortSignal: AbortSignal): Promise<void> {
  try {
    await Promise.all([
      azure.container.createIfNotExists({ abortSignal }),
      azure.queue.createIfNotExists({ abortSignal }),
      // The client itself takes a table that exists for created.
      azure.table.createTable({ abortSignal }),
    ]);
    await probe(azure, abortSignal);
    delete azure.unfit;
  } catch (error) {
    if (isOutage(error)) noteOutage();
    throw error;
  }
}

/** One name for all replicas, for where nothing can be deleted it stays. */
async function probe(azure: Azure, abortSignal: AbortSignal): Promise<void> {
  const blob = azure.container.getBlockBlobClient("probe.txt");
  try {
    for (const text of ["first", "again"]) await blob.upload(text, text.length, { abortSignal });
    await blob.deleteIfExists({ abortSignal });
  } catch (error) {
    const status = storageStatus(error) ?? 500;
    if (status < 500) azure.unfit = becauseOf(error);
    throw error;
  }
}

/** Throws unless the container, the queue and the table answer. */
export async function reachStorage(azure: Azure, abortSignal: AbortSignal): Promise<void> {
  await Promise.all([
    azure.container.getProperties({ abortSignal }),
    azure.queue.getProperties({ abortSignal }),
    azure.table
      .listEntities({
        queryOptions: { filter: "PartitionKey eq 'nothing'", select: ["RowKey"] },
        abortSignal,
      })
      .byPage({ maxPageSize: 1 })
      .next(),
  ]);
}

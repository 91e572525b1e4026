import { z } from "zod";
import type { Azure } from "../storage/azure.ts";
import type { ImageOrder } from "../request/check.ts";
import { pixels } from "../models.ts";
import type { OpenJob } from "./waiting-line.ts";
import { readBlob } from "../storage/small-blob.ts";
import { isConflict } from "../storage/storage-refusal.ts";
import type { Settings } from "../settings.ts";

/** How long one call took, by what was asked: learned from calls that brought a picture, the later ones counting more. */
const Durations = z.record(z.string(), z.object({ seconds: z.number(), calls: z.number() }));
type Durations = z.infer<typeof Durations>;

/** A newer call weighs this much once there are some. */
const NEWEST_WEIGHT = 0.2;
const KNOWN_FOR_MILLISECONDS = 15_000;

/** Seconds until an answer, as far as the pace and earlier calls tell; nothing where these options were never drawn. */
export async function expectSeconds(
  order: ImageOrder,
  ahead: OpenJob[],
  { settings, azure, abortSignal }: { settings: Settings; azure: Azure; abortSignal?: AbortSignal },
): Promise<number | undefined> {
  const durations = await readDurations(azure, abortSignal);
  const own = durations[keyOf(order)]?.seconds;
  if (own === undefined) return undefined;
  const all = Object.values(durations).map(({ seconds }) => seconds);
  const average = all.reduce((sum, seconds) => sum + seconds, 0) / all.length;
  const perPicture = Math.max(60 / settings.requestsPerMinute, average / settings.concurrency);
  const before = ahead.reduce((sum, { pictures }) => sum + pictures, 0);
  return before * perPicture + own + (order.count - 1) * (60 / settings.requestsPerMinute);
}

/** How long a call with these options usually takes; nothing where there was none yet. */
export async function usualSeconds(order: ImageOrder, azure: Azure): Promise<number | undefined> {
  return (await readDurations(azure))[keyOf(order)]?.seconds;
}

/** Learns from one call. What another replica learns in the same moment may be lost: it is an estimate. */
export async function learnDuration(order: ImageOrder, seconds: number, azure: Azure): Promise<void> {
  const { durations, etag } = await fetchDurations(azure);
  const before = durations[keyOf(order)];
  const weight = before ? Math.max(NEWEST_WEIGHT, 1 / (before.calls + 1)) : 1;
  durations[keyOf(order)] = {
    seconds: before ? before.seconds + (seconds - before.seconds) * weight : seconds,
    calls: (before?.calls ?? 0) + 1,
  };
  const text = JSON.stringify(durations);
  try {
    await durationsBlob(azure).upload(text, Buffer.byteLength(text), {
      conditions: etag ? { ifMatch: etag } : { ifNoneMatch: "*" },
      blobHTTPHeaders: { blobContentType: "application/json" },
    });
    known.set(azure, { durations, readAt: Date.now() });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

function keyOf({ model, quality, size }: ImageOrder): string {
  const edges = pixels(size);
  const megapixels = edges ? Math.ceil((edges.width * edges.height) / 1_100_000) : 1;
  return `${model}/${quality}/${megapixels}`;
}

const known = new WeakMap<Azure, { durations: Durations; readAt: number }>();

async function readDurations(azure: Azure, abortSignal?: AbortSignal): Promise<Durations> {
  const present = known.get(azure);
  if (present && Date.now() - present.readAt < KNOWN_FOR_MILLISECONDS) return present.durations;
  const { durations } = await fetchDurations(azure, abortSignal);
  known.set(azure, { durations, readAt: Date.now() });
  return durations;
}

async function fetchDurations(
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<{ durations: Durations; etag?: string }> {
  const present = await readBlob(durationsBlob(azure), abortSignal);
  return { durations: present ? parseDurations(present.text) : {}, etag: present?.etag };
}

/** What cannot be read is learned anew. */
function parseDurations(text: string): Durations {
  try {
    return Durations.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

function durationsBlob(azure: Azure) {
  return azure.container.getBlockBlobClient("durations.json");
}

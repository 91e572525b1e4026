import { z } from "zod";
import type { Azure } from "../storage/azure.ts";
import { readBlob } from "../storage/small-blob.ts";
import { putRow, readRows } from "../storage/table.ts";
import type { ImageOrder } from "../request/check.ts";
import { pixels } from "../models.ts";
import { paceNow } from "../purse/brake.ts";
import type { Settings } from "../settings.ts";
import { picturesToDraw } from "./line.ts";
import type { Job } from "./job.ts";

/** How long one call took, by what was asked: learned from calls that brought a picture, the later ones counting more. */
type Duration = { seconds: number; calls: number };
/** Kept in this process, and shared with the others once in a while: it is an estimate. */
type Durations = { known: Map<string, Duration>; news: Set<string>; hasRead?: boolean };

/** A newer call weighs this much once there are some. */
const NEWEST_WEIGHT = 0.2;
const PARTITION = "durations";
const MOST_KINDS = 1000;

const all = new WeakMap<Azure, Durations>();

function durationsOf(azure: Azure): Durations {
  const durations = all.get(azure) ?? { known: new Map(), news: new Set() };
  all.set(azure, durations);
  return durations;
}

/** Seconds until an answer, as far as the pace and earlier calls tell; nothing where these options were never drawn. */
export function expectSeconds(order: ImageOrder, ahead: Job[], settings: Settings, azure: Azure): number | undefined {
  const { known } = durationsOf(azure);
  const own = known.get(keyOf(order))?.seconds;
  if (own === undefined) return undefined;
  const seconds = [...known.values()].map((duration) => duration.seconds);
  const average = seconds.reduce((sum, one) => sum + one, 0) / seconds.length;
  const pace = paceNow(settings, azure);
  const perPicture = Math.max(60 / pace, average / settings.concurrency);
  const before = ahead.reduce((sum, job) => sum + picturesToDraw(job), 0);
  return before * perPicture + own + (order.count - 1) * (60 / pace);
}

/** How long a call with these options usually takes; nothing where there was none yet. */
export function usualSeconds(order: ImageOrder, azure: Azure): number | undefined {
  return durationsOf(azure).known.get(keyOf(order))?.seconds;
}

/** Learns from one call. */
export function learnDuration(order: ImageOrder, seconds: number, azure: Azure): void {
  const { known, news } = durationsOf(azure);
  const before = known.get(keyOf(order));
  const weight = before ? Math.max(NEWEST_WEIGHT, 1 / (before.calls + 1)) : 1;
  known.set(keyOf(order), {
    seconds: before ? before.seconds + (seconds - before.seconds) * weight : seconds,
    calls: (before?.calls ?? 0) + 1,
  });
  news.add(keyOf(order));
}

/** Writes down what was learned here, and learns what the others have. What two learn in the same minute, one of them loses. */
export async function shareDurations(azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  const durations = durationsOf(azure);
  const { known, news } = durations;
  for (const name of news) {
    const duration = known.get(name);
    if (duration) await putRow({ partition: PARTITION, name, values: duration }, azure, abortSignal);
    news.delete(name);
  }
  for (const { name, values } of await readRows(PARTITION, { count: MOST_KINDS }, azure, abortSignal)) {
    const { seconds, calls } = values;
    if (typeof seconds === "number" && typeof calls === "number" && !news.has(name))
      known.set(name, { seconds, calls });
  }
  if (!durations.hasRead) await learnFromBefore(durations, azure, abortSignal);
}

const OldDurations = z.record(z.string(), z.object({ seconds: z.number(), calls: z.number() }));

/** Until December 2026 all stood in one blob. What the table does not know better comes into it with the next news. */
async function learnFromBefore(durations: Durations, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  const { known, news } = durations;
  const blob = await readBlob(azure.container.getBlockBlobClient("durations.json"), azure, abortSignal);
  durations.hasRead = true;
  for (const [oldKey, duration] of Object.entries(OldDurations.parse(JSON.parse(blob?.text ?? "{}")))) {
    const key = oldKey.replaceAll("/", ".");
    if (known.has(key)) continue;
    known.set(key, duration);
    news.add(key);
  }
}

function keyOf({ model, quality, size }: ImageOrder): string {
  const edges = pixels(size);
  const megapixels = edges ? Math.ceil((edges.width * edges.height) / 1_100_000) : 1;
  return `${model}.${quality}.${megapixels}`;
}

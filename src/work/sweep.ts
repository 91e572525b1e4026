import type { BlobItem } from "@azure/storage-blob";
import type { Azure } from "../storage/azure.ts";
import { blobsOfDraft } from "../jobs/drafts.ts";
import { isFinished, readJob } from "../jobs/job.ts";
import { becauseOf, log } from "../log.ts";
import { moveOldMark } from "../storage/old-marks.ts";
import { pictureBlob } from "../storage/picture-blobs.ts";
import { isConflict, isOutage, storageStatus } from "../storage/storage-refusal.ts";
import { readRows, removeRow } from "../storage/table.ts";
import type { StoredRow } from "../storage/table.ts";
import type { Times } from "../times.ts";

/** Rows of a partition that grow old. */
type RowRule = { partition: string; olderThanDays: number };

/** What grows old under one prefix. */
type BlobRule = {
  prefix: string;
  /** Names of what is meant: a storage with folders lists those as well. */
  name: RegExp;
  olderThanDays: number;
  /** Nobody looks at it again after that: it stays, so that no pass gets longer with the years. */
  youngerThanDays?: number;
  /** What else goes with it, before it; nothing where it is needed still. */
  goesWith?: (name: string, azure: Azure) => Promise<string[] | "needed">;
};

const rulesBy = (times: Times["work"]): (RowRule | BlobRule)[] => [
  { partition: "first-press", olderThanDays: times.pressDays },
  { partition: "first-answer", olderThanDays: times.answerDays },
  { partition: "first-form", olderThanDays: times.formDays },
  { prefix: "drafts/", name: /^drafts\/[0-9a-f]{40}\.json$/, olderThanDays: times.draftDays, goesWith: blobsOfDraft },
  { prefix: "cancels/", name: /^cancels\/[a-z0-9-]+\.json$/, olderThanDays: times.cancelDays },
  // What a job was made from, of a person's perhaps, goes unless a picture came of it; with the picture it goes by Delete.
  {
    prefix: "inputs/",
    name: /^inputs\/[a-z0-9-]+-(\d+|mask)\.(png|jpg)$/,
    olderThanDays: times.inputDays,
    youngerThanDays: times.longestInputDays,
    goesWith: isOfPicture,
  },
  // Brought for a draft, which goes after a day with all that is its own; or the draft was never saved.
  { prefix: "inputs/", name: /^inputs\/[0-9a-f]{40}(-mask-[0-9a-f]+)?\.(png|jpg)$/, olderThanDays: times.broughtDays },
  { prefix: "pictures/", name: /^pictures\/[0-9a-f]{40}-partial\.jpg$/, olderThanDays: times.partialDays },
  // Until December 2026 what was done once stood here.
  { prefix: "presses/", name: /^presses\/([0-9-]{10}\/)?[0-9a-f]{64}$/, olderThanDays: times.pressDays },
  {
    prefix: "teams/answered/",
    name: /^teams\/answered\/[0-9-]{10}\/[0-9a-f]{64}$/,
    olderThanDays: times.answerDays,
  },
  { prefix: "teams/pressed/", name: /^teams\/pressed\/[0-9a-f]{64}$/, olderThanDays: times.movedDays, goesWith: moved },
  {
    prefix: "teams/welcomed/",
    name: /^teams\/welcomed\/[0-9a-f]{64}$/,
    olderThanDays: times.movedDays,
    goesWith: moved,
  },
];

async function moved(name: string, azure: Azure): Promise<string[]> {
  await moveOldMark(name, azure);
  return [];
}

async function isOfPicture(name: string, azure: Azure): Promise<string[] | "needed"> {
  const [, jobId = ""] = /^inputs\/([a-z0-9-]+)-(\d+|mask)\./.exec(name) ?? [];
  const job = (await readJob(jobId, azure))?.job;
  if (!job) return [];
  const isKept = job.pictures.some(({ state }) => state === "kept" || state === "deleting");
  return isKept || !isFinished(job) ? "needed" : [];
}

export type Sweep = {
  isDone(): boolean;
  /** Looks at some more. Throws where storage cannot be looked through, and goes on from there the next time. */
  goOn(signal: AbortSignal): Promise<void>;
};

const DAY_MILLISECONDS = 86_400_000;
const PAGE = 1000;
const MOST_PAGES_AT_ONCE = 5;

/** One pass over all that nobody needs any more, a few thousand at a time. What will not go keeps nothing else. */
export function openSweep(azure: Azure, now = Date.now()): Sweep {
  const { sweepLimitMilliseconds } = azure.times.work;
  const rules = rulesBy(azure.times.work);
  const count = { deleted: 0, stones: 0, because: undefined as string | undefined };
  /** Where the present rule goes on. */
  let from: string | undefined;
  const deleteOld = async (remove: () => Promise<boolean>) => {
    try {
      if (await remove()) count.deleted += 1;
    } catch (error) {
      // Written anew in this moment: it is not old.
      if (isConflict(error)) return;
      if (isOutage(error) && (storageStatus(error) ?? 500) >= 500) throw error;
      count.stones += 1;
      count.because = becauseOf(error);
    }
  };
  const sweepRows = async ({ partition, olderThanDays }: RowRule, abortSignal: AbortSignal) => {
    const unchangedSince = new Date(now - olderThanDays * DAY_MILLISECONDS);
    const rows = await readRows(partition, { count: PAGE, after: from, unchangedSince }, azure, abortSignal);
    for (const row of rows) await deleteOld(() => removeOldRow(row, azure));
    return rows.length === PAGE ? rows.at(-1)?.name : undefined;
  };
  const sweepBlobs = async (rule: BlobRule, abortSignal: AbortSignal) => {
    const listing = azure.container.listBlobsFlat({ prefix: rule.prefix, abortSignal });
    const { value: page } = await listing.byPage({ maxPageSize: PAGE, continuationToken: from }).next();
    for (const blob of page?.segment?.blobItems ?? [])
      if (isOld(blob, rule, now)) await deleteOld(() => removeOldBlob(blob, rule, azure));
    return page?.continuationToken || undefined;
  };
  return {
    isDone: () => !rules.length,
    async goOn(signal) {
      for (let pages = 0; pages < MOST_PAGES_AT_ONCE && !signal.aborted; pages += 1) {
        const [rule] = rules;
        if (!rule) return;
        const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(sweepLimitMilliseconds)]);
        from = await ("partition" in rule ? sweepRows(rule, abortSignal) : sweepBlobs(rule, abortSignal));
        if (!from) rules.shift();
      }
      if (!rules.length && (count.deleted || count.stones)) log.info(count, "what nobody needs any more is taken away");
    },
  };
}

async function removeOldRow(row: StoredRow, azure: Azure): Promise<boolean> {
  await removeRow(row, azure, AbortSignal.timeout(azure.times.work.sweepLimitMilliseconds));
  return true;
}

function isOld({ name, properties }: BlobItem, rule: BlobRule, now: number): boolean {
  const days = (now - properties.lastModified.getTime()) / DAY_MILLISECONDS;
  return rule.name.test(name) && days >= rule.olderThanDays && days <= (rule.youngerThanDays ?? Infinity);
}

/** False: it is needed still. */
async function removeOldBlob({ name, properties }: BlobItem, { goesWith }: BlobRule, azure: Azure): Promise<boolean> {
  const others = (await goesWith?.(name, azure)) ?? [];
  if (others === "needed") return false;
  const abortSignal = AbortSignal.timeout(azure.times.work.sweepLimitMilliseconds);
  for (const other of others) await azure.container.getBlockBlobClient(other).deleteIfExists({ abortSignal });
  const conditions = { ifMatch: properties.etag };
  await azure.container.getBlockBlobClient(name).deleteIfExists({ conditions, abortSignal });
  return true;
}

/** Takes away sheets that nobody has looked at for so long, with their marks. One that will not go keeps no other. */
export async function sweepSheets(azure: Azure, now = Date.now()): Promise<void> {
  for await (const { name, properties } of azure.container.listBlobsFlat({ prefix: "sheets/" })) {
    // A storage with folders lists those as well.
    const [, , sheet] = name.split("/");
    if (!sheet || now - properties.lastModified.getTime() < azure.times.work.sheetDays * DAY_MILLISECONDS) continue;
    try {
      await pictureBlob(sheet, azure).deleteIfExists();
      await azure.container.getBlockBlobClient(name).deleteIfExists();
    } catch (error) {
      log.warn({ error }, "an old sheet could not be taken away");
    }
  }
}

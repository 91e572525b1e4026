import type { Azure } from "../storage/azure.ts";
import { blobsOfDraft } from "../jobs/drafts.ts";
import { isFromBefore } from "../jobs/beside-record.ts";
import { changeJob, isFinished, readJob } from "../jobs/job.ts";
import { becauseOf, log } from "../log.ts";
import { moveOldMark } from "../storage/old-marks.ts";
import { pictureBlob } from "../storage/picture-blobs.ts";
import { isConflict, isOutage, storageStatus } from "../storage/storage-refusal.ts";
import { readRows, removeRow } from "../storage/table.ts";
import { isOfStyle, REFERENCE_BLOB } from "../styles/reference-blobs.ts";
import type { Times } from "../times.ts";
import { DAY_MILLISECONDS } from "../times.ts";

/** Rows of one partition that grow old. */
type RowRule = Rule & { partition: string };

/** Blobs under one prefix that grow old. */
type BlobRule = Rule & {
  prefix: string;
  /** Names of what is meant: a storage with folders lists those as well. */
  name: RegExp;
  /** Nobody looks at it again after that: it stays, so that no pass gets longer with the years. */
  youngerThanDays?: number;
};

type Rule = {
  olderThanDays: number;
  /** The blobs that go with it, before it; or it is needed still. */
  goesWith?: (name: string, azure: Azure) => Promise<string[] | "needed">;
};

const rulesBy = (times: Times["work"]): (RowRule | BlobRule)[] => [
  { partition: "first-press", olderThanDays: times.pressDays },
  { partition: "first-answer", olderThanDays: times.answerDays },
  { partition: "first-form", olderThanDays: times.formDays },
  { partition: "sessions-begun", olderThanDays: times.answerDays },
  { partition: "session-codes", olderThanDays: times.codeDays },
  { partition: "session-channels", olderThanDays: times.sessionDays },
  { partition: "drafts", olderThanDays: times.draftDays, goesWith: blobsOfDraft },
  { partition: "sketches", olderThanDays: times.draftDays },
  { partition: "suggestions", olderThanDays: times.suggestionDays },
  { partition: "descriptions", olderThanDays: times.descriptionDays },
  { partition: "brake", olderThanDays: times.blockDays },
  { partition: "alerts", olderThanDays: times.alertDays },
  { partition: "privacy", olderThanDays: times.askedDays },
  { prefix: "copies/", name: /^copies\/[0-9a-f]{40}\.zip$/, olderThanDays: times.copyDays },
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
  {
    prefix: "inputs/style-",
    name: REFERENCE_BLOB,
    olderThanDays: times.broughtDays,
    youngerThanDays: times.longestInputDays,
    goesWith: isOfStyle,
  },
  { partition: "typed", olderThanDays: times.typedDays },
  { prefix: "exports/", name: /^exports\/[0-9a-f]{40}$/, olderThanDays: times.exportDays },
  { prefix: "pictures/", name: /^pictures\/[0-9a-f]{40}-partial\.jpg$/, olderThanDays: times.partialDays },
  // Until December 2026 this stood in blobs. Another replica may still be of then, for a while.
  { prefix: "durations.json", name: /^durations\.json$/, olderThanDays: times.movedDays },
  {
    prefix: "addresses/",
    name: /^addresses\/[a-z0-9-]+\.json$/,
    olderThanDays: times.movedDays,
    goesWith: addressMoved,
  },
  {
    prefix: "drafts/",
    name: /^drafts\/[0-9a-f]{40}\.json$/,
    olderThanDays: times.draftDays,
    goesWith: (name, azure) => blobsOfDraft(name.slice("drafts/".length, -".json".length), azure),
  },
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

/** Its job's record names it from then on. */
async function addressMoved(name: string, azure: Azure): Promise<string[]> {
  const id = name.slice("addresses/".length, -".json".length);
  const present = await readJob(id, azure);
  if (present && isFromBefore(present.job)) await changeJob(id, () => undefined, azure);
  return [];
}

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

const PAGE = 1000;
const MOST_PAGES_AT_ONCE = 5;

/** One pass over all that nobody needs any more, a few thousand at a time. What will not go keeps nothing else. */
export function openSweep(azure: Azure, now = Date.now()): Sweep {
  const { sweepLimitMilliseconds } = azure.times.work;
  const rules = rulesBy(azure.times.work);
  const count = { deleted: 0, stones: 0, because: undefined as string | undefined };
  /** Where the present rule goes on. */
  let from: string | undefined;
  const removeBlob = async (name: string, abortSignal: AbortSignal, ifMatch?: string) => {
    await azure.container.getBlockBlobClient(name).deleteIfExists({ conditions: { ifMatch }, abortSignal });
  };
  const deleteOld = async (name: string, { goesWith }: Rule, remove: (signal: AbortSignal) => Promise<void>) => {
    try {
      const others = (await goesWith?.(name, azure)) ?? [];
      if (others === "needed") return;
      const signal = AbortSignal.timeout(sweepLimitMilliseconds);
      for (const other of others) await removeBlob(other, signal);
      await remove(signal);
      count.deleted += 1;
    } catch (error) {
      // Written anew in this moment: it is not old.
      if (isConflict(error)) return;
      if (isOutage(error) && (storageStatus(error) ?? 500) >= 500) throw error;
      count.stones += 1;
      count.because = becauseOf(error);
    }
  };
  const sweepRows = async (rule: RowRule, abortSignal: AbortSignal) => {
    const unchangedSince = new Date(now - rule.olderThanDays * DAY_MILLISECONDS);
    const rows = await readRows(rule.partition, { count: PAGE, after: from, unchangedSince }, azure, abortSignal);
    for (const row of rows) await deleteOld(row.name, rule, (signal) => removeRow(row, azure, signal));
    return rows.length === PAGE ? rows.at(-1)?.name : undefined;
  };
  const sweepBlobs = async (rule: BlobRule, abortSignal: AbortSignal) => {
    const listing = azure.container.listBlobsFlat({ prefix: rule.prefix, abortSignal });
    const { value: page } = await listing.byPage({ maxPageSize: PAGE, continuationToken: from }).next();
    for (const { name, properties } of page?.segment?.blobItems ?? []) {
      const days = (now - properties.lastModified.getTime()) / DAY_MILLISECONDS;
      if (!rule.name.test(name) || days < rule.olderThanDays || days > (rule.youngerThanDays ?? Infinity)) continue;
      await deleteOld(name, rule, (signal) => removeBlob(name, signal, properties.etag));
    }
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

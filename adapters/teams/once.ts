import { createHash } from "node:crypto";
import type { Azure } from "../../src/azure.ts";
import { log } from "../../src/log.ts";
import { isConflict, isMissing } from "../../src/storage-answer.ts";
import { becauseOf } from "../../src/until-reached.ts";

/** What is done once by all replicas together. `at` is the time that Teams gave the event, the same in each copy of it. */
export type Mark = { what: "welcomed" | "pressed"; of: string } | { what: "answered"; of: string; at?: string | null };

/** Small marks in storage. All of it throws while storage is out of reach. */
export type Marks = {
  /** True for the first who asks; also for one who asks when the first has died over it. */
  isFirst(mark: Mark, signal: AbortSignal): Promise<boolean>;
  /** It is done, and stays so. */
  settle(mark: Mark): Promise<void>;
  /** It was not done after all: whoever asks next is the first. */
  forget(mark: Mark): Promise<void>;
};

const PATIENCE_MILLISECONDS = 3000;
const AFTERWARDS_MILLISECONDS = 1500;
/** Nobody is still at it after that: a turn lasts no longer. */
const TURN_SECONDS = 13.5;
const DONE = "done";

const DAY_MILLISECONDS = 86_400_000;
/** Copies of an event come within minutes. */
const KEPT_DAYS = 2;
const MOST_DELETED_AT_ONCE = 2000;
const ANSWERED = "teams/answered/";

export function openMarks(azure: Azure): Marks {
  let sweptOn = "";
  return {
    async isFirst(mark, signal) {
      if (sweptOn !== dayOf(Date.now())) {
        sweptOn = dayOf(Date.now());
        void sweepMarks(azure).catch((error: unknown) =>
          log.warn({ because: becauseOf(error) }, "teams: old marks could not be deleted"),
        );
      }
      const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MILLISECONDS)]);
      const blob = blobOf(mark, azure);
      try {
        await blob.upload("", 0, { conditions: { ifNoneMatch: "*" }, abortSignal });
        return true;
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
      try {
        const { contentLength, date, lastModified, etag } = await blob.getProperties({ abortSignal });
        // Both times are storage's own.
        const age = (date?.getTime() ?? 0) - (lastModified?.getTime() ?? 0);
        if (contentLength || age < TURN_SECONDS * 1000) return false;
        await blob.upload("", 0, { conditions: { ifMatch: etag }, abortSignal });
        return true;
      } catch (error) {
        // Another copy was quicker.
        if (isConflict(error) || isMissing(error)) return false;
        throw error;
      }
    },
    async settle(mark) {
      await blobOf(mark, azure).upload(DONE, DONE.length, {
        abortSignal: AbortSignal.timeout(AFTERWARDS_MILLISECONDS),
      });
    },
    async forget(mark) {
      await blobOf(mark, azure).deleteIfExists({ abortSignal: AbortSignal.timeout(AFTERWARDS_MILLISECONDS) });
    },
  };
}

/** Deletes the marks of answers that no copy of an event will ask for any more; what is too much for once is left to the next time. */
export async function sweepMarks(azure: Azure, now = Date.now()): Promise<void> {
  const firstKept = dayOf(now - KEPT_DAYS * DAY_MILLISECONDS);
  let left = MOST_DELETED_AT_ONCE;
  for await (const item of azure.container.listBlobsByHierarchy("/", { prefix: ANSWERED })) {
    if (item.kind !== "prefix" || item.name.slice(ANSWERED.length) >= firstKept) continue;
    for await (const { name } of azure.container.listBlobsFlat({ prefix: item.name })) {
      if ((left -= 1) < 0) return;
      await azure.container.getBlockBlobClient(name).deleteIfExists();
    }
  }
}

function blobOf(mark: Mark, azure: Azure) {
  const digest = createHash("sha256").update(mark.of).digest("hex");
  const day = mark.what === "answered" ? `${dayOf(timeOf(mark.at))}/` : "";
  return azure.container.getBlockBlobClient(`teams/${mark.what}/${day}${digest}`);
}

/** By the event's own time, so that its copies on both sides of midnight meet. */
function timeOf(at: string | null | undefined): number {
  const time = Date.parse(at ?? "");
  return Math.abs(Date.now() - time) < DAY_MILLISECONDS ? time : Date.now();
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

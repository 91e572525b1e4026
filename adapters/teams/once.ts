import { createHash } from "node:crypto";
import type { Azure } from "../../src/storage/azure.ts";
import { becauseOf, log } from "../../src/log.ts";
import { isConflict, isMissing } from "../../src/storage/storage-refusal.ts";

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
/** A form that somebody had on their screen for so long is pressed as if for the first time. */
const PRESSED_KEPT_DAYS = 60;
const ANSWERED = "teams/answered/";
const PRESSED = "teams/pressed/";
/** Storage has other things to do. */
const AT_ONCE = 20;
const DELETE_MILLISECONDS = 10_000;
const SWEEP_AGAIN_MILLISECONDS = 3_600_000;

export function openMarks(azure: Azure): Marks {
  let sweepAt = 0;
  return {
    async isFirst(mark, signal) {
      if (Date.now() > sweepAt) {
        sweepAt = Date.now() + DAY_MILLISECONDS;
        void sweepMarks(azure).catch((error: unknown) => {
          sweepAt = Date.now() + SWEEP_AGAIN_MILLISECONDS;
          log.warn({ because: becauseOf(error) }, "teams: old marks could not all be deleted");
        });
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

/**
 * Deletes the marks that no copy of an event and no open card will ask for any more. Those of installations stay: each place
 * has one. One that cannot be deleted keeps none of the others.
 */
export async function sweepMarks(azure: Azure, now = Date.now()): Promise<void> {
  const failures: unknown[] = [];
  let batch: string[] = [];
  const deleteAll = async () => {
    const deleted = await Promise.allSettled(
      batch.map((name) =>
        azure.container
          .getBlockBlobClient(name)
          .deleteIfExists({ abortSignal: AbortSignal.timeout(DELETE_MILLISECONDS) }),
      ),
    );
    batch = [];
    failures.push(...deleted.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : [])));
    // Storage itself is out of reach then.
    if (failures.length > AT_ONCE) throw failures[0];
  };
  for await (const name of oldMarks(azure, now)) {
    batch.push(name);
    if (batch.length >= AT_ONCE) await deleteAll();
  }
  await deleteAll();
  if (failures.length) throw failures[0];
}

async function* oldMarks(azure: Azure, now: number): AsyncGenerator<string> {
  const firstKept = `${ANSWERED}${dayOf(now - KEPT_DAYS * DAY_MILLISECONDS)}`;
  for await (const { name } of azure.container.listBlobsFlat({ prefix: ANSWERED })) {
    // In the order of their days.
    if (name >= firstKept) break;
    yield name;
  }
  const firstPressed = now - PRESSED_KEPT_DAYS * DAY_MILLISECONDS;
  for await (const { name, properties } of azure.container.listBlobsFlat({ prefix: PRESSED }))
    if (properties.lastModified.getTime() < firstPressed) yield name;
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

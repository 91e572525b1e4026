import { createHash, randomUUID } from "node:crypto";
import type { Azure } from "./azure.ts";
import { forgetOldMark, hasOldMark } from "./old-marks.ts";
import { isConflict, isMissing } from "./storage-refusal.ts";
import { addRow, putRow, readRow, removeRow, replaceRow } from "./table.ts";
import type { Times } from "../times.ts";

/**
 * What is done once, though several replicas hear of it, or one hears it several times: a press of a button, an answer in words,
 * a card that gives way to what comes of it, a welcome.
 */
export type Once = { what: "press" | "answer" | "form" | "welcome"; of: string };

/** Whoever is first has so long to do it. Then whoever asks is first again, unless it was settled. */
function heldSeconds(what: Once["what"], { storage }: Times): number {
  if (what === "form") return Infinity;
  return what === "press" ? storage.oneClickSeconds : storage.answeringSeconds;
}

type Asking = {
  /** Who asks: the same once more is first again. */
  by?: string;
  /** Whether anything has come of it with whoever was first: with nothing it does not count. */
  isTaken?: (by: string) => Promise<boolean>;
  abortSignal?: AbortSignal;
};

/** True for the first who asks, whichever replica that is. Throws while storage is out of reach. */
export async function isFirst(
  once: Once,
  azure: Azure,
  { by = randomUUID(), isTaken, abortSignal }: Asking = {},
): Promise<boolean> {
  const { firstLimitMilliseconds, takenSeconds } = azure.times.storage;
  const signal = AbortSignal.any([AbortSignal.timeout(firstLimitMilliseconds), ...(abortSignal ? [abortSignal] : [])]);
  const row = { ...keyOf(once), values: { by } };
  if (await hasOldMark(row, azure, signal)) return false;
  if (await isWritten(addRow(row, azure, signal))) return true;
  const present = await readRow(row.partition, row.name, azure, signal);
  if (!present) return false;
  const { by: holder, done } = present.values;
  // The SDK repeats a write whose answer was lost, and then meets its own first try.
  if (holder === by) return true;
  const isOver = !done && present.seconds >= heldSeconds(once.what, azure.times);
  const isInVain = async () => !done && isTaken && present.seconds >= takenSeconds && !(await isTaken(String(holder)));
  if (!isOver && !(await isInVain())) return false;
  if (await isWritten(replaceRow({ ...row, etag: present.etag }, azure, signal))) return true;
  return (await readRow(row.partition, row.name, azure, signal))?.values.by === by;
}

/** It is done, and stays so. */
export async function settle(once: Once, azure: Azure): Promise<void> {
  const abortSignal = AbortSignal.timeout(azure.times.storage.settleLimitMilliseconds);
  await putRow({ ...keyOf(once), values: { done: true } }, azure, abortSignal);
}

/** It was not done after all, or is undone: whoever asks next is the first. */
export async function forget(once: Once, azure: Azure): Promise<void> {
  const key = keyOf(once);
  const abortSignal = AbortSignal.timeout(azure.times.storage.settleLimitMilliseconds);
  await removeRow(key, azure, abortSignal);
  await forgetOldMark(key, azure, abortSignal);
}

function keyOf({ what, of }: Once): { partition: string; name: string } {
  return { partition: `first-${what}`, name: createHash("sha256").update(of).digest("hex") };
}

async function isWritten(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (isConflict(error) || isMissing(error)) return false;
    throw error;
  }
}

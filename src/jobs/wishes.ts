import { putRow, readRows, removeRow } from "../storage/table.ts";
import type { Azure } from "../storage/azure.ts";

/** A row for each job whose record somebody has written a wish into, for the process that owns it: one look for all of them. */
const PARTITION = "wishes";
const MOST_AT_ONCE = 500;

export async function ringWish(jobId: string, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  await putRow({ partition: PARTITION, name: jobId, values: {} }, azure, abortSignal);
}

export async function readWishes(azure: Azure, abortSignal?: AbortSignal): Promise<string[]> {
  return (await readRows(PARTITION, { count: MOST_AT_ONCE }, azure, abortSignal)).map(({ name }) => name);
}

export async function forgetWish(jobId: string, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  await removeRow({ partition: PARTITION, name: jobId }, azure, abortSignal);
}

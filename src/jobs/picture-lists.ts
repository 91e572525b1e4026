import { readRef, textOfRef } from "../request/request.ts";
import type { PictureRef } from "../request/request.ts";
import type { Azure } from "../storage/azure.ts";
import { readOldList, removeOldList } from "../storage/old-lists.ts";
import { putRow, putRows, readRows } from "../storage/table.ts";
import type { Job } from "./job.ts";

/**
 * Lists of pictures, the newest first: a person's history, the children of a picture. Each is a partition of the table whose
 * rows are named by the time of their job, so that adding a picture twice adds one row. A deleted picture keeps its row: the
 * numbers that people read beside the others do not slip.
 */
export type PictureList = `history-${string}` | `children-${string}`;

/** Adds pictures of a job, by their places in it. */
export async function addToList(list: PictureList, job: Job, places: number[], azure: Azure): Promise<void> {
  await Promise.all(places.map((place) => putRow(rowFor(list, job, place), azure)));
}

/** `count` pictures after the first `skip`, and whether there are more. The cost grows with `skip` alone: 1,000 a call. */
export async function readNewest(
  list: PictureList,
  { skip, count }: { skip: number; count: number },
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<{ entries: PictureRef[]; hasMore: boolean }> {
  await moveOldList(list, azure, abortSignal);
  // One more than asked for tells whether there are more.
  const rows = await readRows(list, { count: skip + count + 1 }, azure, abortSignal);
  const entries = rows.slice(skip, skip + count).flatMap(({ values }) => readRef(String(values.ref)) ?? []);
  return { entries, hasMore: rows.length > skip + count };
}

/** Larger than any time in milliseconds that will ever be written here: taken from it, times sort the newest first. */
const END_OF_TIME = 9_999_999_999_999;
const MOST_PLACES = 99;

function rowFor(partition: PictureList, job: Job, place: number) {
  return { partition, name: nameInList(job, place), values: { ref: textOfRef({ job: job.id, place }) } };
}

/** Names in this order are those of the newest first. */
export function nameInList({ id, acceptedAt }: Job, place: number): string {
  return nameOf(Date.parse(acceptedAt), place, id);
}

function nameOf(time: number, place: number, job: string): string {
  return `${String(END_OF_TIME - time).padStart(13, "0")}-${String(MOST_PLACES - place).padStart(2, "0")}-${job}`;
}

/** When each list was last looked for in its old place. */
const looked = new WeakMap<Azure, Map<string, number>>();

/**
 * Until December 2026 lists were append blobs. One is moved when it is read: its pictures stand in their old order where the
 * list was begun, before all that is newer.
 */
async function moveOldList(list: PictureList, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  const known = looked.get(azure) ?? new Map<string, number>();
  looked.set(azure, known);
  if (performance.now() - (known.get(list) ?? -Infinity) < azure.times.jobs.oldListMilliseconds) return;
  const [kind = "", ...rest] = list.split("-");
  const oldName = `${kind}/${rest.join("-")}`;
  const old = await readOldList(oldName, azure, abortSignal);
  const rows = [...new Set(old.entries)].flatMap((ref, index) => {
    const { job, place } = readRef(ref) ?? {};
    const name = job && place && nameOf(old.createdAt + index, place, job);
    return name ? [{ partition: list, name, values: { ref } }] : [];
  });
  await putRows(rows, azure, abortSignal);
  await removeOldList(oldName, old, azure, abortSignal);
  known.set(list, performance.now());
}

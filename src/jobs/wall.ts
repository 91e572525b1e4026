import { createHash, randomBytes, randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { personOf, readRef, textOfRef } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import type { Azure } from "../storage/azure.ts";
import { isConflict, isMissing } from "../storage/storage-refusal.ts";
import { addRow, putRow, readRow, readRows, removeRow, replaceRow } from "../storage/table.ts";
import type { StoredRow } from "../storage/table.ts";
import { readJob } from "./job.ts";
import type { Job } from "./job.ts";
import { nameInList } from "./picture-lists.ts";
import type { Member, Numbered } from "./history.ts";

/**
 * The wall of a place: the pictures that its people keep. It is a partition of the table with a row for each who keeps a picture:
 * many may at once, and nobody waits for anybody. Rows are named as in a history, with the person behind that, so those of a
 * picture stand together and the newest come first. Whoever does not keep it any more leaves a row that says so.
 */
export type Wall = `wall-${string}`;

export type Keeper = { person: string; name: string };

const LONGEST_NAME = 60;

/** So many keeps are looked through, those of the newest pictures: five calls to storage at most. */
const MOST_ON_A_WALL = 5000;

export const WALL_ORDERS = ["newest", "most"] as const;
export type WallOrder = (typeof WALL_ORDERS)[number];

export function wallOf({ platform, workspace = "", channel }: Pick<Asker, "platform" | "workspace" | "channel">): Wall {
  const place = JSON.stringify([platform, workspace, channel]);
  return `wall-${createHash("sha256").update(place).digest("hex").slice(0, 32)}`;
}

/**
 * Whoever does not keep the picture keeps it from now on; whoever does, no more. What one press has begun to want it wants to the
 * end, whatever answer of storage is lost, and the same event once more changes nothing. Says who keeps it then.
 */
export async function changeKept(
  { ref, job }: Member,
  { by, event }: { by: Asker; event: string },
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<Keeper[]> {
  const key = { partition: wallOf(by), name: `${nameInList(job, ref.place)}${MARK}${personOf(by)}` };
  const name = by.name.slice(0, LONGEST_NAME).toWellFormed();
  let keeps: boolean | undefined;
  for (let tries = 1; ; tries += 1) {
    const own = await readRow(key.partition, key.name, azure, abortSignal);
    if (own?.values.event === event) break;
    keeps ??= !own || own.values.isGone === true;
    const values = { ref: textOfRef(ref), name, event, since: Date.now(), isGone: !keeps };
    const row = { ...key, values };
    const writing = own ? replaceRow({ ...row, etag: own.etag }, azure, abortSignal) : addRow(row, azure, abortSignal);
    if (await isWritten(writing)) break;
    if (tries === MOST_TRIES) throw new Error("what one person keeps is written all the time");
    await pause(randomInt(5, 40 * tries));
  }
  return keepersOf({ ref, job }, by, azure, abortSignal);
}

/** Before the person, in the name of a row: it stands behind all letters and digits. */
const MARK = "~";
const MOST_TRIES = 8;

/** Takes a picture off, whoever keeps it. Says whether anybody did. */
export async function takeOffWall(
  member: Member,
  by: Asker,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<boolean> {
  const rows = await rowsOf(member, by, azure, abortSignal);
  for (const row of rows) await removeRow({ partition: row.partition, name: row.name }, azure, abortSignal);
  return rows.some(isKept);
}

/** Whether somebody keeps a picture on the wall of the place where they ask. */
export async function isKeptBy(by: Asker, member: Member, azure: Azure, abortSignal?: AbortSignal): Promise<boolean> {
  const name = `${nameInList(member.job, member.ref.place)}${MARK}${personOf(by)}`;
  const row = await readRow(wallOf(by), name, azure, abortSignal);
  return row !== undefined && isKept(row);
}

async function keepersOf(member: Member, by: Asker, azure: Azure, abortSignal?: AbortSignal): Promise<Keeper[]> {
  return keepersIn(await rowsOf(member, by, azure, abortSignal));
}

function rowsOf({ ref, job }: Member, by: Asker, azure: Azure, abortSignal?: AbortSignal): Promise<StoredRow[]> {
  const after = `${nameInList(job, ref.place)}${MARK}`;
  return readRows(wallOf(by), { count: MOST_ON_A_WALL, after, before: `${after}${MARK}` }, azure, abortSignal);
}

/** Whether anybody keeps any picture of a job. */
export async function isOnWall(job: Job, azure: Azure, abortSignal?: AbortSignal): Promise<boolean> {
  const places = job.pictures.keys().map((index) => ({ job, ref: { job: job.id, place: index + 1 } }));
  const rows = await Promise.all(places.map((member) => rowsOf(member, job.request.askedBy, azure, abortSignal)));
  return rows.flat().some(isKept);
}

function isKept({ values }: Pick<StoredRow, "values">): boolean {
  return values.isGone !== true;
}

/** Whoever was first stands first. */
function keepersIn(rows: StoredRow[]): Keeper[] {
  const since = ({ values }: StoredRow) => Number(values.since) || 0;
  return rows
    .filter(isKept)
    .toSorted((one, other) => since(one) - since(other))
    .map(({ name, values }) => ({ person: name.slice(name.lastIndexOf(MARK) + 1), name: String(values.name ?? "") }));
}

/** A picture on a wall. Its number counts from 1 in the order that was asked for. */
export type OnWall = Numbered & { keepers: Keeper[] };
export type WallPage = { members: OnWall[]; page: number; hasMore: boolean; isCut: boolean };

/** Pages in a row that may be empty, because all on them was deleted. */
const MOST_EMPTY_PAGES = 5;

/**
 * A page of a wall, counted from 0: the one asked for, or the next that is not empty. `isCut`: there are older ones which are not
 * looked through. What is deleted, or is not for those who look, is left out; what is deleted leaves the wall.
 */
export async function readWall(
  wall: Wall,
  asked: { order: WallOrder; page: number; size: number; maySee: (job: Job) => boolean },
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<WallPage> {
  const rows = await readRows(wall, { count: MOST_ON_A_WALL }, azure, abortSignal);
  const byPicture = Map.groupBy(rows.filter(isKept), ({ name }) => name.slice(0, name.lastIndexOf(MARK)));
  const kept = [...byPicture.values()];
  // Sorting keeps the newest first among equals.
  if (asked.order === "most") kept.sort((one, other) => other.length - one.length);
  for (let { page } = asked; ; page += 1) {
    const first = page * asked.size;
    const read = await Promise.all(
      kept.slice(first, first + asked.size).map(async (own, index) => {
        const member = await memberOf(own, azure, abortSignal);
        const number = first + index + 1;
        return member && asked.maySee(member.job) ? [{ ...member, keepers: keepersIn(own), number }] : [];
      }),
    );
    const [members, hasMore] = [read.flat(), kept.length > first + asked.size];
    if (members.length || !hasMore || page - asked.page >= MOST_EMPTY_PAGES)
      return { members, page, hasMore, isCut: rows.length === MOST_ON_A_WALL };
  }
}

async function memberOf(own: StoredRow[], azure: Azure, abortSignal?: AbortSignal): Promise<Member | undefined> {
  const ref = readRef(String(own[0]?.values.ref));
  const job = ref && (await readJob(ref.job, azure, abortSignal))?.job;
  if (ref && job?.pictures[ref.place - 1]?.state === "kept") return { ref, job };
  // Where this comes to nothing, the next look does it.
  const removing = own.map(({ partition, name }) => removeRow({ partition, name }, azure, abortSignal));
  await Promise.all(removing).catch(() => undefined);
  return undefined;
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

/** Random, and the address of a wall's page. */
export const WallPageId = z.string().regex(/^[0-9a-f]{32}$/);

const [PAGES, WALLS] = ["wall-pages", "walls"];

/** The id of the wall's page: the same for whoever asks, and made when somebody asks first. */
export async function wallPageOf(wall: Wall, azure: Azure, abortSignal?: AbortSignal): Promise<string> {
  const present = await readRow(WALLS, wall, azure, abortSignal);
  if (present) return String(present.values.page);
  const page = randomBytes(16).toString("hex");
  await putRow({ partition: PAGES, name: page, values: { wall } }, azure, abortSignal);
  if (await isWritten(addRow({ partition: WALLS, name: wall, values: { page } }, azure, abortSignal))) return page;
  // Somebody was quicker, or our own answer was lost.
  return String((await readRow(WALLS, wall, azure, abortSignal))?.values.page ?? page);
}

/** The wall whose page this is. An id that was made and then not taken is nobody's. */
export async function wallOfPage(page: string, azure: Azure, abortSignal?: AbortSignal): Promise<Wall | undefined> {
  const wall = (await readRow(PAGES, page, azure, abortSignal))?.values.wall;
  if (typeof wall !== "string") return undefined;
  const own = (await readRow(WALLS, wall, azure, abortSignal))?.values.page;
  return own === page ? (wall as Wall) : undefined;
}

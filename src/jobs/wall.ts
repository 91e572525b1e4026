import { createHash, randomBytes, randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { personOf, readRef, record, textOfRef } from "../request/request.ts";
import type { Asker, PictureRef } from "../request/request.ts";
import type { Azure } from "../storage/azure.ts";
import { isConflict, isMissing } from "../storage/storage-refusal.ts";
import { addRow, putRow, readRow, readRows, removeRow, replaceRow } from "../storage/table.ts";
import type { StoredRow } from "../storage/table.ts";
import { readJob } from "./job.ts";
import type { Job } from "./job.ts";
import { nameInList } from "./picture-lists.ts";
import type { Member, Numbered } from "./history.ts";

/**
 * The wall of a place: the pictures that its people keep. It is a partition of the table with a row for each picture, named as in
 * a history, and in it whoever keeps it. What is not kept any more stays as a row without keepers.
 */
export type Wall = `wall-${string}`;

const Keeper = record({
  person: z.string(),
  name: z.string(),
  at: z.iso.datetime(),
  /** The press that this came of: the same once more changes nothing. */
  event: z.string(),
  /** Does not keep it any more. */
  isGone: z.boolean().optional(),
});
export type Keeper = z.infer<typeof Keeper>;

/** Of one picture, in all. A row holds 32,000 characters. */
const MOST_KEEPERS = 100;
const LONGEST_NAME = 60;

/** The newest so many are looked through. */
export const MOST_ON_A_WALL = 1000;

export const WALL_ORDERS = ["newest", "most"] as const;
export type WallOrder = (typeof WALL_ORDERS)[number];

export function wallOf({ platform, workspace = "", channel }: Pick<Asker, "platform" | "workspace" | "channel">): Wall {
  const place = JSON.stringify([platform, workspace, channel]);
  return `wall-${createHash("sha256").update(place).digest("hex").slice(0, 32)}`;
}

type Kept = { keepers: Keeper[]; isFull?: boolean };

/**
 * Whoever does not keep the picture keeps it from now on; whoever does, no more. What one press has begun to want it wants to the
 * end, whoever else presses meanwhile and whatever answer of storage is lost.
 */
export async function changeKept(
  { ref, job }: Member,
  { by, event }: { by: Asker; event: string },
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<Kept> {
  const key = { partition: wallOf(by), name: nameInList(job, ref.place) };
  const person = personOf(by);
  let keeps: boolean | undefined;
  for (let tries = 1; ; tries += 1) {
    const present = await readRow(key.partition, key.name, azure, abortSignal);
    const all = keepersIn(present);
    const own = all.find((keeper) => keeper.person === person);
    if (own?.event === event) return { keepers: presentOf(all) };
    keeps ??= !own || own.isGone === true;
    const others = all.filter((keeper) => keeper !== own);
    if (keeps && presentOf(others).length >= MOST_KEEPERS) return { keepers: presentOf(all), isFull: true };
    const name = by.name.slice(0, LONGEST_NAME).toWellFormed();
    const changed = { person, name, at: new Date().toISOString(), event, ...(!keeps && { isGone: true }) };
    // Those who are gone make room first.
    const keepers = [...others, changed].toSorted((one, other) => Number(one.isGone ?? 0) - Number(other.isGone ?? 0));
    const values = { ref: textOfRef(ref), keepers: JSON.stringify(keepers.slice(0, MOST_KEEPERS + 1)) };
    if (await isWritten(write({ ...key, values }, present, azure, abortSignal))) return { keepers: presentOf(keepers) };
    if (tries === MOST_TRIES) throw new Error("a picture on a wall is written by others all the time");
    await pause(randomInt(5, 40 * Math.min(tries, 8)));
  }
}

const MOST_TRIES = 25;

/** Takes a picture off, whoever keeps it. */
export async function takeOffWall(
  { ref, job }: Member,
  by: Asker,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<void> {
  await removeRow({ partition: wallOf(by), name: nameInList(job, ref.place) }, azure, abortSignal);
}

/** Those who keep a picture, on the wall of the place where `by` is. */
export async function keepersOf(
  { ref, job }: Member,
  by: Asker,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<Keeper[]> {
  return presentOf(keepersIn(await readRow(wallOf(by), nameInList(job, ref.place), azure, abortSignal)));
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
  const rows = await readRows(wall, { count: MOST_ON_A_WALL + 1 }, azure, abortSignal);
  const all = rows.slice(0, MOST_ON_A_WALL).map((row) => ({ row, keepers: presentOf(keepersIn(row)) }));
  const kept = all.filter(({ keepers }) => keepers.length);
  // Sorting keeps the newest first among equals.
  if (asked.order === "most") kept.sort((one, other) => other.keepers.length - one.keepers.length);
  for (let { page } = asked; ; page += 1) {
    const first = page * asked.size;
    const read = await Promise.all(
      kept.slice(first, first + asked.size).map(async ({ row, keepers }, index) => {
        const member = await memberOf(row, azure, abortSignal);
        return member && asked.maySee(member.job) ? [{ ...member, keepers, number: first + index + 1 }] : [];
      }),
    );
    const [members, hasMore] = [read.flat(), kept.length > first + asked.size];
    if (members.length || !hasMore || page - asked.page >= MOST_EMPTY_PAGES)
      return { members, page, hasMore, isCut: rows.length > MOST_ON_A_WALL };
  }
}

async function memberOf(row: StoredRow, azure: Azure, abortSignal?: AbortSignal): Promise<Member | undefined> {
  const ref: PictureRef | undefined = readRef(String(row.values.ref));
  const job = ref && (await readJob(ref.job, azure, abortSignal))?.job;
  if (ref && job?.pictures[ref.place - 1]?.state === "kept") return { ref, job };
  // Whether this is heard is no matter: it is looked for again with the next look.
  await removeRow(row, azure, abortSignal).catch(() => undefined);
  return undefined;
}

function keepersIn(row: StoredRow | undefined): Keeper[] {
  if (!row) return [];
  try {
    return z.array(Keeper).safeParse(JSON.parse(String(row.values.keepers))).data ?? [];
  } catch {
    return [];
  }
}

function presentOf(keepers: Keeper[]): Keeper[] {
  return keepers.filter(({ isGone }) => !isGone);
}

function write(
  row: Omit<StoredRow, "etag">,
  present: StoredRow | undefined,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<void> {
  return present ? replaceRow({ ...row, etag: present.etag }, azure, abortSignal) : addRow(row, azure, abortSignal);
}

async function isWritten(writing: Promise<void>): Promise<boolean> {
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

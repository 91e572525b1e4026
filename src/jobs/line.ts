import type { Azure } from "../storage/azure.ts";
import { log } from "../log.ts";
import { personOf } from "../request/request.ts";
import type { Address, PictureRef } from "../request/request.ts";
import { newestAddress } from "./beside-record.ts";
import { changeJob, readJob } from "./job.ts";
import type { Job, JobPicture } from "./job.ts";
import type { OwnJob } from "./own-job.ts";

/**
 * The jobs that this process holds, accepted by itself or taken over, until they are finished or handed back. People take
 * turns: exactly among what one process holds, and about so among several.
 */
type Line = {
  entries: Map<string, InLine>;
  renewal?: NodeJS.Timeout;
  given: Map<string, { turn: number; at: number }>;
  /** No worker of this process takes a job any more. */
  isClosed?: boolean;
};

/** A job as it stands in line. */
export type InLine = {
  own: OwnJob;
  /** Nobody works on it before: its waiting message may not stand yet. In milliseconds since 1970. */
  startsAt: number;
  /** Nor before that: its asker draws more slowly for a while. */
  notBefore?: number;
  /** The position that its waiting message says, and since when. */
  told?: { before: number; at: number };
  isWorkedOn: boolean;
  /** A message about its position is under way, which must not come to stand over the answer. */
  isBeingTold: boolean;
};

/** As many are held at most: the last in turn go back into the queue, for whoever has room. */
const MOST_HELD = 64;
const MOST_RENEWALS_AT_ONCE = 8;

const lines = new WeakMap<Azure, Line>();

function lineOf(azure: Azure): Line {
  const line = lines.get(azure) ?? { entries: new Map(), given: new Map() };
  lines.set(azure, line);
  return line;
}

/** Puts a job in line and keeps it held from then on. */
export function enterLine(own: OwnJob, place: Pick<InLine, "startsAt" | "notBefore" | "told">, azure: Azure): void {
  const line = lineOf(azure);
  line.entries.set(own.job.id, { own, ...place, isWorkedOn: false, isBeingTold: false });
  line.renewal ??= setInterval(() => void renewAll(line), azure.times.jobs.renewalMilliseconds).unref();
}

export function leaveLine(jobId: string, azure: Azure): void {
  const line = lineOf(azure);
  line.entries.delete(jobId);
  if (line.entries.size) return;
  clearInterval(line.renewal);
  line.renewal = undefined;
}

export function findInLine(jobId: string, azure: Azure): InLine | undefined {
  return lineOf(azure).entries.get(jobId);
}

/** Its waiting message stands, or does not come: it may be drawn. Waits only where others are to draw it, until they may. */
export async function startInLine(jobId: string, azure: Azure): Promise<void> {
  const entry = findInLine(jobId, azure);
  if (!entry) return;
  entry.startsAt = 0;
  if (lineOf(azure).isClosed && !entry.isWorkedOn) return handBack(entry.own, azure);
  azure.bell.dispatchEvent(new Event("work"));
  const waiting = waitingInLine(azure).filter(({ startsAt, isBeingTold }) => startsAt <= Date.now() && !isBeingTold);
  const last = waiting.at(-1);
  if (waiting.length <= MOST_HELD || !last) return;
  void handBack(last.own, azure);
}

/** A worker of this process takes its jobs from here; once it is `closed`, what starts goes to the others at once. */
export function openLine(azure: Azure, { closed } = { closed: false }): void {
  lineOf(azure).isClosed = closed;
}

/** The next process that asks for a job has it. */
export async function handBack(own: OwnJob, azure: Azure): Promise<void> {
  leaveLine(own.job.id, azure);
  await own.release();
}

/** The job whose turn it is, for the worker that asks. */
export function takeNext(azure: Azure): OwnJob | undefined {
  const next = waitingInLine(azure).find((entry) => mayStart(entry) && !entry.isBeingTold);
  if (!next) return undefined;
  next.isWorkedOn = true;
  return next.own;
}

export function mayStart({ startsAt, notBefore = 0 }: InLine, now = Date.now()): boolean {
  return startsAt <= now && notBefore <= now;
}

/** This very job, out of turn: there is nothing to draw in it. Nothing where somebody is at it already. */
export function takeAtOnce(jobId: string, azure: Azure): OwnJob | undefined {
  const entry = findInLine(jobId, azure);
  if (!entry || entry.isWorkedOn) return undefined;
  entry.isWorkedOn = true;
  return entry.own;
}

/** Those that nobody works on yet, in the order of their turns. */
export function waitingInLine(azure: Azure): InLine[] {
  return [...lineOf(azure).entries.values()]
    .filter(({ isWorkedOn }) => !isWorkedOn)
    .sort((a, b) => compareTurns(a.own.job, b.own.job));
}

export function jobsInLine(azure: Azure): OwnJob[] {
  return [...lineOf(azure).entries.values()].map(({ own }) => own);
}

function compareTurns(a: Job, b: Job): number {
  return a.turn - b.turn || (placeOf(a) < placeOf(b) ? -1 : 1);
}

function placeOf({ acceptedAt, id }: Job): string {
  return `${acceptedAt} ${id}`;
}

/** Whoever of this process's jobs is drawn before it, or is being drawn. */
export function aheadOf(job: Job, azure: Azure): Job[] {
  const { entries } = lineOf(azure);
  const now = Date.now();
  return [...entries.values()]
    .filter(({ notBefore = 0 }) => notBefore <= now)
    .map(({ own }) => own.job)
    .filter((other) => other.id !== job.id && picturesToDraw(other) > 0)
    .filter((other) => compareTurns(other, job) < 0);
}

export function picturesToDraw({ pictures }: Job): number {
  return pictures.filter(({ state }) => state === "waiting" || state === "drawing").length;
}

/** The turn of a person's next job: with everybody who waits, or after their own last one. */
export function turnFor(person: string, azure: Azure): number {
  const { entries, given } = lineOf(azure);
  const now = Date.now();
  // Of several requests at once the earlier ones are not in line yet.
  for (const [key, { at }] of given) if (now - at > azure.times.jobs.givenMilliseconds) given.delete(key);
  const line = [...entries.values()].map(({ own }) => own.job).filter((job) => picturesToDraw(job) > 0);
  const present = line.length ? Math.min(...line.map(({ turn }) => turn)) : 0;
  const own = line.filter(({ request }) => personOf(request.askedBy) === person).map(({ turn }) => turn + 1);
  const last = given.get(person);
  const turn = Math.max(present, ...own, ...(last ? [last.turn + 1] : []));
  given.set(person, { turn, at: now });
  return turn;
}

/** Where the answer to a job goes from now on, whoever holds it. */
export async function changeAddress(
  jobId: string,
  address: Address,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<void> {
  const own = findOwn(jobId, azure);
  if (own) return own.change((job) => void (job.address = address), abortSignal);
  await changeJob(jobId, (job) => void (job.address = address), azure, abortSignal);
}

async function renewAll({ entries }: Line): Promise<void> {
  const owned = [...entries.values()].map(({ own }) => own);
  const next = owned.values();
  const renewOneByOne = async () => {
    for (const own of next)
      await own
        .renew()
        .catch((error: unknown) =>
          log.warn({ error, job: own.job.id }, "a hold could not be renewed, and is tried again"),
        );
  };
  await Promise.all(Array.from({ length: MOST_RENEWALS_AT_ONCE }, renewOneByOne));
}

/**
 * A job as it is by now: this process's own with what is not written yet, for its message may stand a moment earlier, and any
 * other as its record says.
 */
export async function readNewest(jobId: string, azure: Azure, abortSignal?: AbortSignal): Promise<Job | undefined> {
  const own = findOwn(jobId, azure);
  if (own) return own.job;
  const file = await readJob(jobId, azure, abortSignal);
  return file && { ...file.job, address: await newestAddress(file.job, azure, abortSignal) };
}

/** Looks a picture up by what a button holds. Nothing, where there is no such job or no such place in it. */
export async function readPictureOf(
  ref: PictureRef,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<{ job: Job; picture: JobPicture } | undefined> {
  const job = await readNewest(ref.job, azure, abortSignal);
  const picture = job?.pictures[ref.place - 1];
  return job && picture && { job, picture };
}

/** Where the answer to a job goes by now. */
export async function readAddress(
  jobId: string,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<Address | undefined> {
  return (await readNewest(jobId, azure, abortSignal))?.address;
}

/** One that another process has taken over may still be worked on here, and is no longer known better. */
function findOwn(jobId: string, azure: Azure): OwnJob | undefined {
  const own = findInLine(jobId, azure)?.own;
  return own?.lost.aborted ? undefined : own;
}

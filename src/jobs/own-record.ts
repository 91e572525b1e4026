import { randomBytes, randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Azure } from "../storage/azure.ts";
import { untilStorageAnswers } from "../storage/until-storage-answers.ts";
import { log } from "../log.ts";
import { isFinished, putRecord, readJob } from "./job.ts";
import type { Job, JobFile } from "./job.ts";

export type Mutate = (job: Job) => void;

/** The record of a job that this process holds, as it is in storage and as it will be. */
export type OwnRecord = {
  /** In storage, as far as we know. */
  stored: JobFile;
  /** Changes that are not written yet. */
  noted: Mutate[];
  /** With all that is noted. */
  job: Job;
  /** The ticket that the record names from the next write on. */
  ticket: string;
  /** When storage last said that it is ours. In milliseconds since 1970. */
  confirmedAt: number;
  /** Aborted with `JobLost`. */
  lost: AbortController;
  /** Aborted with the `Cancellation` that somebody wishes. */
  cancelled: AbortController;
  lastWrite: Promise<unknown>;
};

/** Thrown when another process has taken the job over. */
export class JobLost extends Error {
  override name = "JobLost";
}

/** Wishes are few: more than that is a fault of ours. */
const MOST_CONFLICTS = 20;

export function openRecord(stored: JobFile, ticket: string, noted: Mutate[]): OwnRecord {
  const record: OwnRecord = {
    stored,
    noted,
    job: stored.job,
    ticket,
    confirmedAt: 0,
    lost: new AbortController(),
    cancelled: new AbortController(),
    lastWrite: Promise.resolve(),
  };
  learn(stored, record);
  return record;
}

export function noteInRecord(mutate: Mutate, record: OwnRecord): void {
  record.noted = [...record.noted, mutate];
  record.job = withAll([mutate], record.job);
}

/** Writes what is noted, one write after the other. Where it is not written, `mine` is as if it had never been noted. */
export function writeRecord(
  record: OwnRecord,
  azure: Azure,
  { mine, unless }: { mine?: Mutate; unless?: AbortSignal } = {},
): Promise<void> {
  const before = record.lastWrite;
  const writeInTurn = async () => {
    await before;
    try {
      await write(record, azure, unless);
    } catch (error) {
      record.noted = record.noted.filter((mutate) => mutate !== mine);
      record.job = withAll(record.noted, record.stored.job);
      throw error;
    }
  };
  const written = writeInTurn();
  record.lastWrite = written.catch(() => undefined);
  return written;
}

/** Reads it anew: what others have written, and whether it is still ours. */
export async function lookAtRecord(record: OwnRecord, azure: Azure): Promise<void> {
  const abortSignal = AbortSignal.timeout(azure.times.jobs.lookTryMilliseconds);
  const present = await readJob(record.job.id, azure, abortSignal);
  if (present?.etag === record.stored.etag) record.confirmedAt = Date.now();
  else learn(unlessLost(present, record), record);
}

async function write(record: OwnRecord, azure: Azure, unless: AbortSignal | undefined): Promise<void> {
  const lost = record.lost.signal;
  const signal = unless ? AbortSignal.any([lost, unless]) : lost;
  for (let conflicts = 0; conflicts < MOST_CONFLICTS; conflicts += 1) {
    signal.throwIfAborted();
    const { stored, noted, ticket } = record;
    if (!noted.length && ticket === stored.job.ticket) return;
    const next = { ...withAll(noted, stored.job), ticket, write: randomBytes(8).toString("hex") };
    const put = await untilStorageAnswers("a job's record", () => putRecord(next, stored.etag, azure), azure, signal);
    if (put.written) {
      record.noted = record.noted.slice(noted.length);
      return learn({ job: next, etag: put.etag }, record);
    }
    learn(unlessLost(put.present, record), record);
    log.info({ job: next.id }, "somebody else has written into a job's record: both are kept");
    await pause(randomInt(5, 60));
  }
  throw new Error(`the record of job ${record.job.id} is written by others all the time`);
}

function learn(present: JobFile, record: OwnRecord): void {
  record.stored = present;
  record.job = withAll(record.noted, present.job);
  record.confirmedAt = Date.now();
  const { cancel } = record.job.wishes ?? {};
  if (cancel && !record.cancelled.signal.aborted) record.cancelled.abort(cancel);
}

/** Anybody may write a wish or an address; who takes the job over writes a higher attempt, who finds it stranded another ticket. */
function unlessLost(present: JobFile | undefined, { stored, lost }: OwnRecord): JobFile {
  const { id, attempt, ticket } = stored.job;
  if (present?.job.attempt === attempt && present.job.ticket === ticket && !isFinished(present.job)) return present;
  lost.abort(new JobLost(`job ${id} was taken over by another process`));
  throw lost.signal.reason;
}

function withAll(mutates: Mutate[], job: Job): Job {
  const changed = structuredClone(job);
  for (const mutate of mutates) mutate(changed);
  return changed;
}

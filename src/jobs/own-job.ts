import type { Azure } from "../storage/azure.ts";
import { log } from "../log.ts";
import { isFinished } from "./job.ts";
import type { Cancellation, Job, JobFile } from "./job.ts";
import { lookAtRecord, noteInRecord, openRecord, writeRecord } from "./own-record.ts";
import type { Mutate } from "./own-record.ts";
import { dropTicket, hideTicket, putTicket } from "./tickets.ts";
import type { Ticket } from "./tickets.ts";

/**
 * A job that this process holds: its ticket is hidden from the others, and the record names that ticket. Anybody may write
 * a wish or a newer address into the record; the job is lost only when another process has taken it over.
 */
export type OwnJob = {
  /** The record with all that is noted, written or not. */
  readonly job: Job;
  /** Changes it here at once, and in storage with the next `change`. */
  note(mutate: Mutate): void;
  /** Writes all that is noted, and `mutate`. Waits while storage is out of reach, or until `unless`; throws `JobLost`. */
  change(mutate: Mutate, unless?: AbortSignal): Promise<void>;
  /** Writes what is noted, if anything is. */
  flush(): Promise<void>;
  /** Aborted with `JobLost` when the job is somebody else's: no further paid step. */
  readonly lost: AbortSignal;
  /** Aborted when somebody wishes it cancelled, see `cancellationIn`. */
  readonly cancelled: AbortSignal;
  /** Reads the record anew: others' wishes, and whether it is still ours. Throws while storage is out of reach. */
  look(): Promise<void>;
  /** Looks only where the hold may have ended unnoticed, as after the whole machine has slept. */
  makeSure(): Promise<void>;
  /** Renews the hold; called by whoever keeps the line. */
  renew(): Promise<void>;
  /** A ticket of it came up for this very process: false where it is not the one that was not renewed in time. */
  takeAgain(ticket: Ticket): boolean;
  /** Ends the hold: a finished job's ticket goes, any other is not taken up for `seconds`. `broken`: it did not come to an orderly end. */
  release(seconds?: number, end?: { broken: boolean }): Promise<void>;
};

type Before = {
  /** Whoever had it before loses it with the first write. */
  takenOver?: boolean;
  /** What is known of it that its record does not say yet. */
  noted?: Mutate[];
};

/** The job of a ticket that this process holds. */
export function ownJob(file: JobFile, ticket: Ticket, azure: Azure, before: Before = {}): OwnJob {
  const { holdSeconds, renewalTryMilliseconds } = azure.times.jobs;
  const { takenOver, noted = [] } = before;
  const record = openRecord(file, ticket.messageId, takenOver ? [takeOver, ...noted] : noted);
  const { id } = file.job;
  let held = ticket;
  let released = false;
  return {
    get job() {
      return record.job;
    },
    lost: record.lost.signal,
    cancelled: record.cancelled.signal,
    note: (mutate) => noteInRecord(mutate, record),
    change(mutate, unless) {
      if (released) return Promise.reject(new Error(`job ${id} is no longer held`));
      noteInRecord(mutate, record);
      return writeRecord(record, azure, { mine: mutate, unless });
    },
    flush: () => writeRecord(record, azure),
    look: () => lookAtRecord(record, azure),
    async makeSure() {
      if (Date.now() - record.confirmedAt > holdSeconds * 1000) await lookAtRecord(record, azure);
    },
    async renew() {
      if (released || record.lost.signal.aborted) return;
      const abortSignal = AbortSignal.timeout(renewalTryMilliseconds);
      if (await hideTicket(held, holdSeconds, azure, abortSignal)) record.confirmedAt = Date.now();
      else {
        // Somebody else's by now, or ours, and the answer to an earlier renewal was lost: the record knows.
        await lookAtRecord(record, azure);
        held = await putTicket(id, azure, holdSeconds, abortSignal);
        record.ticket = held.messageId;
        log.warn({ job: id }, "a hold could not be renewed, and the job is held anew");
      }
      await writeRecord(record, azure);
    },
    takeAgain(again) {
      if (again.messageId !== held.messageId) return false;
      held = again;
      return true;
    },
    async release(seconds = 0, { broken } = { broken: false }) {
      await record.lastWrite;
      if (released) return;
      const finished = isFinished(record.stored.job);
      if (!finished && !broken && record.job.breaks) noteInRecord((job) => void (job.breaks = 0), record);
      const unless = AbortSignal.timeout(renewalTryMilliseconds);
      if (!finished) await writeRecord(record, azure, { unless }).catch(forget("what is noted of a job", id));
      released = true;
      if (record.lost.signal.aborted) return;
      const end = finished
        ? dropTicket(held, azure, unless)
        : hideTicket(held, seconds, azure, unless).then(() => undefined);
      await end.catch(forget("a ticket", id));
    },
  };
}

function takeOver(job: Job): void {
  job.attempt += 1;
  job.breaks += 1;
}

const forget = (what: string, job: string) => (error: unknown) =>
  log.warn({ error, job }, `${what} could not be written: it comes right by itself`);

/** Who cancelled, once the signal is aborted. */
export function cancellationIn({ reason }: AbortSignal): Cancellation | undefined {
  return reason as Cancellation | undefined;
}

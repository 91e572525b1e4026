import { randomUUID } from "node:crypto";
import type { BlobLeaseClient } from "@azure/storage-blob";
import type { Azure } from "./azure.ts";
import { isFinished, JobTakenOver, readJob, replaceJob } from "./job.ts";
import type { Job } from "./job.ts";
import { hideTicket } from "./line.ts";
import type { Ticket } from "./line.ts";
import { log } from "./log.ts";
import { markClosed, markOpen, openBlob, setStanding } from "./open-jobs.ts";
import { untilStorageAnswers } from "./patience.ts";
import { isConflict, isMissing } from "./storage-answer.ts";

/** How long a worker that died keeps its job from others. A lease is at least 15 s; renewed three times within it. */
export const HOLD_SECONDS = 20;

/** A renewal that hangs must leave time for the next one before the hold ends. */
const RENEWAL_MILLISECONDS = (HOLD_SECONDS * 1000) / 4;

/** A job that this worker, and no other, is at. */
export type HeldJob = {
  /** The record as it was last written; never changed but by `change`. */
  readonly job: Job;
  /** Writes a change of the record, one after the other. Waits while storage is out of reach, or until `unless`; throws `JobTakenOver`. */
  change(mutate: (job: Job) => void, unless?: AbortSignal): Promise<void>;
  /** Aborted when the job is somebody else's: no further paid step. */
  readonly lost: AbortSignal;
  /** Ends the hold. A job that is finished leaves the list of open ones; any other is not taken up for `seconds`. */
  release(seconds?: number): Promise<void>;
};

/**
 * Takes hold of a ticket's job by a lease on `open/<id>`, a blob that exists as long as the job is not finished. The
 * ticket only wakes a worker up: two of them may stand in the line for one job, and the lease lets one work.
 */
export async function holdJob(ticket: Ticket, azure: Azure): Promise<HeldJob | "held by another" | "nothing to do"> {
  const present = await readJob(ticket.jobId, azure);
  if (!present || isFinished(present.job)) {
    if (present) await markClosed(ticket.jobId, azure);
    return "nothing to do";
  }
  const lease = await leaseOpenBlob(present.job, azure);
  if (!lease) return "held by another";
  const file = await readJob(ticket.jobId, azure);
  if (!file || isFinished(file.job)) {
    await markClosed(ticket.jobId, azure, lease.leaseId);
    return "nothing to do";
  }
  return hold({ ...file, ticket, lease }, azure);
}

function hold(
  { job, etag, ticket, lease }: { job: Job; etag: string; ticket: Ticket; lease: BlobLeaseClient },
  azure: Azure,
): HeldJob {
  const lost = new AbortController();
  let released = false;
  let lastWrite: Promise<unknown> = Promise.resolve();
  const write = async (mutate: (job: Job) => void, unless?: AbortSignal) => {
    lost.signal.throwIfAborted();
    if (released) throw new Error(`job ${job.id} is no longer held`);
    const signal = unless ? AbortSignal.any([lost.signal, unless]) : lost.signal;
    const changed = structuredClone(job);
    mutate(changed);
    try {
      etag = await untilStorageAnswers("a job's record", () => replaceJob(changed, etag, azure), signal);
      job = changed;
    } catch (error) {
      if (error instanceof JobTakenOver) lost.abort(error);
      throw error;
    }
  };
  const renewal = keepRenewing(async () => {
    if (!(await renew(lease, ticket.jobId, azure)))
      lost.abort(new JobTakenOver(`job ${ticket.jobId} is held by another`));
    await hideTicket(ticket, HOLD_SECONDS, azure, AbortSignal.timeout(RENEWAL_MILLISECONDS));
  });
  return {
    get job() {
      return job;
    },
    lost: lost.signal,
    change(mutate, unless) {
      const written = lastWrite.then(() => write(mutate, unless));
      lastWrite = written.catch(() => undefined);
      return written;
    },
    async release(seconds = 0) {
      released = true;
      await lastWrite;
      await renewal.stop();
      const { leaseId } = lease;
      if (isFinished(job)) return markClosed(job.id, azure, leaseId);
      try {
        await setStanding(job, { startsAt: Date.now() + seconds * 1000 }, azure, { leaseId });
        await lease.releaseLease({ abortSignal: AbortSignal.timeout(RENEWAL_MILLISECONDS) });
      } catch (error) {
        log.warn({ error, job: job.id }, "a hold ends by itself");
      }
    },
  };
}

/** Calls `renewOnce` every third of a hold; `stop` waits for the one under way, so that no renewal follows it. */
function keepRenewing(renewOnce: () => Promise<void>) {
  let underWay: Promise<void> = Promise.resolve();
  const timer = setInterval(
    () => {
      underWay = underWay
        .then(renewOnce)
        .catch((error: unknown) => log.warn({ error }, "a hold could not be renewed, and is tried again"));
    },
    (HOLD_SECONDS / 3) * 1000,
  );
  return {
    async stop() {
      clearInterval(timer);
      await underWay;
    },
  };
}

/** False: somebody else has it. After an outage the lease may have ended with nobody there: then it is taken again. */
async function renew(lease: BlobLeaseClient, jobId: string, azure: Azure): Promise<boolean> {
  try {
    await lease.renewLease({ abortSignal: AbortSignal.timeout(RENEWAL_MILLISECONDS) });
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    if (!isConflict(error)) throw error;
  }
  try {
    await openBlob(jobId, azure)
      .getBlobLeaseClient(lease.leaseId)
      .acquireLease(HOLD_SECONDS, { abortSignal: AbortSignal.timeout(RENEWAL_MILLISECONDS) });
    return true;
  } catch (error) {
    if (isConflict(error) || isMissing(error)) return false;
    throw error;
  }
}

async function leaseOpenBlob(job: Job, azure: Azure): Promise<BlobLeaseClient | undefined> {
  await markOpen(job, { startsAt: Date.now() }, azure);
  const lease = openBlob(job.id, azure).getBlobLeaseClient(randomUUID());
  try {
    await lease.acquireLease(HOLD_SECONDS, { abortSignal: AbortSignal.timeout((HOLD_SECONDS * 1000) / 2) });
    return lease;
  } catch (error) {
    // Missing: whoever held it has finished in this moment. The ticket comes back and finds nothing to do.
    if (isConflict(error) || isMissing(error)) return undefined;
    throw error;
  }
}

import { randomUUID } from "node:crypto";
import type { BlobLeaseClient } from "@azure/storage-blob";
import type { Azure } from "../storage/azure.ts";
import { isFinished, isSame, JobTakenOver, readJob, replaceJob } from "./job.ts";
import type { Job } from "./job.ts";
import { hideTicket } from "./tickets.ts";
import type { Ticket } from "./tickets.ts";
import { log } from "../log.ts";
import { markClosed, markOpen, openBlob, setStanding } from "./waiting-line.ts";
import { noteOutage, storageWasAway, untilStorageAnswers } from "../storage/until-storage-answers.ts";
import { isConflict, isMissing, isOutage } from "../storage/storage-refusal.ts";
import { becauseOf } from "../web/until-reached.ts";

/** How long a worker that died keeps its job from others. A lease is at least 15 s; renewed three times within it. */
export const HOLD_SECONDS = 20;

/** A renewal that hangs must leave time for the next one before the hold ends. */
const RENEWAL_MILLISECONDS = (HOLD_SECONDS * 1000) / 4;

/**
 * After an outage whoever is at a job, and could not renew the hold, gets it back within this: so that it is not taken for
 * dead, and a call not for lost whose picture it has in hand.
 */
const RETURN_MILLISECONDS = 30_000;

/** Jobs that this process is at. It asks nobody: after an outage storage may say that they are free. */
const ours = new WeakMap<Azure, Set<string>>();

/** A job that this worker, and no other, is at. */
export type HeldJob = {
  /** The record as it was last written; never changed but by `change`. */
  readonly job: Job;
  /** Writes a change of the record, one after the other. Waits while storage is out of reach, or until `unless`; throws `JobTakenOver`. */
  change(mutate: (job: Job) => void, unless?: AbortSignal): Promise<void>;
  /** Aborted when the job is somebody else's: no further paid step. */
  readonly lost: AbortSignal;
  /**
   * Ends the hold. A job that is finished leaves the list of open ones; any other is not taken up for `seconds`. `picks` is
   * how often it came to no end.
   */
  release(seconds?: number, picks?: number): Promise<void>;
};

/**
 * Takes hold of a ticket's job by a lease on `open/<id>`, a blob that exists as long as the job is not finished. The
 * ticket only wakes a worker up: two of them may stand in the line for one job, and the lease lets one work.
 */
export async function holdJob(ticket: Ticket, azure: Azure): Promise<HeldJob | "held by another" | "nothing to do"> {
  const mine = ours.get(azure) ?? new Set();
  ours.set(azure, mine);
  const { jobId } = ticket;
  if (mine.has(jobId)) return "held by another";
  mine.add(jobId);
  const letGo = () => mine.delete(jobId);
  try {
    const held = await takeHold(ticket, azure, letGo);
    if (typeof held === "string") letGo();
    return held;
  } catch (error) {
    letGo();
    throw error;
  }
}

async function takeHold(ticket: Ticket, azure: Azure, letGo: () => void) {
  const { jobId } = ticket;
  const present = await readJob(jobId, azure);
  if (!present || isFinished(present.job)) {
    if (present) await markClosed(jobId, azure);
    return "nothing to do";
  }
  const mayBeInHand = present.job.pictures.some(({ state }) => state === "drawing");
  if (mayBeInHand && storageWasAway(RETURN_MILLISECONDS)) return "held by another";
  const lease = await leaseOpenBlob(present.job, azure);
  if (!lease) return "held by another";
  try {
    const file = await readJob(jobId, azure);
    if (file && !isFinished(file.job)) return hold({ ...file, ticket, lease, letGo }, azure);
    await markClosed(jobId, azure, lease.leaseId);
    return "nothing to do";
  } catch (error) {
    // Nobody else need wait for its end.
    await lease.releaseLease({ abortSignal: AbortSignal.timeout(RENEWAL_MILLISECONDS) }).catch(() => undefined);
    throw error;
  }
}

type Hold = { job: Job; etag: string; ticket: Ticket; lease: BlobLeaseClient; letGo: () => void };

function hold({ job, etag, ticket, lease, letGo }: Hold, azure: Azure): HeldJob {
  const lost = new AbortController();
  let released = false;
  let lastWrite: Promise<unknown> = Promise.resolve();
  /** Written by us perhaps: nobody waited for the answer any longer. */
  let inDoubt: Job | undefined;
  const write = async (mutate: (job: Job) => void, unless?: AbortSignal) => {
    lost.signal.throwIfAborted();
    if (released) throw new Error(`job ${job.id} is no longer held`);
    const signal = unless ? AbortSignal.any([lost.signal, unless]) : lost.signal;
    if (inDoubt) {
      const present = await untilStorageAnswers("a job's record", () => readJob(job.id, azure), signal);
      if (present && isSame(present.job, inDoubt)) [job, etag] = [inDoubt, present.etag];
      inDoubt = undefined;
    }
    const changed = structuredClone(job);
    mutate(changed);
    try {
      etag = await untilStorageAnswers("a job's record", () => replaceJob(changed, etag, azure), signal);
      job = changed;
    } catch (error) {
      inDoubt = changed;
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
    async release(seconds = 0, picks = 0) {
      released = true;
      await lastWrite;
      await renewal.stop();
      const { leaseId } = lease;
      try {
        if (isFinished(job)) return await markClosed(job.id, azure, leaseId);
        await setStanding(job, { startsAt: Date.now() + seconds * 1000, picks }, azure, { leaseId });
        await lease.releaseLease({ abortSignal: AbortSignal.timeout(RENEWAL_MILLISECONDS) });
      } catch (error) {
        // Its ticket comes back, and closes it then.
        if (isFinished(job)) throw error;
        log.warn({ because: becauseOf(error), job: job.id }, "a hold ends by itself");
      } finally {
        letGo();
      }
    },
  };
}

/** Calls `renewOnce` every third of a hold; `stop` waits for the one under way, so that no renewal follows it. */
function keepRenewing(renewOnce: () => Promise<void>) {
  let underWay: Promise<void> = Promise.resolve();
  const timer = setInterval(
    () => {
      underWay = underWay.then(renewOnce).catch((error: unknown) => {
        if (isOutage(error)) noteOutage();
        log.warn({ because: becauseOf(error) }, "a hold could not be renewed, and is tried again");
      });
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
  const lease = openBlob(job.id, azure).getBlobLeaseClient(randomUUID());
  const acquire = () =>
    lease.acquireLease(HOLD_SECONDS, { abortSignal: AbortSignal.timeout((HOLD_SECONDS * 1000) / 2) });
  try {
    await acquire().catch(async (error: unknown) => {
      if (!isMissing(error)) throw error;
      await markOpen(job, { startsAt: Date.now() }, azure);
      await acquire();
    });
    return lease;
  } catch (error) {
    // Missing: whoever held it has finished in this moment. The ticket comes back and finds nothing to do.
    if (isConflict(error) || isMissing(error)) return undefined;
    throw error;
  }
}

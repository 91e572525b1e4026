import { wishFor } from "../ask/cancel-and-delete.ts";
import { isFinished, isSettled } from "../jobs/job.ts";
import type { Job, JobPicture } from "../jobs/job.ts";
import { removeJob } from "../jobs/remove-job.ts";
import type { Azure } from "../storage/azure.ts";

/** Why something goes that nobody has pressed Delete for. */
export type Why = NonNullable<NonNullable<JobPicture["deletedBy"]>["why"]>;

/**
 * Takes a job away in steps, each of which survives a kill: what is under way is cancelled, the pictures go out of storage and out
 * of their message, then the record goes. True: it is gone. False: a step is under way; called again later, it goes on from there.
 */
export async function takeAway(job: Job, why: Why, azure: Azure, abortSignal: AbortSignal): Promise<boolean> {
  if (!isFinished(job) && !isSettled(job)) {
    await wishFor(job.id, cancel, azure, abortSignal);
    return false;
  }
  if (job.pictures.some(isThere)) {
    await wishFor(job.id, (present) => markAll(present, why), azure, abortSignal);
    return false;
  }
  if (!isFinished(job)) return false;
  await removeJob(job, azure, abortSignal);
  return true;
}

function cancel(job: Job): false | void {
  if (isSettled(job) || isFinished(job)) return false;
  job.wishes = { ...job.wishes, cancel: job.wishes?.cancel ?? { name: "", isAsker: true } };
}

function markAll(job: Job, why: Why): false | void {
  const there = job.pictures.filter(isThere);
  for (const picture of there) {
    picture.state = "deleting";
    picture.deletedBy = { name: "", at: new Date().toISOString(), why };
  }
  return there.length ? undefined : false;
}

function isThere({ state }: JobPicture): boolean {
  return state === "kept" || state === "deleting";
}

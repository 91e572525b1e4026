import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { waitingReply } from "../replies/compose-reply.ts";
import { expectSeconds } from "../jobs/durations.ts";
import { isFinished, readJob } from "../jobs/job.ts";
import { lineLength } from "../jobs/tickets.ts";
import { log } from "../log.ts";
import { openBlob, readLine, setStanding, toStandBefore } from "../jobs/waiting-line.ts";
import type { OpenJob } from "../jobs/waiting-line.ts";
import { storageWasAway } from "../storage/until-storage-answers.ts";
import type { Settings } from "../settings.ts";
import { isConflict, isMissing } from "../storage/storage-refusal.ts";
import { sendTo } from "./tell-answer.ts";
import type { Post } from "./tell-answer.ts";
import { becauseOf } from "../web/until-reached.ts";

type Room = Post & { settings: Settings; stopping: AbortSignal };

const LOOK_MILLISECONDS = 4000;
const LONGEST_PAUSE = 60_000;
/** So long after an outage a job that nobody seems to hold may be in the hands of a worker that was cut off. */
const RETURN_MILLISECONDS = 30_000;
/** One message is told a new place no more often than that. */
const TOLD_MILLISECONDS = 10_000;
/** A long line is told a few at a time, first those who have heard nothing for longest. */
const MOST_AT_ONCE = 5;
/** No worker takes the job meanwhile, so that this message cannot come to stand over its answer. A lease is at least 15 s. */
const HOLD_SECONDS = 30;
const SEND_MILLISECONDS = 20_000;
const STORAGE_MILLISECONDS = 5000;

/** As long as there is a line, the waiting messages say the place that is true now. */
export async function keepLineTrue(room: Room): Promise<void> {
  const { stopping } = room;
  for (let wait = LOOK_MILLISECONDS; !stopping.aborted;) {
    await pause(wait, undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) return;
    try {
      await tellNewPlaces(room);
      wait = LOOK_MILLISECONDS;
    } catch (error) {
      wait = Math.min(LONGEST_PAUSE, wait * 2);
      log.warn({ because: becauseOf(error), retryInMilliseconds: wait }, "places in line could not be told");
    }
  }
}

async function tellNewPlaces(room: Room): Promise<void> {
  const { azure, stopping } = room;
  if (storageWasAway(RETURN_MILLISECONDS)) return;
  if ((await lineLength(azure, stopping)) < 2) return;
  const line = await readLine(azure, stopping);
  const now = Date.now();
  const moved = line.filter((job, before) => {
    if (job.isHeld || job.startsAt > now || !job.told || before === 0) return false;
    // A replica whose clock is ahead may have said when.
    return job.told.before !== before && Math.abs(now - job.told.at) > TOLD_MILLISECONDS;
  });
  const longestUntold = moved.toSorted((a, b) => (a.told?.at ?? 0) - (b.told?.at ?? 0));
  await Promise.all(longestUntold.slice(0, MOST_AT_ONCE).map((job) => tellPlace(job, line, room)));
}

async function tellPlace(open: OpenJob, line: OpenJob[], room: Room): Promise<void> {
  const { azure, settings } = room;
  const lease = openBlob(open.id, azure).getBlobLeaseClient(randomUUID());
  try {
    const abortSignal = AbortSignal.timeout(STORAGE_MILLISECONDS);
    await lease.acquireLease(HOLD_SECONDS, { conditions: { ifMatch: open.etag }, abortSignal });
  } catch (error) {
    if (isConflict(error) || isMissing(error)) return;
    throw error;
  }
  const present = await readJob(open.id, azure, AbortSignal.timeout(STORAGE_MILLISECONDS));
  let stands = true;
  const job = present?.job;
  if (job?.order && !isFinished(job)) {
    const ahead = toStandBefore(job, line);
    const seconds = await expectSeconds(job.order, ahead, { settings, azure });
    const sent = sendTo(job.id, job.address, waitingReply(job, { before: ahead.length, seconds }), room);
    stands = await Promise.race([sent.then(() => true), pause(SEND_MILLISECONDS, false, { ref: false })]);
    const told = { before: ahead.length, at: Date.now() };
    await setStanding(job, { startsAt: open.startsAt, picks: open.picks, told }, azure, { leaseId: lease.leaseId });
  }
  // A message that may still come to stand keeps the job for the rest of the hold.
  if (stands)
    await lease
      .releaseLease({ abortSignal: AbortSignal.timeout(STORAGE_MILLISECONDS) })
      .catch((error: unknown) => log.warn({ error, job: open.id }, "a hold ends by itself"));
}

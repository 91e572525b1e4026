import { isFinished, readJob, UnreadableJob } from "../jobs/job.ts";
import { log } from "../log.ts";
import { giveBack, readHolds, settleJob } from "../purse/ledger.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";

/** Of one look. What is left is not due, or comes with the next. */
const MOST_LOOKED_AT = 1000;

/**
 * Money that a kill has left set aside: for a job that is finished it is counted, and what never became a job gets it back. What is
 * under way is left alone, and so is what cannot be read: it stays set aside, on the day that it was asked for.
 */
export async function lookAtHolds(
  settings: Pick<Settings, "prices">,
  azure: Azure,
  { signal, now = Date.now() }: { signal?: AbortSignal; now?: number } = {},
): Promise<void> {
  const { abandonedMilliseconds, holdsLimitMilliseconds } = azure.times.purse;
  const limit = () => AbortSignal.any([AbortSignal.timeout(holdsLimitMilliseconds), ...(signal ? [signal] : [])]);
  const holds = await readHolds({ count: MOST_LOOKED_AT }, azure, limit());
  const old = holds.filter(({ at }) => now - at.getTime() > abandonedMilliseconds);
  for (const { job: id } of old) {
    const job = await readJob(id, azure, limit()).then((file) => file?.job, passUnreadable);
    if (job === "unreadable" || (job?.order && !isFinished(job))) continue;
    if (job?.order) await settleJob(job, settings, azure, limit());
    else await giveBack(id, azure, limit());
    log.info({ job: id, isCounted: Boolean(job?.order) }, "money that was left set aside is settled");
  }
}

function passUnreadable(error: unknown): "unreadable" {
  if (error instanceof UnreadableJob) return "unreadable";
  throw error;
}

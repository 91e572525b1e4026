import { isFinished, readJob, UnreadableJob } from "../jobs/job.ts";
import { log } from "../log.ts";
import { forgetUncounted, giveBack, readHolds, readUncounted, settleJob } from "../purse/ledger.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { DAY_MILLISECONDS } from "../times.ts";

const PAGE = 1000;

/**
 * What could not be counted beside its answer is counted. And money that a kill has left set aside: for a job that is finished it is counted, and what never became a job gets it back. What is
 * under way is left alone, and so is what cannot be read: it stays set aside, on the day that it was asked for.
 */
export async function lookAtHolds(
  settings: Pick<Settings, "prices">,
  azure: Azure,
  { signal, now = Date.now() }: { signal?: AbortSignal; now?: number } = {},
): Promise<void> {
  const { abandonedMilliseconds, holdsLimitMilliseconds } = azure.times.purse;
  const limit = () => AbortSignal.any([AbortSignal.timeout(holdsLimitMilliseconds), ...(signal ? [signal] : [])]);
  for (let after: string | undefined = ""; after !== undefined;) {
    const holds: Awaited<ReturnType<typeof readHolds>> = await readHolds({ count: PAGE, after }, azure, limit());
    for (const { job, at } of holds)
      if (now - at.getTime() > (isOfRound(job) ? DAY_MILLISECONDS : abandonedMilliseconds))
        await settleLeft(job, settings, azure, limit());
    after = holds.length < PAGE ? undefined : holds.at(-1)?.job;
  }
  for (const job of await readUncounted(PAGE, azure, limit())) {
    if (await settleLeft(job, settings, azure, limit())) await forgetUncounted(job, azure, limit());
  }
}

/** False where it is under way still, or nobody can read it. */
async function settleLeft(
  id: string,
  settings: Pick<Settings, "prices">,
  azure: Azure,
  signal: AbortSignal,
): Promise<boolean> {
  const job = await readJob(id, azure, signal).then((file) => file?.job, passUnreadable);
  if (job === "unreadable" || (job?.order && !isFinished(job))) return false;
  if (job?.order) await settleJob(job, settings, azure, signal);
  else await giveBack(id, azure, signal);
  log.info({ job: id, isCounted: Boolean(job?.order) }, "what was left of a job is counted");
  return true;
}

function passUnreadable(error: unknown): "unreadable" {
  if (error instanceof UnreadableJob) return "unreadable";
  throw error;
}

/** People may bring ideas to a round of a brainstorm for hours before any of them is a job. */
const isOfRound = (job: string) => job.startsWith("round-");

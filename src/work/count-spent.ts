import type { OwnJob } from "../jobs/own-job.ts";
import { referenceOf } from "../jobs/job.ts";
import { noteNames } from "../jobs/names.ts";
import { log } from "../log.ts";
import { payerOfRequest } from "../purse/payer.ts";
import { hasPrice } from "../purse/prices.ts";
import { leaveUncounted, settleJob } from "../purse/ledger.ts";
import { tellUnknownPrice } from "../purse/unknown-price.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { isLeaving, untilStorageAnswers } from "../storage/until-storage-answers.ts";

/**
 * What a job whose pictures are settled came to goes into the ledger, once. Trouble of the ledger's own keeps nobody's answer for
 * long: what could not be counted is written down, and counted at one of the next looks (`look-at-holds.ts`).
 */
export async function countSpent(
  own: OwnJob,
  { settings, azure }: { settings: Pick<Settings, "prices">; azure: Azure },
): Promise<void> {
  const { job, lost } = own;
  if (job.counted) return;
  try {
    const settle = () => settleJob(job, settings, azure);
    const enough = AbortSignal.any([lost, AbortSignal.timeout(azure.times.purse.countLimitMilliseconds)]);
    const { dollars, isEstimate, calls } = await untilStorageAnswers("the ledger", settle, azure, enough);
    own.note((noted) => void (noted.counted = true));
    const { id, request, order, pictures } = job;
    void noteNames(request.brainstorm?.paidBy ?? request.askedBy, azure);
    const { model, size, quality } = order ?? {};
    const tokens = pictures.flatMap(({ usage, kept }) => usage ?? kept?.usage ?? []);
    const { person } = payerOfRequest(request);
    const about = { job: id, reference: referenceOf(id), person, model, size, quality };
    log.info({ ...about, calls, tokens, dollars, isEstimate }, "counted");
    if (order && !hasPrice(order, settings)) tellUnknownPrice(order.deployment, azure);
  } catch (error) {
    if (lost.aborted || isLeaving(error)) throw error;
    log.error(
      { error, job: job.id, reference: referenceOf(job.id) },
      "what a job came to could not be counted: it is tried again. Should it stay so, this needs the operator",
    );
    await untilStorageAnswers("what is to be counted", () => leaveUncounted(job.id, azure), azure, lost);
  }
}

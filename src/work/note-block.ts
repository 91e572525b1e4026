import type { OwnJob } from "../jobs/own-job.ts";
import type { Job } from "../jobs/job.ts";
import { isAsker } from "../jobs/rights.ts";
import { countBlock } from "../purse/brake.ts";
import type { PersonState } from "../purse/brake.ts";
import { personOf } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { untilStorageAnswers } from "../storage/until-storage-answers.ts";
import { findStyle } from "../styles/style-book.ts";
import { pointsToHelp } from "../words/refusal-sentences.ts";

/**
 * Counts a job that the filter has stopped, before its answer is told: killed in between, it is counted by whoever tells it, and
 * is the same block. Says what holds for the asker from now on, where it is counted for them.
 */
export async function noteBlock(
  { job, lost }: OwnJob,
  settings: Settings,
  azure: Azure,
): Promise<PersonState | undefined> {
  const refused = job.pictures.filter(({ state, refusal }) => state === "refused" && refusal);
  if (job.toldAt !== undefined || !refused.length) return undefined;
  const stage = refused.some(({ refusal }) => refusal?.stage !== "picture") ? "words" : "picture";
  const count = async () => {
    const person = (await isTheirs(job, azure)) ? personOf(job.request.askedBy) : undefined;
    return countBlock({ job: job.id, person, stage }, settings, azure);
  };
  return untilStorageAnswers("the count of blocks", count, azure, lost);
}

/** Nobody is slowed for another's words, for a model's, for one picture of several, or for a cry for help. */
async function isTheirs(job: Job, azure: Azure): Promise<boolean> {
  const { brainstorm, parent, isSuggested, style, askedBy } = job.request;
  if (job.pictures.some(({ state }) => state === "kept" || state === "deleting" || state === "deleted")) return false;
  if (job.pictures.some((picture) => pointsToHelp(picture, job))) return false;
  if (isSuggested || (brainstorm && !brainstorm.isOwnWords)) return false;
  // Its words stay, and they are those of whoever asked for that picture.
  const isOfAnother = parent !== undefined && (parent.by ?? parent.person) !== undefined;
  if (isOfAnother && !["words", "edit"].includes(parent.change)) return false;
  if (!style?.words && !style?.references.length) return true;
  // The channel's own goes into it by itself.
  const book = await findStyle(
    style.name,
    askedBy,
    azure,
    AbortSignal.timeout(azure.times.purse.brakeLimitMilliseconds),
  );
  const version = book?.versions.find((one) => one.version === style.version);
  return version !== undefined && isAsker({ askedBy: version.by }, askedBy);
}

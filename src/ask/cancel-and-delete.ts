import { rememberAddress } from "../jobs/answer-address.ts";
import type { Azure } from "../storage/azure.ts";
import { noteCancellation } from "../jobs/cancellation.ts";
import type { HeldJob } from "../jobs/hold-job.ts";
import { inputBlob } from "../storage/input-blobs.ts";
import { isFinished, isSettled, JobTakenOver, readJob, readPictureOf, replaceJob } from "../jobs/job.ts";
import type { Job, JobPicture } from "../jobs/job.ts";
import { putInLine } from "../jobs/tickets.ts";
import { log } from "../log.ts";
import { markOpen } from "../jobs/waiting-line.ts";
import { untilStorageAnswers } from "../storage/until-storage-answers.ts";
import { readRef } from "../request/request.ts";
import type { Address, Asker } from "../request/request.ts";
import { cancelled, failed, finished, waiting } from "../words/sentences.ts";

/** What the presser hears, in private. */
export type Said = { said: string };

/** The ticket of a job that needs a worker at once, out of turn. In case that worker dies, it comes up again after this. */
const HIDDEN_SECONDS = 20;
const MOST_TRIES = 5;
/** A blob may be held fast, as by a legal hold: then the job goes back into the line, and is tried again more and more rarely. */
const DELETION_MILLISECONDS = 120_000;

/**
 * Marks a picture for deletion; a worker takes it out of storage and out of its message. `address` is a fresher way to that
 * same message, if the press has brought one.
 */
export async function deletePicture(
  press: { ref: string; by: Asker; isModerator: boolean; address?: Address; signal?: AbortSignal },
  azure: Azure,
): Promise<Said> {
  const { by, isModerator, address, signal } = press;
  const ref = readRef(press.ref);
  if (!ref) return { said: failed.gonePicture };
  try {
    for (let tries = 1; ; tries += 1) {
      const found = await readPictureOf(ref, azure, signal);
      if (!found || isHidden(found.job, by)) return { said: failed.gonePicture };
      const { job, etag, picture } = found;
      if (!isAsker(job, by) && !(isModerator && isSamePlace(job, by))) return { said: failed.notYoursToDelete };
      if (picture.state !== "kept" && picture.state !== "deleting") return { said: finished.deletedAlready };
      const ticket = await putInLine(job.id, azure, HIDDEN_SECONDS, signal);
      if (address) await rememberAddress(job.id, address, azure, signal);
      picture.state = "deleting";
      picture.deletedBy ??= { name: by.name, at: new Date().toISOString() };
      try {
        await replaceJob(job, etag, azure, signal);
      } catch (error) {
        if (error instanceof JobTakenOver && tries < MOST_TRIES) continue;
        throw error;
      }
      await markOpen(job, { startsAt: Date.now() }, azure, signal);
      azure.bell.dispatchEvent(new CustomEvent("at once", { detail: ticket }));
      return { said: waiting.deleting };
    }
  } catch (error) {
    log.error({ error, ref: press.ref }, "a deletion could not be noted");
    return { said: failed.notNoted };
  }
}

/** Asks whoever works on a job to break it off, and where nobody does yet, a worker to end it. */
export async function cancelJob(
  press: { job: string; by: Asker; isModerator: boolean; signal?: AbortSignal },
  azure: Azure,
): Promise<Said> {
  const { by, isModerator, signal } = press;
  try {
    const file = await readJob(press.job, azure, signal);
    if (!file || isHidden(file.job, by)) return { said: failed.goneJob };
    const { job } = file;
    if (!isAsker(job, by) && !(isModerator && isSamePlace(job, by))) return { said: failed.notYoursToCancel };
    if (isFinished(job) || isSettled(job)) return { said: failed.tooLateToCancel };
    const ticket = await putInLine(job.id, azure, HIDDEN_SECONDS, signal);
    await noteCancellation(job.id, { name: by.name, isAsker: isAsker(job, by) }, azure, signal);
    azure.bell.dispatchEvent(new CustomEvent("at once", { detail: ticket }));
    return { said: cancelled.asked };
  } catch (error) {
    log.error({ error, job: press.job }, "a cancellation could not be noted");
    return { said: failed.notNoted };
  }
}

function isAsker({ request }: Job, by: Asker): boolean {
  return request.askedBy.platform === by.platform && request.askedBy.user === by.user;
}

/** What one person has alone is nobody else's to know of, a moderator's neither: an id of it is like one that never was. */
function isHidden(job: Job, by: Asker): boolean {
  return job.request.private && !isAsker(job, by);
}

/** A moderator is one in the place where they press. */
function isSamePlace({ request: { askedBy } }: Job, by: Asker): boolean {
  return askedBy.platform === by.platform && askedBy.workspace === by.workspace && askedBy.channel === by.channel;
}

/** Takes what is marked out of storage. True: what was told before is to be told anew, in its place. */
export async function takeOutDeleted(held: HeldJob, azure: Azure): Promise<boolean> {
  const marked = held.job.pictures.filter(({ state }) => state === "deleting");
  if (!marked.length) return held.job.pictures.some(({ state }) => state === "deleted");
  const enough = AbortSignal.any([held.lost, AbortSignal.timeout(DELETION_MILLISECONDS)]);
  await untilStorageAnswers("a deletion", () => removePictures(marked, held.job, azure), enough);
  await held.change((job) => {
    for (const picture of job.pictures) {
      if (picture.state !== "deleting") continue;
      Object.assign(picture, { state: "deleted", kept: undefined, revisedPrompt: undefined });
    }
    delete job.toldAt;
    delete job.undeliverable;
  });
  log.info({ job: held.job.id, pictures: marked.length }, "deleted");
  return true;
}

async function removePictures(marked: JobPicture[], job: Job, azure: Azure): Promise<void> {
  for (const { id } of marked) {
    // The original, its preview and its grid; then all sheets that show it.
    await removeAll(`pictures/${id}`, azure);
    const marks = azure.container.listBlobsFlat({ prefix: `sheets/${id}/` });
    for await (const { name } of marks) {
      await azure.container.getBlockBlobClient(`pictures/${name.slice(`sheets/${id}/`.length)}`).deleteIfExists();
      await azure.container.getBlockBlobClient(name).deleteIfExists();
    }
  }
  const nothingIsLeft = job.pictures.every(({ state }) => state !== "kept");
  const inputs = nothingIsLeft && job.inputs ? [...job.inputs.pictures, job.inputs.mask] : [];
  for (const name of inputs) if (name) await inputBlob(name, azure).deleteIfExists();
}

async function removeAll(prefix: string, azure: Azure): Promise<void> {
  for await (const { name } of azure.container.listBlobsFlat({ prefix }))
    await azure.container.getBlockBlobClient(name).deleteIfExists();
}

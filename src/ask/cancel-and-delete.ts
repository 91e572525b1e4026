import { setTimeout as pause } from "node:timers/promises";
import { noteAudit } from "../audit/audit.ts";
import type { Audited } from "../audit/audit.ts";
import { changeJob, isFinished, isSettled, readJob, referenceOf } from "../jobs/job.ts";
import type { Job } from "../jobs/job.ts";
import { enterLine, findInLine, readPictureOf } from "../jobs/line.ts";
import { ownJob } from "../jobs/own-job.ts";
import { isAsker, isHidden, mayWithdraw } from "../jobs/rights.ts";
import { dropTicket, putTicket } from "../jobs/tickets.ts";
import { forgetWish, ringWish } from "../jobs/wishes.ts";
import { log } from "../log.ts";
import { personOf, readRef } from "../request/request.ts";
import type { Address, Asker } from "../request/request.ts";
import type { Azure } from "../storage/azure.ts";
import { privateWordReply } from "../replies/compose-reply.ts";
import { onePictureReply } from "../replies/picture-reply.ts";
import type { ChatReply } from "../replies/reply.ts";
import type { Settings } from "../settings.ts";
import type { Said } from "../words/said.ts";
import { cancelled, failed, finished, labels, waiting } from "../words/sentences.ts";

/** What the presser hears, in private. `deletes`: the picture is going. */
type Heard = { said: Said; deletes?: boolean };

/** Asks whoever may have a picture deleted whether it is to go; with the picture, and nothing that could be done with it else. */
export async function askToDelete(
  { by, isModerator, signal, ...press }: { ref: string; by: Asker; isModerator: boolean; signal?: AbortSignal },
  settings: Settings,
  azure: Azure,
): Promise<{ ask: ChatReply } | { word: Said }> {
  const ref = readRef(press.ref);
  if (!ref) return { word: failed.gonePicture };
  try {
    const found = await readPictureOf(ref, azure, signal);
    if (!found || isHidden(found.job, by)) return { word: failed.gonePicture };
    if (!mayWithdraw(found.job, by, isModerator)) return { word: failed.notYoursToDelete };
    if (!["kept", "deleting"].includes(found.picture.state)) return { word: finished.deletedAlready };
    const until = new Date(Date.now() + SURE_MILLISECONDS).toISOString();
    const sure = { do: "sure", label: labels.deleteForGood, ref: press.ref, until } as const;
    const back = { do: "back", label: labels.keepIt, ref: press.ref } as const;
    const { pictures } = onePictureReply(found.job, ref.place, settings);
    const shown = pictures.map(({ ref: _ref, actions: _actions, words: _words, ...picture }) => picture);
    return { ask: { ...privateWordReply(finished.askDelete), pictures: shown, actions: [sure, back] } };
  } catch (error) {
    log.error({ error, ref: press.ref }, "whose a picture is could not be read");
    return { word: failed.notNoted };
  }
}

/** How long a second press of Delete counts. */
const SURE_MILLISECONDS = 30_000;

/** What the second button holds: the picture, and until when it counts, in seconds. */
export function textOfSure(ref: string, until: string): string {
  return `${ref}@${Math.ceil(Date.parse(until) / 1000)}`;
}

export function readSure(text: string): { ref: string; isOver: boolean } {
  const [ref = "", until = ""] = text.split("@");
  return { ref, isOver: !(Date.now() < Number(until) * 1000) };
}

/**
 * Marks a picture for deletion and has it taken out of storage and out of its message. `address` is a fresher way to that
 * same message, if the press has brought one.
 */
export async function deletePicture(
  press: { ref: string; by: Asker; isModerator: boolean; address?: Address; signal?: AbortSignal },
  azure: Azure,
): Promise<Heard> {
  const { by, isModerator, address, signal } = press;
  const ref = readRef(press.ref);
  if (!ref) return { said: failed.gonePicture };
  try {
    const found = await readPictureOf(ref, azure, signal);
    if (!found || isHidden(found.job, by)) return { said: failed.gonePicture };
    if (!mayWithdraw(found.job, by, isModerator)) return { said: failed.notYoursToDelete };
    const { state } = found.picture;
    if (state !== "kept" && state !== "deleting") return { said: finished.deletedAlready };
    const mark = (job: Job) => {
      const picture = job.pictures[ref.place - 1];
      if (picture?.state !== "kept" && picture?.state !== "deleting") return false;
      picture.state = "deleting";
      picture.deletedBy ??= { name: by.name, person: personOf(by), at: new Date().toISOString() };
      if (address) job.address = address;
    };
    await noteAudit(lineOf("deleted a picture", { of: press.ref, job: found.job, by }), azure, signal);
    await wishFor(found.job.id, mark, azure, signal);
    return { said: waiting.deleting, deletes: true };
  } catch (error) {
    log.error({ error, ref: press.ref }, "a deletion could not be noted");
    return { said: failed.notNoted };
  }
}

/** Has a job broken off, or ended before it begins, and says what came of it. */
export async function cancelJob(
  press: { job: string; by: Asker; isModerator: boolean; signal?: AbortSignal },
  azure: Azure,
): Promise<Heard> {
  const { by, isModerator, signal } = press;
  try {
    const file = await readJob(press.job, azure, signal);
    if (!file || isHidden(file.job, by)) return { said: failed.goneJob };
    const { job } = file;
    if (!mayWithdraw(job, by, isModerator)) return { said: failed.notYoursToCancel };
    if (isFinished(job) || isSettled(job)) return { said: failed.tooLateToCancel };
    const cancel = { name: by.name, person: personOf(by), isAsker: isAsker(job.request, by) };
    await noteAudit(lineOf("cancelled a job", { of: job.id, job, by }), azure, signal);
    await wishFor(
      job.id,
      (present) => {
        if (isSettled(present) || isFinished(present)) return false;
        present.wishes = { ...present.wishes, cancel: present.wishes?.cancel ?? cancel };
      },
      azure,
      signal,
    );
    return { said: await outcomeOf(job.id, azure, signal) };
  } catch (error) {
    log.error({ error, job: press.job }, "a cancellation could not be noted");
    return { said: failed.notNoted };
  }
}

/** Written before it is done: so nothing is taken away that nobody can be asked about. */
function lineOf(did: Audited["did"], { of, job, by }: { of: string; job: Job; by: Asker }): Audited {
  const { request, order } = job;
  const before = { reference: referenceOf(job.id), askedBy: personOf(request.askedBy), model: order?.model };
  return { by, did, of, before };
}

/** What came of a cancellation, as far as it shows soon. */
async function outcomeOf(jobId: string, azure: Azure, signal?: AbortSignal): Promise<Said> {
  const { outcomeMilliseconds, outcomeLookMilliseconds } = azure.times.ask;
  const looks = Math.ceil(outcomeMilliseconds / outcomeLookMilliseconds);
  for (let look = 0; look < looks; look += 1) {
    if (signal?.aborted) break;
    const job = findInLine(jobId, azure)?.own.job ?? (await readJob(jobId, azure, signal))?.job;
    if (job && isSettled(job)) return job.cancelledBy ? cancelled.done : failed.tooLateToCancel;
    await pause(outcomeLookMilliseconds);
  }
  return cancelled.asked;
}

/** Its owner may have met the wish and be done with the job before the bell rang: then nobody comes to forget it. */
async function forgetLateWish(jobId: string, azure: Azure): Promise<void> {
  try {
    const file = await readJob(jobId, azure);
    if (file && isFinished(file.job)) await forgetWish(jobId, azure);
  } catch (error) {
    log.warn({ error, job: jobId }, "whether a wish came too late could not be seen");
  }
}

/** Writes what somebody wants of a job into its record, and lets whoever owns it know; a job that nobody owns any more becomes our own. */
export async function wishFor(
  jobId: string,
  wish: (job: Job) => false | void,
  azure: Azure,
  signal?: AbortSignal,
): Promise<void> {
  const here = findInLine(jobId, azure)?.own;
  if (here) {
    await here.change((job) => void wish(job), signal);
    azure.bell.dispatchEvent(new CustomEvent("at once", { detail: jobId }));
    return;
  }
  const present = await readJob(jobId, azure, signal);
  if (!present) return;
  if (!isFinished(present.job)) {
    let isWished = false;
    const wishOnce = (job: Job) => {
      isWished = wish(job) !== false;
      return isWished ? undefined : false;
    };
    await changeJob(jobId, wishOnce, azure, signal);
    if (!isWished) return;
    await ringWish(jobId, azure, signal);
    return forgetLateWish(jobId, azure);
  }
  const ticket = await putTicket(jobId, azure, azure.times.jobs.holdSeconds, signal);
  const file = await changeJob(
    jobId,
    (job) => {
      if (wish(job) === false) return false;
      Object.assign(job, { ticket: ticket.messageId, attempt: job.attempt + 1 });
    },
    azure,
    signal,
  );
  if (file?.job.ticket !== ticket.messageId) return dropTicket(ticket, azure, signal);
  enterLine(ownJob(file, ticket, azure), { startsAt: 0 }, azure);
  azure.bell.dispatchEvent(new CustomEvent("at once", { detail: jobId }));
}

import type { Azure } from "../storage/azure.ts";
import { askRules, deny, warningFor } from "./ask-rules.ts";
import type { Denied } from "./ask-rules.ts";
import { checkDecided, decideStyle } from "./decide-style.ts";
import type { Decided } from "./decide-style.ts";
import type { ImageOrder } from "../request/check.ts";
import { declinedReply, pausedReply, sorryReply, waitingReply } from "../replies/compose-reply.ts";
import { createJob, newJob, readJob, referenceOf } from "../jobs/job.ts";
import type { Job } from "../jobs/job.ts";
import { expectSeconds } from "../jobs/durations.ts";
import { aheadOf, enterLine, turnFor } from "../jobs/line.ts";
import { noteNames } from "../jobs/names.ts";
import { ownJob } from "../jobs/own-job.ts";
import { dropTicket, putTicket } from "../jobs/tickets.ts";
import { log } from "../log.ts";
import { giveBack, reserve } from "../purse/ledger.ts";
import { payerOfRequest } from "../purse/payer.ts";
import { priceOfJob } from "../purse/spent.ts";
import type { ChatReply } from "../replies/reply.ts";
import { personOf, wellFormed } from "../request/request.ts";
import type { ImageRequest } from "../request/request.ts";
import { failed } from "../words/sentences.ts";
import { brakeOn, slowStart } from "../purse/brake.ts";
import type { Settings } from "../settings.ts";
import type { Styled } from "../styles/apply-style.ts";

export type Acceptance =
  /** Saved, and this process's own: it waits for `announce`. */
  | {
      outcome: "accepted";
      job: Job;
      reply: ChatReply;
      /** A word for the asker alone, beside what is drawn. */
      beside?: ChatReply;
    }
  /**
   * Not taken: show `reply`, and that is all. "limits" comes again with each copy of the event, for whoever took the first may
   * have died over it. "in doubt": nobody knows whether it was taken, and the answer may still come.
   */
  | { outcome: "declined"; because: "limits" | "storage" | "in doubt"; reply: ChatReply; fit?: Denied["fit"] }
  /** The platform delivered this event before, and its job is saved: nothing is left to do, and nothing to show. */
  | { outcome: "known" };

/** Checks a request against the limits and saves what is right as a job, once for each event. Never throws for a storage fault: the reply says it. */
export async function acceptRequest(
  request: ImageRequest,
  settings: Settings,
  azure: Azure,
  limitMilliseconds = settings.times.ask.acceptLimitMilliseconds,
): Promise<Acceptance> {
  const signal = AbortSignal.timeout(limitMilliseconds);
  let asked: Decided;
  try {
    if (azure.unfit) throw new Error(azure.unfit);
    asked = await decideStyle(wellFormed(request), azure, signal);
  } catch (error) {
    return notTaken(request, error);
  }
  // Not within a `try`: what breaks here is no fault of storage's.
  const checked = checkDecided(asked, settings);
  const saving = { settings, azure, signal };
  try {
    if ("faults" in checked) return await decline(asked.request, (job) => declinedReply(job, checked.faults), saving);
    const until = pausedUntil(asked.request, settings, azure);
    return until === undefined
      ? await save(asked.request, checked, saving)
      : await decline(asked.request, (job) => pausedReply(job, until), saving);
  } catch (error) {
    return notTaken(request, error);
  }
}

function notTaken(request: ImageRequest, error: unknown): Acceptance {
  const reference = referenceOf(request.id);
  log.error({ error, job: request.id, reference }, "storage is out of reach: a request was not taken");
  if (!(error instanceof InDoubt))
    return { outcome: "declined", because: "storage", reply: sorryReply(failed.storage, reference) };
  // The message has to stay for the answer that may still come, so it is no private word.
  const reply = { ...sorryReply(failed.storageInDoubt, reference), forAskerOnly: request.private };
  return { outcome: "declined", because: "in doubt", reply };
}

async function decline(
  request: ImageRequest,
  replyTo: (job: Job) => ChatReply,
  { settings, azure, signal }: Saving,
): Promise<Acceptance> {
  const job = newJob(request, undefined);
  const created = await createJob(job, azure, signal);
  if (!created && (await readJob(job.id, azure, signal))?.job.order) return { outcome: "known" };
  settings.narrate?.({ what: "declined", words: request.prompt });
  return { outcome: "declined", because: "limits", reply: replyTo(job) };
}

type Saving = { settings: Settings; azure: Azure; signal: AbortSignal };

/** The ticket first, hidden, so that a process that dies between the two leaves nothing that nobody looks for. */
async function save(
  request: ImageRequest,
  { order, isCut }: Styled,
  { settings, azure, signal }: Saving,
): Promise<Acceptance> {
  const job = newJob(request, order, turnFor(personOf(request.askedBy), azure));
  if (isCut) job.styleLeftOut = { words: true };
  const admission = await askRules(job, order, { settings, azure, signal });
  if (!admission.admitted) return deny(request, admission.denial, { settings, azure, signal });
  const ticket = await putTicket(job.id, azure, settings.times.jobs.holdSeconds, signal);
  job.ticket = ticket.messageId;
  const created = await createSurely(job, azure, signal);
  if (typeof created === "string") await dropTicket(ticket, azure, doubtLimit(azure)).catch(forgetIt);
  if (created === "existed") return { outcome: "known" };
  if (created === "no") {
    if (admission.holds) void giveBack(job.id, azure).catch(forgetIt);
    throw new Error("the job's record was not written");
  }
  const ahead = aheadOf(job, azure);
  const told = { before: ahead.length, at: Date.now() };
  const own = ownJob({ job, etag: created.etag }, ticket, azure);
  if (!admission.holds) void setAside(job, order, settings, azure);
  const notBefore = slowedUntil(request, settings, azure);
  enterLine(own, { startsAt: Date.now() + settings.times.ask.startsByItselfMilliseconds, notBefore, told }, azure);
  // Here what the platform said of the channel is still known.
  void noteNames(request.askedBy, azure);
  log.info({ job: job.id, reference: referenceOf(job.id), platform: job.address.platform, ...told }, "accepted");
  const seconds = expectSeconds(order, ahead, settings, azure);
  const beginsInSeconds = notBefore && Math.max(1, (notBefore - Date.now()) / 1000);
  const beside = await warningFor(request, admission.warnings, { settings, azure, signal });
  const reply = waitingReply(job, { before: told.before, seconds, beginsInSeconds });
  return { outcome: "accepted", job, reply, beside };
}

/** Of somebody whom the filter has stopped too often. What a round of a brainstorm draws is not theirs alone. */
function pausedUntil(request: ImageRequest, settings: Settings, azure: Azure): number | undefined {
  return request.brainstorm ? undefined : brakeOn(personOf(request.askedBy), settings, azure)?.pausedUntil;
}

function slowedUntil(request: ImageRequest, settings: Settings, azure: Azure): number | undefined {
  return request.brainstorm ? undefined : slowStart(personOf(request.askedBy), settings, azure);
}

/** Nobody waits for it, and what fails here costs nobody anything: what the job comes to is counted in the end. */
async function setAside(job: Job, order: ImageOrder, settings: Settings, azure: Azure): Promise<void> {
  const { id, request, acceptedAt } = job;
  const { dollars } = priceOfJob({ order, request }, settings);
  const pays = { payer: payerOfRequest(request), model: order.model, pictures: order.count, dollars };
  const hold = { ...pays, job: id, at: new Date(acceptedAt) };
  await reserve(hold, { needs: [], judge: () => undefined }, azure).catch(forgetIt);
}

/** Creates the record and, where the answer to that is missing, looks whether it is there. Throws when even that cannot be seen. */
async function createSurely(job: Job, azure: Azure, signal: AbortSignal): Promise<{ etag: string } | "existed" | "no"> {
  try {
    const etag = await createJob(job, azure, signal);
    return etag === undefined ? "existed" : { etag };
  } catch (error) {
    log.warn({ error, job: job.id }, "it is not sure whether a job was written: looking");
    const present = await readJob(job.id, azure, doubtLimit(azure)).catch((cause: unknown) => {
      throw new InDoubt("nobody knows whether the job was written", { cause });
    });
    if (!present) return "no";
    return present.job.mark === job.mark ? { etag: present.etag } : "existed";
  }
}

const doubtLimit = ({ times }: Azure) => AbortSignal.timeout(times.ask.doubtLimitMilliseconds);

/** The request may have been taken, and the answer may still come. */
class InDoubt extends Error {
  override name = "InDoubt";
}

function forgetIt(error: unknown): undefined {
  log.warn({ error }, "a step of accepting failed that is made up for later");
}

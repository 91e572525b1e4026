import { rememberAddress } from "../jobs/answer-address.ts";
import type { Azure } from "../storage/azure.ts";
import { checkRequest } from "../request/check.ts";
import type { Fault, ImageOrder } from "../request/check.ts";
import { declinedReply, sorryReply, waitingReply } from "../replies/compose-reply.ts";
import { createJob, newJob, readJob, referenceOf } from "../jobs/job.ts";
import type { Job } from "../jobs/job.ts";
import { expectSeconds } from "../jobs/durations.ts";
import { hideTicket, dropTicket, lineLength, putInLine } from "../jobs/tickets.ts";
import type { Ticket } from "../jobs/tickets.ts";
import { log } from "../log.ts";
import { markOpen, readLineShared, setStanding, toStandBefore, turnFor } from "../jobs/waiting-line.ts";
import type { OpenJob } from "../jobs/waiting-line.ts";
import { untilStorageAnswers } from "../storage/until-storage-answers.ts";
import type { ChatReply } from "../replies/reply.ts";
import { personOf, wellFormed } from "../request/request.ts";
import type { Address, ImageRequest } from "../request/request.ts";
import { failed } from "../words/sentences.ts";
import type { Settings } from "../settings.ts";

export type Acceptance =
  /** Saved. Show `reply`, then call `startJob`. */
  | { outcome: "accepted"; job: Job; ticket: Ticket; told: NonNullable<OpenJob["told"]>; reply: ChatReply }
  /** Outside the limits, or not taken: show `reply`, and that is all. */
  | { outcome: "declined"; reply: ChatReply }
  /**
   * The platform delivered this event before: nothing is left to do, and nothing to show, but for `declined`, which nobody
   * may have said yet, where whoever took it first has died over it.
   */
  | { outcome: "known"; declined?: ChatReply };

/**
 * A job that is never started by `startJob`, because the process died in between, starts by itself after this time: its
 * ticket is in the line, hidden, before the record is written.
 */
const HIDDEN_SECONDS = 15;

/** A chat turn waits for this, unless the platform leaves less: Teams gives a message 15 s in all, a button 5. */
const PATIENCE_MILLISECONDS = 8000;
const SLOW_MILLISECONDS = 1000;
const DOUBT_MILLISECONDS = 1500;
const START_MILLISECONDS = 5000;
/** Where the waiting message stands is tried to be written down for so long: less than the ticket is hidden. */
const ADDRESS_MILLISECONDS = 8000;
const TRY_MILLISECONDS = 3000;

/** Checks a request against the limits and saves what is right as a job, once for each event. Never throws for a storage fault: the reply says it. */
export async function acceptRequest(
  request: ImageRequest,
  settings: Settings,
  azure: Azure,
  patienceMilliseconds = PATIENCE_MILLISECONDS,
): Promise<Acceptance> {
  const asked = wellFormed(request);
  // Not within the `try`: what breaks here is no fault of storage's.
  const checked = checkRequest(asked, settings);
  const signal = AbortSignal.timeout(patienceMilliseconds);
  try {
    if (azure.unfit) throw new Error(azure.unfit);
    return "faults" in checked
      ? await decline(asked, checked.faults, azure, signal)
      : await save(asked, checked.order, { settings, azure, signal });
  } catch (error) {
    const reference = referenceOf(request.id);
    log.error({ error, job: request.id, reference }, "storage is out of reach: a request was not taken");
    if (!(error instanceof InDoubt)) return { outcome: "declined", reply: sorryReply(failed.storage, reference) };
    // The message has to stay for the answer that may still come, so it is no private word.
    const reply = { ...sorryReply(failed.storageInDoubt, reference), forAskerOnly: request.private };
    return { outcome: "declined", reply };
  }
}

async function decline(request: ImageRequest, faults: Fault[], azure: Azure, signal: AbortSignal): Promise<Acceptance> {
  const job = newJob(request, undefined);
  const reply = declinedReply(job, faults);
  if (await createJob(job, azure, signal)) return { outcome: "declined", reply };
  const before = await readJob(job.id, azure, signal);
  return { outcome: "known", ...(before && !before.job.order && { declined: reply }) };
}

type Saving = { settings: Settings; azure: Azure; signal: AbortSignal };

async function save(
  request: ImageRequest,
  order: ImageOrder,
  { settings, azure, signal }: Saving,
): Promise<Acceptance> {
  // One after the other: the job's own ticket is not before it.
  const line = await lineNow(azure, signal).catch((error: unknown) => forgetIt(error) ?? []);
  const job = newJob(request, order, turnFor(personOf(request.askedBy), line, azure));
  const ticket = await putInLine(job.id, azure, HIDDEN_SECONDS, signal);
  const hiddenAt = Date.now();
  const created = await createSurely(job, azure, signal);
  if (created !== "yes") await dropTicket(ticket, azure, AbortSignal.timeout(DOUBT_MILLISECONDS)).catch(forgetIt);
  if (created === "existed") return { outcome: "known" };
  if (created === "no") throw new Error("the job's record was not written");
  // From here on it is accepted, whatever else goes wrong: the worker makes up for it.
  await markOpen(job, { startsAt: Date.now() + HIDDEN_SECONDS * 1000 }, azure, signal).catch(forgetIt);
  // Others may have come in the same moment, and theirs may be the earlier turn.
  const ahead = toStandBefore(job, await lineNow(azure, signal, 1).catch(() => line));
  const told = { before: ahead.length, at: Date.now() };
  const seconds = await expectSeconds(order, ahead, { settings, azure, abortSignal: signal }).catch(forgetIt);
  // The waiting message has the whole of that time before the job starts by itself, however long accepting took.
  if (Date.now() - hiddenAt > SLOW_MILLISECONDS)
    await hideTicket(ticket, HIDDEN_SECONDS, azure, signal).catch(forgetIt);
  log.info({ job: job.id, reference: referenceOf(job.id), platform: job.address.platform, ...told }, "accepted");
  return { outcome: "accepted", job, ticket, told, reply: waitingReply(job, { before: told.before, seconds }) };
}

/** Whoever is in line. The count of tickets is never below the truth, so that mostly no listing is needed. */
async function lineNow(azure: Azure, signal: AbortSignal, own = 0): Promise<OpenJob[]> {
  return (await lineLength(azure, signal)) > own ? readLineShared(azure) : [];
}

/** Creates the record and, where the answer to that is missing, looks whether it is there. Throws when even that cannot be seen. */
async function createSurely(job: Job, azure: Azure, signal: AbortSignal): Promise<"yes" | "existed" | "no"> {
  try {
    return (await createJob(job, azure, signal)) ? "yes" : "existed";
  } catch (error) {
    log.warn({ error, job: job.id }, "it is not sure whether a job was written: looking");
    const present = await readJob(job.id, azure, AbortSignal.timeout(DOUBT_MILLISECONDS)).catch((cause: unknown) => {
      throw new InDoubt("nobody knows whether the job was written", { cause });
    });
    if (!present) return "no";
    return present.job.mark === job.mark ? "yes" : "existed";
  }
}

/** The request may have been taken, and the answer may still come. */
class InDoubt extends Error {
  override name = "InDoubt";
}

function forgetIt(error: unknown): undefined {
  log.warn({ error }, "a step of accepting failed that is made up for later");
}

/**
 * Lets the workers have an accepted job. Called when the waiting message stands (or could not be sent), so that no answer
 * is overwritten by it. `address` is what the platform has learned meanwhile, such as the id of that message. Never
 * throws: the job starts by itself a little later.
 */
export async function startJob(
  accepted: Pick<Extract<Acceptance, { outcome: "accepted" }>, "job" | "ticket" | "told">,
  azure: Azure,
  address?: Address,
): Promise<void> {
  const { job, ticket, told } = accepted;
  try {
    if (address) await rememberSurely(job.id, address, azure);
    const signal = AbortSignal.timeout(START_MILLISECONDS);
    await setStanding(job, { startsAt: Date.now(), told }, azure, { abortSignal: signal });
    await hideTicket(ticket, 0, azure, signal);
    azure.bell.dispatchEvent(new Event("work"));
  } catch (error) {
    log.warn({ error, job: job.id }, "a job starts late: its ticket could not be called up");
  }
}

/** Unknown, a waiting message would wait for ever beside its answer. */
async function rememberSurely(jobId: string, address: Address, azure: Azure): Promise<void> {
  const signal = AbortSignal.timeout(ADDRESS_MILLISECONDS);
  const remember = () =>
    rememberAddress(jobId, address, azure, AbortSignal.any([signal, AbortSignal.timeout(TRY_MILLISECONDS)]));
  await untilStorageAnswers("where an answer goes", remember, signal);
}

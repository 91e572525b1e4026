import type { Azure } from "./azure.ts";
import { checkRequest } from "./check.ts";
import { declinedReply, sorryReply, waitingReply } from "./compose-reply.ts";
import { createJob, newJob, readJob, referenceOf, replaceJob } from "./job.ts";
import type { Job } from "./job.ts";
import { hideTicket, dropTicket, lineLength, putInLine } from "./line.ts";
import type { Ticket } from "./line.ts";
import { log } from "./log.ts";
import { markOpen } from "./open-jobs.ts";
import type { ChatReply } from "./reply.ts";
import type { Address, ImageRequest } from "./request.ts";
import { failed } from "./sentences.ts";
import type { Settings } from "./settings.ts";

export type Acceptance =
  /** Saved. Show `reply`, then call `startJob`. */
  | { outcome: "accepted"; job: Job; ticket: Ticket; reply: ChatReply }
  /** Outside the limits, or not taken: show `reply`, and that is all. */
  | { outcome: "declined"; reply: ChatReply }
  /** The platform delivered this event before: nothing is left to do, and nothing to show. */
  | { outcome: "known" };

/**
 * A job that is never started by `startJob`, because the process died in between, starts by itself after this time: its
 * ticket is in the line, hidden, before the record is written.
 */
const HIDDEN_SECONDS = 15;

/** A chat turn waits for this, unless the platform leaves less: Teams gives a message 15 s in all, a button 5. */
const PATIENCE_MILLISECONDS = 8000;

/** Checks a request against the limits and saves what is right as a job, once for each event. Never throws for a storage fault: the reply says it. */
export async function acceptRequest(
  request: ImageRequest,
  settings: Settings,
  azure: Azure,
  patienceMilliseconds = PATIENCE_MILLISECONDS,
): Promise<Acceptance> {
  try {
    return await save(request, settings, azure, AbortSignal.timeout(patienceMilliseconds));
  } catch (error) {
    const reference = referenceOf(request.id);
    log.error({ error, job: request.id, reference }, "storage is out of reach: a request was not taken");
    return { outcome: "declined", reply: sorryReply(failed.storage, reference) };
  }
}

async function save(request: ImageRequest, settings: Settings, azure: Azure, signal: AbortSignal): Promise<Acceptance> {
  const checked = checkRequest(request, settings);
  if ("faults" in checked) {
    const job = newJob(request, undefined);
    const first = await createJob(job, azure, signal);
    return first ? { outcome: "declined", reply: declinedReply(job, checked.faults) } : { outcome: "known" };
  }
  const job = newJob(request, checked.order);
  // One after the other: the job's own ticket is not before it.
  const before = await lineLength(azure, signal);
  const ticket = await putInLine(job.id, azure, HIDDEN_SECONDS, signal);
  if (!(await createJob(job, azure, signal))) {
    await dropTicket(ticket, azure);
    return { outcome: "known" };
  }
  await markOpen(job.id, azure, signal);
  log.info({ job: job.id, reference: referenceOf(job.id), platform: job.address.platform, before }, "accepted");
  return { outcome: "accepted", job, ticket, reply: waitingReply(job, before) };
}

/**
 * Lets the workers have an accepted job. Called when the waiting message stands (or could not be sent), so that no answer
 * is overwritten by it. `address` is what the platform has learned meanwhile, such as the id of that message.
 */
export async function startJob(accepted: { job: Job; ticket: Ticket }, azure: Azure, address?: Address): Promise<void> {
  const { job, ticket } = accepted;
  try {
    const file = address && (await readJob(job.id, azure));
    if (file) await replaceJob({ ...file.job, address }, file.etag, azure);
    await hideTicket(ticket, 0, azure);
    azure.bell.dispatchEvent(new Event("work"));
  } catch (error) {
    log.warn({ error, job: job.id }, "a job starts late: its ticket could not be called up");
  }
}

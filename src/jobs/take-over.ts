import type { Azure } from "../storage/azure.ts";
import { storageWasAway } from "../storage/until-storage-answers.ts";
import { isFromBefore, leaveOldLine, newestAddress, oldCancellation } from "./beside-record.ts";
import { isFinished, readJob } from "./job.ts";
import type { Job } from "./job.ts";
import { enterLine, findInLine } from "./line.ts";
import { ownJob } from "./own-job.ts";
import type { Mutate } from "./own-record.ts";
import { dropTicket, hideTicket } from "./tickets.ts";
import type { Ticket } from "./tickets.ts";

/** A ticket without a record is given up the second time it comes: its record may have been on its way the first time. */
const MOST_WITHOUT_RECORD = 2;

/**
 * Puts the job of a ticket into this process's line: its owner has died, or handed it back. A ticket that is not the one
 * its record names stands for nothing and is dropped. Throws `UnreadableJob`, and while storage is out of reach.
 */
export async function takeOver(ticket: Ticket, azure: Azure): Promise<void> {
  const { holdSeconds, lookAgainSeconds, returnMilliseconds } = azure.times.jobs;
  const present = await readJob(ticket.jobId, azure);
  if (!present && ticket.deliveries < MOST_WITHOUT_RECORD) return void (await hideTicket(ticket, holdSeconds, azure));
  if (!present || isFinished(present.job)) return dropTicket(ticket, azure);
  if (present.job.ticket !== ticket.messageId) {
    // Then it is one of before December 2026, from when a job stood in a line of its own, or it is worth nothing.
    const standing = await leaveOldLine(ticket.jobId, azure);
    if (standing === "held") return void (await hideTicket(ticket, lookAgainSeconds, azure));
    if (standing === "absent" && !isFromBefore(present.job)) return dropTicket(ticket, azure);
  }
  // After an outage its owner may have been cut off, with a picture in hand.
  const mayBeInHand = present.job.pictures.some(({ state }) => state === "drawing");
  if (mayBeInHand && storageWasAway(returnMilliseconds))
    return void (await hideTicket(ticket, lookAgainSeconds, azure));
  const noted = isFromBefore(present.job) ? [await whatStandsBeside(present.job, azure)] : [];
  const own = findInLine(ticket.jobId, azure)?.own;
  if (own) return own.takeAgain(ticket) ? undefined : dropTicket(ticket, azure);
  enterLine(ownJob(present, ticket, azure, { takenOver: true, noted }), { startsAt: 0 }, azure);
}

async function whatStandsBeside(job: Job, azure: Azure): Promise<Mutate> {
  const [address, cancel] = await Promise.all([newestAddress(job, azure), oldCancellation(job.id, azure)]);
  return (present) => {
    present.address = address;
    if (cancel) present.wishes = { cancel, ...present.wishes };
  };
}

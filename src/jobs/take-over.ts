import type { Azure } from "../storage/azure.ts";
import { storageWasAway } from "../storage/until-storage-answers.ts";
import { isFinished, readJob } from "./job.ts";
import { enterLine, findInLine } from "./line.ts";
import { HOLD_SECONDS, ownJob } from "./own-job.ts";
import { dropTicket, hideTicket } from "./tickets.ts";
import type { Ticket } from "./tickets.ts";

/** A ticket without a record is given up the second time it comes: its record may have been on its way the first time. */
const MOST_WITHOUT_RECORD = 2;

/** After an outage whoever could not renew a hold has renewed it within this. */
const RETURN_MILLISECONDS = 30_000;
const LOOK_AGAIN_SECONDS = 3;

/**
 * Puts the job of a ticket into this process's line: its owner has died, or handed it back. A ticket that is not the one
 * its record names stands for nothing and is dropped. Throws `UnreadableJob`, and while storage is out of reach.
 */
export async function takeOver(ticket: Ticket, azure: Azure): Promise<void> {
  const present = await readJob(ticket.jobId, azure);
  if (!present && ticket.deliveries < MOST_WITHOUT_RECORD) return void (await hideTicket(ticket, HOLD_SECONDS, azure));
  // Records of before December 2026 name no ticket: theirs is whichever comes.
  const isItsOwn = present?.job.ticket === undefined || present.job.ticket === ticket.messageId;
  if (!present || isFinished(present.job) || !isItsOwn) return dropTicket(ticket, azure);
  const own = findInLine(ticket.jobId, azure)?.own;
  if (own) return own.takeAgain(ticket);
  // After an outage its owner may have been cut off, with a picture in hand.
  const mayBeInHand = present.job.pictures.some(({ state }) => state === "drawing");
  if (mayBeInHand && storageWasAway(RETURN_MILLISECONDS))
    return void (await hideTicket(ticket, LOOK_AGAIN_SECONDS, azure));
  enterLine(ownJob(present, ticket, azure, { takenOver: true }), { startsAt: 0 }, azure);
}

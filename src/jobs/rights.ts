import type { Asker } from "../request/request.ts";
import type { Job } from "./job.ts";

/** Where a picture stands, everybody may go on from it; elsewhere, and with a private one, its asker alone. */
export function maySee({ request }: Job, by: Asker): boolean {
  const { platform, user, workspace, channel } = request.askedBy;
  if (platform !== by.platform) return false;
  if (user === by.user) return true;
  // A card that a person has sent somewhere stands in no channel that we know of.
  const isHere = channel === by.channel || request.address.inserted === true;
  return !request.private && workspace === by.workspace && isHere;
}

/** What comes of a picture from another chat is for the presser alone: nobody here has seen it. */
export function staysPrivate({ request }: Job, by: Asker): boolean {
  const isHere = request.askedBy.channel === by.channel || request.address.inserted === true;
  return request.private || !isHere;
}

/** Who may cancel a job and delete its pictures. */
export function mayWithdraw(job: Job, by: Asker, isModerator: boolean): boolean {
  return isAsker(job, by) || (isModerator && isSamePlace(job, by));
}

export function isAsker({ request }: Job, by: Asker): boolean {
  return request.askedBy.platform === by.platform && request.askedBy.user === by.user;
}

/** What one person has alone is nobody else's to know of, a moderator's neither: an id of it is like one that never was. */
export function isHidden(job: Job, by: Asker): boolean {
  return job.request.private && !isAsker(job, by);
}

/** A moderator is one in the place where they press. */
function isSamePlace({ request: { askedBy } }: Job, by: Asker): boolean {
  return askedBy.platform === by.platform && askedBy.workspace === by.workspace && askedBy.channel === by.channel;
}

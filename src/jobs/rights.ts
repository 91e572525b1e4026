import type { Asker } from "../request/request.ts";
import type { Job } from "./job.ts";

/** Where a picture stands, everybody may go on from it; elsewhere, and with a private one, its asker alone. */
export function maySee({ request }: Job, by: Asker): boolean {
  const { platform, user } = request.askedBy;
  if (platform !== by.platform) return false;
  if (user === by.user) return true;
  return !request.private && isOnPlaceOf({ request }, by);
}

/** A card that a person has sent somewhere stands in no channel that we know of: it is where it is pressed. */
export function isOnPlaceOf({ request: { askedBy, address } }: Pick<Job, "request">, by: Asker): boolean {
  const { platform, workspace, channel } = askedBy;
  const isHere = channel === by.channel || address.inserted === true;
  return platform === by.platform && workspace === by.workspace && isHere;
}

/** What comes of a picture from another chat is for the presser alone: nobody here has seen it. */
export function staysPrivate({ request }: Job, by: Asker): boolean {
  const isHere = request.askedBy.channel === by.channel || request.address.inserted === true;
  return request.private || !isHere;
}

/** A card that its asker has sent into some chat: whoever is in that workspace may look at what has come of it. */
export function mayLook({ request: { askedBy }, address }: Job, by: Asker): boolean {
  return askedBy.platform === by.platform && askedBy.workspace === by.workspace && address.inserted === true;
}

/** Who may cancel a job and delete its pictures. */
export function mayWithdraw(job: Job, by: Asker, isModerator: boolean): boolean {
  return isAsker(job.request, by) || (isModerator && isSamePlace(job, by));
}

/** Whose a request is, a form for one, or an edit that was begun: nobody else may send it, nor see its words to change them. */
export function isAsker({ askedBy }: { askedBy: Pick<Asker, "platform" | "user"> }, by: Asker): boolean {
  return askedBy.platform === by.platform && askedBy.user === by.user;
}

/** What one person has alone is nobody else's to know of, a moderator's neither: an id of it is like one that never was. */
export function isHidden(job: Job, by: Asker): boolean {
  return job.request.private && !isAsker(job.request, by);
}

/** A moderator is one in the place where they press. */
function isSamePlace({ request: { askedBy } }: Job, by: Asker): boolean {
  return askedBy.platform === by.platform && askedBy.workspace === by.workspace && askedBy.channel === by.channel;
}

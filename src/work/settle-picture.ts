import type { FailureReason } from "../images-api/failure.ts";
import type { JobPicture } from "../jobs/job.ts";
import type { OwnJob } from "../jobs/own-job.ts";
import type { Azure } from "../storage/azure.ts";
import { sayClosed } from "./closed-door.ts";
import type { Closed } from "./closed-door.ts";

/** Others may have ended it meanwhile: then it is not begun. */
export function begin(id: string, own: OwnJob, unless: AbortSignal): Promise<void> {
  return own.change((job) => {
    const picture = ofJob(id, job.pictures);
    if (picture.state === "waiting") picture.state = "drawing";
  }, unless);
}

export function settle(id: string, own: OwnJob, change: Partial<JobPicture>): Promise<void> {
  return own.change((job) => void Object.assign(ofJob(id, job.pictures), change));
}

export function pictureOf(id: string, own: OwnJob): JobPicture {
  return ofJob(id, own.job.pictures);
}

export function ofJob(id: string, pictures: JobPicture[]): JobPicture {
  const picture = pictures.find((candidate) => candidate.id === id);
  if (!picture) throw new Error("a picture has left its job");
  return picture;
}

export async function countLostCall(id: string, own: OwnJob): Promise<void> {
  const lostCalls = pictureOf(id, own).lostCalls + 1;
  if (lostCalls > 1) return giveUp(id, own, "answer lost", lostCalls);
  await settle(id, own, { state: "waiting", lostCalls });
}

export function giveUp(
  id: string,
  own: OwnJob,
  failure: FailureReason,
  lostCalls = pictureOf(id, own).lostCalls,
): Promise<void> {
  return settle(id, own, { state: "failed", failure, lostCalls });
}

export function giveUpClosed(id: string, own: OwnJob, closed: Closed, azure: Azure): Promise<void> {
  return settle(id, own, { state: "failed", failure: closed.reason, openAgainAt: sayClosed(own.job, closed, azure) });
}

/** The service answers again, whatever it says. */
export async function noteAnswer(own: OwnJob): Promise<void> {
  if (own.job.waitingSince) await own.change((job) => void delete job.waitingSince);
}

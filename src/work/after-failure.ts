import { setTimeout as pause } from "node:timers/promises";
import type { DrawingFailed, FailureReason } from "../images-api/failure.ts";
import { raiseAlert } from "../alerts/raise-alert.ts";
import { referenceOf } from "../jobs/job.ts";
import { closeDoor, holdBack, RESOURCE } from "../images-api/pace.ts";
import type { OwnJob } from "../jobs/own-job.ts";
import { stillTryingReply } from "../replies/compose-reply.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { alarm } from "./alarms.ts";
import { countLostCall, giveUp, giveUpClosed, noteAnswer, ofJob, pictureOf, settle } from "./settle-picture.ts";
import type { Progress } from "./show-progress.ts";

type Room = { settings: Settings; azure: Azure; progress: Progress } & Ends;

/** What no rest goes beyond: the end of the process, and a cancellation. */
type Ends = { stopping: AbortSignal; cancelled: AbortSignal };

/** The service is asked again so often after a fault of its own, with growing pauses between. */
const MOST_FAULTY_CALLS = 3;
const MOST_RATE_LIMITS = 6;

/** What follows a call without a picture, as a table over the reasons: another try, or the end. */
export async function afterFailure(id: string, own: OwnJob, failure: DrawingFailed, room: Room): Promise<void> {
  const next: Record<FailureReason, () => Promise<void>> = {
    busy: () => waitForPace(id, own, failure.waitSeconds, room),
    "service trouble": () => tryAgainAfterFault(id, own, failure, room),
    "out of reach": () => waitForService(id, own, room),
    "answer lost": () => countLostCall(id, own),
    suspended: async () => {
      const because = "the provider has suspended the resource";
      const until = await closeDoor(RESOURCE, { because }, room.azure, own.lost);
      await giveUpClosed(id, own, { reason: "suspended", until, because }, room.azure);
    },
    quota: () => giveUp(id, own, "quota"),
    misconfigured: () => giveUp(id, own, "misconfigured"),
    "not allowed": () => giveUp(id, own, "not allowed"),
    guardrail: () => giveUp(id, own, "guardrail"),
    "bad request": () => settle(id, own, { state: "failed", failure: "bad request", refusedOption: failure.option }),
    "empty answer": () => giveUp(id, own, "empty answer"),
    "not downloaded": () => giveUp(id, own, "not downloaded"),
    broken: () => giveUp(id, own, "broken"),
  };
  if (failure.reason !== "out of reach") await noteAnswer(own);
  if (failure.isPaid && REPEATED.includes(failure.reason)) {
    // A part of the picture had come: the repeat is the one that is allowed for a call that was paid.
    const lostCalls = pictureOf(id, own).lostCalls + 1;
    if (lostCalls > 1) return giveUp(id, own, failure.reason, lostCalls);
    await settle(id, own, { lostCalls });
  }
  alarm(failure, own.job, room.azure);
  await next[failure.reason]();
}

const REPEATED: FailureReason[] = ["busy", "service trouble", "out of reach"];

async function waitForPace(id: string, own: OwnJob, asked: number | undefined, room: Room): Promise<void> {
  const { times } = room.settings;
  const rateLimits = pictureOf(id, own).rateLimits + 1;
  const seconds = asked ?? times.work.windowSeconds * 2 ** (rateLimits - 1);
  const deployment = own.job.order?.deployment ?? room.settings.models[0].deployment;
  if (seconds > times.images.longestWaitSeconds) {
    const because = `a rate limit asked to wait for ${Math.round(seconds)} seconds`;
    const until = await closeDoor(deployment, { seconds, because }, room.azure, own.lost);
    raiseAlert(
      { kind: "closed", deployment, seconds: (until - Date.now()) / 1000, reference: referenceOf(own.job.id) },
      room.azure,
    );
    return giveUpClosed(id, own, { reason: "busy", until, because }, room.azure);
  }
  await holdBack(deployment, seconds, room.azure, own.lost);
  if (rateLimits >= MOST_RATE_LIMITS) await giveUp(id, own, "busy");
  else await settle(id, own, { state: "waiting", rateLimits });
}

async function tryAgainAfterFault(id: string, own: OwnJob, { option }: DrawingFailed, room: Room): Promise<void> {
  const faultyCalls = pictureOf(id, own).faultyCalls + 1;
  // A bare status is trouble, until it has been the same each time.
  if (faultyCalls >= MOST_FAULTY_CALLS)
    return settle(id, own, {
      state: "failed",
      failure: option ? "bad request" : "service trouble",
      refusedOption: option,
    });
  await settle(id, own, { state: "waiting", faultyCalls });
  await rest(room.settings.times.work.faultPauseSeconds * 3 ** (faultyCalls - 1), room);
}

async function waitForService(id: string, own: OwnJob, room: Room): Promise<void> {
  const { outOfReachMilliseconds, reachPauseSeconds, longestReachPauseSeconds } = room.settings.times.work;
  // Another replica's clock may be ahead.
  const since = Math.min(Date.now(), Date.parse(own.job.waitingSince ?? new Date().toISOString()));
  if (Date.now() - since > outOfReachMilliseconds) return giveUp(id, own, "out of reach");
  const news = !own.job.waitingSince;
  await own.change((job) => {
    job.waitingSince = new Date(since).toISOString();
    Object.assign(ofJob(id, job.pictures), { state: "waiting" });
  });
  if (news) room.progress.say(stillTryingReply(own.job));
  await rest(Math.min(longestReachPauseSeconds, reachPauseSeconds + (Date.now() - since) / 2000), room);
}

export async function rest(seconds: number, { stopping, cancelled }: Ends): Promise<void> {
  const signal = AbortSignal.any([stopping, cancelled]);
  await pause(seconds * 1000, undefined, { signal }).catch(() => undefined);
}

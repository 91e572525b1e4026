import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Ask } from "../images-api/call-images-api.ts";
import { endProbe, sayClosed } from "./closed-door.ts";
import type { Closed } from "./closed-door.ts";
import { stillTryingReply } from "../replies/compose-reply.ts";
import type { Fetchers } from "../replies/delivery.ts";
import { drawImage } from "../images-api/draw-picture.ts";
import { DrawingFailed } from "../images-api/failure.ts";
import type { FailureReason } from "../images-api/failure.ts";
import type { Drawing, Refusal } from "../images-api/draw-picture.ts";
import { learnDuration } from "../jobs/durations.ts";
import type { Gate } from "../gate.ts";
import { cancellationIn } from "../jobs/own-job.ts";
import type { OwnJob } from "../jobs/own-job.ts";
import { referenceOf } from "../jobs/job.ts";
import type { JobPicture } from "../jobs/job.ts";
import { findKeptPicture } from "./keep-picture.ts";
import { keepInHand } from "./keep-in-hand.ts";
import { closeDoor, holdBack, RESOURCE, takeSlot } from "../images-api/pace.ts";
import type { Slot } from "../images-api/pace.ts";
import { untilStorageAnswers } from "../storage/until-storage-answers.ts";
import type { Progress } from "./show-progress.ts";
import type { Settings } from "../settings.ts";
import type { Post } from "./tell-answer.ts";

/** What every step of drawing needs to know of the world around it. */
export type Studio = Post & {
  settings: Settings;
  fetchers: Fetchers;
  gate: Gate;
  /** Aborted when the process is to end: what is under way is finished, and nothing further begun. */
  stopping: AbortSignal;
};

/** And what belongs to one job alone. */
export type JobStudio = Studio & {
  /** Aborted when the job is cancelled, see `cancellationIn`. */
  cancelled: AbortSignal;
  progress: Progress;
  /** For an edit. */
  inputs: Ask["inputs"];
};

/** The service is asked again so often after a fault of its own, with growing pauses between. */
const MOST_FAULTY_CALLS = 3;
const MOST_RATE_LIMITS = 6;

/**
 * Draws what is not drawn yet, each picture on its own: some of four is better than none of four. Comes back when all
 * are settled, when the process is to end, or when the next turn is far off: then with the seconds until it.
 */
export async function drawPictures(own: OwnJob, studio: JobStudio): Promise<number> {
  const [first, ...others] = own.job.pictures.map(({ id }) => id);
  if (!first) return 0;
  const ahead = drawPicture(first, own, studio);
  const headStart = rest(studio.settings.times.work.headStartMilliseconds / 1000, studio);
  const afterwards = others.map(async (id) => {
    await Promise.race([ahead, headStart]);
    return drawPicture(id, own, studio);
  });
  // All are waited for, also when one throws, so that no work goes on unseen.
  await Promise.allSettled([ahead, ...afterwards]);
  return Math.max(...(await Promise.all([ahead, ...afterwards])));
}

async function drawPicture(id: string, own: OwnJob, studio: JobStudio): Promise<number> {
  if (pictureOf(id, own).state === "drawing") await takeUpAfterCrash(id, own, studio);
  while (pictureOf(id, own).state === "waiting" && !studio.stopping.aborted) {
    if (studio.cancelled.aborted) return settleCancelled(id, own, studio);
    const refusal = refusalOfTheWords(own.job.pictures);
    const secondsToWait = refusal
      ? await settle(id, own, { state: "refused", refusal }).then(() => 0)
      : await studio.gate(() => tryOnce(id, own, studio), studio.cancelled);
    if (secondsToWait) return secondsToWait;
  }
  return 0;
}

/** Found in the middle of a call that nobody waits for any more: the picture is either in storage, or its answer was lost. */
async function takeUpAfterCrash(id: string, own: OwnJob, { azure }: Studio): Promise<void> {
  const kept = await untilStorageAnswers(
    "a kept picture",
    () => findKeptPicture(pictureOf(id, own), azure),
    azure,
    own.lost,
  );
  if (kept) await settle(id, own, { state: "kept", kept });
  else await countLostCall(id, own);
}

/** An earlier call of it may have been billed as well as the one that was broken off. */
async function settleCancelled(id: string, own: OwnJob, { cancelled }: JobStudio, inCall = false): Promise<number> {
  const callCancelled = inCall || pictureOf(id, own).lostCalls > 0;
  await own.change((job) => {
    job.cancelledBy = cancellationIn(cancelled);
    Object.assign(ofJob(id, job.pictures), { state: "cancelled", callCancelled });
  });
  return 0;
}

/** One turn, one call, one answer. Afterwards the picture is settled or waits for the next try; or its turn is so many seconds off. */
async function tryOnce(id: string, own: OwnJob, studio: JobStudio): Promise<number> {
  const { settings, azure, stopping, cancelled, progress, inputs } = studio;
  const { order } = own.job;
  if (!order || cancelled.aborted) return 0;
  const slot = await unlessStopping(studio, async () => {
    const enough = AbortSignal.any([stopping, own.lost, cancelled]);
    const free = await takeSlot(order.deployment, settings.requestsPerMinute, azure, enough);
    if (free.granted && !cancelled.aborted && !refusalOfTheWords(own.job.pictures)) await begin(id, own, stopping);
    return free;
  });
  if (!slot || pictureOf(id, own).state !== "drawing") return giveUpWithoutTurn(id, own, slot);
  if (cancelled.aborted) return settleCancelled(id, own, studio);
  progress.begin();
  const onPartial = (bytes: Buffer) => progress.partial(id, bytes);
  const beganAt = Date.now();
  try {
    const ask = { order, askerHash: askerHash(own), inputs, onPartial, signal: cancelled };
    const result = await drawImage(ask, referenceOf(own.job.id), settings, azure);
    if (result.outcome === "drawn") learnDuration(order, (Date.now() - beganAt) / 1000, azure);
    await keepResult(id, own, result, studio);
    await endProbe(slot, azure, own.lost);
  } catch (error) {
    if (!(error instanceof DrawingFailed)) throw error;
    await endProbe(slot, azure, own.lost, error);
    if (cancelled.aborted) return settleCancelled(id, own, studio, true);
    await afterFailure(id, own, error, studio);
  }
  return 0;
}

/** Nothing is paid yet: when the process is to end or the job is cancelled, it need not wait for storage. */
async function unlessStopping<Result>(
  { stopping, cancelled }: JobStudio,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (stopping.aborted || cancelled.aborted) return undefined;
    throw error;
  }
}

async function giveUpWithoutTurn(id: string, own: OwnJob, slot: Slot | undefined): Promise<number> {
  if (!slot || slot.granted) return 0;
  if (slot.reason === "later") return slot.seconds;
  await giveUpClosed(id, own, slot.reason, slot);
  return 0;
}

async function keepResult(id: string, own: OwnJob, result: Drawing | Refusal, studio: Studio): Promise<void> {
  if (result.outcome === "refused") {
    await noteAnswer(own);
    return settle(id, own, { state: "refused", refusal: { because: result.because, stage: result.stage } });
  }
  const kept = await keepInHand(id, result, own, studio);
  // Written down with what comes next: whatever a crash leaves, the next process finds the picture where the record says.
  own.note((job) => {
    delete job.waitingSince;
    Object.assign(ofJob(id, job.pictures), { state: "kept", kept });
  });
}

/** What follows a call without a picture, as a table over the reasons: another try, or the end. */
async function afterFailure(id: string, own: OwnJob, failure: DrawingFailed, studio: JobStudio): Promise<void> {
  const next: Record<FailureReason, () => Promise<void>> = {
    busy: () => waitForPace(id, own, failure.waitSeconds, studio),
    "service trouble": () => tryAgainAfterFault(id, own, failure, studio),
    "out of reach": () => waitForService(id, own, studio),
    "answer lost": () => countLostCall(id, own),
    suspended: async () => {
      const because = "the provider has suspended the resource";
      const until = await closeDoor(RESOURCE, { because }, studio.azure, own.lost);
      await giveUpClosed(id, own, "suspended", { until, because });
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
  await next[failure.reason]();
}

const REPEATED: FailureReason[] = ["busy", "service trouble", "out of reach"];

/** The service answers again, whatever it says. */
async function noteAnswer(own: OwnJob): Promise<void> {
  if (own.job.waitingSince) await own.change((job) => void delete job.waitingSince);
}

async function waitForPace(id: string, own: OwnJob, asked: number | undefined, studio: Studio): Promise<void> {
  const { times } = studio.settings;
  const rateLimits = pictureOf(id, own).rateLimits + 1;
  const seconds = asked ?? times.work.windowSeconds * 2 ** (rateLimits - 1);
  const deployment = own.job.order?.deployment ?? studio.settings.models[0].deployment;
  if (seconds > times.images.longestWaitSeconds) {
    const because = `a rate limit asked to wait for ${Math.round(seconds)} seconds`;
    const until = await closeDoor(deployment, { seconds, because }, studio.azure, own.lost);
    return giveUpClosed(id, own, "busy", { until, because });
  }
  await holdBack(deployment, seconds, studio.azure, own.lost);
  if (rateLimits >= MOST_RATE_LIMITS) await giveUp(id, own, "busy");
  else await settle(id, own, { state: "waiting", rateLimits });
}

async function tryAgainAfterFault(
  id: string,
  own: OwnJob,
  { option }: DrawingFailed,
  studio: JobStudio,
): Promise<void> {
  const faultyCalls = pictureOf(id, own).faultyCalls + 1;
  // A bare status is trouble, until it has been the same each time.
  if (faultyCalls >= MOST_FAULTY_CALLS)
    return settle(id, own, {
      state: "failed",
      failure: option ? "bad request" : "service trouble",
      refusedOption: option,
    });
  await settle(id, own, { state: "waiting", faultyCalls });
  await rest(studio.settings.times.work.faultPauseSeconds * 3 ** (faultyCalls - 1), studio);
}

async function waitForService(id: string, own: OwnJob, studio: JobStudio): Promise<void> {
  const { outOfReachMilliseconds, reachPauseSeconds, longestReachPauseSeconds } = studio.settings.times.work;
  // Another replica's clock may be ahead.
  const since = Math.min(Date.now(), Date.parse(own.job.waitingSince ?? new Date().toISOString()));
  if (Date.now() - since > outOfReachMilliseconds) return giveUp(id, own, "out of reach");
  const news = !own.job.waitingSince;
  await own.change((job) => {
    job.waitingSince = new Date(since).toISOString();
    Object.assign(ofJob(id, job.pictures), { state: "waiting" });
  });
  if (news) studio.progress.say(stillTryingReply(own.job));
  await rest(Math.min(longestReachPauseSeconds, reachPauseSeconds + (Date.now() - since) / 2000), studio);
}

async function countLostCall(id: string, own: OwnJob): Promise<void> {
  const lostCalls = pictureOf(id, own).lostCalls + 1;
  if (lostCalls > 1) return giveUp(id, own, "answer lost", lostCalls);
  await settle(id, own, { state: "waiting", lostCalls });
}

function giveUp(
  id: string,
  own: OwnJob,
  failure: FailureReason,
  lostCalls = pictureOf(id, own).lostCalls,
): Promise<void> {
  return settle(id, own, { state: "failed", failure, lostCalls });
}

function giveUpClosed(id: string, own: OwnJob, reason: "busy" | "suspended", closed: Closed): Promise<void> {
  return settle(id, own, { state: "failed", failure: reason, openAgainAt: sayClosed(own.job, reason, closed) });
}

/** A refusal that holds for every picture of these words: the prompt itself was stopped, or two in a row and none came. */
function refusalOfTheWords(pictures: JobPicture[]): JobPicture["refusal"] {
  const refused = pictures.flatMap(({ refusal }) => (refusal ? [refusal] : []));
  const ofPrompt = refused.find(({ stage }) => stage === "prompt");
  const untold = refused.filter(({ stage }) => stage === undefined);
  const someCame = pictures.some(({ state }) => state === "kept");
  return ofPrompt ?? (untold.length > 1 && !someCame ? untold[0] : undefined);
}

/** Others may have ended it meanwhile: then it is not begun. */
function begin(id: string, own: OwnJob, unless: AbortSignal): Promise<void> {
  return own.change((job) => {
    const picture = ofJob(id, job.pictures);
    if (picture.state === "waiting") picture.state = "drawing";
  }, unless);
}

function settle(id: string, own: OwnJob, change: Partial<JobPicture>, unless?: AbortSignal): Promise<void> {
  return own.change((job) => {
    Object.assign(ofJob(id, job.pictures), change);
  }, unless);
}

function pictureOf(id: string, own: OwnJob): JobPicture {
  return ofJob(id, own.job.pictures);
}

function ofJob(id: string, pictures: JobPicture[]): JobPicture {
  const picture = pictures.find((candidate) => candidate.id === id);
  if (!picture) throw new Error("a picture has left its job");
  return picture;
}

async function rest(seconds: number, { stopping, cancelled }: JobStudio): Promise<void> {
  const signal = AbortSignal.any([stopping, cancelled]);
  await pause(seconds * 1000, undefined, { signal }).catch(() => undefined);
}

/** Providers ask for a stable mark of the person behind a call, to tell one misuser from a whole workspace. */
function askerHash({ job }: OwnJob): string {
  const { platform, workspace = "", user } = job.request.askedBy;
  return createHash("sha256").update(`${platform}/${workspace}/${user}`).digest("hex").slice(0, 32);
}

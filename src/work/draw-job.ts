import { createHash } from "node:crypto";
import type { Ask } from "../images-api/call-images-api.ts";
import { paceNow } from "../purse/brake.ts";
import type { Azure } from "../storage/azure.ts";
import { noteDrawn } from "./alarms.ts";
import { afterFailure, rest } from "./after-failure.ts";
import { endProbe } from "./closed-door.ts";
import type { Fetchers } from "../replies/delivery.ts";
import { drawImage } from "../images-api/draw-picture.ts";
import { DrawingFailed } from "../images-api/failure.ts";
import type { Drawing, Refusal } from "../images-api/draw-picture.ts";
import { learnDuration } from "../jobs/durations.ts";
import type { Gate } from "../gate.ts";
import { cancellationIn } from "../jobs/own-job.ts";
import type { OwnJob } from "../jobs/own-job.ts";
import { referenceOf } from "../jobs/job.ts";
import type { Job, JobPicture } from "../jobs/job.ts";
import { findKeptPicture } from "./keep-picture.ts";
import { keepInHand } from "./keep-in-hand.ts";
import { takeSlot } from "../images-api/pace.ts";
import type { Slot } from "../images-api/pace.ts";
import { untilStorageAnswers } from "../storage/until-storage-answers.ts";
import { begin, countLostCall, giveUpClosed, noteAnswer, ofJob, pictureOf, settle } from "./settle-picture.ts";
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

type Order = NonNullable<Job["order"]>;

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
  const { azure, cancelled, progress } = studio;
  const { order } = own.job;
  if (!order || cancelled.aborted) return 0;
  const slot = await takeTurn(id, own, order, studio);
  if (!slot || pictureOf(id, own).state !== "drawing") return giveUpWithoutTurn(id, own, slot, azure);
  if (cancelled.aborted) return settleCancelled(id, own, studio);
  progress.begin();
  const failure = await drawOnce(id, own, order, studio);
  await endProbe(slot, azure, own.lost, failure);
  if (failure && cancelled.aborted) return settleCancelled(id, own, studio, true);
  if (failure) await afterFailure(id, own, failure, studio);
  return 0;
}

/** The picture is `drawing` from then on, unless the turn is not granted or no picture is wanted any more. */
async function takeTurn(id: string, own: OwnJob, { deployment }: Order, studio: JobStudio): Promise<Slot | undefined> {
  const { settings, azure, stopping, cancelled } = studio;
  return unlessStopping(studio, async () => {
    const enough = AbortSignal.any([stopping, own.lost, cancelled]);
    const slot = await takeSlot(deployment, paceNow(settings, azure), azure, enough);
    if (slot.granted && !cancelled.aborted && !refusalOfTheWords(own.job.pictures)) await begin(id, own, stopping);
    return slot;
  });
}

/** The paid call. What comes is kept and settled; what fails comes back. */
async function drawOnce(id: string, own: OwnJob, order: Order, studio: JobStudio): Promise<DrawingFailed | undefined> {
  const { settings, azure, cancelled, progress, inputs } = studio;
  // The board of a brainstorm shows drafts, which come soon, and nothing in the making.
  const onPartial = own.job.request.brainstorm ? undefined : (bytes: Buffer) => progress.partial(id, bytes);
  const beganAt = Date.now();
  try {
    const ask = { order, askerHash: askerHash(own), inputs, onPartial, signal: cancelled };
    const result = await drawImage(ask, referenceOf(own.job.id), settings, azure);
    if (result.outcome === "drawn") learnDuration(order, (Date.now() - beganAt) / 1000, azure);
    noteDrawn(order.deployment, azure);
    await keepResult(id, own, result, studio);
    return undefined;
  } catch (error) {
    if (error instanceof DrawingFailed) return error;
    throw error;
  }
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

async function giveUpWithoutTurn(id: string, own: OwnJob, slot: Slot | undefined, azure: Azure): Promise<number> {
  if (!slot || slot.granted) return 0;
  if (slot.reason === "later") return slot.seconds;
  await giveUpClosed(id, own, { ...slot, reason: slot.reason }, azure);
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

/** A refusal that holds for every picture of these words: the prompt itself was stopped, or two in a row and none came. */
function refusalOfTheWords(pictures: JobPicture[]): JobPicture["refusal"] {
  const refused = pictures.flatMap(({ refusal }) => (refusal ? [refusal] : []));
  const ofPrompt = refused.find(({ stage }) => stage === "prompt");
  const untold = refused.filter(({ stage }) => stage === undefined);
  const someCame = pictures.some(({ state }) => state === "kept");
  return ofPrompt ?? (untold.length > 1 && !someCame ? untold[0] : undefined);
}

/** Providers ask for a stable mark of the person behind a call, to tell one misuser from a whole workspace. */
function askerHash({ job }: OwnJob): string {
  const { platform, workspace = "", user } = job.request.askedBy;
  return createHash("sha256").update(`${platform}/${workspace}/${user}`).digest("hex").slice(0, 32);
}

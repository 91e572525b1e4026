import { raiseAlert } from "../alerts/raise-alert.ts";
import type { Azure } from "../storage/azure.ts";
import { finalReply, storageAwayReply } from "../replies/compose-reply.ts";
import { drawPictures } from "./draw-job.ts";
import type { Studio } from "./draw-job.ts";
import type { OwnJob } from "../jobs/own-job.ts";
import { isFinished, isSettled, readJob, referenceOf } from "../jobs/job.ts";
import type { KeptPicture } from "../jobs/job.ts";
import { findKeptPicture } from "./keep-picture.ts";
import { log } from "../log.ts";
import { untilStorageAnswers, withPatience } from "../storage/until-storage-answers.ts";
import { narrateAnswer } from "./narrate-job.ts";
import type { Place, Room } from "./places.ts";
import { prepareInputs } from "./prepare-inputs.ts";
import { withReferences } from "./prepare-references.ts";
import { noteBlock } from "./note-block.ts";
import { openProgress } from "./show-progress.ts";
import type { Progress } from "./show-progress.ts";
import { sayPutOff, sendAnywhere, tell } from "./tell-answer.ts";
import { takeOutDeleted } from "./take-out-deleted.ts";

/** Where work on jobs happens. */
export type Workshop = Studio & {
  /** Aborted when the process ends and nothing can be waited for any more. */
  leaving: AbortSignal;
  fetching: Room;
  delivering: Room;
  /** Called when a job has waited for storage for long. */
  hearOutage(error: unknown): void;
};

/** Draws and tells, whatever of it is left to do. Returns the seconds until the job is to be taken up again, if it is not finished. */
export async function workOnJob(own: OwnJob, shop: Workshop, place: Place): Promise<number> {
  const progress = openProgress(own, shop);
  let saidAt = -Infinity;
  const hear = (error: unknown) => {
    shop.hearOutage(error);
    if (performance.now() - saidAt < shop.settings.times.work.awayMilliseconds) return;
    saidAt = performance.now();
    progress.say(storageAwayReply(own.job));
  };
  return withPatience({ hear, leaving: shop.leaving }, async () => {
    let again = 0;
    const isDrawn = isSettled(own.job);
    try {
      if (!isDrawn) again = await draw(own, shop, { place, progress });
    } finally {
      place.leave();
      // An edit that hangs is waited for a little.
      await progress.stop();
    }
    const { platform } = own.job.address;
    const told = await shop.delivering(platform, () => conclude(own, again, shop));
    if (!isDrawn) void restoreIfCovered(own.job.id, progress, shop);
    return told === "full" ? Math.max(again, shop.settings.times.work.fullSeconds) : told;
  });
}

type Sight = { place: Place; progress: Progress };

/** Draws what is to be drawn, in sight of whoever waits. Returns the seconds until the next turn, if that is far off. */
async function draw(own: OwnJob, shop: Workshop, { place, progress }: Sight): Promise<number> {
  const enough = AbortSignal.any([own.cancelled, shop.stopping]);
  const prepare = async () => withReferences(await prepareInputs(own, { ...shop, enough }), own, shop);
  // Pictures are fetched from a chat, and that holds no drawing slot.
  const hasToFetch = isMadeFromPictures(own.job) && !enough.aborted;
  if (hasToFetch) place.leave();
  const inputs = hasToFetch ? await shop.fetching(own.job.address.platform, prepare) : undefined;
  place.enter();
  if (inputs === "full") return shop.settings.times.work.fullSeconds;
  return await drawPictures(own, { ...shop, cancelled: own.cancelled, progress, inputs });
}

function isMadeFromPictures({ request, order }: OwnJob["job"]): boolean {
  return Boolean(request.sources?.length || order?.references?.length);
}

/** An edit that was not waited for has come to stand over the answer: the answer is put there once more. */
async function restoreIfCovered(jobId: string, { covers }: Progress, shop: Workshop): Promise<void> {
  if (!(await covers)) return;
  const file = await readJob(jobId, shop.azure).catch(() => undefined);
  if (file?.job.toldAt === undefined) return;
  await sendAnywhere(file.job.id, file.job.address, finalReply(file.job, shop.settings), shop);
}

/** Where nothing is left to draw, what was to be deleted goes, and the answer is told; else, where the next turn is far off, that. */
async function conclude(own: OwnJob, again: number, shop: Workshop): Promise<number> {
  const { azure, settings, stopping } = shop;
  if (!isSettled(own.job)) {
    if (again > settings.times.work.fullSeconds && !stopping.aborted) await sayPutOff(own, again, shop);
    return again;
  }
  const isFirst = own.job.toldAt === undefined;
  const onlyInPlace = await takeOutDeleted(own, azure);
  const state = await noteBlock(own, settings, azure);
  const seconds = await tell(own, { ...finalReply(own.job, settings, state), onlyInPlace }, shop);
  if (isFinished(own.job)) narrateAnswer(own.job, settings, isFirst);
  return seconds;
}

/** For a job that came back too often. What is in storage already is kept all the same; the rest ends in an apology. */
export async function setAside(own: OwnJob, azure: Azure): Promise<void> {
  log.error(
    { job: own.job.id, reference: referenceOf(own.job.id) },
    "a job came back too often and is set aside. This needs the operator",
  );
  raiseAlert({ kind: "set aside", reference: referenceOf(own.job.id) }, azure);
  const found = new Map<string, KeptPicture | undefined>();
  for (const picture of own.job.pictures) {
    if (picture.state !== "drawing") continue;
    const find = () => findKeptPicture(picture, azure);
    found.set(picture.id, await untilStorageAnswers("a kept picture", find, azure, own.lost));
  }
  await own.change((job) => {
    for (const picture of job.pictures) {
      if (picture.state !== "waiting" && picture.state !== "drawing") continue;
      const kept = found.get(picture.id);
      Object.assign(picture, kept ? { state: "kept", kept } : { state: "failed", failure: "broken" });
    }
  });
}

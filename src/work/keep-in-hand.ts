import { lostInHandReply } from "../replies/compose-reply.ts";
import { DrawingFailed } from "../images-api/failure.ts";
import type { Drawing } from "../images-api/draw-picture.ts";
import type { OwnJob } from "../jobs/own-job.ts";
import { referenceOf } from "../jobs/job.ts";
import type { KeptPicture } from "../jobs/job.ts";
import { keepPicture } from "./keep-picture.ts";
import { log } from "../log.ts";
import { isLeaving, untilStorageAnswers } from "../storage/until-storage-answers.ts";
import { sendTo } from "./tell-answer.ts";
import type { Post } from "./tell-answer.ts";

const { signal: never } = new AbortController();

/**
 * Keeps a drawn picture, which is paid for, in hand until storage takes it, whatever storage says meanwhile and even when
 * the hold on the job is lost: whoever has the job then finds it under its name. It keeps its drawing slot, so that no
 * more pictures are in hand than there may be calls under way. Only the end of the process ends it.
 */
export async function keepInHand(id: string, drawing: Drawing, own: OwnJob, post: Post): Promise<KeptPicture> {
  try {
    return await untilStorageAnswers("a drawn picture", () => keepPicture(id, drawing, post.azure), post.azure, never);
  } catch (error) {
    const { job } = own;
    const about = { job: job.id, reference: referenceOf(job.id), picture: id.slice(0, 8) };
    if (!isLeaving(error)) {
      log.error({ ...about, error }, "a drawn picture cannot be kept. This needs the operator");
      throw new DrawingFailed("broken", { cause: error });
    }
    log.error(about, "a drawn picture is lost: storage did not take it before the process had to end");
    await sendTo(own, lostInHandReply(job), post);
    throw error;
  }
}

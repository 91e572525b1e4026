import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { drawingReply } from "../replies/compose-reply.ts";
import { usualSeconds } from "../jobs/durations.ts";
import type { OwnJob } from "../jobs/own-job.ts";
import { log } from "../log.ts";
import { checkPicture } from "../pixels/check-picture.ts";
import { pictureBlob } from "../storage/picture-blobs.ts";
import type { ChatReply } from "../replies/reply.ts";
import type { Settings } from "../settings.ts";
import { sendTo } from "./tell-answer.ts";
import type { Post } from "./tell-answer.ts";

/** What a person sees of a job that is being drawn. Whatever goes wrong here, the drawing goes on. */
export type Progress = {
  /** A call is under way. */
  begin(): void;
  /** Something keeps the job waiting: this is said in its message next, in place of what is drawn. */
  say(reply: ChatReply): void;
  /** A picture in the making has come. */
  partial(pictureId: string, bytes: Buffer): void;
  /** Ends the edits. An edit that hangs is not waited for any longer than some seconds. */
  stop(): Promise<void>;
  /** After `stop`: true when an edit came to stand that was not waited for, so that it may cover the answer. */
  covers: Promise<boolean>;
};

export function openProgress(own: OwnJob, room: Post & { settings: Settings }): Progress {
  const { editPauseMilliseconds, editLimitMilliseconds, toldAfterSeconds } = room.settings.times.work;
  const stopping = new AbortController();
  const fresh = new Map<string, Buffer>();
  const state: State = { beganAt: 0, wake: Promise.withResolvers<void>(), gone: false };
  const covers = Promise.withResolvers<boolean>();
  let editing: Promise<boolean> = Promise.resolve(false);
  const run = async () => {
    let told = 0;
    // A waiting message that said a place in line says next that its turn has come.
    let isNews = Date.now() - Date.parse(own.job.acceptedAt) > editPauseMilliseconds;
    await pause(editPauseMilliseconds, undefined, { signal: stopping.signal });
    while (!stopping.signal.aborted && !state.gone) {
      const elapsed = state.beganAt ? (Date.now() - state.beganAt) / 1000 : 0;
      while ((toldAfterSeconds[told] ?? Infinity) <= elapsed) [told, isNews] = [told + 1, true];
      if (state.word || isNews || fresh.size) {
        const { word } = state;
        if (word) delete state.word;
        else isNews = false;
        editing = word
          ? sayWord(own, word, room)
          : edit(own, fresh, { elapsed, state, room, stopping: stopping.signal });
        await editing;
        await pause(editPauseMilliseconds, undefined, { signal: stopping.signal });
        continue;
      }
      const next = ((toldAfterSeconds[told] ?? 3600) - elapsed) * 1000;
      await Promise.race([pause(next, undefined, { signal: stopping.signal }), state.wake.promise]);
      state.wake = Promise.withResolvers();
    }
  };
  let running: Promise<void> | undefined;
  const start = () => {
    running ??= run().catch((error: unknown) => {
      if (!stopping.signal.aborted)
        log.warn({ error, job: own.job.id }, "what is drawn is no longer shown as it comes");
    });
  };
  return {
    begin() {
      state.beganAt ||= Date.now();
      start();
    },
    say(reply) {
      state.word = reply;
      state.wake.resolve();
      start();
    },
    partial(pictureId, bytes) {
      fresh.set(pictureId, bytes);
      state.wake.resolve();
    },
    async stop() {
      if (stopping.signal.aborted) return;
      stopping.abort();
      const inTime = await Promise.race([
        editing.then(() => true),
        pause(editLimitMilliseconds, false, { ref: false }),
      ]);
      if (inTime) covers.resolve(false);
      else void editing.then(covers.resolve, () => covers.resolve(false));
    },
    covers: covers.promise,
  };
}

type State = { beganAt: number; wake: PromiseWithResolvers<void>; gone: boolean; word?: ChatReply };

type Edit = {
  elapsed: number;
  state: State;
  room: Post & { settings: Settings };
  stopping: AbortSignal;
};

/** Says whether it stands. */
async function sayWord(own: OwnJob, reply: ChatReply, room: Post): Promise<boolean> {
  // Said while storage is away as well: it is not said only where the job is known to be somebody else's.
  await own.makeSure().catch(() => undefined);
  if (own.lost.aborted) return false;
  const delivery = await sendTo(own, reply, room);
  if (!delivery.delivered)
    log.warn({ job: own.job.id, because: delivery.because }, "nobody could be told that a job waits");
  return delivery.delivered;
}

/** Shows what is new, and says whether it stands. */
async function edit(own: OwnJob, fresh: Map<string, Buffer>, { elapsed, state, room, stopping }: Edit) {
  const { azure, settings } = room;
  // While the service is out of reach, that is what is said.
  if (own.job.waitingSince || !own.job.pictures.some((picture) => picture.state === "drawing")) return false;
  try {
    // After a sleep another process may have answered already, and that must stand.
    await own.makeSure();
    const outdated = await keepPartials(own, fresh, stopping, room);
    const usually = own.job.order && usualSeconds(own.job.order, azure);
    const reply = drawingReply(own.job, { seconds: elapsed, usually }, settings);
    if (stopping.aborted) return false;
    const delivery = await sendTo(own, reply, room);
    await Promise.all(outdated.map((name) => pictureBlob(name, azure).deleteIfExists()));
    // Nobody can change that message any more: the answer will find another way.
    if (!delivery.delivered && delivery.againInSeconds === undefined) state.gone = true;
    return delivery.delivered;
  } catch (error) {
    if (!own.lost.aborted) log.warn({ error, job: own.job.id }, "a picture in the making could not be shown");
    return false;
  }
}

/** A name of its own for each, for what has an address is kept by caches. Written down before it is shown, so that whoever takes the job up finds it. */
async function keepPartials(
  own: OwnJob,
  fresh: Map<string, Buffer>,
  stopping: AbortSignal,
  { azure }: Post,
): Promise<string[]> {
  const outdated: string[] = [];
  for (const [id, bytes] of Array.from(fresh)) {
    fresh.delete(id);
    const { preview } = (await checkPicture(bytes)) ?? {};
    if (!preview) continue;
    const name = `${randomBytes(20).toString("hex")}-partial.jpg`;
    const unless = AbortSignal.any([stopping, AbortSignal.timeout(azure.times.work.partialLimitMilliseconds)]);
    await own.change((job) => {
      const picture = job.pictures.find((one) => one.id === id);
      if (!picture) return;
      if (picture.partial) outdated.push(picture.partial.name);
      picture.partial = { name, width: preview.width, height: preview.height, bytes: preview.bytes.length };
    }, unless);
    try {
      await pictureBlob(name, azure).uploadData(preview.bytes, {
        abortSignal: AbortSignal.timeout(azure.times.work.partialLimitMilliseconds),
        blobHTTPHeaders: { blobContentType: "image/jpeg", blobCacheControl: "no-store" },
      });
    } catch (error) {
      await own.change((job) => {
        for (const picture of job.pictures) if (picture.partial?.name === name) delete picture.partial;
      }, unless);
      throw error;
    }
    if (stopping.aborted) {
      await pictureBlob(name, azure).deleteIfExists();
      break;
    }
  }
  return outdated;
}

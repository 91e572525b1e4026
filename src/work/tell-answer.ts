import { setTimeout as pause } from "node:timers/promises";
import type { Azure } from "../storage/azure.ts";
import { putOffReply } from "../replies/compose-reply.ts";
import { listPictures } from "../jobs/history.ts";
import { untilStorageAnswers } from "../storage/until-storage-answers.ts";
import { pictureBlob } from "../storage/picture-blobs.ts";
import type { Delivery, Senders } from "../replies/delivery.ts";
import type { OwnJob } from "../jobs/own-job.ts";
import { referenceOf } from "../jobs/job.ts";
import type { Job } from "../jobs/job.ts";
import { becauseOf, log } from "../log.ts";
import type { ChatReply } from "../replies/reply.ts";
import type { Address } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import { countSpent } from "./count-spent.ts";

/** What it takes to reach people. */
export type Post = { azure: Azure; senders: Senders; isLast?: boolean };

/** Sends the final answer, and counts what it came to. Not delivered for now: the job stays settled and untold, to be tried again after the seconds returned. */
export async function tell(
  own: OwnJob,
  reply: ChatReply,
  post: Post & { settings: Pick<Settings, "prices"> },
): Promise<number> {
  const about = { job: own.job.id, reference: referenceOf(own.job.id) };
  await own.makeSure();
  // None waits for another: the message for the list or the ledger, or these for the message.
  const [first] = await Promise.all([sendTo(own, reply, post), listOnce(own, post.azure), countSpent(own, post)]);
  let delivery = first;
  const again = delivery.delivered ? undefined : await secondsUntilNextTry(own, delivery, post);
  if (!delivery.delivered && again === undefined && delivery.againInSeconds !== undefined)
    delivery = await sendTo(own, reply, { ...post, isLast: true });
  if (!delivery.delivered && again !== undefined) {
    log.warn({ ...about, ...delivery, again: Math.round(again) }, "not delivered yet");
    return again;
  }
  // What was to be seen in the making is gone from the message, and must not stay behind.
  await removePartials(own, post.azure);
  if (delivery.delivered) {
    await own.change((job) => {
      job.toldAt = new Date().toISOString();
      delete job.refusedSince;
      for (const picture of job.pictures) delete picture.partial;
    });
    log.info({ ...about, mood: reply.mood }, "told");
    return 0;
  }
  const { because } = delivery;
  await own.change((job) => {
    job.undeliverable = because;
  });
  log.error({ ...about, because }, "an answer cannot be delivered: its pictures are kept");
  return 0;
}

/** The longer it has not worked, the more seconds; nothing when it has been tried for long enough. */
async function secondsUntilNextTry(
  own: OwnJob,
  { againInSeconds, isRefused }: Extract<Delivery, { delivered: false }>,
  { azure }: Post,
): Promise<number | undefined> {
  if (againInSeconds === undefined) return undefined;
  const times = azure.times.work;
  const { refusedSince } = own.job;
  const now = new Date().toISOString();
  // Another replica's clock may be ahead.
  const since = isRefused && (refusedSince && refusedSince < now ? refusedSince : now);
  if (since !== refusedSince) await own.change((job) => void (job.refusedSince = since));
  const waited = Date.now() - Date.parse(lastAsked(own.job));
  if (waited > times.longestDeliveryMilliseconds) return undefined;
  const refused = since ? Date.now() - Date.parse(since) : 0;
  if (refused > times.longestRefusalMilliseconds) return undefined;
  const grown = Math.min(times.longestPauseSeconds, (since ? refused : waited) / 4000);
  return Math.min(times.longestAskedPauseSeconds, Math.max(againInSeconds, grown));
}

async function listOnce(own: OwnJob, azure: Azure): Promise<void> {
  if (own.job.listed) return;
  await untilStorageAnswers("the history", () => listPictures(own.job, azure), azure, own.lost);
  own.note((job) => void (job.listed = true));
}

/** When somebody last asked for something of this job: itself, or the deletion of one of its pictures. */
function lastAsked({ acceptedAt, pictures }: Job): string {
  return [acceptedAt, ...pictures.flatMap(({ deletedBy }) => deletedBy?.at ?? [])].toSorted().at(-1) ?? acceptedAt;
}

async function removePartials({ job, lost }: OwnJob, azure: Azure): Promise<void> {
  for (const { partial } of job.pictures) {
    if (!partial) continue;
    await untilStorageAnswers(
      "a partial picture",
      () => pictureBlob(partial.name, azure).deleteIfExists(),
      azure,
      lost,
    );
  }
}

/** Tells the asker that the image service makes everybody wait, for so many seconds. */
export async function sayPutOff(own: OwnJob, seconds: number, post: Post): Promise<void> {
  await own.makeSure();
  const { job } = own;
  const delivery = await sendTo(own, putOffReply(job, seconds), post);
  if (!delivery.delivered) log.warn({ job: job.id, because: delivery.because }, "nobody could be told of a wait");
}

/** To where a job's answer goes now. What the platform learns by it is noted. */
export async function sendTo(own: OwnJob, reply: ChatReply, post: Post): Promise<Delivery> {
  const delivery = await sendAnywhere(own.job.id, own.job.address, reply, post);
  const address = delivery.delivered && delivery.address;
  if (address) own.note((job) => void (job.address = address));
  return delivery;
}

/** For a job that this process does not hold. */
export async function sendAnywhere(jobId: string, address: Address, reply: ChatReply, post: Post): Promise<Delivery> {
  try {
    return await sendInTime(address, reply, post);
  } catch (error) {
    log.error({ error, job: jobId }, "sending broke");
    return {
      delivered: false,
      because: `sending broke: ${becauseOf(error)}`,
      againInSeconds: post.azure.times.work.brokenAgainSeconds,
    };
  }
}

/** A platform that hangs is left alone, and what hangs may still come to stand: the same reply again is one message. */
async function sendInTime(address: Address, reply: ChatReply, { azure, senders, isLast }: Post): Promise<Delivery> {
  const { sendLimitMilliseconds, hangingAgainSeconds, notSetUpAgainSeconds } = azure.times.work;
  const sender = senders[address.platform];
  if (!sender)
    return {
      delivered: false,
      because: `${address.platform} is not set up in this process`,
      againInSeconds: notSetUpAgainSeconds,
    };
  const ended = new AbortController();
  const late = pause(sendLimitMilliseconds, undefined, { signal: ended.signal }).then((): Delivery => {
    const because = `${address.platform} came to no end within ${sendLimitMilliseconds / 1000} s`;
    return { delivered: false, because, againInSeconds: hangingAgainSeconds };
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([sender(address, reply, { isLast }), late]);
  } finally {
    ended.abort();
  }
}

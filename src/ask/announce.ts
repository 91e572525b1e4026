import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Azure } from "../storage/azure.ts";
import { finalReply } from "../replies/compose-reply.ts";
import type { Delivery } from "../replies/delivery.ts";
import { isFinished, readJob } from "../jobs/job.ts";
import type { Job } from "../jobs/job.ts";
import { changeAddress, findInLine, readAddress, startInLine } from "../jobs/line.ts";
import { JobLost } from "../jobs/own-record.ts";
import { log } from "../log.ts";
import type { ChatReply } from "../replies/reply.ts";
import type { Address } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Acceptance } from "./accept.ts";

export type Accepted = Extract<Acceptance, { outcome: "accepted" }>;

/** How a chat hears that a request is under way. */
export type Announcement = {
  /** Puts the waiting message at `place`, and an answer into a waiting message that came late. */
  send: (place: Address, reply: ChatReply) => Promise<Delivery>;
  /** Neither the job nor whoever announces it waits longer for the waiting message. */
  milliseconds: number;
  /** Where the waiting message goes, if not where the record says that the answer goes. */
  place?: Address;
  /** Where the answer goes if the chat takes nothing at that place, now or later. */
  orElse?: Address;
  /** Takes away a late waiting message whose answer stands elsewhere. Without it the answer is put into that message too. */
  takeAway?: (late: Address) => Promise<unknown>;
};

type Room = { settings: Settings; azure: Azure };
type Announced = { job: Job; place: Address; by: Announcement };

/**
 * Shows the waiting message of an accepted job, and then lets the worker have it, so that no answer is overwritten. Says what
 * came of the message in time: one that is late is seen to by itself. Never throws.
 */
export async function announce({ job, reply }: Accepted, by: Announcement, room: Room): Promise<Delivery | undefined> {
  const announced = { job, place: by.place ?? job.address, by };
  const sending = by.send(announced.place, reply).catch((error: unknown): Delivery => {
    log.error({ error, job: job.id }, "a waiting message broke");
    return { delivered: false, because: "sending broke", againInSeconds: 5 };
  });
  const shown = await Promise.race([sending, pause(by.milliseconds, undefined, { ref: false })]);
  if (!shown) void settleLate(sending, announced, room);
  else if (!shown.delivered) log.warn({ job: job.id, because: shown.because }, "no waiting message");
  await startJob(job, placeOfAnswer(shown, announced), room.azure, () => {
    // As after this process has slept for a while: whoever has the job now answers with a message of its own.
    if (shown?.delivered) void settleLate(sending, announced, room);
  });
  return shown;
}

/** The chat takes nothing there, now or later. */
export function isClosed(shown: Delivery | undefined): boolean {
  return shown?.delivered === false && shown.againInSeconds === undefined;
}

function placeOfAnswer(shown: Delivery | undefined, { place, by }: Announced): Address {
  if (shown?.delivered) return shown.address ?? place;
  return (isClosed(shown) && by.orElse) || place;
}

/**
 * Lets the worker have a job whose answer goes to `address` by now. `lost` is called where another process has taken the job
 * over before that was written down, so that it knows nothing of the message there.
 */
async function startJob(job: Job, address: Address, azure: Azure, lost: () => void): Promise<void> {
  const own = findInLine(job.id, azure)?.own;
  if (!own) return;
  if (!isSame(address, job.address)) own.note((changed) => void (changed.address = address));
  await startInLine(job.id, azure);
  // A job that does not have its turn at once may wait for long: where its message stands is written down before.
  void own.flush().catch((error: unknown) => {
    log.warn({ error, job: job.id }, "where a waiting message stands could not be written down");
    if (error instanceof JobLost) lost();
  });
}

/**
 * A waiting message that came late is where the answer goes, if there is still time for that. Else it goes, or has the answer
 * in it too, so that none says for ever that a picture is on its way.
 */
async function settleLate(sending: Promise<Delivery>, { job, place, by }: Announced, room: Room): Promise<void> {
  const shown = await sending;
  if (shown.delivered) log.info({ job: job.id }, "a waiting message came late");
  else log.warn({ job: job.id, because: shown.because }, "no waiting message");
  const late = shown.delivered ? (shown.address ?? place) : undefined;
  const { latePausesMilliseconds, lateMilliseconds, longestLateMilliseconds } = room.settings.times.ask;
  const pauses = latePausesMilliseconds.values();
  for (const end = Date.now() + longestLateMilliseconds; Date.now() < end;) {
    await pause(pauses.next().value ?? lateMilliseconds, undefined, { ref: false });
    try {
      if (await isSettled(late, { job, place, by }, room)) return;
    } catch (error) {
      // Storage or the chat may be away for a while.
      log.warn({ error, job: job.id }, "a late waiting message could not be seen to yet");
    }
  }
  log.warn({ job: job.id }, "a late waiting message is looked after no longer");
}

/** `late` is where the message stands; nothing where nobody knows whether it does. */
async function isSettled(late: Address | undefined, { job, place, by }: Announced, room: Room): Promise<boolean> {
  const { azure, settings } = room;
  const file = await readJob(job.id, azure);
  if (!file) return true;
  const isOver = isFinished(file.job);
  const answered = isOver ? file.job.address : ((await readAddress(job.id, azure)) ?? place);
  // Then the message may have come to stand over the answer.
  if (isSame(answered, place) && isSame(late ?? place, place))
    return isOver && putAnswer(place, file.job, by, settings);
  if (!late) return true;
  if (isSame(answered, late)) return isOver;
  if (!isOver && [place, job.address].some((before) => isSame(answered, before))) {
    await changeAddress(job.id, late, azure, AbortSignal.timeout(settings.times.ask.addressLimitMilliseconds));
    return false;
  }
  if (!by.takeAway) return isOver && putAnswer(late, file.job, by, settings);
  log.info({ job: job.id }, "a waiting message goes whose answer stands elsewhere");
  await by.takeAway(late);
  return true;
}

async function putAnswer(at: Address, job: Job, { send }: Announcement, settings: Settings): Promise<boolean> {
  const put = await send(at, { ...finalReply(job, settings), onlyInPlace: true });
  return put.delivered || put.againInSeconds === undefined;
}

/** What was read from storage knows no member without a value. */
function isSame(one: Address, other: Address): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)));
}

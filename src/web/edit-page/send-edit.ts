import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { acceptRequest, startJob } from "../../ask/accept.ts";
import type { Acceptance } from "../../ask/accept.ts";
import { readAddress, changeAddress } from "../../jobs/line.ts";
import type { Azure } from "../../storage/azure.ts";
import { putInput } from "../../storage/input-blobs.ts";
import { checkRequest } from "../../request/check.ts";
import type { Fault } from "../../request/check.ts";
import { finalReply } from "../../replies/compose-reply.ts";
import type { Delivery, Send, Senders } from "../../replies/delivery.ts";
import { requestOfDraft } from "../../jobs/drafts.ts";
import type { Draft } from "../../jobs/drafts.ts";
import { sentenceOfFault } from "../../words/fault-sentences.ts";
import { isFinished, readJob } from "../../jobs/job.ts";
import type { Job } from "../../jobs/job.ts";
import { log } from "../../log.ts";
import type { readMask } from "../../pixels/grid-and-mask.ts";
import type { Address, Region } from "../../request/request.ts";
import type { Settings } from "../../settings.ts";
import { storageLimit } from "./find-edit.ts";
import { pageWords } from "./page-words.ts";

/** What the page's routes work with. */
export type Room = { settings: Settings; azure: Azure; senders: Senders };

/** What was written, and what was painted as far as it could be read. */
export type Sent = { words: string; mask?: Awaited<ReturnType<typeof readMask>> };

/** What the page shows, in whole sentences. */
export type Said = { status: 200 | 422 | 503; said: string[] };

/** How often it is looked whether a job is done whose waiting message came late: for twenty minutes in all. */
const LOOK_AGAIN_TIMES = 400;

/**
 * Takes what was painted and written on the page as a request like any other. The same again is the same job; anything
 * else is another one, with a message of its own. Throws where storage does not answer for the mask.
 */
export async function sendEdit(draft: Draft, sent: Sent, room: Room): Promise<Said> {
  const { settings, azure } = room;
  const mask = sent.mask && "mask" in sent.mask ? sent.mask.mask : undefined;
  const maskName = mask && `${draft.id}-mask-${digestOf(mask)}.png`;
  const id = `page-${digestOf(`${draft.id}\n${maskName ?? ""}\n${sent.words}`)}`;
  const region: Region | undefined = maskName ? { mask: { from: "input", name: maskName } } : undefined;
  const request = requestOfDraft(draft, { id, words: sent.words, region });
  const checked = checkRequest(request, settings);
  const faults = [...maskFaults(sent.mask), ...("faults" in checked ? checked.faults : [])];
  if (faults.length) return { status: 422, said: faults.map(sentenceOfFault) };
  if (mask && maskName) await putInput(maskName, mask, azure, storageLimit(azure));
  const acceptance = await acceptRequest(request, settings, azure);
  if (acceptance.outcome === "declined")
    return { status: acceptance.because === "limits" ? 422 : 503, said: acceptance.reply.paragraphs };
  if (acceptance.outcome === "accepted") await announce(acceptance, room);
  return { status: 200, said: [pageWords.onItsWay] };
}

/** Nothing painted means the whole picture, which is no fault. */
function maskFaults(read: Sent["mask"]): Fault[] {
  return read && "fault" in read && read.fault.fault !== "mask empty" ? [read.fault] : [];
}

function digestOf(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 40);
}

type Accepted = Extract<Acceptance, { outcome: "accepted" }>;

/** The waiting message first, so that no answer is overwritten by it; then the start. */
async function announce(accepted: Accepted, { settings, azure, senders }: Room): Promise<void> {
  const { waitingMessageLimitMilliseconds } = settings.times.web;
  const { job, reply } = accepted;
  const send = senders[job.address.platform];
  if (!send) return startJob(accepted, azure);
  const sending = send(job.address, reply).catch((error: unknown): Delivery => {
    log.error({ error, job: job.id }, "the edit page: a waiting message broke");
    return { delivered: false, because: "sending broke" };
  });
  const waiting = await Promise.race([sending, pause(waitingMessageLimitMilliseconds, undefined, { ref: false })]);
  if (!waiting) void settleLate(sending, job, { send, settings, azure });
  else if (!waiting.delivered) log.warn({ job: job.id, because: waiting.because }, "the edit page: no waiting message");
  startJob(accepted, azure, waiting?.delivered ? waiting.address : undefined);
}

type Late = Pick<Room, "settings" | "azure"> & { send: Send };

/**
 * A waiting message that came to stand after all: the answer takes its place. Where the answer has found a place of its
 * own meanwhile, it is put here too, so that no message says for ever that a picture is on its way.
 */
async function settleLate(sending: Promise<Delivery>, asked: Job, room: Late): Promise<void> {
  const late = await sending;
  if (!late.delivered || !late.address) return;
  log.info({ job: asked.id }, "the edit page: a waiting message came late");
  for (let times = 0; times < LOOK_AGAIN_TIMES; times += 1) {
    try {
      if (await isSettled(late.address, asked, room)) return;
    } catch (error) {
      // Storage or the chat may be away for a while.
      log.warn({ error, job: asked.id }, "the edit page: a late waiting message could not be seen to yet");
    }
    await pause(room.settings.times.web.lateMilliseconds, undefined, { ref: false });
  }
  log.error({ job: asked.id }, "the edit page: a late waiting message stays as it is");
}

/** Whether that message has the answer in it: it was told there, or it is put there as well. */
async function isSettled(late: Address, asked: Job, { send, settings, azure }: Late): Promise<boolean> {
  const file = await readJob(asked.id, azure);
  if (!file || !isFinished(file.job)) {
    const known = await readAddress(asked.id, azure);
    if (isDeepStrictEqual(known, asked.address)) await changeAddress(asked.id, late, azure);
    return false;
  }
  if (isDeepStrictEqual(file.job.address, late)) return true;
  const put = await send(late, finalReply(file.job, settings));
  return put.delivered || put.againInSeconds === undefined;
}

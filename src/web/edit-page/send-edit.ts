import { createHash } from "node:crypto";
import { acceptRequest } from "../../ask/accept.ts";
import { announce } from "../../ask/announce.ts";
import type { Azure } from "../../storage/azure.ts";
import { putInput } from "../../storage/input-blobs.ts";
import { checkRequest } from "../../request/check.ts";
import type { Fault } from "../../request/check.ts";
import type { ChatReply } from "../../replies/reply.ts";
import type { Senders } from "../../replies/delivery.ts";
import { requestOfDraft } from "../../jobs/drafts.ts";
import type { Draft } from "../../jobs/drafts.ts";
import { sentenceOfFault } from "../../words/fault-sentences.ts";
import type { readMask } from "../../pixels/grid-and-mask.ts";
import type { Address, Region } from "../../request/request.ts";
import type { Settings } from "../../settings.ts";
import { storageLimit } from "./find-edit.ts";
import { sendAnywhere } from "../../work/tell-answer.ts";
import type { Text } from "../../words/said.ts";
import { editAnswers } from "../../words/sentences.ts";

/** What the page's routes work with. */
export type Room = { settings: Settings; azure: Azure; senders: Senders };

/** What was written, and what was painted as far as it could be read. */
export type Sent = { words: string; mask?: Awaited<ReturnType<typeof readMask>> };

/** What the page shows, in whole sentences. */
export type Said = { status: 200 | 422 | 503; said: Text[] };

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
  if (acceptance.outcome === "accepted") {
    const send = (place: Address, reply: ChatReply) => sendAnywhere(id, place, reply, room);
    await announce(acceptance, { send, milliseconds: settings.times.web.waitingMessageLimitMilliseconds }, room);
  }
  return { status: 200, said: [editAnswers.onItsWay] };
}

/** Nothing painted means the whole picture, which is no fault. */
function maskFaults(read: Sent["mask"]): Fault[] {
  return read && "fault" in read && read.fault.fault !== "mask empty" ? [read.fault] : [];
}

function digestOf(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 40);
}

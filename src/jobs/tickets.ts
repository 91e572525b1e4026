import type { Azure } from "../storage/azure.ts";
import { tryAFewTimes } from "../storage/until-storage-answers.ts";
import { isMissing, storageCode } from "../storage/storage-refusal.ts";

/** A queue message: it says which job to look at and nothing else. `popReceipt` changes with every renewal. */
export type Ticket = { jobId: string; messageId: string; popReceipt: string; deliveries: number };

/** Puts a job in the line; no worker sees it for `hiddenSeconds`. Messages never expire: nothing accepted may be lost. */
export async function putTicket(
  jobId: string,
  azure: Azure,
  hiddenSeconds = 0,
  abortSignal = AbortSignal.timeout(azure.times.jobs.ticketLimitMilliseconds),
): Promise<Ticket> {
  const options = { messageTimeToLive: -1, visibilityTimeout: hiddenSeconds, abortSignal };
  const send = () => azure.queue.sendMessage(jobId, options);
  // Where an answer was lost there are two of them then, and the second finds nothing to do.
  const { messageId, popReceipt } = await tryAFewTimes(send, azure, abortSignal);
  return { jobId, messageId, popReceipt, deliveries: 0 };
}

/** Takes the next tickets, each hidden from others for `seconds`. */
export async function takeTickets(
  most: number,
  seconds: number,
  azure: Azure,
  abortSignal: AbortSignal,
): Promise<Ticket[]> {
  const { receivedMessageItems } = await azure.queue.receiveMessages({
    numberOfMessages: Math.min(most, 32),
    visibilityTimeout: seconds,
    abortSignal,
  });
  return receivedMessageItems.map(({ messageText, messageId, popReceipt, dequeueCount }) => ({
    jobId: messageText,
    messageId,
    popReceipt,
    deliveries: dequeueCount,
  }));
}

/** Hides the ticket for `seconds` from now on: renews a hold, or, with 0, hands it to the next worker. False: it is somebody else's by now. */
export async function hideTicket(
  ticket: Ticket,
  seconds: number,
  azure: Azure,
  abortSignal = AbortSignal.timeout(azure.times.jobs.ticketLimitMilliseconds),
): Promise<boolean> {
  try {
    const { messageId, popReceipt } = ticket;
    const wholeSeconds = Math.ceil(seconds);
    const answer = await azure.queue.updateMessage(messageId, popReceipt, undefined, wholeSeconds, { abortSignal });
    ticket.popReceipt = answer.popReceipt ?? ticket.popReceipt;
    return true;
  } catch (error) {
    if (isNotOurs(error)) return false;
    throw error;
  }
}

export async function dropTicket(
  ticket: Ticket,
  azure: Azure,
  abortSignal = AbortSignal.timeout(azure.times.jobs.ticketLimitMilliseconds),
): Promise<void> {
  try {
    await azure.queue.deleteMessage(ticket.messageId, ticket.popReceipt, { abortSignal });
  } catch (error) {
    if (!isNotOurs(error)) throw error;
  }
}

function isNotOurs(error: unknown): boolean {
  return isMissing(error) || storageCode(error) === "PopReceiptMismatch";
}

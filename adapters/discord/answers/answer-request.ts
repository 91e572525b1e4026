import { setTimeout as pause } from "node:timers/promises";
import { MessageFlags } from "discord.js";
import { acceptRequest } from "../../../src/ask/accept.ts";
import { announce } from "../../../src/ask/announce.ts";
import type { Accepted } from "../../../src/ask/announce.ts";
import { checkRequest } from "../../../src/request/check.ts";
import { sorryReply } from "../../../src/replies/compose-reply.ts";
import type { Delivery } from "../../../src/replies/delivery.ts";
import { readJob } from "../../../src/jobs/job.ts";
import { log } from "../../../src/log.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import type { Address, ImageRequest } from "../../../src/request/request.ts";
import { failed } from "../../../src/words/sentences.ts";
import type { Settings } from "../../../src/settings.ts";
import { DiscordAddress } from "../address.ts";
import type { AnsweredLater } from "../address.ts";
import type { Desk } from "../rest/call.ts";
import { isTrouble } from "../rest/faults.ts";
import { standingOf } from "../rest/places.ts";
import { putReply } from "../rest/put-message.ts";
import type { Outcome } from "../rest/put-message.ts";
import { deliver } from "../send.ts";
import { deliveryOf, TROUBLE_SECONDS } from "../rest/shut.ts";
import { answerFirst, deferred } from "../rest/first-answer.ts";

export type Reception = { settings: Settings; desk: Desk };

/**
 * A waiting message that is given up may still come to stand, over the answer. So the job waits for it, up to a little less
 * than the 15 s after which it starts by itself.
 */
const WAITING_MESSAGE_MILLISECONDS = 12_000;

/** Where Discord stumbles over an answer that no worker will give, it is tried again after these pauses. */
const PAUSES_MILLISECONDS = [500, 1500, 3000, 5000, 15_000, 30_000, ...Array.from({ length: 12 }, () => 60_000)];
/** A delivery that asks for a longer pause is not worth the wait. */
const SOON_SECONDS = 60;
/** No longer than this where a job may have been written: whoever takes its ticket, once that comes up, answers it. */
const TELL_MILLISECONDS = 14_000;
/** What is declined for sure is told as long as the token lives. */
export const TELL_DECLINED_MILLISECONDS = 14 * 60_000;

/** Deferred first; then accepted and waiting, or declined. Nothing stays "thinking" for ever. */
export async function answerRequest(
  interaction: AnsweredLater,
  request: ImageRequest,
  reception: Reception,
): Promise<void> {
  // Whether all may see the answer is settled by the first answer, so what can be known without asking anybody is.
  const ephemeral = request.private || "faults" in checkRequest(request, reception.settings);
  const first = await answerFirst(interaction, deferred(ephemeral), reception.desk.rest);
  if (!first.taken && !isTrouble(first.fault)) {
    log.warn(
      { interaction: interaction.id, because: first.because },
      "discord: a request was not acknowledged, so nothing is drawn",
    );
    return;
  }
  const address = {
    ...DiscordAddress.parse(request.address),
    messageId: first.taken ? (first.messageId ?? null) : null,
    ephemeral: ephemeral || (first.taken && first.ephemeral === true),
  };
  const desk = { ...reception.desk, signal: AbortSignal.timeout(TELL_MILLISECONDS) };
  const patient = { ...reception.desk, signal: AbortSignal.timeout(TELL_DECLINED_MILLISECONDS) };
  const sorry = { ...sorryReply(failed.unforeseen), forAskerOnly: address.ephemeral };
  try {
    // Unanswered: Discord may or may not have taken it, and if it has, somebody looks at "thinking".
    if (!first.taken)
      return void (await tell(address, patient, () =>
        unlessWritten(request.id, patient, () => editOriginal(address, sorry, patient)),
      ));
    const acceptance = await acceptRequest({ ...request, address }, reception.settings, desk.azure);
    if (acceptance.outcome === "declined") {
      const { because, reply } = acceptance;
      if (because === "limits") await tell(address, patient, () => deliver(address, reply, patient));
      else await tellInDoubt({ id: request.id, address, reply }, desk, patient);
    }
    if (acceptance.outcome === "accepted") await announceAt(address, acceptance, reception);
  } catch (error) {
    log.error({ error, interaction: interaction.id }, "discord: a request was not taken");
    await tellInDoubt({ id: request.id, address, reply: sorry }, desk, patient);
  }
}

const LOOK_MILLISECONDS = 5000;

/** A copy of the same event may have been acknowledged, here or by another replica: its job answers then, and nothing may cover that. */
async function unlessWritten(id: string, { azure }: Desk, send: () => Promise<Delivery>): Promise<Delivery> {
  const look = readJob(id, azure, AbortSignal.timeout(LOOK_MILLISECONDS));
  const isWritten = await look.then(Boolean, () => undefined);
  if (isWritten === undefined)
    return { delivered: false, because: "whether a copy of the event was taken could not be seen", againInSeconds: 5 };
  return isWritten ? { delivered: true } : send();
}

/**
 * A job may have been written after all, and then whoever takes it over answers. So this is told only well before its ticket
 * comes up, and after that if there is no job.
 */
async function tellInDoubt(
  { id, address, reply }: { id: string; address: DiscordAddress; reply: ChatReply },
  desk: Desk,
  patient: Desk & { signal: AbortSignal },
): Promise<void> {
  if (await tell(address, desk, () => deliver(address, reply, desk))) return;
  while (!patient.signal.aborted) {
    const look = readJob(id, desk.azure, AbortSignal.timeout(LOOK_MILLISECONDS));
    const isWritten = await look.then(Boolean, () => undefined);
    if (isWritten) return;
    if (isWritten === false) return void (await tell(address, patient, () => deliver(address, reply, patient)));
    await pause(LOOK_MILLISECONDS, undefined, { signal: patient.signal }).catch(() => undefined);
  }
}

/** In time or not at all: whoever waits for it here gives it up then. */
async function announceAt(address: DiscordAddress, accepted: Accepted, { settings, desk }: Reception): Promise<void> {
  const signal = AbortSignal.timeout(WAITING_MESSAGE_MILLISECONDS);
  const send = async (place: Address, reply: ChatReply) =>
    reply.role === "progress"
      ? showWaiting(address, reply, { ...desk, signal })
      : deliver(DiscordAddress.parse(place), reply, desk);
  await announce(accepted, { send, milliseconds: WAITING_MESSAGE_MILLISECONDS }, { settings, azure: desk.azure });
}

/** The message says of its address what the first answer did not, where the answer to that was lost. */
async function showWaiting(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  const outcome = await putInTime(reply, address, desk);
  if ("fault" in outcome) return deliveryOf([outcome], address, reply);
  const { id: messageId, flags = 0 } = outcome.message;
  const ephemeral = address.ephemeral || (flags & MessageFlags.Ephemeral) !== 0;
  return { delivered: true, address: { ...address, messageId, ephemeral } };
}

/** Nothing scarce is held by whoever waits here. */
async function putInTime(reply: ChatReply, address: DiscordAddress, desk: Desk): Promise<Outcome> {
  const begin = Date.now();
  const outcome = await putReply(reply, standingOf(address), address, desk);
  if (!("fault" in outcome) || outcome.fault !== "made to wait") return outcome;
  const milliseconds = (outcome.seconds ?? 0) * 1000;
  if (Date.now() - begin + milliseconds > WAITING_MESSAGE_MILLISECONDS) return outcome;
  await pause(milliseconds, undefined, { signal: desk.signal });
  return putReply(reply, standingOf(address), address, desk);
}

/** By the token alone, without a way round where it does not work. */
export async function editOriginal(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  const outcome = await putReply(reply, standingOf(address), address, desk);
  return "fault" in outcome ? deliveryOf([outcome], address) : { delivered: true };
}

/** For an answer that no worker gives: tried again, for a while, where Discord has trouble. True when it is told. */
export async function tell(
  { interactionId }: DiscordAddress,
  { signal }: Desk,
  send: () => Promise<Delivery>,
): Promise<boolean> {
  let delivery = await send();
  for (const milliseconds of PAUSES_MILLISECONDS) {
    if (delivery.delivered || delivery.isRefused || signal?.aborted) break;
    const { againInSeconds = Infinity } = delivery;
    if (againInSeconds > SOON_SECONDS) break;
    const asked = againInSeconds > TROUBLE_SECONDS ? againInSeconds * 1000 : 0;
    await pause(Math.max(milliseconds, asked), undefined, { signal }).catch(() => undefined);
    delivery = await send();
  }
  if (!delivery.delivered)
    log.warn({ interaction: interactionId, because: delivery.because }, "discord: an answer could not be told");
  return delivery.delivered;
}

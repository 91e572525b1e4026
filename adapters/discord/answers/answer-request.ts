import { setTimeout as pause } from "node:timers/promises";
import { MessageFlags } from "discord.js";
import { acceptRequest } from "../../../src/ask/accept.ts";
import { announce } from "../../../src/ask/announce.ts";
import type { Accepted } from "../../../src/ask/announce.ts";
import { checkRequest } from "../../../src/request/check.ts";
import { withoutNamedStyle } from "../../../src/request/named-style.ts";
import { sorryReply } from "../../../src/replies/compose-reply.ts";
import type { Delivery } from "../../../src/replies/delivery.ts";
import { readJob } from "../../../src/jobs/job.ts";
import { log } from "../../../src/log.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import type { Address, ImageRequest } from "../../../src/request/request.ts";
import { failed } from "../../../src/words/sentences.ts";
import { DiscordAddress } from "../address.ts";
import type { AnsweredLater } from "../address.ts";
import type { Desk } from "../rest/call.ts";
import { isTrouble } from "../rest/faults.ts";
import { standingOf } from "../rest/places.ts";
import { putReply } from "../rest/put-message.ts";
import type { Outcome } from "../rest/put-message.ts";
import type { Reception } from "./reception.ts";
import { deliver } from "../send.ts";
import { deliveryOf } from "../rest/shut.ts";
import { answerFirst, deferred } from "../rest/first-answer.ts";

/** Deferred first; then accepted and waiting, or declined. Nothing stays "thinking" for ever. */
export async function answerRequest(
  interaction: AnsweredLater,
  request: ImageRequest,
  reception: Reception,
): Promise<void> {
  // Whether all may see the answer is settled by the first answer, so what can be known without asking anybody is.
  const ephemeral = request.private || "faults" in checkRequest(withoutNamedStyle(request), reception.settings);
  const first = await answerFirst(interaction, deferred(ephemeral), reception.desk);
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
  const desk = { ...reception.desk, signal: AbortSignal.timeout(reception.desk.times.tellInDoubtMilliseconds) };
  const patient = patientDesk(reception.desk);
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
    if (acceptance.outcome === "accepted") {
      await announceAt(address, acceptance, reception);
      if (acceptance.beside) await sayBeside(address, acceptance.beside, patient);
    }
  } catch (error) {
    log.error({ error, interaction: interaction.id }, "discord: a request was not taken");
    await tellInDoubt({ id: request.id, address, reply: sorry }, desk, patient);
  }
}

/** For the asker alone, in a message of its own. */
async function sayBeside(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<void> {
  const place = { ...address, messageId: null, followUp: true, ephemeral: true };
  const delivery = await deliver(place, reply, desk);
  if (!delivery.delivered)
    log.warn({ interaction: address.interactionId, because: delivery.because }, "discord: a warning was not told");
}

/** As long as the token lives. */
export function patientDesk(desk: Desk): Desk & { signal: AbortSignal } {
  return { ...desk, signal: AbortSignal.timeout(desk.times.tellMilliseconds) };
}

/** A copy of the same event may have been acknowledged, here or by another replica: its job answers then, and nothing may cover that. */
async function unlessWritten(id: string, { azure, times }: Desk, send: () => Promise<Delivery>): Promise<Delivery> {
  const look = readJob(id, azure, AbortSignal.timeout(times.lookMilliseconds));
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
  const { lookMilliseconds } = desk.times;
  while (!patient.signal.aborted) {
    const look = readJob(id, desk.azure, AbortSignal.timeout(lookMilliseconds));
    const isWritten = await look.then(Boolean, () => undefined);
    if (isWritten) return;
    if (isWritten === false) return void (await tell(address, patient, () => deliver(address, reply, patient)));
    await pause(lookMilliseconds, undefined, { signal: patient.signal }).catch(() => undefined);
  }
}

/** In time or not at all: whoever waits for it here gives it up then. */
async function announceAt(address: DiscordAddress, accepted: Accepted, { settings, desk }: Reception): Promise<void> {
  const milliseconds = desk.times.waitingMessageLimitMilliseconds;
  const signal = AbortSignal.timeout(milliseconds);
  const send = async (place: Address, reply: ChatReply) =>
    reply.role === "progress"
      ? showWaiting(address, reply, { ...desk, signal })
      : deliver(DiscordAddress.parse(place), reply, desk);
  await announce(accepted, { send, milliseconds }, { settings, azure: desk.azure });
}

/** The message says of its address what the first answer did not, where the answer to that was lost. */
async function showWaiting(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  const outcome = await putInTime(reply, address, desk);
  if ("fault" in outcome) return deliveryOf([outcome], address, desk, reply);
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
  if (Date.now() - begin + milliseconds > desk.times.waitingMessageLimitMilliseconds) return outcome;
  await pause(milliseconds, undefined, { signal: desk.signal });
  return putReply(reply, standingOf(address), address, desk);
}

/** By the token alone, without a way round where it does not work. */
export async function editOriginal(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  const outcome = await putReply(reply, standingOf(address), address, desk);
  return "fault" in outcome ? deliveryOf([outcome], address, desk) : { delivered: true };
}

/** For an answer that no worker gives: tried again, for a while, where Discord has trouble. True when it is told. */
export async function tell(
  { interactionId }: DiscordAddress,
  { signal, times }: Desk,
  send: () => Promise<Delivery>,
): Promise<boolean> {
  let delivery = await send();
  for (const milliseconds of times.tellPausesMilliseconds) {
    if (delivery.delivered || delivery.isRefused || signal?.aborted) break;
    const { againInSeconds = Infinity } = delivery;
    if (againInSeconds > times.soonSeconds) break;
    const asked = againInSeconds > times.troubleSeconds ? againInSeconds * 1000 : 0;
    await pause(Math.max(milliseconds, asked), undefined, { signal }).catch(() => undefined);
    delivery = await send();
  }
  if (!delivery.delivered)
    log.warn({ interaction: interactionId, because: delivery.because }, "discord: an answer could not be told");
  return delivery.delivered;
}

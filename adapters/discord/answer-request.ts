import { acceptRequest, startJob } from "../../src/accept.ts";
import { checkRequest } from "../../src/check.ts";
import { sorryReply } from "../../src/compose-reply.ts";
import { log } from "../../src/log.ts";
import type { ChatReply } from "../../src/reply.ts";
import type { ImageRequest } from "../../src/request.ts";
import { failed } from "../../src/sentences.ts";
import type { Settings } from "../../src/settings.ts";
import { DiscordAddress } from "./address.ts";
import type { AnsweredLater } from "./address.ts";
import { originalOf } from "./place.ts";
import { putReply } from "./put.ts";
import type { Desk } from "./put.ts";
import { deliver } from "./send.ts";
import { answerFirst, deferred } from "./wire.ts";

export type Reception = { settings: Settings; desk: Desk };

/** The waiting message is a courtesy: a job does not wait longer than this for it to stand. */
const WAITING_MESSAGE_MILLISECONDS = 3000;

/** Deferred first; then accepted and waiting, or declined. Nothing stays "thinking" for ever. */
export async function answerRequest(
  interaction: AnsweredLater,
  request: ImageRequest,
  reception: Reception,
): Promise<void> {
  // Whether all may see the answer is settled by the first answer, so what can be known without asking anybody is.
  const ephemeral = request.private || "faults" in checkRequest(request, reception.settings);
  const first = await answerFirst(interaction, deferred(ephemeral), reception.desk.rest);
  if (!first.taken && first.fault !== "trouble") {
    log.warn(
      { interaction: interaction.id, fault: first.fault },
      "discord: a request was not acknowledged, so nothing is drawn",
    );
    return;
  }
  const address = {
    ...DiscordAddress.parse(request.address),
    messageId: first.taken ? (first.messageId ?? null) : null,
    ephemeral: ephemeral || (first.taken && first.ephemeral === true),
  };
  try {
    // Unanswered: Discord may or may not have taken it, and if it has, somebody looks at "thinking".
    if (!first.taken) return await edit(address, sorryReply(failed.unforeseen), reception.desk);
    await takeRequest({ ...request, address }, address, reception);
  } catch (error) {
    log.error({ error, interaction: interaction.id }, "discord: a request was not taken");
    await apologize(address, reception.desk);
  }
}

async function takeRequest(
  request: ImageRequest,
  address: DiscordAddress,
  { settings, desk }: Reception,
): Promise<void> {
  const acceptance = await acceptRequest(request, settings, desk.azure);
  switch (acceptance.outcome) {
    case "known":
      return;
    case "declined":
      return tell(address, acceptance.reply, desk);
    case "accepted":
      await showWaiting(address, acceptance.reply, desk);
      return startJob(acceptance, desk.azure);
  }
}

/** In time or not at all: a late waiting message could overwrite the answer. */
async function showWaiting(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<void> {
  const signal = AbortSignal.timeout(WAITING_MESSAGE_MILLISECONDS);
  await edit(address, reply, { ...desk, signal }).catch((error: unknown) => {
    log.error({ error, interaction: address.interactionId }, "discord: no waiting message");
  });
}

/** By the token alone, without a way round where it does not work. */
async function edit(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<void> {
  const outcome = await putReply(reply, originalOf(address), address, desk);
  if ("fault" in outcome) {
    log.warn({ interaction: address.interactionId, fault: outcome.fault }, "discord: a message was not changed");
  }
}

async function apologize(address: DiscordAddress, desk: Desk): Promise<void> {
  await tell(address, { ...sorryReply(failed.unforeseen), forAskerOnly: address.ephemeral }, desk);
}

async function tell(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<void> {
  const delivery = await deliver(address, reply, desk);
  if (!delivery.delivered)
    log.warn({ interaction: address.interactionId, because: delivery.because }, "discord: an answer could not be told");
}

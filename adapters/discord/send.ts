import type { Azure } from "../../src/storage/azure.ts";
import type { Delivery, Send } from "../../src/replies/delivery.ts";
import { log } from "../../src/log.ts";
import type { ChatReply } from "../../src/replies/reply.ts";
import { DiscordAddress } from "./address.ts";
import { directly, editByBot, postByBot, sayThatItCame } from "./rest/by-bot.ts";
import type { Done } from "./rest/by-bot.ts";
import { answerPrivately, editByKey, keyIsOver, postFollowUp, takeAway } from "./rest/by-key.ts";
import type { Desk } from "./rest/call.ts";
import { isFinal } from "./rest/faults.ts";
import type { Refusal } from "./rest/faults.ts";
import type { DiscordSettings } from "./settings.ts";
import { deliveryOf, forgetTrouble, isPassing } from "./rest/shut.ts";
import { makeRest } from "./rest/first-answer.ts";
import { isWithheld } from "./message/withheld.ts";

/** Sends by Discord's REST API alone, so any process can do it. */
export function discordSender(discord: DiscordSettings, azure: Azure): Send {
  const desk: Desk = { rest: makeRest(discord), azure, times: discord.times };
  return async (address, reply) => {
    const known = DiscordAddress.safeParse(address);
    if (!known.success) return { delivered: false, because: "the address is not one of Discord's" };
    if (reply.role === "progress") return deliverWaiting(known.data, reply, desk);
    const signal = AbortSignal.timeout(desk.times.deliveryLimitMilliseconds);
    return deliver(known.data, reply, { ...desk, signal });
  };
}

/** Whoever sends the answer has to reckon with all that may still come to stand, so what was broken off counts as delivered. */
async function deliverWaiting(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  const signal = AbortSignal.timeout(desk.times.progressLimitMilliseconds);
  const delivery = await deliver(address, reply, { ...desk, signal });
  return signal.aborted ? { delivered: true } : delivery;
}

type Way = {
  name: string;
  take: (address: DiscordAddress, reply: ChatReply, desk: Desk) => Promise<Done | Refusal>;
  /** The answer stands beside the message that waited for it. */
  isBeside?: boolean;
  /** It brings no more than word that there was an answer. */
  isLastResort?: boolean;
};

/**
 * By the first way that takes it. A way that refuses, or has had trouble for a while, or makes us wait for long, leaves the
 * answer to the next; one that is to be tried again soon ends the round.
 */
export async function deliver(given: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  // What does not stand yet may still be for one person alone.
  const address = isToCome(given) ? { ...given, ephemeral: reply.forAskerOnly } : given;
  const refusals: Refusal[] = [];
  for (const { name, take, isBeside, isLastResort } of waysTo(address, reply)) {
    const isTime = Date.now() - Date.parse(address.createdAt) > desk.times.lastResortMilliseconds;
    if (isLastResort && !isTime && !refusals.every(isFinal)) continue;
    const outcome = await take(address, reply, desk);
    if (!("fault" in outcome)) {
      forgetTrouble(address);
      if (isBeside && !isToCome(address)) await takeAway(address, desk);
      return outcome;
    }
    const isWorthTheWait = isPassing(outcome, name, { address, reply }, desk);
    if (isWorthTheWait) return deliveryOf([...refusals, outcome], address, desk, reply);
    refusals.push(outcome);
    log.warn(
      { interaction: address.interactionId, because: outcome.because },
      "discord: one way does not take a message",
    );
  }
  return deliveryOf(refusals, address, desk, reply);
}

function isToCome({ followUp, messageId }: DiscordAddress): boolean {
  return followUp && !messageId;
}

/** In the order in which they are tried. What was for one person stays so on all of them. */
function waysTo(address: DiscordAddress, reply: ChatReply): Way[] {
  const { byBot, ephemeral, botIsThere, messageId, guildId } = address;
  const isPublic = !ephemeral && botIsThere;
  // Nobody is brought a new message only to hear that there is nothing yet, or what they can no longer see.
  const isWorthAnother = reply.role !== "progress" && !reply.onlyInPlace;
  const withheld = isWithheld(reply, address);
  const isHidden = ephemeral || withheld;
  return [
    ...(byBot || keyIsOver(address) ? [] : [byKey(address, reply)]),
    ...(isPublic && messageId ? [{ name: "edit", take: editByBot }] : []),
    ...(isWorthAnother && isPublic && !withheld ? [{ name: "post", take: postByBot, isBeside: true }] : []),
    ...(isWorthAnother ? [{ name: "direct", take: directly, isBeside: true }] : []),
    ...(isWorthAnother && isHidden && botIsThere && guildId
      ? [{ name: "line", take: sayThatItCame, isBeside: true, isLastResort: true }]
      : []),
  ];
}

function byKey(address: DiscordAddress, reply: ChatReply): Way {
  if (isToCome(address)) return { name: "key", take: postFollowUp };
  return { name: "key", take: reply.forAskerOnly && !address.ephemeral ? answerPrivately : editByKey };
}

import { setTimeout as pause } from "node:timers/promises";
import { MessageFlags } from "discord.js";
import type { Azure } from "../../src/azure.ts";
import type { Delivery, Send } from "../../src/deliver.ts";
import { log } from "../../src/log.ts";
import type { ChatReply } from "../../src/reply.ts";
import { DiscordAddress } from "./address.ts";
import { deliverByBot, withoutReasons } from "./deliver-by-bot.ts";
import { deliveryOf } from "./fault-delivery.ts";
import { isTrouble } from "./faults.ts";
import { followUpTo, routeOf, standingOf } from "./place.ts";
import { call, putReply } from "./put.ts";
import type { Desk } from "./put.ts";
import type { DiscordSettings } from "./settings.ts";
import { makeRest } from "./wire.ts";

/** The interaction's token works for 15 minutes; one more is for clocks that differ. */
const TOKEN_MILLISECONDS = 16 * 60_000;

/** A public line that stays for want of one deletion is a small thing: it is not asked for longer than some seconds. */
const MOST_DELETIONS = 4;

/** What is told of a job that waits is outdated soon: after that it is not sent any more. */
const WAITING_MILLISECONDS = 20_000;

/** Sends by Discord's REST API alone, so any process can do it. */
export function discordSender(discord: DiscordSettings, azure: Azure): Send {
  const desk: Desk = { rest: makeRest(discord), azure };
  return async (address, reply) => {
    const known = DiscordAddress.safeParse(address);
    if (!known.success) return { delivered: false, because: "the address is not one of Discord's" };
    if (reply.mood === "waiting") return deliverWaiting(known.data, reply, desk);
    return deliver(known.data, reply, desk);
  };
}

/** Whoever sends the answer has to reckon with all that may still come to stand, so what was broken off counts as delivered. */
async function deliverWaiting(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  const signal = AbortSignal.timeout(WAITING_MILLISECONDS);
  const delivery = await deliver(address, reply, { ...desk, signal });
  return signal.aborted ? { delivered: true } : delivery;
}

export async function deliver(given: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  const isToCome = given.followUp && !given.messageId;
  // What does not stand yet may still be for one person alone.
  const address = isToCome ? { ...given, ephemeral: reply.forAskerOnly } : given;
  const tokenIsOver = Date.now() - Date.parse(address.createdAt) > TOKEN_MILLISECONDS;
  if (address.byBot || tokenIsOver) return deliverByBot(address, reply, desk);
  if (isToCome) return postFollowUp(address, reply, desk);
  if (reply.forAskerOnly && !address.ephemeral) return answerPrivately(address, reply, desk);
  const outcome = await putReply(reply, standingOf(address), address, desk);
  if ("message" in outcome) return { delivered: true };
  if (outcome.fault === "token gone") return deliverByBot(address, reply, desk);
  return deliveryOf(outcome.fault);
}

/** The message's place is known from then on, and sending again edits it. */
async function postFollowUp(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  const outcome = await putReply(reply, followUpTo(address, address.ephemeral), address, desk);
  if ("message" in outcome) {
    const { id: messageId, flags = 0 } = outcome.message;
    const ephemeral = (flags & MessageFlags.Ephemeral) !== 0;
    return { delivered: true, address: { ...address, messageId, ephemeral } };
  }
  if (outcome.fault === "token gone" || outcome.fault === "follow-ups spent") return deliverByBot(address, reply, desk);
  return deliveryOf(outcome.fault);
}

/**
 * Takes the public waiting message away and answers the asker alone. A line that all may read goes first: it ends Discord's
 * own "thinking", whose place a follow-up would take, in public, and it is what stays where no private word is taken. That
 * the message is gone means an answer that was given.
 */
async function answerPrivately(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  const open = await putReply(withoutReasons(reply), standingOf(address), address, desk);
  if ("fault" in open) {
    if (open.fault === "token gone") return deliverByBot(address, reply, desk);
    // What Discord has against a line that all may read, it may not have against a private word.
    if (isTrouble(open.fault) || open.fault === "message gone") return deliveryOf(open.fault);
  }
  const told = await putReply(reply, followUpTo(address, true), address, desk);
  if ("fault" in told) {
    if (told.fault === "token gone") return deliverByBot(address, reply, desk);
    // Whether the word arrived, nothing shows: a second one would be noise, and for the case that it did not the line stays.
    if (isTrouble(told.fault) && told.fault !== "answer lost") return deliveryOf(told.fault);
    log.warn({ interaction: address.interactionId, fault: told.fault }, "discord: no private word is taken");
    return { delivered: true };
  }
  for (let tries = 1; tries <= MOST_DELETIONS; tries += 1) {
    const gone = await call("interaction", desk, (signal) =>
      desk.rest.delete(routeOf(address), { auth: false, signal }).then(() => ({})),
    );
    if (!("fault" in gone) || !isTrouble(gone.fault)) break;
    await pause(tries * 1000);
  }
  return { delivered: true };
}

import { setTimeout as pause } from "node:timers/promises";
import { Routes } from "discord.js";
import type { Azure } from "../../src/azure.ts";
import type { Delivery, Send } from "../../src/deliver.ts";
import { log } from "../../src/log.ts";
import type { ChatReply } from "../../src/reply.ts";
import { DiscordAddress } from "./address.ts";
import { deliverByBot, withoutReasons } from "./deliver-by-bot.ts";
import { deliveryOf } from "./fault-delivery.ts";
import { isTrouble } from "./faults.ts";
import { originalOf, privateFollowUpTo } from "./place.ts";
import { call, putReply } from "./put.ts";
import type { Desk } from "./put.ts";
import type { DiscordSettings } from "./settings.ts";
import { makeRest } from "./wire.ts";

/** The interaction's token works for 15 minutes; one more is for clocks that differ. */
const TOKEN_MILLISECONDS = 16 * 60_000;

/** A public line that stays for want of one deletion is a small thing: it is not asked for longer than some seconds. */
const MOST_DELETIONS = 4;

/** Sends by Discord's REST API alone, so any process can do it. */
export function discordSender(discord: DiscordSettings, azure: Azure): Send {
  const desk: Desk = { rest: makeRest(discord), azure };
  return async (address, reply) => {
    const known = DiscordAddress.safeParse(address);
    if (!known.success) return { delivered: false, because: "the address is not one of Discord's" };
    return deliver(known.data, reply, desk);
  };
}

export async function deliver(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  const tokenIsOver = Date.now() - Date.parse(address.createdAt) > TOKEN_MILLISECONDS;
  if (address.byBot || tokenIsOver) return deliverByBot(address, reply, desk);
  if (reply.forAskerOnly && !address.ephemeral) return answerPrivately(address, reply, desk);
  const outcome = await putReply(reply, originalOf(address), address, desk);
  if ("message" in outcome) return { delivered: true };
  if (outcome.fault === "token gone") return deliverByBot(address, reply, desk);
  return deliveryOf(outcome.fault);
}

/**
 * Takes the public waiting message away and answers the asker alone. A line that all may read goes first: it ends Discord's
 * own "thinking", whose place a follow-up would take, in public, and it is what stays where no private word is taken. That
 * the message is gone means an answer that was given.
 */
async function answerPrivately(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  const open = await putReply(withoutReasons(reply), originalOf(address), address, desk);
  if ("fault" in open) {
    if (open.fault === "token gone") return deliverByBot(address, reply, desk);
    // What Discord has against a line that all may read, it may not have against a private word.
    if (isTrouble(open.fault) || open.fault === "message gone") return deliveryOf(open.fault);
  }
  const told = await putReply(reply, privateFollowUpTo(address), address, desk);
  if ("fault" in told) {
    if (told.fault === "token gone") return deliverByBot(address, reply, desk);
    // Whether the word arrived, nothing shows: a second one would be noise, and for the case that it did not the line stays.
    if (isTrouble(told.fault) && told.fault !== "answer lost") return deliveryOf(told.fault);
    log.warn({ interaction: address.interactionId, fault: told.fault }, "discord: no private word is taken");
    return { delivered: true };
  }
  const { applicationId, token } = address;
  const original = Routes.webhookMessage(applicationId, token, "@original");
  for (let tries = 1; tries <= MOST_DELETIONS; tries += 1) {
    const gone = await call("interaction", desk, (signal) =>
      desk.rest.delete(original, { auth: false, signal }).then(() => ({})),
    );
    if (!("fault" in gone) || !isTrouble(gone.fault)) break;
    await pause(tries * 1000);
  }
  return { delivered: true };
}

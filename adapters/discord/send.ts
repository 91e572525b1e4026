import { MessageFlags, Routes } from "discord.js";
import type { APIMessage } from "discord.js";
import type { Azure } from "../../src/azure.ts";
import type { Delivery, Send } from "../../src/deliver.ts";
import type { ChatReply } from "../../src/reply.ts";
import type { Settings } from "../../src/settings.ts";
import { DiscordAddress } from "./address.ts";
import { deliverByBot } from "./deliver-by-bot.ts";
import { deliveryOf } from "./fault-delivery.ts";
import { originalOf, privateFollowUpTo } from "./place.ts";
import { call, putReply } from "./put.ts";
import type { Desk } from "./put.ts";
import type { DiscordSettings } from "./settings.ts";
import { makeRest } from "./wire.ts";

/** The interaction's token works for 15 minutes; one more is for clocks that differ. */
const TOKEN_MILLISECONDS = 16 * 60_000;

/** Sends by Discord's REST API alone, so any process can do it. */
export function discordSender(_settings: Settings, discord: DiscordSettings, azure: Azure): Send {
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
 * Takes the public waiting message away and answers the asker alone. The follow-up goes first, so that a message that is
 * gone means an answer that was given; but while Discord's own "thinking" stands, a follow-up would take its place, in public.
 */
async function answerPrivately(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  const { applicationId, token } = address;
  const original = Routes.webhookMessage(applicationId, token, "@original");
  const found = await call("interaction", desk, async (signal) => ({
    message: (await desk.rest.get(original, { auth: false, signal })) as APIMessage,
  }));
  if ("fault" in found)
    return found.fault === "token gone" ? deliverByBot(address, reply, desk) : deliveryOf(found.fault);

  const takeAway = () =>
    call("interaction", desk, (signal) => desk.rest.delete(original, { auth: false, signal }).then(() => ({})));
  const isThinking = Boolean((found.message.flags ?? 0) & MessageFlags.Loading);
  if (isThinking) {
    const taken = await takeAway();
    if ("fault" in taken && taken.fault !== "message gone") return deliveryOf(taken.fault);
  }
  const told = await putReply(reply, privateFollowUpTo(address), address, desk);
  if ("fault" in told) return told.fault === "token gone" ? deliverByBot(address, reply, desk) : deliveryOf(told.fault);
  if (!isThinking) await takeAway();
  return { delivered: true };
}

import { Routes } from "discord.js";
import type { RESTPostAPICurrentUserCreateDMChannelResult } from "discord.js";
import type { Delivery } from "../../src/deliver.ts";
import type { ChatReply } from "../../src/reply.ts";
import { failed, finished } from "../../src/sentences.ts";
import type { DiscordAddress } from "./address.ts";
import { deliveryOf } from "./fault-delivery.ts";
import { messageIn, newMessageIn } from "./place.ts";
import { call, hasPermission, putReply } from "./put.ts";
import type { Desk, Outcome } from "./put.ts";

/**
 * For an interaction whose token is worth nothing any more: the bot edits the waiting message, or posts a new one, or,
 * where the answer is private or the bot is not there at all, brings it to the asker directly.
 */
export async function deliverByBot(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  if (!address.ephemeral && address.botIsThere) {
    // In a direct message nobody else reads along. In a server all do: there the reasons come to the asker directly.
    const isWithheld = reply.forAskerOnly && address.guildId !== null;
    const delivery = await deliverInChannel(address, isWithheld ? withoutReasons(reply) : reply, desk);
    if (delivery?.delivered && isWithheld) await deliverDirectly(address, reply, desk);
    if (delivery) return delivery;
  }
  if (reply.mood === "waiting" || reply.onlyInPlace)
    return { delivered: false, because: "the message cannot be changed any more" };
  return deliverDirectly(address, reply, desk);
}

/** What everybody may read of an answer that was for the asker alone: neither the words nor what was wrong with them. */
export function withoutReasons(reply: ChatReply): ChatReply {
  const line = reply.mood === "declined" ? failed.nothingDrawn : failed.nothingTaken;
  return { ...reply, title: undefined, paragraphs: [line], quotes: [], pictures: [], facts: [] };
}

/** Nothing, where neither editing nor posting is possible. */
async function deliverInChannel(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery | undefined> {
  const { channelId, messageId } = address;
  if (messageId) {
    const outcome = await putReply(reply, messageIn(channelId, messageId), address, desk);
    if ("message" in outcome) return { delivered: true, address: { ...address, byBot: true } };
    if (!isClosed(outcome)) return deliveryOf(outcome.fault);
  }
  if (reply.mood === "waiting" || reply.onlyInPlace || !mayPost(address)) return undefined;
  const outcome = await putReply(reply, newMessageIn(channelId, address, reply), address, desk);
  if ("message" in outcome)
    return { delivered: true, address: { ...address, messageId: outcome.message.id, byBot: true } };
  return isClosed(outcome) ? undefined : deliveryOf(outcome.fault);
}

/** This way is closed, and another may be open. */
function isClosed(outcome: Exclude<Outcome, { message: unknown }>): boolean {
  return ["forbidden", "no permission", "edits spent"].includes(outcome.fault);
}

function mayPost({ guildId, appPermissions }: DiscordAddress): boolean {
  if (!guildId) return true;
  const maySend =
    hasPermission(appPermissions, "SendMessages") || hasPermission(appPermissions, "SendMessagesInThreads");
  return maySend && hasPermission(appPermissions, "ViewChannel");
}

async function deliverDirectly(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  const opened = await call("bot", desk, async (signal) => {
    const body = { recipient_id: address.userId };
    return (await desk.rest.post(Routes.userChannels(), {
      body,
      signal,
    })) as RESTPostAPICurrentUserCreateDMChannelResult;
  });
  if ("fault" in opened)
    return opened.fault === "forbidden" ? tellItCameTooLate(address, reply, desk) : deliveryOf(opened.fault);
  const note = opened.id === address.channelId ? [] : [finished.sentDirectly];
  const outcome = await putReply(
    { ...reply, paragraphs: [...note, ...reply.paragraphs] },
    newMessageIn(opened.id, address, reply),
    address,
    desk,
  );
  if ("message" in outcome) {
    const there = {
      channelId: opened.id,
      guildId: null,
      messageId: outcome.message.id,
      byBot: true,
      ephemeral: false,
      botIsThere: true,
    };
    return { delivered: true, address: { ...address, ...there } };
  }
  return isClosed(outcome) ? tellItCameTooLate(address, reply, desk) : deliveryOf(outcome.fault);
}

/** The last resort for a private answer, without a word of it and without a name. */
async function tellItCameTooLate(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Delivery> {
  const { ephemeral, botIsThere, guildId, channelId } = address;
  if (!ephemeral || !botIsThere || !guildId || !mayPost(address))
    return { delivered: false, because: "no way to the asker is open" };
  const words: ChatReply = {
    ...reply,
    title: undefined,
    paragraphs: [failed.privateTooLate],
    quotes: [],
    pictures: [],
    facts: [],
    actions: [],
    askedBy: undefined,
  };
  const outcome = await putReply(words, newMessageIn(channelId, address, reply), address, desk);
  return "message" in outcome ? { delivered: true } : deliveryOf(outcome.fault);
}

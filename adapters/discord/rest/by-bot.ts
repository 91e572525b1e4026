import { Routes } from "discord.js";
import type { APIChannel } from "discord.js";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { failed, finished } from "../../../src/words/sentences.ts";
import type { DiscordAddress } from "../address.ts";
import { call } from "./call.ts";
import type { Desk } from "./call.ts";
import type { Refusal } from "./faults.ts";
import { messageIn, newMessageIn } from "./places.ts";
import { putReply } from "./put-message.ts";
import { sentenceInstead } from "../../../src/replies/for-others.ts";
import { isWithheld, lineForOthers } from "../message/withheld.ts";

/** It stands; `address` where something was learned of the place. */
export type Done = { delivered: true; address?: DiscordAddress };

export async function editByBot(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Done | Refusal> {
  const { channelId, messageId } = address;
  const withheld = isWithheld(reply, address);
  const shown = withheld ? lineForOthers(reply) : reply;
  const outcome = await putReply(shown, messageIn(channelId, messageId ?? ""), address, desk);
  if ("fault" in outcome) return outcome;
  if (withheld) await directly(address, reply, desk);
  return { delivered: true, address: { ...address, byBot: true } };
}

/** A post opens a thread that was archived meanwhile. */
export async function postByBot(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Done | Refusal> {
  const outcome = await putReply(reply, newMessageIn(address.channelId, address, reply), address, desk);
  if ("fault" in outcome) return outcome;
  const { id: messageId } = outcome.message;
  return { delivered: true, address: { ...address, messageId, ephemeral: false, byBot: true } };
}

/** In a chat between the asker and the bot alone. */
export async function directly(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Done | Refusal> {
  const way = "direct message";
  const opened = await call({ way, authority: "bot" }, desk, async (signal) => {
    const body = { recipient_id: address.userId };
    return (await desk.rest.post(Routes.userChannels(), { body, signal })) as Partial<APIChannel>;
  });
  if ("fault" in opened) return opened;
  const { id: channelId } = opened;
  if (!channelId) return { fault: "trouble", because: `${way}: no channel came` };
  const note = channelId === address.channelId ? [] : [finished.sentDirectly];
  const noted = { ...reply, paragraphs: [...note, ...reply.paragraphs] };
  const outcome = await putReply(noted, newMessageIn(channelId, address, reply), address, desk);
  if ("fault" in outcome) return outcome;
  const { id: messageId } = outcome.message;
  const there = { channelId, messageId, guildId: null, byBot: true, ephemeral: false, botIsThere: true };
  return { delivered: true, address: { ...address, ...there } };
}

/** The last resort for what only one person may read: a line without a word of it in the channel, without a name where it was private. */
export async function sayThatItCame(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Done | Refusal> {
  const line = isWithheld(reply, address)
    ? lineForOthers(reply)
    : { ...sentenceInstead(reply, failed.privateTooLate), askedBy: undefined };
  const outcome = await putReply(line, newMessageIn(address.channelId, address, reply), address, desk);
  return "fault" in outcome ? outcome : { delivered: true };
}

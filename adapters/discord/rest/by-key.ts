import { setTimeout as pause } from "node:timers/promises";
import { MessageFlags } from "discord.js";
import { log } from "../../../src/log.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import type { DiscordAddress } from "../address.ts";
import { directly } from "./by-bot.ts";
import type { Done } from "./by-bot.ts";
import { call } from "./call.ts";
import type { Desk } from "./call.ts";
import { isTrouble } from "./faults.ts";
import type { Refusal } from "./faults.ts";
import { findFollowUp } from "./lost-follow-up.ts";
import { followUpTo, messageIn, routeOf, standingOf } from "./places.ts";
import { putReply } from "./put-message.ts";
import { lineForOthers } from "../message/withheld.ts";

/** The interaction's token works for 15 minutes; one more is for clocks that differ. */
export const TOKEN_MILLISECONDS = 16 * 60_000;

export function keyIsOver({ createdAt }: DiscordAddress): boolean {
  return Date.now() - Date.parse(createdAt) > TOKEN_MILLISECONDS;
}

export async function editByKey(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Done | Refusal> {
  const outcome = await putReply(reply, standingOf(address), address, desk);
  return "fault" in outcome ? outcome : { delivered: true };
}

/** The message's place is known from then on, and sending again edits it. */
export async function postFollowUp(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Done | Refusal> {
  // An answer finds its waiting message known, as a rule.
  const standing = reply.role === "progress" ? undefined : await findFollowUp(address, reply, desk);
  if (standing) {
    const there = { ...address, messageId: standing.id };
    const edited = await editByKey(there, reply, desk);
    return "fault" in edited ? edited : { ...edited, address: there };
  }
  const outcome = await putReply(reply, followUpTo(address, address.ephemeral), address, desk);
  const lost = "fault" in outcome && outcome.fault === "answer lost";
  const message = lost ? await findFollowUp(address, reply, desk) : "message" in outcome ? outcome.message : undefined;
  if (!message) return "fault" in outcome ? outcome : { delivered: true };
  const ephemeral = ((message.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
  return { delivered: true, address: { ...address, messageId: message.id, ephemeral } };
}

/**
 * Takes the public waiting message away and answers the asker alone. A line that all may read goes first: it ends Discord's
 * own "thinking", whose place a follow-up would take, in public, and it is what stays where no private word is taken. That
 * the message is gone means an answer that was given.
 */
export async function answerPrivately(address: DiscordAddress, reply: ChatReply, desk: Desk): Promise<Done | Refusal> {
  const open = await putReply(lineForOthers(reply), standingOf(address), address, desk);
  if ("fault" in open && open.fault === "message gone") return { delivered: true };
  // What Discord has against a line that all may read, it may not have against a private word.
  if (
    "fault" in open &&
    (isTrouble(open.fault) || ["token gone", "token unknown", "made to wait"].includes(open.fault))
  )
    return open;
  const told = await putReply(reply, followUpTo(address, true), address, desk);
  // Whether the word arrived, nothing shows: a second one would be noise, and for the case that it did not the line stays.
  if ("fault" in told && told.fault === "answer lost") return { delivered: true };
  if ("fault" in told) {
    if ("fault" in open || isTrouble(told.fault) || told.fault === "made to wait") return told;
    const direct = await directly(address, reply, desk);
    if ("fault" in direct)
      log.warn(
        { interaction: address.interactionId, because: [told.because, direct.because] },
        "discord: no private word is taken",
      );
    return { delivered: true };
  }
  await takeAway(address, desk);
  return { delivered: true };
}

/** Deletes a message beside which the answer stands now: it must not go on saying that there is one to come. */
export async function takeAway(address: DiscordAddress, desk: Desk): Promise<void> {
  if (await isTakenAway(address, desk)) return;
  const again = async () => {
    for (const milliseconds of desk.times.deletionPausesMilliseconds) {
      await pause(milliseconds, undefined, { ref: false });
      if (await isTakenAway(address, { ...desk, signal: undefined })) return;
    }
    log.warn(
      { interaction: address.interactionId, channel: address.channelId },
      "discord: a message beside an answer could not be taken away, and still says that there is one to come",
    );
  };
  void again().catch((error: unknown) => log.error({ error }, "discord: a message was not taken away"));
}

async function isTakenAway(address: DiscordAddress, desk: Desk): Promise<boolean> {
  const { channelId, messageId, ephemeral, botIsThere, byBot } = address;
  const routes = [
    ...(byBot || keyIsOver(address)
      ? []
      : [{ way: "deletion by key", authority: "interaction", path: routeOf(address) } as const]),
    ...(messageId && !ephemeral && botIsThere
      ? [{ way: "deletion by the bot", authority: "bot", path: messageIn(channelId, messageId).path } as const]
      : []),
  ];
  for (const { path, ...way } of routes) {
    const auth = way.authority === "bot";
    const gone = await call(way, desk, (signal) => desk.rest.delete(path, { auth, signal }).then(() => ({})));
    if (!("fault" in gone) || gone.fault === "message gone") return true;
    log.warn({ interaction: address.interactionId, because: gone.because }, "discord: a message is not taken away yet");
  }
  return !routes.length;
}

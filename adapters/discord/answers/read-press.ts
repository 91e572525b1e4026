import { ChannelType } from "discord.js";
import type { Press } from "../../../src/ask/press.ts";
import { addressOf, askerOf, followUpAddressOf } from "../address.ts";
import type { AnsweredLater } from "../address.ts";
import { jobIdOf } from "../read.ts";
import { hasPermission } from "../rest/put-message.ts";

/** What a component held, and by whom it was pressed. */
export function pressBy(interaction: AnsweredLater, held: Pick<Press, "does" | "of" | "cells">): Press {
  return {
    ...held,
    by: askerOf(interaction),
    isModerator: isModerator(interaction),
    id: jobIdOf(interaction),
    address: held.does === "edit" ? followUpAddressOf(interaction) : addressOf(interaction),
  };
}

const THREADS: ReadonlySet<ChannelType | undefined> = new Set([
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
]);

/** Buttons and menus can be pressed by whoever reads a channel, as one of announcements, where few may write. */
export function mayWrite({ guild_id: guild, member, channel }: AnsweredLater): boolean {
  if (guild === undefined || member === undefined) return true;
  const needed = THREADS.has(channel?.type) ? "SendMessagesInThreads" : "SendMessages";
  return hasPermission(member.permissions, needed) || hasPermission(member.permissions, "Administrator");
}

/** Whoever may delete other people's messages in the place where this happens, as Discord reckons it. In direct messages nobody. */
export function isModerator({ guild_id: guild, member }: AnsweredLater): boolean {
  return guild !== undefined && member !== undefined && hasPermission(member.permissions, "ManageMessages");
}

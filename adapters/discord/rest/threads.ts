import { Routes, ThreadAutoArchiveDuration } from "discord.js";
import { shorten } from "../../../src/words/shorten.ts";
import type { DiscordAddress } from "../address.ts";
import { call } from "./call.ts";
import type { Desk } from "./call.ts";
import type { Refusal } from "./faults.ts";

const LONGEST_NAME = 100;

/** Opens a public thread at a message, or finds the one that was opened there. Its id is the message's. */
export async function openThread(
  { channelId, messageId }: DiscordAddress,
  name: string,
  desk: Desk,
): Promise<{ thread: string } | Refusal> {
  if (!messageId) return { fault: "message gone", because: "open a thread: the message is not known" };
  const body = { name: shorten(name, LONGEST_NAME), auto_archive_duration: ThreadAutoArchiveDuration.OneWeek };
  const opened = await call({ way: "open a thread", authority: "bot" }, desk, async (signal) => {
    await desk.rest.post(Routes.threads(channelId, messageId), { body, signal });
    return { thread: messageId };
  });
  if ("fault" in opened && opened.fault === "thread there already") return { thread: messageId };
  return opened;
}

/** An archived thread takes no edits; whoever may send in it may open it again, unless it is locked. */
export async function reopenThread(
  { channelId }: DiscordAddress,
  desk: Desk,
): Promise<Record<string, never> | Refusal> {
  return call({ way: "reopen the thread", authority: "bot" }, desk, async (signal) => {
    await desk.rest.patch(Routes.channel(channelId), { body: { archived: false }, signal });
    return {};
  });
}

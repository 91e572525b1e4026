import type { ChatReply } from "../../../src/replies/reply.ts";
import { failed } from "../../../src/words/sentences.ts";
import type { DiscordAddress } from "../address.ts";

/** In a direct message nobody else reads along. In a server all do: there the reasons come to the asker directly. */
export function isWithheld(reply: ChatReply, { ephemeral, guildId }: DiscordAddress): boolean {
  return reply.forAskerOnly && !ephemeral && guildId !== null;
}

/** What everybody may read of an answer that was for the asker alone: neither the words nor what was wrong with them. */
export function withoutReasons(reply: ChatReply): ChatReply {
  const line = reply.mood === "declined" ? failed.nothingDrawn : failed.nothingTaken;
  return { ...reply, title: undefined, paragraphs: [line], quotes: [], pictures: [], facts: [] };
}

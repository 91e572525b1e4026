import { forOthers, sentenceInstead } from "../../../src/replies/for-others.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { failed } from "../../../src/words/sentences.ts";
import type { DiscordAddress } from "../address.ts";

/** In a direct message nobody else reads along. In a server all do: there the reasons come to the asker directly. */
export function isWithheld(reply: ChatReply, { ephemeral, guildId }: DiscordAddress): boolean {
  return reply.forAskerOnly && !ephemeral && guildId !== null;
}

/** In the place of an answer that was for the asker alone. Its buttons hold an id and nothing else, so that they may stay. */
export function lineForOthers(reply: ChatReply): ChatReply {
  const line = forOthers(reply);
  return line ? { ...line, actions: reply.actions } : sentenceInstead(reply, failed.privateTooLate);
}

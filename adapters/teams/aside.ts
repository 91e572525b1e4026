import type { ChatReply } from "../../src/replies/reply.ts";
import { failed } from "../../src/words/sentences.ts";

/**
 * What all may read of an answer that was for one person alone: never why nothing came of a request, never anybody's words
 * or pictures. Nothing, where it is better left unsaid.
 */
export function sayToAll(reply: ChatReply): ChatReply | undefined {
  const { mood, quotes, pictures, actions } = reply;
  const bare = { ...reply, title: undefined, quotes: [], pictures: [], facts: [], actions: [], forAskerOnly: false };
  if (mood === "waiting" || mood === "finished") return undefined;
  if (pictures.length) return { ...bare, paragraphs: [failed.notShownAlone] };
  const isAboutWords = quotes.length > 0 || actions.length > 0;
  return isAboutWords ? { ...bare, paragraphs: [failed.nothingDrawn] } : { ...reply, forAskerOnly: false };
}

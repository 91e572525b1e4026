import type { ChatReply } from "./reply.ts";
import type { Said } from "../words/said.ts";
import { failed } from "../words/sentences.ts";

/**
 * What all may read of a reply that is for one person alone: never why nothing came of a request, nobody's words, pictures or
 * buttons. Nothing, where it is better left unsaid.
 */
export function forOthers(reply: ChatReply): ChatReply | undefined {
  const { role, quotes, pictures, actions } = reply;
  const isAboutWords = quotes.length > 0 || actions.length > 0;
  switch (role) {
    case "progress":
      return undefined;
    case "answer":
      if (pictures.length) return undefined;
      return sentenceInstead(reply, isAboutWords ? failed.nothingDrawn : failed.nothingTaken);
    case "word":
      return isAboutWords || pictures.length
        ? sentenceInstead(reply, failed.notShownAlone)
        : { ...reply, forAskerOnly: false };
  }
}

/** Who asked and the reference stay. */
export function sentenceInstead(reply: ChatReply, said: Said): ChatReply {
  const empty = { title: undefined, origin: undefined, quotes: [], pictures: [], facts: [], actions: [] };
  return { ...reply, ...empty, paragraphs: [said], forAskerOnly: false };
}

import type { SpokenReply } from "../../../src/replies/reply.ts";
import { MOST_TEXT, weightOf } from "./text-weight.ts";

/** What goes along with a message as a file, because it has no room for it. */
export type WordsFile = { name: string; text: string };

/** What a message has beside somebody's words. */
const ROOM_FOR_THE_REST = 1000;

/** Words that are to be seen whole, and are too long for that. */
export function wordsFileOf({ role, quotes }: SpokenReply): WordsFile | undefined {
  if (role !== "word" || !quotes.length) return undefined;
  const text = quotes.map(({ label, words }) => `${label}\n\n${words.trim()}\n`).join("\n\n");
  return weightOf(text) > MOST_TEXT - ROOM_FOR_THE_REST ? { name: "words.txt", text } : undefined;
}

import type { SpokenReply } from "../../../src/replies/reply.ts";
import { MOST_TEXT, weightOf } from "./text-weight.ts";

/** What goes along with a message as a file, because it has no room for it or is of no use in it. */
export type FileBeside = { name: string; data: Buffer; contentType: string };

/** What a message has beside somebody's words. */
const ROOM_FOR_THE_REST = 1000;

export function filesOf(reply: SpokenReply): FileBeside[] {
  const { file } = reply;
  const own = file && { name: file.name, data: Buffer.from(file.base64, "base64"), contentType: file.mediaType };
  return [wordsFileOf(reply), own].filter((one) => one !== undefined);
}

/** Words that are to be seen whole, and are too long for that. */
function wordsFileOf({ role, quotes }: SpokenReply): FileBeside | undefined {
  if (role !== "word" || !quotes.length) return undefined;
  const text = quotes.map(({ label, words }) => `${label}\n\n${words.trim()}\n`).join("\n\n");
  if (weightOf(text) <= MOST_TEXT - ROOM_FOR_THE_REST) return undefined;
  return { name: "words.txt", data: Buffer.from(text.toWellFormed()), contentType: "text/plain; charset=utf-8" };
}

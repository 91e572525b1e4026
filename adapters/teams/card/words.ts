import type { SpokenReply } from "../../../src/replies/reply.ts";
import type { Sentences } from "../../../src/words/said.ts";
import { ELLIPSIS, shorten } from "../../../src/words/shorten.ts";
import { runOf, textOf } from "./card-parts.ts";
import type { Element } from "./card-parts.ts";

type Quote = SpokenReply["quotes"][number];

/** Beyond it the words stand without marks: each stretch is an element of its own. */
const MOST_STRETCHES = 300;

/** Somebody's words at length, under what they are. */
export function wholeWords(quote: Quote, most: number, { finished }: Sentences): Element[] {
  const { label, words } = quote;
  if (!words.trim()) return [];
  const heading = textOf(label, { size: "small", weight: "bolder", isSubtle: true }, { spacing: "medium" });
  const marked = markedRuns(quote, most, {}, { highlight: true, weight: "bolder" });
  if (!marked) return [heading, textOf(shorten(words, most), {}, { spacing: "small" })];
  return [
    heading,
    { type: "RichTextBlock", spacing: "small", inlines: marked },
    textOf(finished.added, { size: "small", isSubtle: true }, { spacing: "small" }),
  ];
}

/** The words with what was added marked, cut where they would be cut without; nothing where nothing is to be marked. */
export function markedRuns(
  { words, marked = [] }: Quote,
  most: number,
  look: Record<string, unknown>,
  added: Record<string, unknown>,
): Element[] | undefined {
  const shown = shorten(words, most);
  let left = shown === words ? words.length : shown.length - ELLIPSIS.length;
  let isMarked = false;
  const runs = marked.flatMap((stretch) => {
    const text = stretch.words.slice(0, left);
    left -= text.length;
    if (text && stretch.added) isMarked = true;
    return text ? [runOf(text, stretch.added ? added : look)] : [];
  });
  if (runs.length > MOST_STRETCHES || !isMarked) return undefined;
  return shown === words ? runs : [...runs, runOf(ELLIPSIS, look)];
}

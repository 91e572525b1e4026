const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

export const ELLIPSIS = "…";

/** A letter may carry any number of marks: one with more than these is cut like several. */
const LONGEST_CHARACTER = 64;

/** Cuts to `most` UTF-16 units, ellipsis included, and never inside a character that a person sees as one. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.max(0, most - ELLIPSIS.length);
  const head = text.slice(0, end + LONGEST_CHARACTER).toWellFormed();
  const begins = graphemes.segment(head).containing(end)?.index ?? end;
  const cut = head.slice(0, end - begins > LONGEST_CHARACTER ? end : begins);
  return `${(cut.isWellFormed() ? cut : cut.slice(0, -1)).trimEnd()}${ELLIPSIS}`;
}

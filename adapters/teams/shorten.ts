const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

export const ELLIPSIS = "…";

/** Cuts to `most` UTF-16 units, ellipsis included, and never inside a character that a person sees as one. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.max(0, most - 1);
  // Cut where the character begins that the cut would go through.
  const start = graphemes.segment(text).containing(end)?.index ?? 0;
  return `${text.slice(0, start).trimEnd()}${ELLIPSIS}`;
}

import { ELLIPSIS, shorten } from "./shorten.ts";

/**
 * Each cut to `most` UTF-16 units, like `shorten`; those that would then look alike lose the beginning that they share instead, for what
 * differs between them comes after it.
 */
export function shortenApart(texts: readonly string[], most: number): string[] {
  const cut = texts.map((text) => shorten(text, most));
  const result = [...cut];
  for (const shown of new Set(cut)) {
    const places = cut.flatMap((one, place) => (one === shown ? [place] : []));
    const alike = places.map((place) => texts[place] ?? "");
    const shared = sharedWords([...new Set(alike)]);
    if (!shared) continue;
    const mark = `${ELLIPSIS} `;
    const rests = shortenApart(
      alike.map((text) => text.slice(shared)),
      most - mark.length,
    );
    for (const [index, place] of places.entries()) result[place] = `${mark}${rests[index]}`;
  }
  return result;
}

/** How much of its beginning is the same in each of several texts, up to the end of a word. */
function sharedWords([first = "", ...others]: string[]): number {
  if (!others.length) return 0;
  let length = 0;
  while (length < first.length && others.every((other) => other[length] === first[length])) length += 1;
  return first.slice(0, length).lastIndexOf(" ") + 1;
}

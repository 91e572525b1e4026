/** A stretch of the revised text; `added` where the person did not write it. */
export type MarkedWords = { words: string; added: boolean };

type Word = { compared: string; start: number; end: number };

/** Bits of the comparison's table, 32 MB: 16,000 words against as many. Beyond it the order of the words is left aside. */
const MOST_CELLS = 2 ** 28;

/** Any locale finds the words of scripts without spaces too; a fixed one finds the same on every machine. */
const segmenter = new Intl.Segmenter("en", { granularity: "word" });

/**
 * Cuts the revised text into stretches, which joined are that text again, and says which of them the person did not write.
 * Words are compared in their order, without case and punctuation. An added stretch neither begins nor ends with white
 * space, so that it can be set in bold as it stands.
 */
export function markAdded(own: string, revised: string): MarkedWords[] {
  const words = wordsOf(revised);
  const kept = findKept(
    wordsOf(own).map(({ compared }) => compared),
    words.map(({ compared }) => compared),
  );
  const stretches: MarkedWords[] = [];
  let at = 0;
  const cut = (end: number, added: boolean) => {
    if (end > at) stretches.push({ words: revised.slice(at, end), added });
    at = end;
  };
  for (const [index, { start }] of words.entries()) {
    if (kept[index] || (index && !kept[index - 1])) continue;
    const next = kept.indexOf(true, index);
    const last = words[(next === -1 ? words.length : next) - 1];
    // Punctuation at either end of the text goes with the word that it touches.
    cut(index ? start : start - (revised.slice(0, start).split(/\s/).at(-1) ?? "").length, false);
    const end = last?.end ?? start;
    cut(next === -1 ? end + (revised.slice(end).split(/\s/)[0] ?? "").length : end, true);
  }
  cut(revised.length, false);
  return stretches;
}

function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const { segment, index, isWordLike } of segmenter.segment(text)) {
    if (!isWordLike && !/[\p{N}\p{Extended_Pictographic}\p{RI}]/u.test(segment)) continue;
    const plain = segment.normalize("NFKC").toLowerCase();
    // 1.5 is not 15, but cat's is cat’s.
    const compared = /\p{N}/u.test(plain) ? plain : plain.replace(/\p{P}/gu, "");
    if (compared) words.push({ compared, start: index, end: index + segment.length });
  }
  return words;
}

/** For each revised word, whether it is one of the longest sequence that both texts have in common. */
function findKept(own: string[], revised: string[]): boolean[] {
  if (own.length * revised.length > MOST_CELLS) {
    const written = new Set(own);
    return revised.map((word) => written.has(word));
  }
  const matches = traceBack(tabulate(own, revised), own.length);
  // Of a word that occurs more than once, keep the one beside what follows it in the person's own words too.
  for (let index = matches.length - 2; index >= 0; index--) {
    const [match, next] = [matches[index], matches[index + 1]];
    if (!match || next?.own !== match.own + 1) continue;
    if (revised[next.revised - 1] === own[match.own]) match.revised = next.revised - 1;
  }
  const kept = Array.from(revised, () => false);
  for (const match of matches) kept[match.revised] = true;
  return kept;
}

/**
 * Crochemore, Iliopoulos, Pinzon and Reid, 2001: a row of the table for each revised word, a bit for each own word. Bit 0
 * says that the common sequence up to here is longer by one than it is without that own word.
 */
function tabulate(own: string[], revised: string[]): bigint[] {
  const positions = new Map<string, bigint>();
  for (const [index, word] of own.entries()) {
    positions.set(word, (positions.get(word) ?? 0n) | (1n << BigInt(index)));
  }
  const all = (1n << BigInt(own.length)) - 1n;
  let row = all;
  return revised.map((word) => {
    const here = positions.get(word);
    if (here !== undefined) row = ((row + (row & here)) | (row & ~here)) & all;
    return row;
  });
}

function traceBack(rows: bigint[], ownLength: number): { own: number; revised: number }[] {
  const isLonger = (revised: number, own: number) => (((rows[revised] ?? -1n) >> BigInt(own)) & 1n) === 0n;
  const matches: { own: number; revised: number }[] = [];
  let [own, revised] = [ownLength - 1, rows.length - 1];
  while (own >= 0 && revised >= 0) {
    if (!isLonger(revised, own)) own--;
    else if (isLonger(revised - 1, own)) revised--;
    else matches.push({ own: own--, revised: revised-- });
  }
  return matches.toReversed();
}

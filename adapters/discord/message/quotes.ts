import type { SpokenReply } from "../../../src/replies/reply.ts";
import type { Sentences } from "../../../src/words/said.ts";
import { ELLIPSIS, shorten } from "../../../src/words/shorten.ts";
import { codeBlock, literal, partlyBold, quotation } from "./literal.ts";
import { weightOf } from "./text-weight.ts";

type Quote = SpokenReply["quotes"][number];

/** Somebody's words in `room`, see `weightOf`: short ones whole, long ones alike. All in one text. */
export function quotesWithin(quotes: Quote[], room: number): string {
  const filled = quotes.filter(({ words }) => words.trim());
  const texts = new Map<Quote, string>();
  const shortestFirst = filled.toSorted(
    (a, b) => weightOf(quoted(a, a.words.length)) - weightOf(quoted(b, b.words.length)),
  );
  let left = room;
  for (const [index, quote] of shortestFirst.entries()) {
    const fitted = fitQuote(quote, Math.floor(left / (shortestFirst.length - index)));
    left -= weightOf(fitted);
    texts.set(quote, fitted);
  }
  return filled.flatMap((quote) => texts.get(quote) || []).join("\n");
}

/** Some of the words are to be told from the others: where all are new, or none, nothing would be. */
export function isMarked({ words, marked = [] }: Quote): boolean {
  const filled = marked.filter((stretch) => stretch.words.trim());
  const both = filled.some(({ added }) => added) && filled.some(({ added }) => !added);
  return both && marked.map((stretch) => stretch.words).join("") === words;
}

/** The beginning of somebody's words, as one quotation of a few lines. */
export function quotationOf(quote: Quote, most: number): string {
  return `> ${inOneLine(quote, most)}`;
}

/** The same in small print, behind what it is. */
export function smallPrintOf(quote: Quote, most: number, { joined }: Sentences): string {
  return `-# ${joined.pair({ name: literal(quote.label), value: inOneLine(quote, most) })}`;
}

function inOneLine(quote: Quote, most: number): string {
  const stretches = isMarked(quote)
    ? stretchesOf(quote, shorten(quote.words, most))
    : [{ words: shorten(quote.words, most), bold: false }];
  return partlyBold(stretches.map(({ words, bold }) => ({ words: words.replaceAll(/\s+/g, " "), bold }))).trim();
}

function fitQuote(quote: Quote, room: number): string {
  for (let most = quote.words.length; most > 0; most = Math.floor(Math.min(most * 0.9, room))) {
    const content = quoted(quote, most);
    if (weightOf(content) <= room) return content;
  }
  return "";
}

function quoted(quote: Quote, most: number): string {
  const words = shorten(quote.words, most);
  const shown = isMarked(quote) ? quotation(stretchesOf(quote, words)) : codeBlock(words);
  return `**${literal(quote.label)}**\n${shown}`;
}

/** As far as the shortened words go. */
function stretchesOf({ words, marked = [] }: Quote, shortened: string): { words: string; bold: boolean }[] {
  const isCut = shortened !== words;
  let left = isCut ? shortened.length - ELLIPSIS.length : shortened.length;
  const stretches = marked.map((stretch) => {
    const kept = stretch.words.slice(0, left);
    left -= kept.length;
    return { words: kept, bold: stretch.added };
  });
  return isCut ? [...stretches, { words: ELLIPSIS, bold: false }] : stretches;
}

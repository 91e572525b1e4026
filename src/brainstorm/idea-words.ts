import { lensName } from "../words/lenses.ts";
import type { Text } from "../words/said.ts";
import { brainstorm } from "../words/sentences.ts";
import { oneLine } from "../words/one-line.ts";
import { ELLIPSIS, shorten } from "../words/shorten.ts";
import type { Idea } from "./session.ts";

const LEAST_PART = 20;

type Shown = { most: number; topic?: string };

/**
 * An idea with what others have added, in about so many characters. What differs comes first: of pictures that go on from the same one,
 * the lens; and where the `topic` stands above, it is not said again.
 */
export function shownWords(idea: Pick<Idea, "words" | "clauses" | "lens" | "from">, { most, topic }: Shown): Text {
  const { words, clauses = [], lens } = idea;
  const part = Math.max(LEAST_PART, Math.floor(most / (clauses.length + 1)));
  const own = topic === undefined ? oneLine(words) : withoutTopic(oneLine(words), oneLine(topic));
  const [first = "", ...others] = [own, ...clauses.map((clause) => oneLine(clause.words))].map((text) =>
    shorten(text, part),
  );
  const all = others.length ? brainstorm.withClauses({ words: first, clauses: others }) : first;
  return lens !== undefined && isVariation(idea) ? brainstorm.throughLens({ lens: lensName(lens), words: all }) : all;
}

/** Its words are those of what it goes on from: others in its round have the same. */
export function isVariation({ from, lens }: Pick<Idea, "from" | "lens">): boolean {
  return from.length > 0 && lens !== undefined;
}

/** An idea and all that was added to it, to draw from. */
export function wholeWords({ words, clauses = [] }: Pick<Idea, "words" | "clauses">): string {
  return [words, ...clauses.map((clause) => clause.words)].join(", ");
}

/** To draw from: a direction of ours, or of a model's, has the topic in its words already. */
export function withTopic(topic: string, words: string): string {
  return withoutTopic(oneLine(words), oneLine(topic)) === oneLine(words) ? `${topic}: ${words}` : words;
}

const JOIN = /^[\s.,;:!?]+(?=\S)/;

/** A long topic was cut before a lens was hung onto it. */
function withoutTopic(words: string, topic: string): string {
  const end = words.indexOf(ELLIPSIS);
  const cut = end > LEAST_PART ? words.slice(0, end) : undefined;
  const heads = [topic.replace(/[\s.,;:!?]+$/, ""), ...(cut && topic.startsWith(cut) ? [cut + ELLIPSIS] : [])];
  for (const head of heads) {
    const rest = words.slice(head.length);
    const isTopic = head !== "" && words.slice(0, head.length).toLowerCase() === head.toLowerCase();
    if (isTopic && JOIN.test(rest)) return `${ELLIPSIS} ${rest.replace(JOIN, "")}`;
  }
  return words;
}

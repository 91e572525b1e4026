import type { Text } from "../words/said.ts";
import { brainstorm } from "../words/sentences.ts";
import { oneLine } from "../words/one-line.ts";
import { shorten } from "../words/shorten.ts";
import type { Idea } from "./session.ts";

const LEAST_PART = 20;

/** An idea with what others have added, in about so many characters. */
export function shownWords({ words, clauses = [] }: Pick<Idea, "words" | "clauses">, most: number): Text {
  const part = Math.max(LEAST_PART, Math.floor(most / (clauses.length + 1)));
  const [first = "", ...others] = [words, ...clauses.map((clause) => clause.words)].map((text) =>
    shorten(oneLine(text), part),
  );
  return others.length ? brainstorm.withClauses({ words: first, clauses: others }) : first;
}

import { personOf } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import type { Text } from "../words/said.ts";
import { labels } from "../words/sentences.ts";
import { oneLine } from "../words/one-line.ts";
import { shorten } from "../words/shorten.ts";

const MOST_NAME = 60;

/** Teams does not always send a name, and some show as nothing. */
export function nameOfPerson({ name }: Asker): Text {
  const line = oneLine(name);
  return /[\p{L}\p{N}\p{S}\p{P}]/u.test(line) ? shorten(line, MOST_NAME) : labels.somebody;
}

export function namesOf(people: readonly Asker[]): Text[] {
  return people.map(nameOfPerson);
}

/** The same people with one more, each once. */
export function withPerson(people: readonly Asker[], by: Asker): Asker[] {
  return people.some((one) => personOf(one) === personOf(by)) ? [...people] : [...people, by];
}

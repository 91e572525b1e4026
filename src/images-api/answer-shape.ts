import { isRecord } from "./answered-picture.ts";

const DEEPEST = 5;
const MOST_FIELDS = 30;
const MOST_SHOWN_CHARACTERS = 500;

/** Names of kinds: they hold no words of a person, and no secret. */
const KIND_FIELDS = new Set([
  "type",
  "object",
  "event",
  "model",
  "code",
  "status",
  "statusCode",
  "finish_reason",
  "output_format",
]);
/** What a problem is told in. A gateway may say back in it what was asked, see `withoutWords`. */
const PROBLEM_FIELDS = new Set([
  ...KIND_FIELDS,
  "message",
  "param",
  "detail",
  "description",
  "title",
  "msg",
  "loc",
  "reason",
  "reasons",
  "category",
  "categories",
  "moderation_stage",
  "source_type",
  "severity",
]);

/**
 * What an answer holds, field by field, as type and length alone: the log says what was dropped, and never a word of a
 * person, a picture or the secret that its address is.
 */
export function shapeOf(value: unknown, words?: string): unknown {
  return shape(value, { name: "", depth: 0, shown: KIND_FIELDS, words: words ?? "" });
}

/** The same of a refusal, whose own words the operator needs. `words`: what the person asked, which is cut out of them. */
export function shapeOfProblem(value: unknown, words: string): unknown {
  return shape(value, { name: "message", depth: 0, shown: PROBLEM_FIELDS, words });
}

type Place = { name: string; depth: number; shown: Set<string>; words: string };

function shape(value: unknown, place: Place): unknown {
  if (typeof value === "string")
    return place.shown.has(place.name) && !/^data:|^https?:/.test(value)
      ? withoutWords(value.slice(0, MOST_SHOWN_CHARACTERS), place.words)
      : `text of ${value.length}`;
  if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
  if (!Array.isArray(value) && !isRecord(value)) return typeof value;
  if (place.depth >= DEEPEST) return Array.isArray(value) ? `list of ${value.length}` : "object";
  const below = { ...place, depth: place.depth + 1 };
  if (Array.isArray(value)) {
    const first = value.slice(0, 3).map((each: unknown) => shape(each, below));
    return value.length > first.length ? [...first, `and ${value.length - first.length} more`] : first;
  }
  const fields = Object.entries(value).slice(0, MOST_FIELDS);
  return Object.fromEntries(fields.map(([name, each]) => [name.slice(0, 60), shape(each, { ...below, name })]));
}

/** A text that says back what was asked is cut off where it begins to. */
function withoutWords(text: string, words: string): string {
  const beginning = words.trim().slice(0, 12);
  const at = beginning.length < 4 ? -1 : text.indexOf(beginning);
  return at < 0 ? text : `${text.slice(0, at)}… (the words)`;
}

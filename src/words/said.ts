import { english } from "./english.ts";

/** What a language has to say: each name of a group is a text, or makes one of the values that stand in it. */
export type Sentences = typeof english;

type NameIn<Group> = keyof Group & string;
/** `waiting.placeInLine` */
export type SentenceName = { [Group in NameIn<Sentences>]: `${Group}.${NameIn<Sentences[Group]>}` }[NameIn<Sentences>];

/** A sentence before it is in any language: which one, and what stands in it. Plain JSON; made by what `sentences.ts` exports. */
export type Said = { say: SentenceName; with?: Record<string, unknown> };

/** A sentence of ours, or somebody's own words, which stay as they are. */
export type Text = Said | string;

/** The same with every said value in it as text. */
export type Spoken<Value> = Value extends Said
  ? string
  : Value extends readonly (infer Member)[]
    ? Spoken<Member>[]
    : Value extends object
      ? { [Name in keyof Value]: Spoken<Value[Name]> }
      : Value;

/** Where a language is chosen, and the only place. `locale` is a person's own, as their chat names it. */
export function sentencesFor(_locale?: string | null): Sentences {
  return english;
}

export function speak(text: Text, sentences: Sentences): string {
  if (typeof text === "string") return text;
  const [group = "", name = ""] = text.say.split(".");
  const texts: Record<string, Record<string, unknown>> = sentences;
  const entry = texts[group]?.[name];
  return typeof entry === "function" ? String(entry(speakAll(text.with, sentences))) : String(entry);
}

/** Speaks whatever is said anywhere in `value`, which is plain JSON. */
export function speakAll<Value>(value: Value, sentences: Sentences): Spoken<Value> {
  return spoken(value, sentences) as Spoken<Value>;
}

function spoken(value: unknown, sentences: Sentences): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((member: unknown) => spoken(member, sentences));
  if (isSaid(value)) return speak(value, sentences);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, spoken(member, sentences)]));
}

function isSaid(value: object): value is Said {
  return "say" in value && typeof value.say === "string";
}

import type { Said, Spoken, Text } from "../words/said.ts";

/** Fields that a platform shows as its own form: a modal, or inputs in a card. One without fields is a question. */
export type ChatForm = { title: Said; explanation?: Said; send: Said; fields: FormField[] };
export type FormField = { id: string; label: Said; isRequired: boolean } & (
  | { kind: "line" | "words"; value?: string; most: number; hint?: Said }
  | { kind: "choice"; choices: { value: string; name: Text }[]; least: number; most: number; chosen?: string[] }
  /** By their ids, as the platform has people pick them; `known` and `hint` are for one that has no way to. */
  | {
      kind: "pick";
      of: "channels" | "roles" | "people";
      most: number;
      chosen?: string[];
      known: { value: string; name: Text }[];
      hint: Said;
    }
);

/** What was typed or chosen, by the field. */
export type FormValues = Record<string, string[]>;

export type SpokenForm = Spoken<ChatForm>;

/** The same form with what somebody has typed and chosen standing in it. */
export function withValues(form: ChatForm, values: FormValues): ChatForm {
  return { ...form, fields: form.fields.map((field) => fieldWith(field, values[field.id])) };
}

function fieldWith(field: FormField, values: string[] | undefined): FormField {
  if (!values) return field;
  if (field.kind === "pick") return { ...field, chosen: values };
  if (field.kind !== "choice") return { ...field, value: values[0] ?? "" };
  const offered = values.filter((value) => field.choices.some((choice) => choice.value === value));
  // What is not offered leaves what stood there before: an empty field would be one more thing to mend.
  return values.length && !offered.length ? field : { ...field, chosen: offered };
}

export function oneOf(id: string, label: Said, choices: { value: string; name: Text }[], chosen?: string): FormField {
  const picked = chosen === undefined ? {} : { chosen: [chosen] };
  return { id, kind: "choice", label, choices, least: 1, most: 1, isRequired: true, ...picked };
}

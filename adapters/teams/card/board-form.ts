import type { BoardField, BoardForm, SpokenForm } from "../../../src/brainstorm/board.ts";
import { speakAll } from "../../../src/words/said.ts";
import type { Sentences } from "../../../src/words/said.ts";
import { shorten } from "../../../src/words/shorten.ts";
import { PICKED, SAID } from "./button-data.ts";
import { choiceInput, fitCard, makeCard, sendButton, textOf } from "./card-parts.ts";
import type { ButtonData, Card, Element } from "./card-parts.ts";

type Field = SpokenForm["fields"][number];
/** What stands in the fields, by their names. */
type Values = Record<string, string[]>;

const [LONGEST_LINE, LONGEST_NAME] = [600, 120];

/** A form of a brainstorm as a card of its own. `typed` is what somebody has written there already. */
export function boardFormCard(form: BoardForm, data: ButtonData, sentences: Sentences, typed: Values = {}): Card {
  const fields = form.fields.map((field) => withTyped(field, typed));
  const spoken = speakAll({ ...form, fields }, sentences);
  return fitCard((most) => {
    const line = (text: string) => textOf(shorten(text, Math.min(most, LONGEST_LINE)));
    const body = [
      textOf(spoken.title, { size: "large", weight: "bolder", color: "accent" }),
      ...(spoken.explanation ? [line(spoken.explanation)] : []),
      ...spoken.fields.map((field) => inputOf(field, most)),
    ];
    return makeCard(body, [sendButton(spoken.send, data)], {
      msteams: {},
      fallbackText: spoken.title,
      speak: spoken.title,
    });
  });
}

function withTyped(field: BoardField, typed: Values): BoardField {
  const values = typed[field.id];
  if (!values) return field;
  if (field.kind !== "choice") return { ...field, value: values[0] ?? "" };
  return { ...field, chosen: values };
}

function inputOf(field: Field, most: number): Element {
  const { id, label, kind } = field;
  if (kind !== "choice") {
    const value = shorten(field.value ?? "", most);
    return {
      type: "Input.Text",
      id: `${SAID}${id}`,
      label,
      isMultiline: kind === "words",
      // A client may cut what is longer, so that what stands there already is never beyond it.
      maxLength: Math.max(field.most, value.length),
      ...(field.hint && { placeholder: field.hint }),
      value,
    };
  }
  const choices = field.choices.map(({ value, name }) => ({
    title: shorten(name, Math.min(most, LONGEST_NAME)),
    value,
  }));
  const known = (field.chosen ?? []).filter((value) => choices.some((choice) => choice.value === value));
  const isMultiSelect = field.most > 1;
  const chosen = isMultiSelect ? known.join(",") : known[0];
  return choiceInput(`${PICKED}${id}`, label, choices, {
    style: isMultiSelect ? "expanded" : "compact",
    ...(isMultiSelect && { isMultiSelect }),
    ...(chosen && { value: chosen }),
  });
}

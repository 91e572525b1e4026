import { withValues } from "../../../src/replies/form.ts";
import type { ChatForm, FormValues, SpokenForm } from "../../../src/replies/form.ts";
import { speakAll } from "../../../src/words/said.ts";
import type { Sentences } from "../../../src/words/said.ts";
import { shorten } from "../../../src/words/shorten.ts";
import { PICKED, SAID } from "./button-data.ts";
import { choiceInput, fitCard, makeCard, sendButton, textOf } from "./card-parts.ts";
import type { ButtonData, Card, Element } from "./card-parts.ts";

type Field = SpokenForm["fields"][number];

const [LONGEST_LINE, LONGEST_NAME] = [600, 120];

/** A form as a card of its own. `typed` is what somebody has written there already. */
export function chatFormCard(form: ChatForm, data: ButtonData, sentences: Sentences, typed: FormValues = {}): Card {
  const spoken = speakAll(withValues(form, typed), sentences);
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

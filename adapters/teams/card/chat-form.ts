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

/** A form as a card of its own. `typed` is what somebody has written there already; `beside` are other buttons. */
export function chatFormCard(
  form: ChatForm,
  data: ButtonData,
  sentences: Sentences,
  { typed = {}, beside = [] }: { typed?: FormValues; beside?: Element[] } = {},
): Card {
  const spoken = speakAll(withValues(form, typed), sentences);
  return fitCard((most) => {
    const line = (text: string) => textOf(shorten(text, Math.min(most, LONGEST_LINE)));
    const body = [
      textOf(spoken.title, { size: "large", weight: "bolder", color: "accent" }),
      ...(spoken.explanation ? [line(spoken.explanation)] : []),
      ...spoken.fields.flatMap((field) => inputsOf(field, most, sentences.teamsBoard)),
    ];
    return makeCard(body, [sendButton(spoken.send, data), ...beside], {
      msteams: {},
      fallbackText: spoken.title,
      speak: spoken.title,
    });
  });
}

/** Teams has no list of a team's people or channels for a card: those that are known can be chosen, and others are given by their ids. */
function inputsOf(field: Field, most: number, of: Sentences["teamsBoard"]): Element[] {
  if (field.kind !== "pick") return [inputOf(field, most, of)];
  const { id, label, known, chosen = [], hint } = field;
  // Of two fields either will do.
  const isRequired = field.isRequired && !known.length;
  const isKnown = (one: string) => known.some(({ value }) => value === one);
  const others = chosen.filter((one) => !isKnown(one)).join(", ");
  const choice = { id, label, isRequired, kind: "choice", choices: known, least: 0, most: field.most } as const;
  const line = {
    id,
    label: known.length ? hint : label,
    isRequired,
    kind: "line",
    value: others,
    most: 4000,
    hint,
  } as const;
  return [
    ...(known.length ? [inputOf({ ...choice, chosen: chosen.filter(isKnown) }, most, of)] : []),
    inputOf(line, most, of),
  ];
}

/** A client then says itself what is missing, and sends nothing. */
const needed = ({ isRequired }: { isRequired: boolean }, errorMessage: string) =>
  isRequired && { isRequired, errorMessage };

function inputOf(field: Exclude<Field, { kind: "pick" }>, most: number, of: Sentences["teamsBoard"]): Element {
  const { id, label, kind } = field;
  if (kind !== "choice") {
    const value = shorten(field.value ?? "", most);
    return {
      type: "Input.Text",
      id: `${SAID}${id}`,
      label,
      ...needed(field, of.fillIn),
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
    ...needed(field, of.pickOne),
    ...(isMultiSelect && { isMultiSelect }),
    ...(chosen && { value: chosen }),
  });
}

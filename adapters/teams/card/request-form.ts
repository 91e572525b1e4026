import { checkRequest, optionOfFault } from "../../../src/request/check.ts";
import { choicesFor } from "../../../src/words/choices.ts";
import { MODELS } from "../../../src/models.ts";
import { OPTION_NAMES } from "../../../src/request/request.ts";
import type { ImageRequest, OptionName } from "../../../src/request/request.ts";
import { form, labels } from "../../../src/words/sentences.ts";
import type { Settings } from "../../../src/settings.ts";
import { choiceInput, fitCard, makeCard, sendButton, textOf } from "./card-parts.ts";
import type { Card, Element } from "./card-parts.ts";
import { AS_USUAL, PROMPT } from "./button-data.ts";

/** The answer to a bare `imagine`. `asker` is the one person who may send it; `targeted`: they alone see it. */
export function formCard(asker: string, settings: Settings, targeted = false): Card {
  const title = textOf(form.title, { size: "large", weight: "bolder", color: "accent" });
  const data = { do: "imagine", asker, ...(targeted && { targeted: "yes" }) };
  return fitCard(() =>
    makeCard([title, ...requestFields(settings)], [sendButton(labels.draw, data)], {
      fallbackText: form.title,
      speak: form.title,
    }),
  );
}

/** Fields for a whole request, with what stands in them. */
export function requestFields(
  settings: Settings,
  before: { words?: string; options?: ImageRequest["options"] } = {},
): Element[] {
  const fields = OPTION_NAMES.flatMap((name) => optionInput(name, settings, { chosen: before.options?.[name] }));
  return [wordsInput(longestPromptOf(settings), before.words), ...inPairs(fields)];
}

/** Fields for the options that were wrong, with nothing chosen: what was right comes back with the words. */
export function fieldsToMend(request: ImageRequest, settings: Settings): Element[] {
  const checked = checkRequest(request, settings);
  const wrong = new Set("faults" in checked ? checked.faults.flatMap(optionOfFault) : []);
  return inPairs([...wrong].flatMap((name) => optionInput(name, settings, { always: true })));
}

/** `maxLength` is a wish that not every client keeps: the words are checked again when they come. */
export function wordsInput(
  longestPrompt: number,
  words = "",
  { id = PROMPT, label = labels.yourWords, placeholder = form.promptPlaceholder } = {},
): Element {
  return {
    type: "Input.Text",
    id,
    label,
    isMultiline: true,
    // A client may cut what is longer, so that what stands there already is never beyond it.
    maxLength: Math.max(longestPrompt, words.length),
    placeholder,
    value: words,
  };
}

export function longestPromptOf({ models, images }: Settings): number {
  return Math.max(...models.map(({ name }) => MODELS[name].promptLimit[images.provider]));
}

/** A field, if there is something to choose. To mend a wrong option (`always`), one choice and "as usual" are two. */
function optionInput(
  name: OptionName,
  settings: Settings,
  { always = false, chosen = "" }: { always?: boolean; chosen?: string } = {},
): Element[] {
  const choices = choicesFor(settings.models.map((model) => model.name))[name];
  if (choices.length < (always ? 1 : 2)) return [];
  const all = [
    { title: labels.asUsual, value: AS_USUAL },
    ...choices.map((choice) => ({ title: choice.name, value: choice.value })),
  ];
  const value = all.some((choice) => choice.value === chosen) ? chosen : AS_USUAL;
  return [choiceInput(name, labels[name], all, { value })];
}

function inPairs(fields: Element[]): Element[] {
  const column = (items: Element[]) => ({ type: "Column", width: "stretch", items });
  return Array.from({ length: Math.ceil(fields.length / 2) }, (_, row) => ({
    type: "ColumnSet",
    columns: [column(fields.slice(row * 2, row * 2 + 1)), column(fields.slice(row * 2 + 1, row * 2 + 2))],
  }));
}

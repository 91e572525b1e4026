import { checkRequest, optionOfFault } from "../../src/check.ts";
import { choicesFor } from "../../src/choices.ts";
import { MODELS } from "../../src/models.ts";
import { OPTION_NAMES } from "../../src/request.ts";
import type { ImageRequest, OptionName } from "../../src/request.ts";
import { form, labels } from "../../src/sentences.ts";
import type { Settings } from "../../src/settings.ts";
import { fitCard, makeCard, sendButton, textOf } from "./card.ts";
import type { Card, Element } from "./card.ts";
import { AS_USUAL, PROMPT } from "./pressed.ts";

/** The answer to a bare `imagine`. `asker` is the one person who may send it. */
export function formCard(asker: string, settings: Settings): Card {
  const fields = OPTION_NAMES.flatMap((name) => optionInput(name, settings));
  return fitCard(() =>
    makeCard(
      [
        textOf(form.title, { size: "large", weight: "bolder", color: "accent" }),
        wordsInput(longestPromptOf(settings)),
        ...inPairs(fields),
      ],
      [sendButton(labels.draw, { do: "imagine", asker })],
      { fallbackText: form.title, speak: form.title },
    ),
  );
}

/** Fields for the options that were wrong, with nothing chosen: what was right comes back with the words. */
export function fieldsToMend(request: ImageRequest, settings: Settings): Element[] {
  const checked = checkRequest(request, settings);
  const wrong = new Set("faults" in checked ? checked.faults.flatMap(optionOfFault) : []);
  return inPairs([...wrong].flatMap((name) => optionInput(name, settings, true)));
}

/** `maxLength` is a wish that not every client keeps: the words are checked again when they come. */
export function wordsInput(longestPrompt: number, words = ""): Element {
  return {
    type: "Input.Text",
    id: PROMPT,
    label: labels.yourWords,
    isMultiline: true,
    // A client may cut what is longer, so that what stands there already is never beyond it.
    maxLength: Math.max(longestPrompt, words.length),
    placeholder: form.promptPlaceholder,
    value: words,
  };
}

export function longestPromptOf({ models, images }: Settings): number {
  return Math.max(...models.map(({ name }) => MODELS[name].promptLimit[images.provider]));
}

/** A field, if there is something to choose. To mend a wrong option, one choice and "as usual" are two. */
function optionInput(name: OptionName, settings: Settings, always = false): Element[] {
  const choices = choicesFor(settings.models.map((model) => model.name))[name];
  if (choices.length < (always ? 1 : 2)) return [];
  return [
    {
      type: "Input.ChoiceSet",
      id: name,
      label: labels[name],
      style: "compact",
      value: AS_USUAL,
      choices: [
        { title: labels.asUsual, value: AS_USUAL },
        ...choices.map((choice) => ({ title: choice.name, value: choice.value })),
      ],
    },
  ];
}

function inPairs(fields: Element[]): Element[] {
  const column = (items: Element[]) => ({ type: "Column", width: "stretch", items });
  return Array.from({ length: Math.ceil(fields.length / 2) }, (_, row) => ({
    type: "ColumnSet",
    columns: [column(fields.slice(row * 2, row * 2 + 1)), column(fields.slice(row * 2 + 1, row * 2 + 2))],
  }));
}

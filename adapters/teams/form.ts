import { checkRequest, optionOfFault } from "../../src/check.ts";
import type { ChoiceOption } from "../../src/check.ts";
import { MODELS, MOST_PICTURES, namedSizes, SHAPES } from "../../src/models.ts";
import type { Model } from "../../src/models.ts";
import { OPTION_NAMES } from "../../src/request.ts";
import type { ImageRequest, OptionName } from "../../src/request.ts";
import { form, labels, shapeNames, times } from "../../src/sentences.ts";
import type { Settings } from "../../src/settings.ts";
import { fitCard, makeCard, sendButton, textOf } from "./card.ts";
import type { Card, Element } from "./card.ts";
import { AS_USUAL, PROMPT } from "./pressed.ts";

type Choice = { title: string; value: string };

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
  const choices = choicesOf[name](settings);
  if (choices.length < (always ? 1 : 2)) return [];
  return [
    {
      type: "Input.ChoiceSet",
      id: name,
      label: labels[name],
      style: "compact",
      value: AS_USUAL,
      choices: [{ title: labels.asUsual, value: AS_USUAL }, ...choices],
    },
  ];
}

const modelsOf = ({ models }: Settings): Model[] => models.map(({ name }) => MODELS[name]);

/** What at least one of the models takes. */
const valuesOf = (option: ChoiceOption, settings: Settings): Choice[] => {
  const lists: Record<ChoiceOption, (model: Model) => readonly string[]> = {
    quality: ({ qualities }) => qualities,
    style: ({ styles }) => styles,
    background: ({ backgrounds }) => backgrounds,
  };
  return [...new Set(modelsOf(settings).flatMap(lists[option]))].map((value) => ({ title: value, value }));
};

const choicesOf: Record<OptionName, (settings: Settings) => Choice[]> = {
  model: ({ models }) => models.map(({ name }) => ({ title: MODELS[name].label, value: name })),
  size: sizeChoices,
  quality: (settings) => valuesOf("quality", settings),
  style: (settings) => valuesOf("style", settings),
  background: (settings) => valuesOf("background", settings),
  count: () => Array.from({ length: MOST_PICTURES }, (_, index) => ({ title: `${index + 1}`, value: `${index + 1}` })),
};

/** Shapes by name, with their pixels where all models agree on them; then what some model draws beyond. */
function sizeChoices(settings: Settings): Choice[] {
  const models = modelsOf(settings);
  const shapes = SHAPES.map((shape) => {
    const sizes = [...new Set(models.map(({ sizes }) => sizes[shape]))];
    return {
      title: sizes.length === 1 ? `${shapeNames[shape]}, ${sizes.map(times).join("")}` : shapeNames[shape],
      value: shape,
    };
  });
  const named = models.flatMap(({ sizes }) => Object.values(sizes));
  const larger = [...new Set(models.flatMap(namedSizes))].filter((size) => !named.includes(size));
  const auto = models.some(({ autoSize }) => autoSize) ? [{ title: shapeNames.auto, value: "auto" }] : [];
  return [...shapes, ...larger.map((size) => ({ title: times(size), value: size })), ...auto];
}

function inPairs(fields: Element[]): Element[] {
  const column = (items: Element[]) => ({ type: "Column", width: "stretch", items });
  return Array.from({ length: Math.ceil(fields.length / 2) }, (_, row) => ({
    type: "ColumnSet",
    columns: [column(fields.slice(row * 2, row * 2 + 1)), column(fields.slice(row * 2 + 1, row * 2 + 2))],
  }));
}

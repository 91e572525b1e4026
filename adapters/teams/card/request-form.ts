import { checkRequest, nearestOptions, optionOfFault } from "../../../src/request/check.ts";
import { choicesFor, usualOf } from "../../../src/words/choices.ts";
import { MODELS } from "../../../src/models.ts";
import { OPTION_NAMES } from "../../../src/request/request.ts";
import type { ImageRequest, OptionName } from "../../../src/request/request.ts";
import { sentencesFor, speak, speakAll } from "../../../src/words/said.ts";
import type { Sentences } from "../../../src/words/said.ts";
import type { Settings } from "../../../src/settings.ts";
import type { TeamsAddress } from "../address.ts";
import { choiceInput, fitCard, makeCard, sendButton, textOf } from "./card-parts.ts";
import type { Card, Element } from "./card-parts.ts";
import { AS_USUAL, PROMPT } from "./button-data.ts";

/** The answer to a bare `imagine`. `asker` is the one person who may send it; `targeted`: they alone see it. */
export function formCard(
  asker: string,
  settings: Settings,
  { targeted, locale }: Pick<TeamsAddress, "targeted" | "locale">,
): Card {
  const { form, labels } = sentencesFor(locale);
  const title = textOf(form.title, { size: "large", weight: "bolder", color: "accent" });
  const data = { do: "imagine", asker, ...(targeted && { targeted: "yes" }) };
  return fitCard(() =>
    makeCard([title, ...requestFields(settings, locale)], [sendButton(labels.draw, data)], {
      fallbackText: form.title,
      speak: form.title,
    }),
  );
}

/** The answer to words that ask for nothing by name: they stand in a field, to be drawn, or to change `asker`'s last picture. */
export function wordsCard(
  asker: string,
  words: string,
  { settings, canChange }: { settings: Settings; canChange: boolean },
  { targeted, locale }: Pick<TeamsAddress, "targeted" | "locale">,
): Card {
  const sentences = sentencesFor(locale);
  const { labels, notUnderstood } = sentences;
  const title = textOf(notUnderstood.titleOfWords, { size: "large", weight: "bolder", color: "accent" });
  const data = { asker, ...(targeted && { targeted: "yes" }) };
  const buttons = [
    sendButton(labels.drawThis, { do: "imagine", ...data }),
    ...(canChange ? [sendButton(labels.changeLast, { do: "changeLast", ...data })] : []),
  ];
  return fitCard(() =>
    makeCard([title, promptInput(longestPromptOf(settings), sentences, words)], buttons, {
      fallbackText: notUnderstood.titleOfWords,
      speak: notUnderstood.titleOfWords,
    }),
  );
}

/** Fields for a whole request, with what stands in them. */
export function requestFields(
  settings: Settings,
  locale: string | null | undefined,
  before: { words?: string; options?: ImageRequest["options"] } = {},
): Element[] {
  const sentences = sentencesFor(locale);
  const options = before.options ?? {};
  const fields = OPTION_NAMES.flatMap((name) => optionInput(name, options, { settings, sentences }));
  return [promptInput(longestPromptOf(settings), sentences, before.words), ...inPairs(fields)];
}

/** Fields for the options that were wrong, with the nearest choice in them: what was right comes back with the words. */
export function fieldsToMend(request: ImageRequest, settings: Settings): Element[] {
  const sentences = sentencesFor(request.askedBy.locale);
  const checked = checkRequest(request, settings);
  const wrong = new Set("faults" in checked ? checked.faults.flatMap(optionOfFault) : []);
  const options = nearestOptions(request, settings);
  return inPairs([...wrong].flatMap((name) => optionInput(name, options, { settings, sentences, always: true })));
}

export function promptInput(longestPrompt: number, { form, labels }: Sentences, words?: string): Element {
  return wordsInput(longestPrompt, { label: labels.yourWords, placeholder: form.promptPlaceholder }, words);
}

/** `maxLength` is a wish that not every client keeps: the words are checked again when they come. */
export function wordsInput(
  longestPrompt: number,
  { id = PROMPT, label, placeholder }: { id?: string; label: string; placeholder: string },
  words = "",
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

/**
 * A field with what was chosen, if there is something to choose. To mend a wrong option (`always`), one choice and the usual
 * are two. Whoever has named a model chooses among what that one has.
 */
function optionInput(
  name: OptionName,
  chosen: ImageRequest["options"],
  { settings, sentences, always = false }: { settings: Settings; sentences: Sentences; always?: boolean },
): Element[] {
  const { models } = settings;
  const { labels } = sentences;
  const set = models.map((model) => model.name);
  const model = set.find((one) => one === chosen.model);
  const choices = speakAll(choicesFor(model && name !== "model" ? [model] : set)[name], sentences);
  if (choices.length < (always ? 1 : 2)) return [];
  const usual = speak(usualOf(name === "model" ? models[0].name : (model ?? models[0].name))[name], sentences);
  // A size of somebody's own is on no list.
  const own = name === "size" && chosen.size && !choices.some(({ value }) => value === chosen.size) && !always;
  const all = [
    { title: labels.usual({ value: usual }), value: AS_USUAL },
    ...(own ? [{ title: chosen.size ?? "", value: chosen.size ?? "" }] : []),
    ...choices.map((choice) => ({ title: choice.name, value: choice.value })),
  ];
  const value = all.find((choice) => choice.value === chosen[name])?.value ?? AS_USUAL;
  return [choiceInput(name, labels[name], all, { value })];
}

function inPairs(fields: Element[]): Element[] {
  const column = (items: Element[]) => ({ type: "Column", width: "stretch", items });
  return Array.from({ length: Math.ceil(fields.length / 2) }, (_, row) => ({
    type: "ColumnSet",
    columns: [column(fields.slice(row * 2, row * 2 + 1)), column(fields.slice(row * 2 + 1, row * 2 + 2))],
  }));
}

import { checkRequest, modelOf, optionOfFault } from "../../../src/request/check.ts";
import { mendOptions } from "../../../src/request/mend.ts";
import { choicesFor, usualChoice, withChosen } from "../../../src/words/choices.ts";
import type { Choice } from "../../../src/words/choices.ts";
import { withPrices } from "../../../src/words/priced-choices.ts";
import { MODELS } from "../../../src/models.ts";
import type { ModelName } from "../../../src/models.ts";
import { OPTION_NAMES } from "../../../src/request/request.ts";
import type { ImageRequest, OptionName } from "../../../src/request/request.ts";
import { sentencesFor, speak, speakAll } from "../../../src/words/said.ts";
import type { Said, Sentences } from "../../../src/words/said.ts";
import type { Settings } from "../../../src/settings.ts";
import { LONGEST_STYLE_NAME } from "../../../src/styles/style-name.ts";
import { shorten } from "../../../src/words/shorten.ts";
import type { TeamsAddress } from "../address.ts";
import { choiceInput, fitCard, fits, makeCard, sendButton, textOf } from "./card-parts.ts";
import type { Card, Element } from "./card-parts.ts";
import { AS_USUAL, PROMPT, SAVED_STYLE } from "./button-data.ts";

/** The answer to a bare `imagine`. `asker` is the one person who may send it; `targeted`: they alone see it. */
export function formCard(
  asker: string,
  settings: Settings,
  { targeted, locale }: Pick<TeamsAddress, "targeted" | "locale">,
): Card {
  const { form, labels } = sentencesFor(locale);
  const style = {
    type: "Input.Text",
    id: SAVED_STYLE,
    label: labels.savedStyle,
    placeholder: form.savedStylePlaceholder,
    maxLength: LONGEST_STYLE_NAME,
  };
  const title = textOf(form.title, { size: "large", weight: "bolder", color: "accent" });
  const data = { do: "imagine", asker, ...(targeted && { targeted: "yes" }) };
  return fitCard(() =>
    makeCard([title, ...requestFields(settings, locale), style], [sendButton(labels.draw, data)], {
      fallbackText: form.title,
      speak: form.title,
    }),
  );
}

/**
 * The answer to a sentence that may or may not be meant to be drawn: its words in a field, and what can be made of them.
 * Nothing where a card cannot hold so many.
 */
export function wordsCard(
  asker: string,
  { text, notes, last }: { text: string; notes: Said[]; last?: { ref: string; words: string } },
  settings: Settings,
  { targeted, locale }: Pick<TeamsAddress, "targeted" | "locale">,
): Card | undefined {
  const sentences = sentencesFor(locale);
  const { labels, notUnderstood } = sentences;
  const title = last ? notUnderstood.titleToChange : notUnderstood.titleWithWords;
  const whose = { asker, ...(targeted && { targeted: "yes" }) };
  const lines = speakAll(notes, sentences).map((note) => textOf(note));
  const shown = last && notUnderstood.lastPicture({ words: shorten(last.words.replaceAll(/\s+/g, " "), 200) });
  const card = makeCard(
    [
      textOf(title, { size: "large", weight: "bolder", color: "accent" }),
      ...lines,
      promptInput(longestPromptOf(settings), sentences, text),
      ...(shown ? [textOf(shown, { size: "small", isSubtle: true })] : []),
    ],
    [
      sendButton(labels.drawThis, { do: "imagine", ...whose }),
      ...(last ? [sendButton(labels.changeLast, { do: "alter", ref: last.ref, ...whose }, {})] : []),
    ],
    { fallbackText: title, speak: title },
  );
  return fits(card) ? card : undefined;
}

/** Fields for a whole request, with what stands in them. Any of the models may be picked, so what one alone takes says so. */
export function requestFields(
  settings: Settings,
  locale: string | null | undefined,
  before: { words?: string; options?: ImageRequest["options"] } = {},
): Element[] {
  const sentences = sentencesFor(locale);
  const { words = "", options = {} } = before;
  const request = { prompt: words, options, unknownOptions: [] };
  const chosen = mendOptions(request, settings);
  const models = modelsOf(settings);
  const priced = (qualities: Choice[]) => withPrices(qualities, { ...request, options: chosen }, settings);
  const of = { model: modelOf(request, settings), models, ...(models.length === 1 && { priced }) };
  const fields = OPTION_NAMES.flatMap((name) => optionInput(name, of, sentences, { chosen: chosen[name] }));
  return [promptInput(longestPromptOf(settings), sentences, before.words), ...inPairs(fields)];
}

/**
 * Fields for the options that were wrong, each with the nearest that there is: what was right comes back with the words. Only
 * what the request's model takes is offered, unless another may be picked beside it.
 */
export function fieldsToMend(request: ImageRequest, settings: Settings): Element[] {
  const sentences = sentencesFor(request.askedBy.locale);
  const checked = checkRequest(request, settings);
  const wrong = new Set("faults" in checked ? checked.faults.flatMap(optionOfFault) : []);
  const chosen = mendOptions(request, settings);
  const model = modelOf({ ...request, options: chosen }, settings);
  const priced = (qualities: Choice[]) => withPrices(qualities, { ...request, options: chosen }, settings);
  const of = wrong.has("model") ? { model, models: modelsOf(settings) } : { model, models: [model], priced };
  const isEdit = request.sources !== undefined;
  return inPairs(
    [...wrong].flatMap((name) => optionInput(name, of, sentences, { always: true, chosen: chosen[name], isEdit })),
  );
}

function modelsOf({ models }: Settings): ModelName[] {
  return models.map(({ name }) => name);
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

/** `priced`: qualities with their prices, where all have one model's. */
type Models = { model: ModelName; models: ModelName[]; priced?: (qualities: Choice[]) => Choice[] };

/** A field, if there is something to choose. To mend a wrong option (`always`), one choice and the usual are two. */
function optionInput(
  name: OptionName,
  { model, models, priced }: Models,
  sentences: Sentences,
  { always = false, chosen, isEdit }: { always?: boolean; chosen?: string; isEdit?: boolean } = {},
): Element[] {
  const all = choicesFor(models)[name];
  const offered = name === "quality" && priced ? priced(all) : all;
  const usual = usualChoice(name, models, isEdit);
  if (!usual || offered.length < (always ? 1 : 2)) return [];
  const { choices, value = AS_USUAL } = withChosen(offered, chosen, { option: name, model });
  const listed = [
    { title: speak(usual, sentences), value: AS_USUAL },
    ...speakAll(choices, sentences).map((choice) => ({ title: choice.name, value: choice.value })),
  ];
  return [choiceInput(name, sentences.labels[name], listed, { value })];
}

/** With names of their own, so that a client which puts one card in another's place keeps no list of the one before. */
function inPairs(fields: Element[]): Element[] {
  const column = (items: Element[]) => ({ type: "Column", width: "stretch", items });
  return Array.from({ length: Math.ceil(fields.length / 2) }, (_, row) => {
    const pair = fields.slice(row * 2, row * 2 + 2);
    const id = ["fields", ...pair.map((field) => String(field.id))].join("-");
    return { type: "ColumnSet", id, columns: [column(pair.slice(0, 1)), column(pair.slice(1))] };
  });
}

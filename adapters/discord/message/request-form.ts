import { ComponentType, InteractionResponseType, TextInputStyle } from "discord.js";
import type {
  APIModalInteractionResponse,
  APILabelComponent,
  APIModalSubmitInteraction,
  ModalSubmitComponent,
} from "discord.js";
import { checkRequest, modelOf, optionOfFault } from "../../../src/request/check.ts";
import { mendOptions } from "../../../src/request/mend.ts";
import { NO_STYLE } from "../../../src/request/named-style.ts";
import { readOptionsIn } from "../../../src/request/read-words.ts";
import type { AskedPicture } from "../../../src/request/read-words.ts";
import { choicesFor, usualChoice, withChosen } from "../../../src/words/choices.ts";
import { withPrices } from "../../../src/words/priced-choices.ts";
import type { Choice } from "../../../src/words/choices.ts";
import type { WordsForm } from "../../../src/ask/press.ts";
import type { ModelName } from "../../../src/models.ts";
import type { ImageRequest, OptionName } from "../../../src/request/request.ts";
import { sentencesFor, speak, speakAll } from "../../../src/words/said.ts";
import type { Said, Sentences, Spoken } from "../../../src/words/said.ts";
import { actionLabels, labels } from "../../../src/words/sentences.ts";
import { ELLIPSIS, shorten } from "../../../src/words/shorten.ts";
import type { Settings } from "../../../src/settings.ts";
import { emptyRequest, isOptionName } from "../read.ts";
import { controlId } from "./buttons.ts";

const LONGEST_INPUT = 4000;
const LONGEST_LABEL = 45;
const LONGEST_PLACEHOLDER = 150;
const MOST_PARTS = 5;
const FORM_PREFIX = "revised?";
export const REDO_PREFIX = "redo:";

/** Words that one input cannot hold go on in a second; its name says what stood between the two, so that they join as they were. */
const JOINTS = { space: " ", line: "\n", nothing: "" } as const;
type Joint = keyof typeof JOINTS;
const PROMPT = "prompt";
const MORE_PREFIX = "more-";

export function isRevisionForm(customId: string): boolean {
  return customId.startsWith(FORM_PREFIX);
}

/** A form, for whoever opens it: in their language. */
export type Form = (locale?: string) => APIModalInteractionResponse;

/** What a form begins with: words, and the options of the request that it goes on from. */
type Begun = { words: string; request: ImageRequest };

/** What goes on from something is looked up again when the form comes back: what it is made from travels in no name. */
export function wordsForm({ does, of, ...begun }: WordsForm, settings: Settings): Form {
  const { sources, parent } = begun.request;
  if (does === "revise" && !sources?.length && !parent) return freeForm(begun, labels.reviseTitle, settings);
  if (does === "revise") return namedForm(begun, `${REDO_PREFIX}${of}`, labels.reviseTitle, settings);
  return namedForm(begun, controlId(does, of), actionLabels[does], settings);
}

/**
 * A form with somebody's words and the options most worth a change: first those that were wrong. What was right and has
 * no room travels in the form's own name, so that sending it needs nothing but itself.
 */
export function freeForm(begun: Begun, title: Said, settings: Settings): Form {
  const offered = offeredOptions(begun, settings);
  const { style } = begun.request;
  const kept = new URLSearchParams({
    ...(begun.request.private && { private: "true" }),
    ...(style !== undefined && { style: style?.name ?? NO_STYLE }),
  });
  for (const [name, value] of Object.entries(keptOptions(begun.request, offered, settings))) kept.set(name, value);
  return namedForm(begun, `${FORM_PREFIX}${kept}`, title, settings);
}

function namedForm(begun: Begun, customId: string, title: Said, settings: Settings): Form {
  return (locale) => {
    const sentences = sentencesFor(locale);
    const components = fieldsOf(begun, settings, sentences);
    const data = { custom_id: customId, title: speak(title, sentences), components };
    return { type: InteractionResponseType.Modal, data };
  };
}

function fieldsOf(begun: Begun, settings: Settings, sentences: Sentences): APILabelComponent[] {
  const { request } = begun;
  const options = mendOptions(request, settings);
  const model = modelOf({ ...request, options }, settings);
  const all = choicesToRevise(request, settings);
  const selects = offeredOptions(begun, settings).map((name) => {
    const { choices, value } = withChosen(all[name], options[name], { option: name, model });
    const usual = usualChoice(name, name === "model" ? modelsOf(settings) : [model], request.sources !== undefined);
    const placeholder = usual && speak(usual, sentences);
    return select(name, speakAll(choices, sentences), { chosen: value, placeholder }, sentences);
  });
  return [...promptInputs(begun.words.trim(), sentences), ...selects];
}

/** As many as there is room for beside the words, first those that were wrong. */
function offeredOptions({ words, request }: Begun, settings: Settings): OptionName[] {
  const choices = choicesToRevise(request, settings);
  const room = MOST_PARTS - (words.trim().length > LONGEST_INPUT ? 2 : 1);
  return [...new Set([...wrongOptions(request, settings), ...(["size", "quality", "style", "background"] as const)])]
    .filter((name) => choices[name].length > 1)
    .slice(0, room);
}

/** What is not asked for anew, with the nearest that there is in place of what was wrong. */
export function keptOptions(request: ImageRequest, offered: OptionName[], settings: Settings): ImageRequest["options"] {
  const kept = Object.entries(mendOptions(request, settings)).filter(
    ([name]) => isOptionName(name) && !offered.includes(name),
  );
  return Object.fromEntries(kept);
}

/** The form as a request of its own. */
export function readRevision(interaction: APIModalSubmitInteraction): ImageRequest {
  const request = emptyRequest(interaction);
  for (const [name, value] of new URLSearchParams(interaction.data.custom_id.slice(FORM_PREFIX.length))) {
    if (name === "private") request.private = true;
    else if (isOptionName(name)) request.options[name] = value;
  }
  const { words, chosen } = readForm(interaction);
  return { ...request, ...withTyped(words, { ...request.options, ...chosen }) };
}

/** What was written into a form; options may be typed behind the words there too. */
export function withTyped(words: string, options: ImageRequest["options"]): AskedPicture {
  const typed = readOptionsIn(words);
  return { ...typed, options: { ...options, ...typed.options } };
}

/** The words, what was chosen, and which options there were to choose from. */
export function readForm({ data }: APIModalSubmitInteraction): {
  words: string;
  chosen: ImageRequest["options"];
  offered: OptionName[];
} {
  const parts = data.components.flatMap((part) => ("component" in part ? [part.component] : []));
  const offered = parts.flatMap(({ custom_id: id }) => (isOptionName(id) ? [id] : []));
  const chosen = parts.flatMap((part) => {
    const [value] = "values" in part ? part.values : [];
    return value && isOptionName(part.custom_id) ? [[part.custom_id, value] as const] : [];
  });
  return { words: joinPrompt(parts).toWellFormed(), chosen: Object.fromEntries(chosen), offered };
}

function joinPrompt(parts: ModalSubmitComponent[]): string {
  const texts = parts.flatMap((part) => (part.type === ComponentType.TextInput ? [part] : []));
  const first = texts.find(({ custom_id: id }) => id === PROMPT)?.value ?? "";
  const second = texts.find(({ custom_id: id }) => id.startsWith(MORE_PREFIX));
  if (!second?.value) return first;
  const name = second.custom_id.slice(MORE_PREFIX.length);
  return `${first}${isJoint(name) ? JOINTS[name] : ""}${second.value}`;
}

function isJoint(name: string): name is Joint {
  return Object.hasOwn(JOINTS, name);
}

function promptInputs(prompt: string, { form, labels }: Sentences): APILabelComponent[] {
  const input = (id: string, label: string, value: string) =>
    textInput(id, { label, placeholder: form.promptPlaceholder }, value);
  if (prompt.length <= LONGEST_INPUT) return [input(PROMPT, labels.yourWords, prompt)];
  const { first, joint, second } = splitPrompt(prompt);
  return [input(PROMPT, labels.yourWords, first), input(`${MORE_PREFIX}${joint}`, labels.moreWords, second)];
}

/** Between two words, where there is such a place near the end of the first input. */
function splitPrompt(prompt: string): { first: string; joint: Joint; second: string } {
  const near = prompt.slice(0, LONGEST_INPUT + 1).search(/[ \n](?=[^ \n]{0,300}$)/);
  if (near > 0) {
    const joint = prompt[near] === "\n" ? "line" : "space";
    return { first: prompt.slice(0, near), joint, second: shorten(prompt.slice(near + 1), LONGEST_INPUT) };
  }
  const first = shorten(prompt, LONGEST_INPUT + ELLIPSIS.length).slice(0, -ELLIPSIS.length);
  return { first, joint: "nothing", second: shorten(prompt.slice(first.length), LONGEST_INPUT) };
}

export function textInput(
  id: string,
  { label, placeholder }: { label: string; placeholder: string },
  value = "",
): APILabelComponent {
  return {
    type: ComponentType.Label,
    label: shorten(label, LONGEST_LABEL),
    component: {
      type: ComponentType.TextInput,
      custom_id: id,
      style: TextInputStyle.Paragraph,
      required: !id.startsWith(MORE_PREFIX),
      max_length: LONGEST_INPUT,
      placeholder,
      ...(value && { value }),
    },
  };
}

function select(
  name: OptionName,
  choices: Spoken<Choice>[],
  { chosen, placeholder = "" }: { chosen?: string; placeholder?: string },
  { labels }: Sentences,
): APILabelComponent {
  return {
    type: ComponentType.Label,
    label: labels[name],
    component: {
      type: ComponentType.StringSelect,
      custom_id: name,
      placeholder: shorten(placeholder, LONGEST_PLACEHOLDER),
      required: false,
      min_values: 0,
      max_values: 1,
      options: choices.map((choice) => ({ label: choice.name, value: choice.value, default: choice.value === chosen })),
    },
  };
}

/** What the request's model takes, and any model that is set up. */
function choicesToRevise(request: ImageRequest, settings: Settings): Record<OptionName, Choice[]> {
  const model = modelOf({ ...request, options: mendOptions(request, settings) }, settings);
  const choices = choicesFor([model]);
  const quality = withPrices(choices.quality, { ...request, options: mendOptions(request, settings) }, settings);
  return { ...choices, quality, model: choicesFor(modelsOf(settings)).model };
}

function modelsOf({ models }: Settings): ModelName[] {
  return models.map(({ name }) => name);
}

/** Whatever is wrong with the words, they are about to be changed. */
function wrongOptions(request: ImageRequest, settings: Settings): OptionName[] {
  const checked = checkRequest(request, settings);
  return "faults" in checked ? checked.faults.flatMap(optionOfFault) : [];
}

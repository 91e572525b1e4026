import type { Fault } from "./check.ts";
import type { FailureReason } from "./job.ts";
import { MODELS, MOST_PICTURES, SHAPES } from "./models.ts";
import type { ModelName, Provider } from "./models.ts";
import type { RefusalReason, Stage } from "./refusal.ts";
import type { SizeFault } from "./sizes.ts";

/** Every sentence that Easel says to a person. Warm, short, never blaming; no word of a provider, no code, no id. */

const list = new Intl.ListFormat("en", { type: "disjunction" });
const both = new Intl.ListFormat("en", { type: "conjunction" });
const wordsOfList = (values: readonly string[]) => list.format(values);
export const times = (size: string) => size.replace("x", "×");
const label = (model: ModelName) => MODELS[model].label;

const sizesOf = (model: ModelName) =>
  both.format(SHAPES.map((shape) => `${times(MODELS[model].sizes[shape])} (${shape})`)) +
  (MODELS[model].sizeRule ? ", and other sizes within its rules" : "");

export const labels = {
  yourWords: "Your words",
  revisedWords: "What the model drew from",
  openOriginal: "Open original",
  openOriginalOf: (number: number) => `Open original ${number}`,
  revise: "Revise",
  reviseTitle: "Revise your words",
  moreWords: "Your words, continued",
  model: "Model",
  size: "Size",
  quality: "Quality",
  style: "Style",
  background: "Background",
  count: "Pictures",
  reference: "Reference",
  askedBy: "Asked by",
  addedBy: "Added by",
  draw: "Draw",
  leaveToModel: "Standard",
  asUsual: "As usual",
};

/** What a size is called where it can be picked. `auto` leaves it to the model. */
export const shapeNames = { square: "Square", wide: "Wide", tall: "Tall", auto: "Chosen by the model" };

export const commandTexts = {
  imagine: "Draw a picture from your words",
  prompt: "What the picture should show",
  size: "Shape or size of the picture",
  quality: "How carefully it is drawn",
  style: "Vivid or natural",
  background: "What stands behind the subject",
  count: "How many pictures to draw",
  model: "Which model draws",
  private: "Show the answer to me alone",
  help: "What Easel can do and how to ask for it",
};

export const waiting = {
  drawingNext: "It is your turn: I am drawing now.",
  placeInLine: (before: number) =>
    before === 1 ? "One request is before yours." : `About ${before} requests are before yours.`,
  willStandHere: "It will stand here as soon as it is done.",
  outOfReach: "The image service does not answer just now. Your request is safe with me, and I keep trying.",
  isHereAlready: "That one is done: its answer stands in this chat already.",
  picturesOnTheirWay: (count: number) =>
    count === 1 ? "Your picture is on its way." : `Your ${count} pictures are on their way.`,
};

export const finished = {
  title: "Here it is",
  titleOf: (count: number) => `Here are your ${count} pictures`,
  someMissing: (missing: number, count: number) => `${missing} of ${count} did not come:`,
  generated: "Made by AI",
  notShown: "I could not show it here, so it is one click away.",
  notShownKept: "It is drawn and kept, but I could not show it here.",
  withoutWords: "A rule of this place holds the words back, so they are left out here.",
  sentDirectly: "Your answer could no longer be shown where you asked, so I bring it to you.",
};

export const declined = {
  title: "This needs a small change",
  intro: "Nothing was drawn. Here is what to change:",
};

export const refused = {
  title: "Please revise your words",
  stopped: {
    prompt: "The image service's safety filter stopped these words before anything was drawn.",
    picture: "A picture was drawn, but the image service's safety filter held it back.",
    unknown: "The image service's safety filter stopped this one, the words or the picture that came of them.",
  } satisfies Record<Stage | "unknown", string>,
  heldBack: "The image service's safety filter held back what is missing. Other words may pass.",
  because: {
    violence: "It saw violence in it. Try the moment before or after, or a gentler mood, without wounds or weapons.",
    sexual: "It saw something too intimate. Describe the people dressed and the scene as everyday.",
    hate: "It read something that could hurt a group of people or a person. Describe what you want to see without it.",
    "self-harm":
      "It saw someone coming to harm. If this is about you, please talk to somebody you trust. For a picture, try the mood without the harm.",
    "real person":
      "It took somebody for a real person. Describe a fictional person instead: age, clothes, what they do.",
    protected: "It recognised a protected character or brand. Invent a character of your own, and leave the logo out.",
    unknown:
      "It did not say why. What helps most often: describe a fictional person, invent a character, leave the logo out, soften what is violent.",
  } satisfies Record<RefusalReason, string>,
  wayOn: "Filters are careful and sometimes wrong; a change of words is often enough.",
};

export const failed = {
  title: "That did not work, and it is not your words",
  titleOfBadRequest: "The image service did not take this one",
  because: {
    busy: "So many pictures are being asked for that the image service makes us wait too long. Please try again later.",
    quota:
      "This bot's allowance at the image service is used up. Whoever runs Easel here has to look at it; until then nothing can be drawn.",
    suspended:
      "The image service has closed its door to this bot for now. Whoever runs Easel here has been told. Please try again later.",
    misconfigured: "Easel is not set up correctly for the image service. Whoever runs it here has been told.",
    "bad request":
      "The image service did not accept the request as it stands. Please change the words or an option, and try again.",
    "service trouble": "The image service has trouble just now. Please try again in a few minutes.",
    "out of reach": "I tried for a long time, but the image service cannot be reached. Please try again later.",
    "answer lost": "The image service took the request, but its answer never arrived. Please try again.",
    "empty answer": "The image service answered without a picture. Please try again.",
    "not downloaded": "The picture was drawn, but I could not fetch it from the image service. Please try again.",
    broken: "Something in Easel broke over this request. Whoever runs it here has been told.",
  } satisfies Record<FailureReason, string>,
  allowed: (model: ModelName) =>
    `${label(model)} draws ${sizesOf(model)}; quality ${wordsOfList(MODELS[model].qualities)}` +
    (MODELS[model].styles.length ? `; style ${wordsOfList(MODELS[model].styles)}.` : "."),
  storage:
    "I cannot reach my storage just now, so I could not take your request. Nothing was drawn. Please try again in a minute.",
  storageInDoubt:
    "I cannot reach my storage just now, so I do not know whether I have your request. If no picture comes in a few minutes, please ask again.",
  unforeseen:
    "Something went wrong on my side, and your request was not taken. Nothing was drawn. Please try again in a minute.",
  goneJob: "I no longer have the words of that request. Please type it once more.",
  notYours: "Only the person who asked can do that. You are welcome to ask for a picture of your own.",
  nothingDrawn: "No picture came of this one. Whoever asked can change the words and try again.",
  nothingTaken: "No picture came of this one. Please ask again in a minute.",
  privateTooLate: "This answer was for one person alone and could not reach them in time. It can be asked for again.",
};

const sizeRules: Record<SizeFault, (model: ModelName) => string> = {
  list: (model) => `${label(model)} draws ${sizesOf(model)}.`,
  multiple: (model) => `${label(model)} draws only edges that are multiples of ${MODELS[model].sizeRule?.multipleOf}.`,
  edge: (model) => `${label(model)} draws edges of at most ${MODELS[model].sizeRule?.longestEdge}.`,
  ratio: (model) =>
    `${label(model)} draws at most ${MODELS[model].sizeRule?.greatestRatio} times as long as high, or as high as long.`,
  fewer: (model) =>
    `${label(model)} draws at least ${MODELS[model].sizeRule?.fewestPixels.toLocaleString("en")} pixels in all.`,
  more: (model) =>
    `${label(model)} draws at most ${MODELS[model].sizeRule?.mostPixels.toLocaleString("en")} pixels in all.`,
};

const dallE2Sizes = ["256x256", "512x512"];

/** Says what was wrong, what is allowed and what comes closest. */
export function sentenceOfFault(fault: Fault): string {
  switch (fault.fault) {
    case "prompt empty":
      return "There are no words to draw from. Say what the picture should show, for example: a lighthouse made of books.";
    case "prompt too long":
      return (
        `The words are ${fault.length.toLocaleString("en")} characters long; ${label(fault.model)} reads at most ` +
        `${fault.limit.toLocaleString("en")}. Leave out ${(fault.length - fault.limit).toLocaleString("en")} or more.`
      );
    case "value missing":
      return `The option “${fault.option}” has no value. Say what it should be, or leave it out.`;
    case "option unknown":
      return `I do not know the option “${shorten(fault.name)}”. There are: size, quality, style, background, count and model.`;
    case "model unknown":
      return `The model “${shorten(fault.value)}” is not set up here. There is ${wordsOfList(fault.allowed)}.`;
    case "size unreadable":
      return `I cannot read the size “${shorten(fault.value)}”. Say ${wordsOfList([...SHAPES, ...(MODELS[fault.model].autoSize ? ["auto"] : [])])}, or width and height: ${sizesOf(fault.model)}.`;
    case "size refused": {
      const old = dallE2Sizes.includes(fault.value)
        ? `${times(fault.value)} was DALL·E 2. `
        : `${times(fault.value)} does not fit. `;
      return `${old}${sizeRules[fault.breaks](fault.model)} The nearest is ${times(fault.nearest)}.`;
    }
    case "value refused":
      return sentenceOfRefusedValue(fault);
    case "count refused":
      return `“${shorten(fault.value)}” pictures cannot be drawn at once: ask for 1 to ${MOST_PICTURES}.`;
  }
}

function sentenceOfRefusedValue(fault: Extract<Fault, { fault: "value refused" }>): string {
  const value = `${fault.option} “${shorten(fault.value)}”`;
  const others = fault.knownBy.length ? ` ${both.format(fault.knownBy.map(label))} would take it.` : "";
  if (!fault.allowed.length) {
    return `${label(fault.model)} has no ${fault.option}, so ${value} cannot be kept: leave it out.${others}`;
  }
  const nearest = fault.nearest ? ` The nearest is ${fault.nearest}.` : "";
  return `${label(fault.model)} does not take ${value}. Its ${fault.option} is ${wordsOfList(fault.allowed)}.${nearest}${others}`;
}

/** A person's own value inside a sentence of ours. */
function shorten(value: string): string {
  return value.length > 40 ? `${value.slice(0, 40)}…` : value;
}

export const help = {
  title: "Easel draws what you describe",
  intro: "Say what the picture should show, and it will stand here with the words the model really drew from.",
  example: (command: string) => `${command} a lighthouse made of books`,
  typedOptions: (command: string, model: ModelName) =>
    `Options stand behind the words: ${command} a red fox in the snow --size wide --quality ${MODELS[model].qualities.find((quality) => ["hd", "high"].includes(quality))} --count 2. ` +
    "There are --size, --quality, --style, --background, --count and --model.",
  form: (command: string) => `“${command}” alone brings a form with all of them.`,
  usualModel: (model: ModelName) => `${label(model)} draws unless you name another.`,
  ofModel: (model: ModelName, provider: Provider) =>
    `${label(model)}: up to ${MODELS[model].promptLimit[provider].toLocaleString("en")} characters; ${sizesOf(model)}; quality ` +
    wordsOfList(MODELS[model].qualities) +
    (MODELS[model].styles.length ? `; style ${wordsOfList(MODELS[model].styles)}` : "") +
    (MODELS[model].backgrounds.length ? `; background ${wordsOfList(MODELS[model].backgrounds)}` : "") +
    ".",
  count: `Up to ${MOST_PICTURES} pictures at once.`,
  filter: "If a safety filter says no, I tell you what helps, and you can revise your words with one click.",
  generated: "All pictures are made by AI. Please report anything that should not be here to whoever runs this bot.",
};

export const welcome = {
  title: "Hello, I am Easel",
  intro: "I draw pictures from your words, right here where you talk.",
};

export const notUnderstood = {
  title: "Shall I draw something?",
  intro: (command: string) => `I draw when a message begins with “${command}”. Type “help” to see everything I can do.`,
};

export const form = {
  title: "What shall I draw?",
  promptPlaceholder: "a lighthouse made of books",
};

import { MODELS, MOST_PICTURES, SHAPES, wordsFor } from "../models.ts";
import type { ChoiceOption, ModelName, Shape, Size } from "../models.ts";
import { nearestName } from "../near.ts";
import { foreignOption, readUnknown } from "./foreign-options.ts";
import type { ForeignKind } from "./foreign-options.ts";
import { nearestOption, OPTION_NAMES } from "./request.ts";
import type { ImageRequest, OptionName, Source } from "./request.ts";
import type { ModelSetting, Settings } from "../settings.ts";
import { SKETCH_CHARACTERS, sketchPrompt } from "./sketch-prompt.ts";
import { faultOfSize, nearestSize, sizeOfProportion } from "./nearest-size.ts";
import type { SizeFault } from "./nearest-size.ts";
import type { SourceFault } from "../pixels/read-source-picture.ts";

/** What the model will be asked, every option within its limits. `background` is left out where the model chooses. */
export type ImageOrder = {
  model: ModelName;
  deployment: string;
  prompt: string;
  size: Size | "auto";
  quality: string;
  style?: string;
  background?: string;
  count: number;
  /** What a saved style sends along, behind the request's own sources. */
  references?: Source[];
};

/** One thing that is wrong with a request, with what a person needs to mend it. The words are in `src/words/`. */
export type Fault =
  | { fault: "prompt empty" }
  | { fault: "prompt too long"; length: number; limit: number; model: ModelName }
  | { fault: "option unknown"; name: string; meant?: OptionName; known: OptionName[] }
  /** One of another bot's. `model` is the one that was to draw, `models` are all there are. */
  | { fault: "option foreign"; typed: string; kind: ForeignKind; value?: string; model: ModelName; models: ModelName[] }
  | { fault: "value missing"; option: OptionName }
  | { fault: "model unknown"; value: string; allowed: ModelName[]; meant?: ModelName }
  | { fault: "size unreadable"; value: string; model: ModelName; meant?: string }
  | { fault: "size refused"; value: string; breaks: SizeFault; nearest: Size; model: ModelName }
  | {
      fault: "value refused";
      option: ChoiceOption;
      value: string;
      allowed: readonly string[];
      /** In meaning, where another model knows the word. */
      nearest?: string;
      /** In spelling. */
      meant?: string;
      model: ModelName;
      knownBy: ModelName[];
    }
  /** No saved style either has this name. `allowed` are the model's own words. */
  | { fault: "style unknown"; option: "style"; value: string; meant?: string; allowed: readonly string[] }
  | { fault: "count refused"; value: string; nearest?: string }
  /** None of the models here draws from pictures. */
  | { fault: "no editing"; model: ModelName }
  | { fault: "source missing" }
  | SourceFault;

/** Of a request, what is checked. */
export type Asked = Pick<ImageRequest, "prompt" | "options" | "unknownOptions" | "sources" | "sketch">;

export type Checked = { order: ImageOrder } | { faults: Fault[] };

/** Whoever types more of them does not read an answer to each. */
const MOST_UNKNOWN = 8;

/** Holds a request to the limits of its model. Nothing is dropped or bent in silence: what does not fit is a fault. */
export function checkRequest(request: Asked, settings: Settings): Checked {
  const faults: Fault[] = request.unknownOptions
    .slice(0, MOST_UNKNOWN)
    .map((typed) => faultOfUnknown(typed, modelOf(request, settings), settings));
  const options = { ...request.options };
  for (const option of OPTION_NAMES) {
    if (options[option] === undefined || options[option].trim()) continue;
    faults.push({ fault: "value missing", option });
    delete options[option];
  }
  const chosen = chooseModel(options.model, settings);
  if ("fault" in chosen) faults.push(chosen);
  const { sources = [] } = request;
  const { name, deployment } = ableTo(sources, "fault" in chosen ? settings.models[0] : chosen, settings);
  faults.push(...sourceFaults(sources, name));
  const prompt = request.prompt.trim();
  const isSketch = request.sketch === true && sources.length > 0;
  faults.push(...promptFaults(prompt, { model: name, room: isSketch ? SKETCH_CHARACTERS : 0 }, settings));
  const count = /^\d{1,2}$/.test(options.count?.trim() ?? "1") ? Number(options.count ?? "1") : Number.NaN;
  if (!(count >= 1 && count <= MOST_PICTURES)) {
    faults.push({ fault: "count refused", value: options.count ?? "", nearest: nearestCount(options.count ?? "") });
  }
  // Of a model that is not set up, the other options are wrong only where no model here would take them.
  const readAs = (model: ModelName) => ({
    size: readSize(options.size, model, sources.length > 0),
    quality: readChoice("quality", options.quality, model, settings),
    style: readChoice("style", options.style, model, settings),
    background: readChoice("background", options.background, model, settings),
  });
  const read = readAs(name);
  const others = "fault" in chosen ? settings.models.map((model) => readAs(model.name)) : [read];
  for (const option of ["size", "quality", "style", "background"] as const) {
    const result = read[option];
    if (typeof result === "object" && others.every((other) => typeof other[option] === "object")) faults.push(result);
  }
  if (faults.length) return { faults };
  return {
    order: {
      model: name,
      deployment,
      prompt: isSketch ? sketchPrompt(prompt) : prompt,
      size: read.size as Size | "auto",
      quality: (read.quality as string | undefined) ?? MODELS[name].defaultQuality,
      style: read.style as string | undefined,
      background: read.background as string | undefined,
      count,
    },
  };
}

function faultOfUnknown(typed: string, model: ModelName, settings: Settings): Fault {
  const models = settings.models.map(({ name }) => name);
  const { name, value } = readUnknown(typed);
  const foreign = foreignOption(name);
  if (foreign) return { fault: "option foreign", typed, kind: foreign.kind, value, model, models };
  return { fault: "option unknown", name: typed, meant: nearestOption(typed), known: optionsOf(models) };
}

/** The options that at least one of these models has. */
function optionsOf(models: ModelName[]): OptionName[] {
  return OPTION_NAMES.filter((option) => {
    if (option === "model") return models.length > 1;
    if (option === "size" || option === "count") return true;
    return models.some((model) => wordsFor[option](MODELS[model]).length);
  });
}

const NUMBER_WORDS = new Map([
  ["one", 1],
  ["two", 2],
  ["three", 3],
  ["four", 4],
  ["five", 5],
  ["six", 6],
  ["eight", 8],
  ["ten", 10],
]);

function nearestCount(value: string): string | undefined {
  const word = value.trim().toLowerCase();
  const number =
    NUMBER_WORDS.get(word) ?? (/^[-+]?\d{1,9}(?:[.,]\d{1,9})?$/.test(word) ? Number.parseFloat(word) : NaN);
  return Number.isNaN(number) ? undefined : String(Math.min(MOST_PICTURES, Math.max(1, Math.floor(number))));
}

/** The model that draws a request, or would if nothing were wrong with it. */
export function modelOf({ options, sources = [] }: Pick<Asked, "options" | "sources">, settings: Settings): ModelName {
  const chosen = chooseModel(options.model?.trim(), settings);
  return ableTo(sources, "fault" in chosen ? settings.models[0] : chosen, settings).name;
}

/** The model that somebody means by this, however it is written. */
export function modelNamed(value: string | undefined, settings: Settings): ModelName | undefined {
  const chosen = value?.trim() ? chooseModel(value.trim(), settings) : undefined;
  return chosen && "name" in chosen && !("fault" in chosen) ? chosen.name : undefined;
}

function chooseModel(value: string | undefined, settings: Settings): ModelSetting | Fault {
  if (!value) return settings.models[0];
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9.]/g, "");
  const found = settings.models.find(
    ({ name }) => plain(name) === plain(value) || plain(MODELS[name].label) === plain(value),
  );
  const allowed = settings.models.map(({ name }) => name);
  return found ?? { fault: "model unknown", value, allowed, meant: nearestName(value, allowed) };
}

/** What draws from words alone leaves pictures to the first model that takes them, if there is one. */
function ableTo(sources: Source[], chosen: ModelSetting, settings: Settings): ModelSetting {
  if (!sources.length || MODELS[chosen.name].editPictures) return chosen;
  return editorsOf(settings)[0] ?? chosen;
}

/** The models here that draw from pictures, in the order of the settings. */
export function editorsOf<Setting extends Pick<ModelSetting, "name">>({ models }: { models: Setting[] }): Setting[] {
  return models.filter(({ name }) => MODELS[name].editPictures);
}

function sourceFaults(sources: Source[], name: ModelName): Fault[] {
  const limit = MODELS[name].editPictures;
  if (!sources.length) return [];
  if (!limit) return [{ fault: "no editing", model: name }];
  return sources.length > limit ? [{ fault: "too many sources", count: sources.length, limit }] : [];
}

/** What a model takes of options that were meant for another: the nearest word, and nothing where there is none. */
export function fitOptions(options: ImageRequest["options"], name: ModelName): ImageRequest["options"] {
  const model = MODELS[name];
  const fitted = { ...options, model: name };
  for (const option of ["quality", "style", "background"] as const) {
    const word = options[option]?.trim().toLowerCase();
    if (!word) continue;
    const allowed = wordsFor[option](model);
    const fit = allowed.includes(word) ? word : NEAREST.get(word)?.find((candidate) => allowed.includes(candidate));
    if (fit) fitted[option] = fit;
    else delete fitted[option];
  }
  if (options.size && typeof readSize(options.size, name) === "object") delete fitted.size;
  return fitted;
}

/** Anything but separators, controls and the letters that Unicode keeps blank: Hangul fillers and the empty Braille cell. */
const VISIBLE = /[^\p{Z}\p{C}\u115F\u1160\u2800\u3164\uFFA0]/u;

/** `room` is what the model is told beside the words. */
function promptFaults(
  prompt: string,
  { model, room }: { model: ModelName; room: number },
  settings: Settings,
): Fault[] {
  const limit = MODELS[model].promptLimit[settings.images.provider] - room;
  if (!VISIBLE.test(prompt)) return [{ fault: "prompt empty" }];
  if (prompt.length > limit) return [{ fault: "prompt too long", length: prompt.length, limit, model }];
  return [];
}

const SHAPE_WORDS = new Map<string, Shape>([
  ...SHAPES.map((shape): [string, Shape] => [shape, shape]),
  ["landscape", "wide"],
  ["horizontal", "wide"],
  ["widescreen", "wide"],
  ["portrait", "tall"],
  ["vertical", "tall"],
]);

/** No model draws edges so short, and nobody asks for a square so: `16x9` is a proportion, like `16:9`. */
const LONGEST_PROPORTION = 100;

/** An edit that names no size takes the shape of what it is made from, which is seen later: until then it is `auto`. */
function readSize(value: string | undefined, name: ModelName, isEdit = false): Size | "auto" | Fault {
  const model = MODELS[name];
  if (!value) return isEdit && model.autoSize ? "auto" : model.sizes.square;
  const word = value.trim().toLowerCase();
  if (word === "auto" && model.autoSize) return "auto";
  const shape = SHAPE_WORDS.get(word);
  if (shape) return model.sizes[shape];
  const edges = /^(\d{1,5})\s*([x×*:/])\s*(\d{1,5})$/.exec(word);
  const [width, height] = [Number(edges?.[1]), Number(edges?.[3])];
  // What is a proportion only becomes the size that comes closest to it; the answer says which.
  const isProportion =
    ":/".includes(edges?.[2] ?? "x") || (width !== height && Math.max(width, height) <= LONGEST_PROPORTION);
  if (isProportion && width && height) return sizeOfProportion({ width, height }, model);
  if (!edges || isProportion) {
    const words = [...SHAPE_WORDS.keys(), ...(model.autoSize ? ["auto"] : [])];
    return { fault: "size unreadable", value, model: name, meant: nearestName(word, words) };
  }
  const size: Size = `${width}x${height}`;
  const breaks = faultOfSize(size, model);
  return breaks ? { fault: "size refused", value: size, breaks, nearest: nearestSize(size, model), model: name } : size;
}

/** What comes closest in meaning when a word belongs to another model. */
const NEAREST = new Map([
  ["hd", ["high"]],
  ["standard", ["medium"]],
  ["low", ["standard"]],
  ["medium", ["standard"]],
  ["high", ["hd"]],
  ["xhigh", ["high", "hd"]],
  ["max", ["high", "hd"]],
  ...["best", "highest", "ultra", "uhd", "4k"].map((word): [string, string[]] => [word, ["max", "high", "hd"]]),
  ...["draft", "fast", "lowest"].map((word): [string, string[]] => [word, ["low", "standard"]]),
  ...["normal", "default", "regular"].map((word): [string, string[]] => [word, ["standard", "medium"]]),
  ...["raw", "realistic", "photorealistic", "photo"].map((word): [string, string[]] => [word, ["natural"]]),
  ...["dramatic", "hyperreal"].map((word): [string, string[]] => [word, ["vivid"]]),
  ...["none", "alpha", "cutout"].map((word): [string, string[]] => [word, ["transparent"]]),
  ...["solid", "white"].map((word): [string, string[]] => [word, ["opaque"]]),
]);

function readChoice(
  option: ChoiceOption,
  value: string | undefined,
  name: ModelName,
  settings: Settings,
): string | undefined | Fault {
  if (!value) return undefined;
  const word = value.trim().toLowerCase();
  const allowed = wordsFor[option](MODELS[name]);
  if (allowed.includes(word)) return word;
  const nearest = NEAREST.get(word)?.find((candidate) => allowed.includes(candidate));
  const knownBy = settings.models
    .map((model) => model.name)
    .filter((other) => wordsFor[option](MODELS[other]).includes(word));
  const meant = knownBy.length ? undefined : nearestName(word, allowed);
  return { fault: "value refused", option, value, allowed, nearest, meant, model: name, knownBy };
}

/** The option that a fault is about, so that a form can ask for it anew; none for the words themselves. */
export function optionOfFault(fault: Fault): OptionName[] {
  if ("option" in fault) return [fault.option];
  const option = OPTION_OF_FAULT[fault.fault];
  return option ? [option] : [];
}

const OPTION_OF_FAULT: Partial<Record<Fault["fault"], OptionName>> = {
  "model unknown": "model",
  "size unreadable": "size",
  "size refused": "size",
  "count refused": "count",
};

import { MODELS, MOST_PICTURES, SHAPES, wordsFor } from "../models.ts";
import type { ChoiceOption, ModelName, Shape, Size } from "../models.ts";
import { nearestName } from "../near.ts";
import { habitOf } from "./other-bots.ts";
import type { Habit } from "./other-bots.ts";
import { nearestOption, OPTION_NAMES } from "./request.ts";
import type { ImageRequest, OptionName, Source } from "./request.ts";
import type { ModelSetting, Settings } from "../settings.ts";
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
};

/** One thing that is wrong with a request, with what a person needs to mend it. The words are in `src/words/`. */
export type Fault =
  | { fault: "prompt empty" }
  | { fault: "prompt too long"; length: number; limit: number; model: ModelName }
  | { fault: "option unknown"; name: string; meant?: OptionName }
  | { fault: "option of another bot"; name: string; habit: Habit }
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
  | { fault: "count refused"; value: string }
  /** None of the models here draws from pictures. */
  | { fault: "no editing"; model: ModelName }
  | { fault: "source missing" }
  | SourceFault;

export type Checked = { order: ImageOrder } | { faults: Fault[] };

/** Whoever types more of them does not read an answer to each. */
const MOST_UNKNOWN = 8;

/** Holds a request to the limits of its model. Nothing is dropped or bent in silence: what does not fit is a fault. */
export function checkRequest(request: ImageRequest, settings: Settings): Checked {
  const faults: Fault[] = request.unknownOptions.slice(0, MOST_UNKNOWN).map(faultOfOption);
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
  faults.push(...promptFaults(prompt, name, settings));
  const count = /^\d{1,2}$/.test(options.count?.trim() ?? "1") ? Number(options.count ?? "1") : Number.NaN;
  if (!(count >= 1 && count <= MOST_PICTURES)) {
    faults.push({ fault: "count refused", value: options.count ?? "" });
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
      prompt,
      size: read.size as Size | "auto",
      quality: (read.quality as string | undefined) ?? MODELS[name].defaultQuality,
      style: read.style as string | undefined,
      background: read.background as string | undefined,
      count,
    },
  };
}

function faultOfOption(name: string): Fault {
  const habit = habitOf(name);
  if (habit) return { fault: "option of another bot", name, habit };
  return { fault: "option unknown", name, meant: nearestOption(name) };
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
export function editorsOf({ models }: Settings): ModelSetting[] {
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

function promptFaults(prompt: string, model: ModelName, settings: Settings): Fault[] {
  const limit = MODELS[model].promptLimit[settings.images.provider];
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
  const option =
    fault.fault === "option of another bot"
      ? OPTION_OF_HABIT[fault.habit]
      : fault.fault === "option unknown"
        ? fault.meant
        : OPTION_OF_FAULT[fault.fault];
  return option ? [option] : [];
}

const OPTION_OF_HABIT: Partial<Record<Habit, OptionName>> = { version: "model", detail: "quality", repeat: "count" };

const OPTION_OF_FAULT: Partial<Record<Fault["fault"], OptionName>> = {
  "model unknown": "model",
  "size unreadable": "size",
  "size refused": "size",
  "count refused": "count",
};

/** What comes closest to each option that was wrong and can be had, for a form to begin with; what was right stays. */
export function nearestOptions(request: ImageRequest, settings: Settings): ImageRequest["options"] {
  const checked = checkRequest(request, settings);
  const nearest = { ...request.options };
  const chosen = chooseModel(nearest.model, settings);
  if (nearest.model && "name" in chosen) nearest.model = chosen.name;
  for (const fault of "faults" in checked ? checked.faults : []) {
    if (fault.fault === "option unknown") continue;
    for (const option of optionOfFault(fault)) {
      const value = nearestValue(fault);
      if (value === undefined) delete nearest[option];
      else nearest[option] = value;
    }
  }
  return nearest;
}

function nearestValue(fault: Fault): string | undefined {
  if (fault.fault === "size refused") {
    const { sizes } = MODELS[fault.model];
    return SHAPES.find((shape) => sizes[shape] === fault.nearest) ?? fault.nearest;
  }
  if (fault.fault === "value refused") return fault.nearest ?? fault.meant;
  if (fault.fault === "model unknown" || fault.fault === "size unreadable") return fault.meant;
  return fault.fault === "count refused" && Number(fault.value) > MOST_PICTURES ? String(MOST_PICTURES) : undefined;
}

import { isDeepStrictEqual } from "node:util";
import { MODELS, MOST_PICTURES, SHAPES, wordsFor } from "../models.ts";
import type { ChoiceOption, Model, ModelName, Shape } from "../models.ts";
import type { OptionName } from "../request/request.ts";
import type { Said, Text } from "./said.ts";
import { choiceNames, labels, shapeNames, sizes } from "./sentences.ts";
import { times } from "./sizes.ts";

/** What a person may pick for an option: the name they read and the value that comes back. */
export type Choice = { name: Text; value: string };

/**
 * For each option what at least one of the models takes, for a platform's own fields and menus. What not all of them take
 * says whose it is.
 */
export function choicesFor(names: ModelName[]): Record<OptionName, Choice[]> {
  const words = (option: ChoiceOption) =>
    [...new Set(names.flatMap((name) => wordsFor[option](MODELS[name])))].map((value) => ({
      name: ofModels(value, names, (model) => wordsFor[option](model).includes(value)),
      value,
    }));
  return {
    model: names.map((name) => ({ name: MODELS[name].label, value: name })),
    size: sizeChoices(names),
    quality: words("quality"),
    style: words("style"),
    background: words("background"),
    count: Array.from({ length: MOST_PICTURES }, (_, index) => ({ name: String(index + 1), value: String(index + 1) })),
  };
}

/** Shapes first, with their pixels where all models agree on them; then what some model draws beyond them. */
function sizeChoices(names: ModelName[]): Choice[] {
  const models = names.map((name) => MODELS[name]);
  const larger = [...new Set(models.flatMap(({ largerSizes }) => largerSizes))];
  const auto = { name: ofModels(shapeNames.auto, names, ({ autoSize }) => autoSize), value: "auto" };
  return [
    ...SHAPES.map((shape) => ({ name: nameOfShape(shape, models), value: shape })),
    ...larger.map((size) => ({
      name: ofModels(times(size), names, ({ largerSizes }) => largerSizes.includes(size)),
      value: size,
    })),
    ...(models.some(({ autoSize }) => autoSize) ? [auto] : []),
  ];
}

function nameOfShape(shape: Shape, models: Model[]): Said {
  const [size, ...others] = new Set(models.map((model) => model.sizes[shape]));
  if (!size || others.length) return shapeNames[shape];
  return sizes.named({ shape: shapeNames[shape], size: times(size) });
}

/** With the models that it is for, or the fewer that it is not for. */
function ofModels(name: Text, names: ModelName[], isTakenBy: (model: Model) => boolean): Text {
  const models = names.filter((each) => isTakenBy(MODELS[each])).map((each) => MODELS[each].label);
  const others = names.filter((each) => !isTakenBy(MODELS[each])).map((each) => MODELS[each].label);
  if (!others.length) return name;
  return models.length <= others.length
    ? choiceNames.only({ name, models })
    : choiceNames.not({ name, models: others });
}

/** What the image services do with an option that is left out. */
const PROVIDERS_OWN: Record<"style" | "background", string> = { style: "vivid", background: "auto" };

/**
 * What there is where nothing is picked: “Default: standard”; where one of several models may be picked, of each. The first
 * of `names` is the usual one. Nothing for what none of them has.
 */
export function usualChoice(option: OptionName, names: ModelName[], isEdit = false): Said | undefined {
  const usual = names.flatMap((name) => {
    const value = usualOf(option, MODELS[name], isEdit);
    return value === undefined ? [] : [{ value, name }];
  });
  const [first] = usual;
  if (!first) return undefined;
  if (option === "model") return labels.usual({ value: MODELS[first.name].label });
  const values = usual.filter(
    ({ value }, index) => usual.findIndex((other) => isDeepStrictEqual(other.value, value)) === index,
  );
  const texts = values.map(({ value }) =>
    ofModels(value, names, (model) => isDeepStrictEqual(usualOf(option, model, isEdit), value)),
  );
  return labels.usual({ value: choiceNames.listed({ names: texts }) });
}

function usualOf(option: OptionName, model: Model, isEdit: boolean): Text | undefined {
  switch (option) {
    case "model":
      return model.label;
    case "size":
      if (isEdit && model.autoSize) return choiceNames.likePicture;
      return sizes.named({ shape: shapeNames.square, size: times(model.sizes.square) });
    case "quality":
      return model.defaultQuality;
    case "style":
    case "background":
      return wordsFor[option](model).length ? PROVIDERS_OWN[option] : undefined;
    case "count":
      return choiceNames.one;
  }
}

/**
 * The choices with what is chosen among them, whatever way it was said: `1024x1024` is the square that the model draws, and a
 * size of the person's own, which no list has, stands first.
 */
export function withChosen(
  choices: Choice[],
  chosen: string | undefined,
  { option, model }: { option: OptionName; model: ModelName },
): { choices: Choice[]; value?: string } {
  const value = chosen?.trim().toLowerCase();
  if (!value) return { choices };
  const shape = SHAPES.find((each) => MODELS[model].sizes[each] === value);
  const found = [value, ...(option === "size" && shape ? [shape] : [])].find((each) =>
    choices.some((choice) => choice.value === each),
  );
  if (found !== undefined) return { choices, value: found };
  if (option !== "size" || value.length > LONGEST_OWN) return { choices };
  return { choices: [{ name: times(value), value }, ...choices], value };
}

/** `1024 x 1536`, `landscape`, `16:9` */
const LONGEST_OWN = 20;

import { MODELS, MOST_PICTURES, SHAPES, wordsFor } from "../models.ts";
import type { ChoiceOption, Model, ModelName, Shape } from "../models.ts";
import type { OptionName } from "../request/request.ts";
import type { Said, Text } from "./said.ts";
import { labels, shapeNames, sizes } from "./sentences.ts";
import { times } from "./sizes.ts";

/** What a person may pick for an option: the name they read and the value that comes back. */
export type Choice = { name: Text; value: string };

/** For each option what at least one of the models takes, for a platform's own fields and menus. */
export function choicesFor(names: ModelName[]): Record<OptionName, Choice[]> {
  const models = names.map((name) => MODELS[name]);
  const words = (option: ChoiceOption) =>
    [...new Set(models.flatMap(wordsFor[option]))].map((value) => ({
      name: tagged(value, models, (model) => wordsFor[option](model).includes(value)),
      value,
    }));
  return {
    model: names.map((name) => ({ name: MODELS[name].label, value: name })),
    size: sizeChoices(models),
    quality: words("quality"),
    style: words("style"),
    background: words("background"),
    count: same(Array.from({ length: MOST_PICTURES }, (_, index) => String(index + 1))),
  };
}

const same = (values: string[]): Choice[] => values.map((value) => ({ name: value, value }));

/** Shapes first, with their pixels where all models agree on them; then what some model draws beyond them. */
function sizeChoices(models: Model[]): Choice[] {
  const larger = [...new Set(models.flatMap(({ largerSizes }) => largerSizes))];
  return [
    ...SHAPES.map((shape) => ({ name: nameOfShape(shape, models), value: shape })),
    ...larger.map((size) => ({
      name: tagged(times(size), models, ({ largerSizes }) => largerSizes.includes(size)),
      value: size,
    })),
    ...(models.some(({ autoSize }) => autoSize)
      ? [{ name: tagged(shapeNames.auto, models, ({ autoSize }) => autoSize), value: "auto" }]
      : []),
  ];
}

/** Discord's menus hold 100 characters. */
const MOST_NAMED = 3;

/** With the names of those that take it, or of those that do not, where not all do. */
function tagged(value: Text, models: Model[], takes: (model: Model) => boolean): Text {
  const labelsOf = (some: Model[]) => some.map(({ label }) => label);
  const [takers, others] = [models.filter(takes), models.filter((model) => !takes(model))];
  if (!others.length || Math.min(takers.length, others.length) > MOST_NAMED) return value;
  if (takers.length <= MOST_NAMED) return labels.ofModels({ value, models: labelsOf(takers) });
  return labels.notOfModels({ value, models: labelsOf(others) });
}

/** What a person gets of this model who chooses nothing. */
export function usualOf(name: ModelName): Record<OptionName, Text> {
  const model = MODELS[name];
  return {
    model: model.label,
    size: nameOfShape("square", [model]),
    quality: model.defaultQuality,
    style: labels.modelChooses,
    background: labels.modelChooses,
    count: "1",
  };
}

function nameOfShape(shape: Shape, models: Model[]): Said {
  const [size, ...others] = new Set(models.map((model) => model.sizes[shape]));
  if (!size || others.length) return shapeNames[shape];
  return sizes.named({ shape: shapeNames[shape], size: times(size) });
}

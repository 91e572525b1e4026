import { MODELS, SHAPES } from "../models.ts";
import type { ModelName } from "../models.ts";
import type { Said } from "./said.ts";
import { sizes } from "./sentences.ts";

/** `1024×1536`: how people write a size. */
export const times = (size: string) => size.replace("x", "×");

/** What a model draws, with the words for it that a person can type. */
export function sizesOf(model: ModelName): Said {
  const { sizes: ofShape, sizeRule } = MODELS[model];
  const typed = SHAPES.map((shape) => sizes.typed({ size: times(ofShape[shape]), shape }));
  return sizeRule ? sizes.someOfMany({ sizes: typed }) : sizes.all({ sizes: typed });
}

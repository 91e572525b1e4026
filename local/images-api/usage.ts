import { pixels } from "../../src/models.ts";
import type { ModelName } from "../../src/models.ts";
import type { Order } from "./parameters.ts";

/**
 * Tokens of one 1024x1024 picture. Published: gpt-image-2 and 2.5 (low, medium, high) and gpt-image-1; the price of 1.5 is
 * that of the same tokens. A guess: the mini model, xhigh and max.
 */
const older = { low: 272, medium: 1056, high: 4160 };
const newest = { low: 196, medium: 439, high: 1756, xhigh: 3512, max: 7024 };
const TOKENS: Record<ModelName, Record<string, number>> = {
  "dall-e-3": {},
  "gpt-image-1": older,
  "gpt-image-1-mini": older,
  "gpt-image-1.5": older,
  "gpt-image-2": { low: 196, medium: 1756, high: 7024 },
  "gpt-image-2.5-flare": newest,
  "gpt-image-2.5-sunburst": newest,
};

const PARTIAL_PICTURE_TOKENS = 100;

export type Usage = {
  input_tokens: number;
  input_tokens_details: { image_tokens: number; text_tokens: number };
  output_tokens: number;
  output_tokens_details: { image_tokens: number; text_tokens: number };
  total_tokens: number;
};

/** What a call is said to have used. Other sizes than the square are estimated: their figures are published for few. */
export function usageOf(order: Order, inputPictures: number): Usage {
  const { width, height } = pixels(order.size) ?? { width: 1024, height: 1024 };
  const area = (width * height) / (1024 * 1024);
  const each = Math.round((TOKENS[order.model][order.quality] ?? 0) * area ** 0.38);
  const output = each * order.count + (order.partials ?? 0) * PARTIAL_PICTURE_TOKENS;
  const text = Math.ceil(order.prompt.length / 4);
  const image = inputPictures * 323;
  return {
    input_tokens: text + image,
    input_tokens_details: { image_tokens: image, text_tokens: text },
    output_tokens: output,
    output_tokens_details: { image_tokens: output, text_tokens: 0 },
    total_tokens: text + image + output,
  };
}

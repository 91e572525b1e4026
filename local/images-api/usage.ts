import { pixels } from "../../src/models.ts";
import type { ModelName } from "../../src/models.ts";
import type { Order } from "./parameters.ts";

/** Published, by size and quality; what each of them costs at 1.5 and the mini model comes of the same tokens. */
const OLDER: Record<string, Record<string, number>> = {
  "1024x1024": { low: 272, medium: 1056, high: 4160 },
  "1024x1536": { low: 408, medium: 1584, high: 6240 },
  "1536x1024": { low: 400, medium: 1568, high: 6208 },
};

/** What the provider's calculator reckons with. */
const GRIDS: Partial<Record<ModelName, Record<string, number>>> = {
  "gpt-image-2": { low: 16, medium: 48, high: 96 },
  "gpt-image-2.5-flare": { low: 16, medium: 24, high: 48, xhigh: 64, max: 96 },
  "gpt-image-2.5-sunburst": { low: 16, medium: 24, high: 48, xhigh: 64, max: 96 },
};

/** Of a picture that is edited: one for each patch of 32 pixels, and no more than that. */
const INPUT_PICTURE_TOKENS = 1536;
const PARTIAL_PICTURE_TOKENS = 100;

export type Usage = {
  input_tokens: number;
  input_tokens_details: { image_tokens: number; text_tokens: number };
  output_tokens: number;
  output_tokens_details: { image_tokens: number; text_tokens: number };
  total_tokens: number;
};

/** What a call is said to have used. */
export function usageOf(order: Order, inputPictures: number): Usage {
  const each = tokensOf(order);
  const output = each * order.count + (order.partials ?? 0) * PARTIAL_PICTURE_TOKENS;
  const text = Math.ceil(order.prompt.length / 4);
  const image = inputPictures * INPUT_PICTURE_TOKENS;
  return {
    input_tokens: text + image,
    input_tokens_details: { image_tokens: image, text_tokens: text },
    output_tokens: output,
    output_tokens_details: { image_tokens: output, text_tokens: 0 },
    total_tokens: text + image + output,
  };
}

function tokensOf({ model, size, quality }: Order): number {
  const grid = GRIDS[model]?.[quality];
  const edges = pixels(size);
  if (!grid || !edges) return OLDER[size]?.[quality] ?? 0;
  const { width, height } = edges;
  const rows = roundHalfToEven((grid * Math.min(width, height)) / Math.max(width, height));
  return Math.ceil((grid * rows * (2_000_000 + width * height)) / 4_000_000);
}

function roundHalfToEven(number: number): number {
  const nearest = Math.round(number);
  return number % 1 === 0.5 && nearest % 2 ? nearest - 1 : nearest;
}

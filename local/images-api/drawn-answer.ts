import { MODELS } from "../../src/models.ts";
import { pictureFilterNotes, promptFilterNotes } from "./filter.ts";
import type { Order } from "./parameters.ts";
import { revisePrompt } from "./revise.ts";
import type { Surface } from "./surface.ts";
import { usageOf } from "./usage.ts";

/** How the painted pictures leave: `addressOf` keeps one and gives the address from which it can be fetched for a while. */
export type Drawn = { order: Order; pictures: Buffer[]; inputPictures: number; addressOf: (bytes: Buffer) => string };

export function drawnBody({ order, pictures, inputPictures, addressOf }: Drawn, { provider }: Surface): object {
  const created = Math.floor(Date.now() / 1000);
  const model = MODELS[order.model];
  const notes =
    provider === "azure" && model.revisesPrompt
      ? { content_filter_results: pictureFilterNotes(), prompt_filter_results: promptFilterNotes() }
      : {};
  const revised = model.revisesPrompt ? { revised_prompt: revisePrompt(order) } : {};
  const data = pictures.map((bytes) => ({
    ...notes,
    ...revised,
    ...(order.answer === "url" ? { url: addressOf(bytes) } : { b64_json: bytes.toString("base64") }),
  }));
  return model.answersWith === "base64"
    ? { created, ...echoes(order), data, usage: usageOf(order, inputPictures) }
    : { created, data };
}

/** What gpt-image says it did, which is what was asked for once `auto` has been decided. */
export function echoes({ background, format, quality, size }: Order): object {
  return { background, output_format: format, quality, size };
}

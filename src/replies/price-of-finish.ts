import { partialPicturesOf } from "../images-api/call-images-api.ts";
import { MODELS } from "../models.ts";
import type { ImageOrder } from "../request/check.ts";
import { editorsOf } from "../request/check.ts";
import type { ImageRequest } from "../request/request.ts";
import { priceOf } from "../purse/prices.ts";
import type { Price } from "../purse/prices.ts";
import type { Settings } from "../settings.ts";

/** What it costs to finish one picture of an order: from itself where a model can go on from a picture, else from its words again. */
export function priceOfFinish(order: ImageOrder, { sources = [] }: ImageRequest, settings: Settings): Price {
  const editors = editorsOf(settings).map(({ name }) => name);
  const model = editors.includes(order.model) ? order.model : (editors[0] ?? order.model);
  const quality = MODELS[model].bestQuality;
  const inputs = (editors.length ? 1 : sources.length) + (order.references?.length ?? 0);
  const partialPictures = partialPicturesOf({ model, quality });
  return priceOf({ ...order, model, quality, count: 1 }, { inputs, partialPictures }, settings);
}

import { priceOfJob } from "../purse/spent.ts";
import { checkRequest } from "../request/check.ts";
import type { Asked } from "../request/check.ts";
import type { Settings } from "../settings.ts";
import type { Choice } from "./choices.ts";
import { priceSaid } from "./price-sentences.ts";
import { prices } from "./sentences.ts";

/** Qualities with what all pictures of this request cost in each; as they are where it cannot be drawn so. */
export function withPrices(choices: Choice[], request: Asked, settings: Settings): Choice[] {
  return choices.map(({ name, value }) => {
    // Whatever else is wrong with it is about to be changed.
    const prompt = request.prompt.trim() || "words";
    const options = { ...request.options, quality: value };
    const checked = checkRequest({ ...request, prompt, options, unknownOptions: [] }, settings);
    if ("faults" in checked) return { name, value };
    const { order } = checked;
    const price = priceSaid(priceOfJob({ order, request }, settings));
    return {
      name: order.count > 1 ? prices.ofSeveral({ name, price, count: order.count }) : prices.of({ name, price }),
      value,
    };
  });
}

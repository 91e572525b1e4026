import { MODELS, namedSizes } from "../models.ts";
import type { ModelName } from "../models.ts";
import { editorsOf, fitOptions } from "../request/check.ts";
import type { ImageOrder } from "../request/check.ts";
import type { ImageRequest } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Fit } from "./denial.ts";
import type { Price } from "./prices.ts";
import { priceOfJob } from "./spent.ts";

export type Ordered = {
  order: ImageOrder;
  request: Pick<ImageRequest, "options" | "sources" | "brainstorm">;
};

/** Whether rules would let such an order pass, as far as can be seen now. */
export type Passes = (order: ImageOrder, price: Price) => boolean;

/**
 * What of an order would still pass: the same but for what is not allowed, with as many pictures as there may be; and a draft.
 * Nothing where not even that would.
 */
export function fitsOf(asked: Ordered, passes: Passes, settings: Settings): Fit[] {
  const { order } = asked;
  const all = variants(asked, settings);
  // A draft is of the same shape and model, if one of those passes.
  const isOther = ({ model, size }: Variant) => Number(model !== order.model) * 2 + Number(size !== order.size);
  const cheap = all.toSorted((a, b) => isOther(a) - isOther(b) || a.price.dollars - b.price.dollars);
  const near = all.toSorted((a, b) => distance(a, order) - distance(b, order));
  const found = [near, cheap].flatMap((orders) => firstFit(orders, passes) ?? []);
  const isSame = (one: Variant, other: Variant) =>
    one.model === other.model && one.quality === other.quality && one.size === other.size && one.count === other.count;
  return found
    .filter((one, index) => found.findIndex((other) => isSame(one, other)) === index)
    .map((fit) => fitFrom(fit, asked));
}

type Variant = ImageOrder & { price: Price };

/** With as many pictures as pass, before another shape of it with more. */
function firstFit(orders: Variant[], passes: Passes): Variant | undefined {
  for (const { price, ...order } of orders)
    for (let { count } = order; count > 0; count -= 1) {
      const fewer = { ...price, dollars: (price.dollars / order.count) * count };
      if (passes({ ...order, count }, fewer)) return { ...order, count, price: fewer };
    }
  return undefined;
}

/** The same picture with other options, priced: every model here, and what it knows of qualities and of named sizes. */
function variants({ order, request }: Ordered, settings: Settings): Variant[] {
  const isEdit = Boolean(request.sources?.length);
  const models = isEdit ? editorsOf(settings) : settings.models;
  return models.flatMap(({ name, deployment }) =>
    qualitiesOf(name, order).flatMap((quality) =>
      sizesFor(name, order).map((size): Variant => {
        const other = { ...order, model: name, deployment, quality, size };
        return { ...other, price: priceOfJob({ order: other, request }, settings) };
      }),
    ),
  );
}

function qualitiesOf(model: ModelName, { quality }: ImageOrder): readonly string[] {
  const { qualities } = MODELS[model];
  return qualities.filter((word) => word !== "auto" || quality === "auto");
}

function sizesFor(name: ModelName, { model, size }: ImageOrder): ImageOrder["size"][] {
  const own = namedSizes(MODELS[name]);
  return model === name && !own.some((each) => each === size) ? [size, ...own] : own;
}

/** How much else it would be than what was asked for: the model first, then what it looks like, then how well it is drawn. */
function distance(variant: Variant, asked: ImageOrder): number {
  const { qualities, defaultQuality } = MODELS[variant.model];
  const isOther = (is: boolean, weight: number) => (is ? weight : 0);
  // Another model has another word for it.
  const meant = fitOptions({ quality: asked.quality }, variant.model).quality ?? defaultQuality;
  const steps = Math.abs(qualities.indexOf(variant.quality) - qualities.indexOf(meant));
  return (
    isOther(variant.model !== asked.model, 10_000) +
    isOther(variant.size !== asked.size, 100) * (1 + shapeDistance(variant.size, asked.size)) +
    isOther(variant.quality !== meant, 1 + steps)
  );
}

function shapeDistance(one: string, other: string): number {
  return Math.min(9, Math.abs(proportion(one) - proportion(other)) * 4);
}

function proportion(size: string): number {
  const [width, height] = size.split("x").map(Number);
  return width && height ? Math.log2(width / height) : 0;
}

function fitFrom({ price, ...order }: Variant, { order: asked, request }: Ordered): Fit {
  const { model, size, quality, count } = order;
  const { size: _size, ...options } = fitOptions(request.options, model);
  const isOnlyFewer = model === asked.model && size === asked.size && quality === asked.quality;
  return {
    options: { ...options, quality, count: String(count), ...(size !== "auto" && { size }) },
    by: isOnlyFewer ? "fewer" : quality === MODELS[model].qualities[0] ? "draft" : "allowed",
    count,
    dollars: price.dollars,
    isWorstCase: price.isWorstCase,
  };
}

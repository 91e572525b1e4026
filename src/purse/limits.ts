import { MODELS, SHAPES } from "../models.ts";
import type { ImageOrder } from "../request/check.ts";
import type { Limit } from "../rules.ts";
import type { BrokenLimit, Raiser } from "./denial.ts";
import type { Price } from "./prices.ts";
import type { Booked } from "./rule-book.ts";

/** A request as limits see it. `underWay`: pictures of the same person that are not there yet. */
export type Measured = Pick<ImageOrder, "model" | "size" | "quality" | "count"> & { price: Price; underWay: number };

/** What a request does not keep, all at once; of several that say it, the tightest. */
export function brokenLimits(asked: Measured, limits: Booked<"limit">[]): { breaks: BrokenLimit[]; raiser: Raiser } {
  const broken = limits.map((booked) => ({ booked, breaks: breaksOf(asked, booked.rule) }));
  const all = broken.flatMap(({ breaks }) => breaks);
  const breaks = all.filter((one, index) => tightest(one, all) === index);
  // Whoever runs the bot can change all of them.
  const isAdmins = broken.every(({ booked, breaks: own }) => !own.length || booked.within !== undefined);
  return { breaks, raiser: isAdmins ? "admin" : "operator" };
}

/** The place of the one that says the same and leaves least. */
function tightest(one: BrokenLimit, all: BrokenLimit[]): number {
  const same = all.filter(({ limit }) => limit === one.limit);
  const leaves = (broken: BrokenLimit) => ("most" in broken ? broken.most : broken.allowed.length);
  const least = same.toSorted((first, second) => leaves(first) - leaves(second))[0];
  return least ? all.indexOf(least) : -1;
}

function breaksOf({ model, size, quality, count, price, underWay }: Measured, limit: Limit): BrokenLimit[] {
  const { mostAtOnce, mostPictures, mostDollars, models, qualities, sizes } = limit;
  const { isWorstCase } = price;
  return [
    ...(count > (mostPictures ?? Infinity)
      ? [{ limit: "mostPictures" as const, most: mostPictures ?? 0, asked: count }]
      : []),
    ...(underWay + count > (mostAtOnce ?? Infinity)
      ? [{ limit: "mostAtOnce" as const, most: mostAtOnce ?? 0, underWay, asked: count }]
      : []),
    ...(price.dollars > (mostDollars ?? Infinity) + A_MILLIONTH
      ? [{ limit: "mostDollars" as const, most: mostDollars ?? 0, asked: price.dollars, isWorstCase }]
      : []),
    ...(models && !models.includes(model) ? [{ limit: "models" as const, allowed: models, asked: model }] : []),
    ...(qualities && !qualities.includes(quality)
      ? [{ limit: "qualities" as const, allowed: qualities, asked: quality }]
      : []),
    ...(sizes && !sizesOf(sizes, model).includes(size)
      ? [{ limit: "sizes" as const, allowed: sizes, asked: size }]
      : []),
  ];
}

/** Money is counted in whole ones of it. */
export const A_MILLIONTH = 0.000_001;

/** A shape by its name is the size that it means for this model. */
export function sizesOf(sizes: readonly string[], model: ImageOrder["model"]): string[] {
  return sizes.map((size) => {
    const shape = SHAPES.find((name) => name === size);
    return shape ? MODELS[model].sizes[shape] : size;
  });
}

import { namedSizes, pixels } from "../models.ts";
import type { Model, Size, SizeRule } from "../models.ts";

/** Which part of a model's size rule a size breaks. `list`: the model knows named sizes alone. */
export type SizeFault = "list" | "multiple" | "edge" | "ratio" | "fewer" | "more";

/** The first rule that `size` breaks, in the order in which the Images API complains; nothing if the model draws it. */
export function faultOfSize(size: Size, model: Model): SizeFault | undefined {
  if (namedSizes(model).includes(size)) return undefined;
  const edges = pixels(size);
  if (!model.sizeRule || !edges) return "list";
  return faultByRule(edges, model.sizeRule);
}

function faultByRule({ width, height }: { width: number; height: number }, rule: SizeRule): SizeFault | undefined {
  if (width % rule.multipleOf || height % rule.multipleOf) return "multiple";
  if (Math.max(width, height) > rule.longestEdge) return "edge";
  if (Math.max(width, height) > Math.min(width, height) * rule.greatestRatio) return "ratio";
  if (width * height < rule.fewestPixels) return "fewer";
  if (width * height > rule.mostPixels) return "more";
  return undefined;
}

/** The size the model does draw that comes closest: by shape first, then, where sizes are free, by the number of pixels. */
export function nearestSize(size: string, model: Model): Size {
  const edges = pixels(size);
  if (!edges || !edges.width || !edges.height) return model.sizes.square;
  if (model.sizeRule) return nearestByRule(edges, model.sizeRule);
  const ratio = edges.width / edges.height;
  const distance = (candidate: Size) => {
    const { width, height } = pixels(candidate) ?? { width: 1, height: 1 };
    return Math.abs(Math.log(width / height / ratio));
  };
  return namedSizes(model).reduce((best, candidate) => (distance(candidate) < distance(best) ? candidate : best));
}

/** Of what `pixels` reads. */
const LONGEST_EDGE = 99_999;

/** A proportion says nothing of pixels: as many as the model's own wide and tall pictures have, or just below. */
export function sizeOfProportion({ width, height }: { width: number; height: number }, model: Model): Size {
  if (width === height) return model.sizes.square;
  const usual = pixels(model.sizes.wide) ?? { width: 1536, height: 1024 };
  const most = usual.width * usual.height;
  const { sizeRule } = model;
  if (sizeRule) {
    const unit = sizeRule.multipleOf / greatestDivisor(width, height);
    const times = Math.floor(Math.sqrt(most / (width * height * unit * unit)));
    const exact = { width: width * unit * times, height: height * unit * times };
    if (times > 0 && !faultByRule(exact, sizeRule)) return `${exact.width}x${exact.height}`;
  }
  const edge = Math.sqrt(most / (width * height));
  const nearly = (side: number) => Math.min(LONGEST_EDGE, Math.max(1, Math.round(side * edge)));
  return nearestSize(`${nearly(width)}x${nearly(height)}`, model);
}

function greatestDivisor(one: number, other: number): number {
  return other ? greatestDivisor(other, one % other) : one;
}

function nearestByRule({ width, height }: { width: number; height: number }, rule: SizeRule): Size {
  const ratio = Math.min(rule.greatestRatio, Math.max(1 / rule.greatestRatio, width / height));
  const area = Math.min(rule.mostPixels, Math.max(rule.fewestPixels, width * height));
  const exactWidth = Math.min(rule.longestEdge, Math.sqrt(area * ratio), rule.longestEdge * ratio);
  // Rounding both edges to the grid can leave the rule by a hair: look at the neighbours, and take the best that keeps it.
  const around = (exact: number) =>
    [-1, 0, 1, 2].map((step) => (Math.floor(exact / rule.multipleOf) + step) * rule.multipleOf);
  const candidates = around(exactWidth).flatMap((w) =>
    around(exactWidth / ratio).map((h) => ({ width: w, height: h })),
  );
  const distance = (edges: { width: number; height: number }) =>
    Math.abs(Math.log(edges.width / exactWidth)) + Math.abs(Math.log((edges.height * ratio) / exactWidth));
  const legal = candidates.filter((edges) => edges.width > 0 && edges.height > 0 && !faultByRule(edges, rule));
  const best = legal.reduce((a, b) => (distance(b) < distance(a) ? b : a), legal[0] ?? { width: 1024, height: 1024 });
  return `${best.width}x${best.height}`;
}

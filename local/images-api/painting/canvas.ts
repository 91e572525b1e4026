import { randomOf } from "../random.ts";
import type { Random } from "../random.ts";
import type { Scene } from "./scene.ts";

/** 0 coarse, 1 plain, 2 fine, 3 finest. */
export type Detail = 0 | 1 | 2 | 3;

export type Canvas = {
  width: number;
  height: number;
  /** A hundredth of the shorter edge: what is measured in it looks the same at every size. */
  unit: number;
  detail: Detail;
  scene: Scene;
  /** Chance for one layer, so that more detail in one does not move another. */
  chance: (layer: string) => Random;
};

export function makeCanvas(
  edges: { width: number; height: number },
  detail: Detail,
  scene: Scene,
  seed: string,
): Canvas {
  const unit = Math.min(edges.width, edges.height) / 100;
  return { ...edges, unit, detail, scene, chance: (layer) => randomOf(`${seed} ${layer}`) };
}

const DETAILS: Record<string, Detail> = { low: 0, medium: 1, standard: 1, high: 2, hd: 2, xhigh: 3, max: 3 };

export function detailOf(quality: string): Detail {
  return DETAILS[quality] ?? 1;
}

/** A number of strokes or points for each degree of detail. */
export function byDetail({ detail }: Canvas, coarse: number, plain: number, fine: number): number {
  return [coarse, plain, fine, fine * 1.6][detail] ?? plain;
}

/** Rounds coordinates: the SVG becomes a third shorter. */
export function at(...numbers: number[]): string {
  return numbers.map((number) => number.toFixed(1)).join(" ");
}

import sharp from "sharp";
import { openTones, tonesOf } from "./raster.ts";
import type { Edges, Tones } from "./raster.ts";

export type Box = { left: number; top: number; width: number; height: number };

/** Where a picture may change. */
export type Region = {
  /** How much of each pixel may change: nothing at the edge, all of it a little further in. */
  soft: Tones;
  hard: Tones;
  /** The largest box that lies within it. */
  box: Box;
  /** Of the whole picture. */
  part: number;
};

const CELLS = 64;
/** The mask of a whole picture is none. */
const WHOLE = 0.97;

/** What a mask leaves clear; nothing where that is all of the picture, or none of it. */
export async function readRegion(mask: Buffer | undefined, edges: Edges): Promise<Region | undefined> {
  if (!mask) return undefined;
  const clear = sharp(mask).ensureAlpha().extractChannel(3).negate();
  const hard = await tonesOf(sharp(await clear.png().toBuffer()).resize({ ...edges, fit: "fill" }));
  const part = hard.data.reduce((sum, tone) => sum + tone, 0) / 255 / hard.data.length;
  if (part > WHOLE || part === 0) return undefined;
  const box = await largestBox(hard);
  const sigma = Math.max(
    0.5,
    Math.min(Math.min(edges.width, edges.height) * 0.016, Math.min(box.width, box.height) / 7),
  );
  const soft = await tonesOf(openTones(hard).blur(sigma).linear(2, -255));
  return { hard, soft, box, part };
}

/** By rows of a coarse grid: how high the free cells stand above each, and the widest box under that outline. */
async function largestBox(tones: Tones): Promise<Box> {
  const scale = Math.max(tones.width, tones.height) / CELLS;
  const [width, height] = [Math.max(1, Math.round(tones.width / scale)), Math.max(1, Math.round(tones.height / scale))];
  const grid = await tonesOf(openTones(tones).resize({ width, height, fit: "fill", kernel: "linear" }));
  const high = Array.from({ length: width }, () => 0);
  let best = { left: 0, top: 0, width: 1, height: 1 };
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1)
      high[column] = (grid.data[row * width + column] ?? 0) > 200 ? (high[column] ?? 0) + 1 : 0;
    best = [best, ...boxesAbove(high, row)].reduce((one, other) => (areaOf(other) > areaOf(one) ? other : one));
  }
  const [across, down] = [tones.width / width, tones.height / height];
  return {
    left: best.left * across,
    top: best.top * down,
    width: best.width * across,
    height: best.height * down,
  };
}

/** For each column the widest box that is as high as it. */
function boxesAbove(high: number[], row: number): Box[] {
  return high.flatMap((tall, column) => {
    if (!tall) return [];
    let [left, right] = [column, column];
    while ((high[left - 1] ?? 0) >= tall) left -= 1;
    while ((high[right + 1] ?? 0) >= tall) right += 1;
    return [{ left, top: row - tall + 1, width: right - left + 1, height: tall }];
  });
}

/** A box that is nearly a square holds more than its area says. */
function areaOf({ width, height }: Box): number {
  return Math.min(width, height) ** 1.3 * Math.max(width, height) ** 0.7;
}

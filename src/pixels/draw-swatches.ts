import sharp from "sharp";
import { drawTile, GAP, GROUND } from "./draw-contact-sheet.ts";
import { SMALL_EDGE, smallJpeg } from "./small-jpeg.ts";
import type { SmallJpeg } from "./small-jpeg.ts";

const SWATCH = 160;

/** Colours side by side, and below them pictures: what a style looks like. Throws over neither. */
export async function drawSwatches(hexes: string[], pictures: Buffer[]): Promise<SmallJpeg> {
  if (!hexes.length && !pictures.length) throw new RangeError("neither colours nor pictures");
  const columns = Math.max(pictures.length, 2);
  const edge = Math.floor((SMALL_EDGE - GAP) / columns) - GAP;
  const top = hexes.length ? SWATCH + 2 * GAP : GAP;
  const height = pictures.length ? top + edge + GAP : top;
  const width = Math.floor((SMALL_EDGE - GAP) / Math.max(1, hexes.length)) - GAP;
  const swatches = hexes.map((background, index) => ({
    input: { create: { width, height: SWATCH, channels: 3 as const, background } },
    left: GAP + index * (width + GAP),
    top: GAP,
  }));
  const tiles: { input: Buffer; left: number; top: number }[] = [];
  // One after the other: a decoded picture may take 30 MB.
  for (const [index, picture] of pictures.entries())
    tiles.push({ input: await drawTile(picture, edge), left: GAP + index * (edge + GAP), top });
  const ground = sharp({ create: { width: SMALL_EDGE, height, channels: 3, background: GROUND } });
  return smallJpeg(ground.composite([...swatches, ...tiles]));
}

import sharp from "sharp";
import { open, openTones, rasterOf } from "./raster.ts";
import type { Raster, Tones } from "./raster.ts";

const LONGEST = 192;
const ROUNDS = 40;
/** Land and sky lie in layers: what is beside a pixel says more of it than what is above. */
const BESIDE = 0.42;
/** Of 255, on the average: what differs less from what lies around it is sky, or a wall, and in nothing's way. */
const PLAIN = 12;
/** What differs more from one side of the region to the other stands only half in it. */
const CUT_THROUGH = 42;

type Small = { width: number; height: number; pixels: Buffer; isInside: boolean[] };

/**
 * What lies around a region, grown into it, as if what stands there had been taken away. Nothing where nothing does, or where
 * what does reaches out of it, unless it is to go.
 */
export async function fillFromAround(picture: Raster, hard: Tones, isToGo: boolean): Promise<Raster | undefined> {
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const size = { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) };
  const tones = await openTones(hard)
    .resize({ ...size, fit: "fill" })
    .toColourspace("b-w")
    .raw()
    .toBuffer();
  const small = {
    ...size,
    pixels: await open(picture)
      .resize({ ...size, fit: "fill" })
      .raw()
      .toBuffer(),
    isInside: [...tones].map((tone) => tone > 20),
  };
  const { grown, apart } = grow(small);
  if (!isToGo && (apart > CUT_THROUGH || differenceInside(small, grown) < PLAIN)) return undefined;
  const enlarged = sharp(grown, { raw: { ...size, channels: 4 } }).resize({
    width: picture.width,
    height: picture.height,
    fit: "fill",
    kernel: "cubic",
  });
  return rasterOf(enlarged);
}

function differenceInside({ pixels, isInside }: Small, grown: Buffer): number {
  const inside = isInside.flatMap((is, pixel) => (is ? [pixel] : []));
  const of = (pixel: number) =>
    [0, 1, 2].reduce((sum, channel) => sum + Math.abs(tone(pixels, pixel, channel) - tone(grown, pixel, channel)), 0) /
    3;
  return inside.reduce((sum, pixel) => sum + of(pixel), 0) / Math.max(1, inside.length);
}

function tone(pixels: Buffer | Float32Array, pixel: number, channel: number): number {
  return pixels[pixel * 4 + channel] ?? 0;
}

/** From one side of each row to the other, then evened out. `apart`: how much the two sides differ, the most where there is only one. */
function grow(small: Small): { grown: Buffer; apart: number } {
  const { width, height, pixels, isInside } = small;
  const grown = Float32Array.from(pixels);
  let [apart, rows] = [0, 0];
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      if (!isInside[row * width + column]) continue;
      const from = column;
      while (column < width && isInside[row * width + column]) column += 1;
      apart += stretch(grown, { row, from, to: column, width });
      rows += 1;
    }
  }
  for (let round = 0; round < ROUNDS; round += 1) evenOut(grown, small);
  const bytes = Buffer.from(grown.map((value) => Math.max(0, Math.min(255, Math.round(value)))));
  return { grown: bytes, apart: apart / Math.max(1, rows) };
}

type Stretch = { row: number; from: number; to: number; width: number };

/** Returns how far the two ends are from one another. */
function stretch(grown: Float32Array, { row, from, to, width }: Stretch): number {
  const [before, after] = [from > 0 ? from - 1 : undefined, to < width ? to : undefined];
  const left = row * width + (before ?? after ?? from);
  const right = row * width + (after ?? before ?? from);
  let apart = 0;
  for (let channel = 0; channel < 3; channel += 1) {
    const [one, other] = [tone(grown, left, channel), tone(grown, right, channel)];
    apart += Math.abs(one - other) / 3;
    for (let column = from; column < to; column += 1)
      grown[(row * width + column) * 4 + channel] = one + ((other - one) * (column - from + 1)) / (to - from + 1);
  }
  return before === undefined || after === undefined ? 255 : apart;
}

function evenOut(grown: Float32Array, { width, height, isInside }: Small): void {
  const last = width * height - 1;
  for (let pixel = 0; pixel <= last; pixel += 1) {
    if (!isInside[pixel]) continue;
    const column = pixel % width;
    const left = column > 0 ? pixel - 1 : pixel;
    const right = column < width - 1 ? pixel + 1 : pixel;
    const above = pixel >= width ? pixel - width : pixel;
    const below = pixel + width <= last ? pixel + width : pixel;
    for (let channel = 0; channel < 3; channel += 1) {
      const beside = tone(grown, left, channel) + tone(grown, right, channel);
      const upright = tone(grown, above, channel) + tone(grown, below, channel);
      grown[pixel * 4 + channel] = beside * BESIDE + upright * (0.5 - BESIDE);
    }
  }
}

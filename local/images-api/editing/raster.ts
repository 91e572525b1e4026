import sharp from "sharp";
import type { Sharp } from "sharp";

export type Edges = { width: number; height: number };
/** Pixels as they lie in memory: red, green, blue and opacity. */
export type Raster = Edges & { data: Buffer };
/** One number a pixel. */
export type Tones = Edges & { data: Buffer };

export function open({ data, width, height }: Raster): Sharp {
  return sharp(data, { raw: { width, height, channels: 4 } });
}

export async function rasterOf(picture: Sharp): Promise<Raster> {
  const { data, info } = await picture.ensureAlpha().toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { data: channels === 4 ? data : inColours(data, channels), width, height };
}

/** A picture in grey comes as one tone a pixel, with its opacity or without. */
function inColours(grey: Buffer, channels: number): Buffer {
  const data = Buffer.alloc((grey.length / channels) * 4, 255);
  for (let pixel = 0; pixel * channels < grey.length; pixel += 1) {
    data.fill(grey[pixel * channels] ?? 0, pixel * 4, pixel * 4 + 3);
    if (channels === 2) data[pixel * 4 + 3] = grey[pixel * 2 + 1] ?? 255;
  }
  return data;
}

export function openTones({ data, width, height }: Tones): Sharp {
  return sharp(data, { raw: { width, height, channels: 1 } });
}

export async function tonesOf(picture: Sharp): Promise<Tones> {
  const { data, info } = await picture.toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** `over` on `base`, as far as the tones let it: 255 lets all of it through. */
export async function blend(base: Raster, over: Raster, tones?: Tones): Promise<Raster> {
  const input = tones ? await throughTones(over, tones) : over;
  const { width, height } = over;
  return rasterOf(open(base).composite([{ input: input.data, raw: { width, height, channels: 4 } }]));
}

/** The same with so much less of it as the tones say. */
export async function throughTones(raster: Raster, tones: Tones): Promise<Raster> {
  const data = Buffer.from(raster.data);
  for (let pixel = 0; pixel < tones.data.length; pixel += 1) {
    const at = pixel * 4 + 3;
    data[at] = ((data[at] ?? 0) * (tones.data[pixel] ?? 0)) / 255;
  }
  return { ...raster, data };
}

export function svgOf({ width, height }: Edges, content: string): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${content}</svg>`,
  );
}

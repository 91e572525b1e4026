import type { ImagesResponse } from "openai/resources/images";
import sharp from "sharp";
import type { Sharp } from "sharp";

/** The bytes of a picture in an answer, fetched where it is an address, and what they are. */
export async function pictureOf(response: ImagesResponse, index = 0) {
  const { b64_json = "", url } = response.data?.[index] ?? {};
  const bytes = url ? Buffer.from(await (await fetch(url)).arrayBuffer()) : Buffer.from(b64_json, "base64");
  const { format, width, height, hasAlpha } = await sharp(bytes).metadata();
  return { bytes, format, width, height, hasAlpha };
}

export async function pixelAt(bytes: Buffer, left: number, top: number): Promise<number[]> {
  return [...(await sharp(bytes).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer())];
}

export function plain(): Sharp {
  return sharp({ create: { width: 256, height: 256, channels: 4, background: "#48c" } });
}

type FileWish = { background?: string; edge?: number; hole?: boolean; cut?: boolean; type?: string };

/** A png; with a hole in its middle it is a mask. */
export async function makeFile({
  background = "#4488cc",
  edge = 256,
  hole,
  cut,
  type = "image/png",
}: FileWish): Promise<File> {
  const picture = sharp({ create: { width: edge, height: edge, channels: 4, background } });
  const square = await sharp({ create: { width: edge / 2, height: edge / 2, channels: 4, background: "#fff" } })
    .png()
    .toBuffer();
  const png = await (hole ? picture.composite([{ input: square, blend: "dest-out" }]) : picture)
    .png({ compressionLevel: 0 })
    .toBuffer();
  return new File([cut ? png.subarray(0, png.length / 2) : png], "a.png", { type });
}

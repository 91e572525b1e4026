import type { Sharp } from "sharp";

/** Teams shows a picture in a card only up to 1024×1024 pixels and 1 MB; a phone is glad of it too. */
export const SMALL_EDGE = 1024;
const SMALL_BYTES = 1_000_000;

export type SmallJpeg = { bytes: Buffer; width: number; height: number };

/** Pixels of at most 1024×1024 as a JPEG of at most 1 MB. Throws when they cannot be decoded. */
export async function smallJpeg(pixels: Sharp): Promise<SmallJpeg> {
  // The same one twice: a clone would copy all pixels.
  const encode = async (quality: number) => {
    const { data, info } = await pixels.jpeg({ quality }).toBuffer({ resolveWithObject: true });
    return { bytes: data, width: info.width, height: info.height };
  };
  const small = await encode(88);
  // That is coloured noise, which takes two thirds of it at this quality.
  return small.bytes.length <= SMALL_BYTES ? small : encode(60);
}

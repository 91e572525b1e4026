import sharp from "sharp";

/** Teams shows a picture in a card only up to 1024×1024 pixels and 1 MB; a phone is glad of it too. */
export const SMALL_EDGE = 1024;
const SMALL_BYTES = 1_000_000;

/** Pixels of at most 1024×1024 as a JPEG of at most 1 MB. Throws when they cannot be decoded. */
export async function smallJpeg(pixels: Buffer): Promise<Buffer> {
  const jpeg = await sharp(pixels).jpeg({ quality: 88 }).toBuffer();
  // That is coloured noise, which takes two thirds of it at this quality.
  return jpeg.length <= SMALL_BYTES ? jpeg : sharp(pixels).jpeg({ quality: 60 }).toBuffer();
}

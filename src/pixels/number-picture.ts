import sharp from "sharp";
import { onCheckers } from "./check-picture.ts";
import { lettering, widthOfLettering } from "./lettering.ts";
import { SMALL_EDGE, smallJpeg } from "./small-jpeg.ts";
import type { SmallJpeg } from "./small-jpeg.ts";

/** What a chat may cut off at the edges of the middle square, where it shows several pictures beside each other. */
const INSET = 0.04;

/**
 * A small copy with its number in the corner of its middle square, which stays in sight where a chat crops pictures to squares.
 * Throws where the picture cannot be decoded.
 */
export async function numberPicture(picture: Buffer, number: number): Promise<SmallJpeg> {
  const small = await onCheckers(
    sharp(picture).autoOrient().resize(SMALL_EDGE, SMALL_EDGE, { fit: "inside", withoutEnlargement: true }),
  );
  const { data, info } = await small.png({ compressionLevel: 1 }).toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const edge = Math.min(width, height);
  const [left, top] = [(width - edge) / 2 + INSET * edge, (height - edge) / 2 + INSET * edge];
  const letter = edge * 0.075;
  const pad = letter * 0.45;
  const badge =
    `<rect x="${left}" y="${top}" width="${widthOfLettering(String(number), letter) + 2 * pad}" height="${letter + 2 * pad}" rx="${pad}"` +
    ` fill="#111" fill-opacity=".78"/>${lettering(String(number), { x: left + pad, y: top + pad, height: letter })}`;
  const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${badge}</svg>`;
  return smallJpeg(sharp(data).composite([{ input: Buffer.from(overlay) }]));
}

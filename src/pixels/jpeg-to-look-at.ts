import sharp from "sharp";
import { onCheckers } from "./check-picture.ts";
import { SMALL_EDGE, smallJpeg } from "./small-jpeg.ts";

/** A picture that was checked before, small enough for a model that only looks at it. */
export async function jpegToLookAt(picture: Buffer): Promise<Buffer> {
  const small = sharp(picture).autoOrient().resize(SMALL_EDGE, SMALL_EDGE, { fit: "inside", withoutEnlargement: true });
  return (await smallJpeg(await onCheckers(small))).bytes;
}

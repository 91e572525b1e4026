import { randomBytes } from "node:crypto";
import sharp from "sharp";

export type Spoiled = "not-a-picture" | "cut-picture" | "big";

/** Bytes that are no good picture, or a good one that is very big: noise does not compress, so this is about 16 MB. */
export async function spoiledPicture(kind: Spoiled): Promise<Buffer> {
  if (kind === "not-a-picture") return Buffer.from("<html>This is no picture, whatever the field says.</html>");
  const [edge, channels] = [kind === "big" ? 2304 : 512, 3 as const];
  const raw = { width: edge, height: edge, channels };
  const png = await sharp(randomBytes(edge * edge * channels), { raw })
    .png({ compressionLevel: 0 })
    .toBuffer();
  return kind === "big" ? png : png.subarray(0, png.length / 2);
}

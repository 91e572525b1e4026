import sharp from "sharp";
import type { Sharp } from "sharp";
import { openGate } from "../gate.ts";
import { decodesWhole, mended } from "./mend-picture.ts";
import { MOST_DRAWN_PIXELS } from "../models.ts";

export type PictureFile = {
  mediaType: "image/png" | "image/jpeg" | "image/webp" | "image/gif";
  extension: string;
  width: number;
  height: number;
};

const SIGNATURES: [PictureFile["mediaType"], string, (bytes: Buffer) => boolean][] = [
  ["image/png", "png", (bytes) => bytes.readUInt32BE(0) === 0x89504e47],
  ["image/jpeg", "jpg", (bytes) => bytes.readUIntBE(0, 3) === 0xffd8ff],
  [
    "image/webp",
    "webp",
    (bytes) => bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP",
  ],
  ["image/gif", "gif", (bytes) => bytes.toString("latin1", 0, 4) === "GIF8"],
];

/** Twice what the largest model draws: a few kilobytes can claim to be gigabytes of pixels. */
const MOST_PIXELS = 2 * MOST_DRAWN_PIXELS;

/** One picture at a time in this process: a large one takes a hundred megabytes to decode. */
const oneAtATime = openGate(1);

/** What the bytes themselves say they are, never what a header or a request says; nothing if they are no picture we show. */
export function readPictureFile(bytes: Buffer): Promise<PictureFile | undefined> {
  return oneAtATime(async () => {
    if (bytes.length < 16) return undefined;
    const signature = SIGNATURES.find(([, , fits]) => fits(bytes));
    if (!signature) return undefined;
    const [mediaType, extension] = signature;
    const whole = await decodable(bytes);
    if (!whole) return undefined;
    const { width, height } = await open(whole).metadata();
    return { mediaType, extension, width, height };
  });
}

/** The same pixels in a frame that a strict decoder takes, which mostly is the very picture; nothing where they are not whole. */
async function decodable(bytes: Buffer): Promise<Buffer | undefined> {
  if (await decodesWhole(bytes, MOST_PIXELS)) return bytes;
  const whole = mended(bytes);
  return whole && (await decodesWhole(whole, MOST_PIXELS)) ? whole : undefined;
}

const open = (bytes: Buffer) => sharp(bytes, { limitInputPixels: MOST_PIXELS });

/** Teams shows a card picture only up to 1024×1024 pixels and 1 MB. */
const PREVIEW_EDGE = 1024;
const PREVIEW_BYTES = 1_000_000;

/** A small JPEG of a picture; what is transparent stands on a checkered ground. Throws when the bytes cannot be decoded. */
export function makePreview(bytes: Buffer): Promise<Buffer> {
  return oneAtATime(async () => {
    try {
      return await previewOf(bytes);
    } catch (error) {
      const whole = mended(bytes);
      if (!whole) throw error;
      return previewOf(whole);
    }
  });
}

async function previewOf(bytes: Buffer): Promise<Buffer> {
  for (const quality of [88, 75, 60, 40]) {
    const small = open(bytes).rotate().resize(PREVIEW_EDGE, PREVIEW_EDGE, { fit: "inside", withoutEnlargement: true });
    const preview = await (await onCheckers(small)).jpeg({ quality }).toBuffer();
    if (preview.length <= PREVIEW_BYTES) return preview;
  }
  return open(bytes)
    .resize(512, 512, { fit: "inside", withoutEnlargement: true })
    .flatten()
    .jpeg({ quality: 60 })
    .toBuffer();
}

/** Pixels on a checkered ground where they are transparent, and as they are otherwise. Throws when they cannot be decoded. */
export async function onCheckers(picture: Sharp): Promise<Sharp> {
  const { data, info } = await picture.png({ compressionLevel: 1 }).toBuffer({ resolveWithObject: true });
  if (info.channels !== 4 || (await sharp(data).stats()).isOpaque) return sharp(data).flatten();
  const square = 16;
  const tile = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${2 * square}" height="${2 * square}"><rect width="100%" height="100%" fill="#fff"/>` +
      `<path d="M0 0h${square}v${2 * square}h${square}v-${square}H0z" fill="#ddd"/></svg>`,
  );
  const ground = sharp({ create: { width: info.width, height: info.height, channels: 3, background: "#fff" } });
  return sharp(
    await ground
      .composite([{ input: tile, tile: true }, { input: data }])
      .png({ compressionLevel: 1 })
      .toBuffer(),
  );
}

import sharp from "sharp";
import type { OutputInfo, Sharp } from "sharp";
import { openGate } from "../gate.ts";
import { mended } from "./mend-picture.ts";
import { MOST_DRAWN_PIXELS } from "../models.ts";
import { SMALL_EDGE, smallJpeg } from "./small-jpeg.ts";

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

export type CheckedPicture = {
  file: PictureFile;
  /** A small JPEG of it, see `smallJpeg`; what is transparent stands on a checkered ground. */
  preview: { bytes: Buffer; width: number; height: number };
};

/**
 * What the bytes themselves say they are, never what a header or a request says, with a preview from the same one decoding;
 * nothing if they are no picture that we show.
 */
export function checkPicture(bytes: Buffer): Promise<CheckedPicture | undefined> {
  return oneAtATime(async () => {
    if (bytes.length < 16) return undefined;
    const signature = SIGNATURES.find(([, , fits]) => fits(bytes));
    if (!signature) return undefined;
    const [mediaType, extension] = signature;
    const pixels = (await decode(bytes)) ?? (await decode(mended(bytes)));
    if (!pixels) return undefined;
    const { width, height } = pixels.info;
    return { file: { mediaType, extension, width, height }, preview: await previewOf(pixels) };
  });
}

type Pixels = { data: Buffer; info: OutputInfo };

/** All pixels; nothing where they are not whole. A header can be whole where the rest is missing: only decoding all of it tells. */
async function decode(bytes: Buffer | undefined): Promise<Pixels | undefined> {
  try {
    const picture = bytes && sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: "warning" });
    return await picture?.autoOrient().toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  } catch {
    // sharp names no error class: whatever it says of these bytes, they cannot be decoded.
    return undefined;
  }
}

async function previewOf({ data, info }: Pixels): Promise<CheckedPicture["preview"]> {
  const small = sharp(data, { raw: info }).resize(SMALL_EDGE, SMALL_EDGE, { fit: "inside", withoutEnlargement: true });
  return smallJpeg(info.channels === 3 ? small : await onCheckers(small));
}

/** Pixels on a checkered ground where they are transparent, and as they are otherwise. Throws when they cannot be decoded. */
export async function onCheckers(picture: Sharp): Promise<Sharp> {
  const { data, info } = await picture.toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels !== 4 || isOpaque(data)) return sharp(data, { raw: info }).removeAlpha();
  const square = 16;
  const tile = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${2 * square}" height="${2 * square}"><rect width="100%" height="100%" fill="#fff"/>` +
      `<path d="M0 0h${square}v${2 * square}h${square}v-${square}H0z" fill="#ddd"/></svg>`,
  );
  const ground = sharp({ create: { width, height, channels: 3, background: "#fff" } });
  const onGround = ground.composite([
    { input: tile, tile: true },
    { input: data, raw: { width, height, channels } },
  ]);
  const whole = await onGround.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return sharp(whole.data, { raw: whole.info });
}

function isOpaque(rgba: Buffer): boolean {
  for (let alpha = 3; alpha < rgba.length; alpha += 4) if (rgba[alpha] !== 255) return false;
  return true;
}

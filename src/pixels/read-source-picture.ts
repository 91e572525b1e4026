import sharp from "sharp";
import type { Metadata } from "sharp";
import { z } from "zod";
import { openGate } from "../gate.ts";
import { decodesWhole, mended } from "./mend-picture.ts";
import { LONGEST_DRAWN_EDGE, MOST_DRAWN_PIXELS } from "../models.ts";
import { isAnimatedPng, isPlainJpeg, isPlainPng } from "./is-plain.ts";
import { readSourceKind } from "./source-kind.ts";
import type { ReadableKind } from "./source-kind.ts";

// libvips keeps the last hundred operations with the decoders behind them: after a few large pictures, gigabytes. Here no
// two pictures are alike, so there is nothing to gain. It holds for the whole process.
sharp.cache(false);

/** The Images API takes pictures of less than 50 MB; how many of them for one edit stands in `models.ts`. */
export const MOST_SOURCE_BYTES = 50_000_000;

/** The step in which gpt-image counts its sizes: below it there is nothing to see. Our own rule, as are the next two. */
const LEAST_EDGE = 16;
const MOST_EDGE = 16_384;
/** What a phone calls 50 megapixels. Decoding an interlaced PNG of that size takes about 0.5 GB. */
const MOST_PIXELS = 8192 * 6144;

const Edges = z.object({ width: z.number(), height: z.number() });

/** Why a picture that somebody brought cannot be worked on. Plain JSON: it stands in job records. */
export const SourceFault = z.discriminatedUnion("fault", [
  z.object({ fault: z.literal("source too large"), bytes: z.number(), limit: z.number() }),
  z.object({ fault: z.literal("source not a picture") }),
  /** It begins as a picture, and its pixels are not whole. */
  z.object({ fault: z.literal("source damaged") }),
  /** A kind of file by its own name, such as HEIC or PDF. */
  z.object({ fault: z.literal("source kind refused"), kind: z.string() }),
  z.object({ fault: z.literal("source animated") }),
  Edges.extend({ fault: z.literal("source too small"), least: z.number() }),
  /** `most`: the longest edge that a picture of this shape may have. */
  Edges.extend({ fault: z.literal("source too wide"), most: z.number() }),
  z.object({ fault: z.literal("source unreachable") }),
  /** One that Easel drew, and somebody has had deleted. */
  z.object({ fault: z.literal("source deleted") }),
  z.object({ fault: z.literal("source host refused") }),
  z.object({ fault: z.literal("too many sources"), count: z.number(), limit: z.number() }),
  z.object({ fault: z.literal("sources too large"), limit: z.number() }),
  Edges.extend({ fault: z.literal("mask size"), expected: Edges }),
  z.object({ fault: z.literal("mask not png") }),
  z.object({ fault: z.literal("mask without alpha") }),
  z.object({ fault: z.literal("mask empty") }),
]);
export type SourceFault = z.infer<typeof SourceFault>;

/** `sent` is its upright size before it was reduced: a mask that came along is of that size. */
export type SourcePicture = {
  picture: Buffer;
  mediaType: "image/png" | "image/jpeg";
  width: number;
  height: number;
  sent: { width: number; height: number };
};

/**
 * Judges a picture by its bytes and makes of it what Azure and OpenAI both take: PNG or JPEG, upright, sRGB, 8 bits a
 * channel, transparency kept, notes and places taken out, no larger than a model draws. Never throws over bad bytes.
 */
export async function readSourcePicture(bytes: Buffer): Promise<SourcePicture | { fault: SourceFault }> {
  if (bytes.length >= MOST_SOURCE_BYTES) {
    return { fault: { fault: "source too large", bytes: bytes.length, limit: MOST_SOURCE_BYTES } };
  }
  const kind = readSourceKind(bytes);
  if (!kind) return { fault: { fault: "source not a picture" } };
  if (typeof kind === "object") return { fault: { fault: "source kind refused", kind: kind.refused } };
  const read = await readOf(bytes, kind);
  if (read) return read;
  const copy = mended(bytes);
  const isWhole = copy && (await inTurn(() => decodesWhole(copy, MOST_PIXELS)));
  return (isWhole && (await readOf(copy, kind))) || { fault: { fault: "source damaged" } };
}

/** Nothing where the bytes cannot be decoded. */
async function readOf(bytes: Buffer, kind: ReadableKind): Promise<SourcePicture | { fault: SourceFault } | undefined> {
  try {
    // Reads the header alone: here a bomb is only two big numbers.
    const header = await sharp(bytes, { limitInputPixels: false }).metadata();
    const fault = faultOfHeader(bytes, kind, header);
    if (fault) return { fault };
    return (await takeAsItIs(bytes, kind, header)) ?? (await inTurn(() => convert(bytes, kind, header)));
  } catch {
    // sharp names no error class: whatever it says of these bytes, they cannot be decoded.
    return undefined;
  }
}

function faultOfHeader(bytes: Buffer, kind: ReadableKind, header: Metadata): SourceFault | undefined {
  if ((header.pages ?? 1) > 1 || (kind === "png" && isAnimatedPng(bytes))) return { fault: "source animated" };
  const { width, height } = header.autoOrient;
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  if (short < LEAST_EDGE) return { fault: "source too small", width, height, least: LEAST_EDGE };
  if (long > MOST_EDGE || width * height > MOST_PIXELS) {
    const most = Math.floor(Math.min(MOST_EDGE, Math.sqrt((MOST_PIXELS * long) / short)));
    return { fault: "source too wide", width, height, most };
  }
  return undefined;
}

/** Byte for byte, where there is nothing to change or to take out and all of it decodes without a complaint. */
async function takeAsItIs(bytes: Buffer, kind: ReadableKind, header: Metadata): Promise<SourcePicture | undefined> {
  if (kind !== "png" && kind !== "jpeg") return undefined;
  const { width, height, space } = header;
  const plain = kind === "png" ? isPlainPng(bytes) : isPlainJpeg(bytes);
  // Three colours of 8 bits: with 16 bits, in grey or in CMYK the space has another name.
  if (!plain || space !== "srgb" || scaleOf(header) < 1) return undefined;
  if (!(await inTurn(() => decodesWhole(bytes, MOST_PIXELS)))) return undefined;
  return { picture: bytes, mediaType: `image/${kind}`, width, height, sent: { width, height } };
}

/** One at a time: decoding a large one takes half a gigabyte at worst, and many may arrive at once. */
const inTurn = openGate(1);

async function convert(bytes: Buffer, kind: ReadableKind, header: Metadata): Promise<SourcePicture> {
  const scale = scaleOf(header);
  const edges = [header.autoOrient.width, header.autoOrient.height].map((edge) => Math.floor(edge * scale));
  const upright = sharp(bytes, { failOn: "error", limitInputPixels: MOST_PIXELS })
    .autoOrient()
    .resize(edges[0], edges[1], { fit: "fill" });
  // At this quality, and with the colours of every pixel, an edit starts from what the person saw.
  const file = kind === "jpeg" ? upright.jpeg({ quality: 95, chromaSubsampling: "4:4:4" }) : upright.png();
  const { data, info } = await file.toBuffer({ resolveWithObject: true });
  const mediaType = kind === "jpeg" ? "image/jpeg" : "image/png";
  return { picture: data, mediaType, width: info.width, height: info.height, sent: header.autoOrient };
}

/** A picture that is larger than any model draws is reduced to that: it then fits 50 MB as any kind of file. */
function scaleOf({ width, height }: Metadata): number {
  if (width * height <= MOST_DRAWN_PIXELS) return 1;
  return Math.min(Math.sqrt(MOST_DRAWN_PIXELS / (width * height)), LONGEST_DRAWN_EDGE / Math.max(width, height), 1);
}

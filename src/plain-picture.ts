const PNG_SIGNATURE = 8;

/** What a plain PNG holds: pixels and how to show them. No words, no place, no second picture. */
const PLAIN_CHUNKS = new Set(["IHDR", "sRGB", "gAMA", "cHRM", "pHYs", "IDAT", "IEND"]);

/** Nothing but pixels in it, no palette either, and nothing after it. */
export function isPlainPng(bytes: Buffer): boolean {
  for (const { type, end } of chunksOf(bytes)) {
    if (!PLAIN_CHUNKS.has(type)) return false;
    if (type === "IEND") return end === bytes.length;
  }
  return false;
}

/** Every viewer that knows no animation shows such a PNG as a still one, `sharp` too. */
export function isAnimatedPng(bytes: Buffer): boolean {
  for (const { type, start } of chunksOf(bytes)) {
    if (type === "IDAT") return false;
    if (type === "acTL") return start + 12 <= bytes.length && bytes.readUInt32BE(start + 8) > 1;
  }
  return false;
}

function* chunksOf(bytes: Buffer): Generator<{ type: string; start: number; end: number }> {
  for (let start = PNG_SIGNATURE; start + 12 <= bytes.length;) {
    const end = start + 12 + bytes.readUInt32BE(start);
    const type = bytes.toString("latin1", start + 4, start + 8);
    yield { type, start, end };
    if (type === "IEND") return;
    start = end;
  }
}

/** Tables, the interval of restarts, baseline and progressive frames. */
const PLAIN_SEGMENTS = new Set([0xdb, 0xc4, 0xdd, 0xc0, 0xc1, 0xc2]);
/** JFIF, as long as it is without a thumbnail, and Adobe's note on the colours: nothing else fits. */
const PLAIN_LENGTHS: Record<number, number> = { 0xe0: 16, 0xee: 14 };
const [SCAN, END] = [0xda, Buffer.from([0xff, 0xd9])];

/** No notes, profiles or places in it, and no more frames or a gain map behind it. */
export function isPlainJpeg(bytes: Buffer): boolean {
  for (let at = 2; at + 4 <= bytes.length;) {
    const marker = bytes[at] === 0xff ? bytes[at + 1] : undefined;
    // In the picture's data itself these two bytes never stand, so where they are found first it is over.
    if (marker === SCAN) return bytes.indexOf(END, at) === bytes.length - END.length;
    const length = bytes.readUInt16BE(at + 2);
    if (marker === undefined || (!PLAIN_SEGMENTS.has(marker) && length !== PLAIN_LENGTHS[marker])) return false;
    at += 2 + length;
  }
  return false;
}

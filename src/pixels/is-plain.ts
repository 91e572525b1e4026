import { inflateSync } from "node:zlib";

const PNG_SIGNATURE = 8;

/** What a plain PNG holds: pixels and how to show them. No words, no place, no second picture. Each of one length, so that nothing else fits in. */
const PLAIN_CHUNKS: Record<string, number | undefined> = {
  IHDR: 13,
  sRGB: 1,
  gAMA: 4,
  cHRM: 32,
  pHYs: 9,
  IEND: 0,
};
const CHANNELS: Record<number, number | undefined> = { 0: 1, 2: 3, 4: 2, 6: 4 };

/** Nothing but pixels in it, no palette either, and nothing after it or behind the pixels. */
export function isPlainPng(bytes: Buffer): boolean {
  const data: Buffer[] = [];
  let before = "";
  for (const { type, start, end } of chunksOf(bytes)) {
    if (type === "IDAT") {
      if (data.length && before !== "IDAT") return false;
      data.push(bytes.subarray(start + 8, end - 4));
    } else if (PLAIN_CHUNKS[type] !== end - start - 12) return false;
    if (type === "IEND") return end === bytes.length && isExactly(Buffer.concat(data), bytes.subarray(16, 29));
    before = type;
  }
  return false;
}

/** The packed pixels are as many as the header says, and nothing stands behind them. An interlaced one is never taken for plain. */
function isExactly(data: Buffer, header: Buffer): boolean {
  const [width, height, depth, colour, interlaced] = [
    header.readUInt32BE(0),
    header.readUInt32BE(4),
    header.readUInt8(8),
    header.readUInt8(9),
    header.readUInt8(12),
  ];
  const length = height * (1 + Math.ceil((width * depth * (CHANNELS[colour] ?? 0)) / 8));
  if (interlaced || !CHANNELS[colour]) return false;
  try {
    // `info` brings how much of the data was read; Node's types know the buffer alone.
    const { buffer, engine } = inflateSync(data, { maxOutputLength: length, info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return buffer.length === length && engine.bytesWritten === data.length;
  } catch {
    return false;
  }
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

const [QUANTIZATION, HUFFMAN, RESTARTS, SCAN, END] = [0xdb, 0xc4, 0xdd, 0xda, 0xd9];
/** JFIF, as long as it is without a thumbnail, Adobe's note on the colours, the interval of restarts: nothing else fits. */
const PLAIN_LENGTHS: Record<number, number> = { 0xe0: 16, 0xee: 14, [RESTARTS]: 4 };
/** Baseline and progressive frames. */
const FRAMES = new Set([0xc0, 0xc1, 0xc2]);

/** No notes, profiles or places in it, before, between or behind its scans, and no more frames or a gain map behind it. */
export function isPlainJpeg(bytes: Buffer): boolean {
  let scans = 0;
  for (let at = 2; at + 2 <= bytes.length;) {
    const marker = bytes[at] === 0xff ? bytes[at + 1] : undefined;
    if (marker === undefined) return false;
    if (marker === END) return scans > 0 && at + 2 === bytes.length;
    if (at + 4 > bytes.length) return false;
    const segment = bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at + 2));
    if (!isPlainSegment(marker, segment)) return false;
    at += 2 + segment.length;
    if (marker !== SCAN) continue;
    scans += 1;
    at = endOfScan(bytes, at);
  }
  return false;
}

/** `segment` begins with its length. Each is as long as what it must hold. */
function isPlainSegment(marker: number, segment: Buffer): boolean {
  if (segment.length < 4) return false;
  if (PLAIN_LENGTHS[marker]) return segment.length === PLAIN_LENGTHS[marker];
  if (marker === SCAN) return segment.length === 6 + 2 * segment.readUInt8(2);
  if (FRAMES.has(marker)) return segment.length > 8 && segment.length === 8 + 3 * segment.readUInt8(7);
  let at = 2;
  if (marker === QUANTIZATION) while (at < segment.length) at += segment.readUInt8(at) >> 4 ? 129 : 65;
  else if (marker === HUFFMAN)
    while (at + 17 <= segment.length) at += 17 + segment.subarray(at + 1, at + 17).reduce((sum, each) => sum + each, 0);
  return at > 2 && at === segment.length;
}

/** In the data of a scan a 0xff is followed by a zero or by the mark of a restart; any other marker ends it. */
function endOfScan(bytes: Buffer, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) break;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}

// @ts-check
/** @import { Size } from "./painting.js" */

/**
 * A PNG with one bit for each pixel: a palette of two blacks, of which the one where it is painted is transparent.
 *
 * @param {Uint8Array} painted As `rasterize` makes it.
 * @param {Size} size
 * @returns {Promise<Blob>}
 */
export async function maskPng(painted, { width, height }) {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([1, 3], 8);
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    chunk("PLTE", new Uint8Array(6)),
    chunk("tRNS", Uint8Array.of(255, 0)),
    chunk("IDAT", await deflate(packRows(painted, { width, height }))),
    chunk("IEND", new Uint8Array()),
  ];
  return new Blob(parts, { type: "image/png" });
}

/**
 * Each row begins with its filter, which is none, and ends with a whole byte.
 *
 * @param {Uint8Array} painted
 * @param {Size} size
 */
function packRows(painted, { width, height }) {
  const rowBytes = 1 + Math.ceil(width / 8);
  const rows = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const index = y * rowBytes + 1 + (x >> 3);
      if (painted[y * width + x]) rows[index] = (rows[index] ?? 0) | (0x80 >> (x & 7));
    }
  }
  return rows;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function deflate(bytes) {
  // What the web calls "deflate" is the zlib format that PNG asks for.
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * @param {string} name
 * @param {Uint8Array} content
 */
function chunk(name, content) {
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(content, 8);
  view.setUint32(content.length + 8, checksum(bytes.subarray(4, content.length + 8)));
  return bytes;
}

/**
 * CRC-32, as the PNG specification's appendix D has it.
 *
 * @param {Uint8Array} bytes
 */
function checksum(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

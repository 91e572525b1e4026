import sharp from "sharp";
import { lettering } from "./lettering.ts";
import { onCheckers } from "./check-picture.ts";
import { SMALL_EDGE, smallJpeg } from "./small-jpeg.ts";
import { MOST_SOURCE_BYTES } from "./read-source-picture.ts";
import { readSourceKind } from "./source-kind.ts";
import type { SourceFault } from "./read-source-picture.ts";

type Size = { width: number; height: number };

const COLUMNS = ["A", "B", "C", "D"];
const ROWS = ["1", "2", "3", "4"];

/** The grid's cells in reading order: A1 is top left, D1 top right, D4 bottom right. */
export const CELLS: readonly string[] = ROWS.flatMap((row) => COLUMNS.map((column) => column + row));

/** A strip is drawn higher or wider than it is: its cells keep room for a name, and quarters stay quarters. */
const SHORTEST_GRID_EDGE = 320;

/** The picture under a grid of named cells: a JPEG of at most 1024×1024 pixels and 1 MB. Throws when it cannot be decoded. */
export async function drawGrid(picture: Buffer): Promise<Buffer> {
  const { autoOrient } = await sharp(picture).metadata();
  const scale = SMALL_EDGE / Math.max(autoOrient.width, autoOrient.height);
  const fit = (edge: number) => Math.max(Math.round(edge * scale), SHORTEST_GRID_EDGE);
  const [width, height] = [fit(autoOrient.width), fit(autoOrient.height)];
  const ground = await onCheckers(sharp(picture).autoOrient().resize(width, height, { fit: "fill" }));
  const { bytes } = await smallJpeg(ground.composite([{ input: Buffer.from(gridLines({ width, height })) }]));
  return bytes;
}

function gridLines({ width, height }: Size): string {
  const [cellWidth, cellHeight] = [width / COLUMNS.length, height / ROWS.length];
  const across = ROWS.slice(1).map((_, index) => `M0 ${(index + 1) * cellHeight}H${width}`);
  const down = COLUMNS.slice(1).map((_, index) => `M${(index + 1) * cellWidth} 0V${height}`);
  const lines = [...across, ...down].join("");
  const letterHeight = Math.min(60, cellWidth * 0.42, cellHeight * 0.5);
  const names = CELLS.map((cell, index) => {
    const x = (index % COLUMNS.length) * cellWidth + letterHeight * 0.35;
    const y = Math.floor(index / COLUMNS.length) * cellHeight + letterHeight * 0.35;
    return lettering(cell, { x, y, height: letterHeight });
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" fill="none">` +
    `<path d="${lines}" stroke="#111" stroke-width="10"/><path d="${lines}" stroke="#fff" stroke-width="4"/>` +
    `${names.join("")}</svg>`
  );
}

/** A mask of exactly `size`: a PNG, transparent where the picture may change. Throws where a name is no cell, or none is given. */
export async function maskOfCells(cells: string[], { width, height }: Size): Promise<Buffer> {
  const strange = cells.find((cell) => !CELLS.includes(cell));
  if (strange !== undefined || !cells.length) throw new RangeError(`No cell of the grid: "${strange ?? ""}"`);
  const quarterOf = (position: number, length: number) => Math.floor(((position + 0.5) * 4) / length);
  const rows = ROWS.map((row) =>
    Buffer.from(
      Array.from({ length: width }, (_, x) => (cells.includes(`${COLUMNS[quarterOf(x, width)]}${row}`) ? 0 : 255)),
    ),
  );
  const alpha = Buffer.concat(
    Array.from({ length: height }, (_, y) => rows[quarterOf(y, height)] ?? Buffer.alloc(width)),
  );
  return maskOfAlpha(alpha, { width, height });
}

/**
 * Reads a mask that somebody painted or brought: a PNG of the picture's own size with something transparent in it, which
 * may change. Comes back as a plain one, each pixel either kept or free. Never throws over bad bytes.
 */
export async function readMask(
  bytes: Buffer,
  expected: Size,
  reduced = expected,
): Promise<{ mask: Buffer } | { fault: SourceFault }> {
  if (bytes.length > MOST_SOURCE_BYTES) {
    return { fault: { fault: "source too large", bytes: bytes.length, limit: MOST_SOURCE_BYTES } };
  }
  if (readSourceKind(bytes) !== "png") return { fault: { fault: "mask not png" } };
  try {
    // Reads the header alone: a mask of another size, a bomb too, is never decoded.
    const { width, height, hasAlpha } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (width !== expected.width || height !== expected.height) {
      return {
        fault: { fault: "mask size", width, height, expected: { width: expected.width, height: expected.height } },
      };
    }
    if (!hasAlpha) return { fault: { fault: "mask without alpha" } };
    const alpha = await readAlpha(bytes, width * height);
    if (!alpha.includes(0)) return { fault: { fault: "mask empty" } };
    const mask = await maskOfAlpha(alpha, expected);
    if (reduced.width === width && reduced.height === height) return { mask };
    const scaling = { fit: "fill", kernel: "nearest" } as const;
    return { mask: await sharp(mask).resize(reduced.width, reduced.height, scaling).png().toBuffer() };
  } catch {
    // sharp names no error class: whatever it says of these bytes, they cannot be decoded.
    return { fault: { fault: "mask not png" } };
  }
}

/** One byte for each pixel: 0 where it is more transparent than not, 255 elsewhere. */
async function readAlpha(bytes: Buffer, pixels: number): Promise<Buffer> {
  const alpha = await sharp(bytes, { failOn: "error", limitInputPixels: pixels })
    .extractChannel("alpha")
    .toColourspace("b-w")
    .raw({ depth: "uchar" })
    .toBuffer();
  alpha.forEach((value, index) => (alpha[index] = value < 128 ? 0 : 255));
  return alpha;
}

/** Black, so that nothing but the transparency is told. */
async function maskOfAlpha(alpha: Buffer, { width, height }: Size): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: "#000" } })
    .joinChannel(alpha, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}

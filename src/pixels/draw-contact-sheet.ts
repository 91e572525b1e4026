import sharp from "sharp";
import type { OverlayOptions } from "sharp";
import { lettering, widthOfLettering } from "./lettering.ts";
import { onCheckers } from "./check-picture.ts";
import { SMALL_EDGE, smallJpeg } from "./small-jpeg.ts";
import type { SmallJpeg } from "./small-jpeg.ts";

export type Tile = { picture: Buffer; number: number; mark?: "current" };

export const MOST_TILES = 16;

export const GAP = 14;
export const GROUND = "#2b2d31";
/** What stands around a picture that is not square, and in place of one that cannot be shown. */
const [BED, NO_PICTURE] = ["#3a3d43", "#7b7f86"];
export const FRAME = "#ffb02e";

/**
 * Up to 16 pictures with their numbers, row by row, none of them cropped: a JPEG of at most 1024×1024 pixels and 1 MB. A
 * picture that cannot be decoded is a grey tile. Throws over no tiles or more than 16.
 */
export async function drawContactSheet(tiles: Tile[]): Promise<SmallJpeg> {
  if (!tiles.length || tiles.length > MOST_TILES) throw new RangeError(`${tiles.length} tiles, not 1 to ${MOST_TILES}`);
  const columns = Math.ceil(Math.sqrt(tiles.length));
  const edge = Math.floor((SMALL_EDGE - GAP) / columns) - GAP;
  const span = (count: number) => count * (edge + GAP) + GAP;
  const [width, height] = [span(columns), span(Math.ceil(tiles.length / columns))];
  const layers: OverlayOptions[] = [];
  const marks: string[] = [];
  // One after the other: a decoded picture may take 30 MB.
  for (const [index, tile] of tiles.entries()) {
    const [left, top] = [span(index % columns), span(Math.floor(index / columns))];
    layers.push({ input: await drawTile(tile.picture, edge), left, top });
    marks.push(markTile(tile, { left, top, edge }));
  }
  const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${marks.join("")}</svg>`;
  const sheet = sharp({ create: { width, height, channels: 3, background: GROUND } });
  return smallJpeg(sheet.composite([...layers, { input: Buffer.from(overlay) }]));
}

/** A picture in a square of its own, none of it cropped. */
export async function drawTile(picture: Buffer, edge: number): Promise<Buffer> {
  const bed = (background: string) => sharp({ create: { width: edge, height: edge, channels: 3, background } });
  try {
    const fitted = await onCheckers(sharp(picture).autoOrient().resize(edge, edge, { fit: "inside" }));
    return await bed(BED)
      .composite([{ input: await fitted.png({ compressionLevel: 1 }).toBuffer() }])
      .png({ compressionLevel: 1 })
      .toBuffer();
  } catch {
    // sharp names no error class: whatever it says of these bytes, they cannot be decoded.
    return bed(NO_PICTURE).png({ compressionLevel: 1 }).toBuffer();
  }
}

/** Its number, and a frame around the one that all is about: a piece of SVG. */
export function markTile(tile: Tile, { left, top, edge }: { left: number; top: number; edge: number }): string {
  const number = String(tile.number);
  const height = Math.min(60, edge * 0.17);
  const pad = height * 0.35;
  const badge =
    `<rect x="${left}" y="${top}" width="${widthOfLettering(number, height) + 2 * pad}" height="${height + 2 * pad}" rx="${pad / 2}"` +
    ` fill="#111" fill-opacity=".8"/>${lettering(number, { x: left + pad, y: top + pad, height })}`;
  if (tile.mark !== "current") return badge;
  const line = GAP - 4;
  const frame = `<rect x="${left - line / 2}" y="${top - line / 2}" width="${edge + line}" height="${edge + line}" rx="4" fill="none" stroke="${FRAME}" stroke-width="${line}"/>`;
  return badge + frame;
}

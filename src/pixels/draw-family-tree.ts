import sharp from "sharp";
import type { OverlayOptions } from "sharp";
import { drawTile, FRAME, GAP, GROUND, markTile } from "./draw-contact-sheet.ts";
import { SMALL_EDGE, smallJpeg } from "./small-jpeg.ts";
import type { SmallJpeg } from "./small-jpeg.ts";

type Relative = { picture: Buffer; number: number };

export type FamilyPictures = { before: Relative[]; current: Relative; after: Relative[] };

const MOST_IN_A_ROW = 5;
const [MOST_BEFORE, MOST_AFTER] = [6, 10];
/** Room for a line between two rows, and between two pictures of the line that leads to this one. */
const BETWEEN = 48;
const [LARGEST_RELATIVE, CURRENT] = [210, 290];
const LINE = 6;

type Box = { left: number; top: number; edge: number };
type Point = readonly [x: number, y: number];

/**
 * A picture's family as a tree: above, one after the other, what it came from; in the middle the picture itself, framed and
 * larger; below, branching off from it, what came of it. A JPEG as {@link smallJpeg} makes it. A picture that cannot be
 * decoded is a grey tile. Throws over more than 6 before it or 10 after it.
 */
export async function drawFamilyTree({ before, current, after }: FamilyPictures): Promise<SmallJpeg> {
  if (before.length > MOST_BEFORE || after.length > MOST_AFTER)
    throw new RangeError(
      `${before.length} before and ${after.length} after, not up to ${MOST_BEFORE} and ${MOST_AFTER}`,
    );
  const above = rowOf(before.length, GAP, BETWEEN);
  const own = { left: (SMALL_EDGE - CURRENT) / 2, top: below(above) + (before.length ? BETWEEN : 0), edge: CURRENT };
  const rows: Box[][] = [];
  for (let at = 0; at < after.length; at += MOST_IN_A_ROW) {
    const inRow = Math.min(MOST_IN_A_ROW, after.length - at);
    rows.push(rowOf(inRow, below(rows.at(-1) ?? [own]) + BETWEEN, GAP, Math.min(MOST_IN_A_ROW, after.length)));
  }
  const boxes = [...above, own, ...rows.flat()];
  const tiles = [...before, current, ...after];
  const height = Math.ceil(below(rows.at(-1) ?? [own]) + GAP);
  const layers: OverlayOptions[] = [];
  const marks: string[] = [];
  // One after the other: a decoded picture may take 30 MB.
  for (const [index, box] of boxes.entries()) {
    const tile = tiles[index];
    if (!tile) continue;
    const placed = { left: Math.round(box.left), top: Math.round(box.top), edge: Math.floor(box.edge) };
    layers.push({ input: await drawTile(tile.picture, placed.edge), left: placed.left, top: placed.top });
    marks.push(markTile({ ...tile, mark: box === own ? "current" : undefined }, placed));
  }
  const lines = [...linesBefore(above, own), ...linesAfter(own, rows)].map(drawLine);
  const overlay = (parts: string[]) => ({
    input: Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${SMALL_EDGE}" height="${height}">${parts.join("")}</svg>`,
    ),
  });
  const tree = sharp({ create: { width: SMALL_EDGE, height, channels: 3, background: GROUND } }).composite([
    overlay(lines),
    ...layers,
    overlay(marks),
  ]);
  return smallJpeg(tree);
}

/** Squares side by side in the middle; as large as `mostInARow` of them could be. */
function rowOf(count: number, top: number, gap: number, mostInARow = count): Box[] {
  const edge = Math.min(LARGEST_RELATIVE, (SMALL_EDGE - 2 * BETWEEN - (mostInARow - 1) * gap) / mostInARow);
  const width = count * edge + (count - 1) * gap;
  return Array.from({ length: count }, (_, index) => ({
    left: (SMALL_EDGE - width) / 2 + index * (edge + gap),
    top,
    edge,
  }));
}

function below(row: Box[]): number {
  return row[0] ? row[0].top + row[0].edge : GAP;
}

const middle = ({ left, edge }: Box) => left + edge / 2;

/** From each to the next, and from the last around into the picture. */
function linesBefore(above: Box[], own: Box): Point[][] {
  const last = above.at(-1);
  if (!last) return [];
  const y = last.top + last.edge / 2;
  const bend = below([last]) + BETWEEN / 2;
  return [
    [
      [middle(above[0] ?? last), y],
      [middle(last), y],
    ],
    [
      [middle(last), y],
      [middle(last), bend],
      [middle(own), bend],
      [middle(own), own.top],
    ],
  ];
}

/** From the picture to a bar above each row, and from that to each in it; further rows are reached at the left edge. */
function linesAfter(own: Box, rows: Box[][]): Point[][] {
  const [first] = rows;
  if (!first?.[0]) return [];
  const barOf = (row: Box[]) => (row[0]?.top ?? 0) - BETWEEN / 2;
  const side = BETWEEN / 2;
  const stem: Point[] = [
    [middle(own), below([own])],
    [middle(own), barOf(first)],
  ];
  return [
    stem,
    ...rows.flatMap((row, index) => {
      const [left, right] = [row[0], row.at(-1)];
      if (!left || !right) return [];
      const bar = barOf(row);
      const begins = index || rows.length > 1 ? side : Math.min(middle(left), middle(own));
      const edge: Point[] = [
        [begins, bar],
        [Math.max(middle(right), index ? 0 : middle(own)), bar],
      ];
      const down: Point[][] = index
        ? [
            [
              [side, barOf(rows[index - 1] ?? row)],
              [side, bar],
            ],
          ]
        : [];
      const drops = row.map((box): Point[] => [
        [middle(box), bar],
        [middle(box), box.top],
      ]);
      return [edge, ...down, ...drops];
    }),
  ];
}

function drawLine(points: Point[]): string {
  const path = points.map(([x, y]) => `${x},${y}`).join(" ");
  return `<polyline points="${path}" fill="none" stroke="${FRAME}" stroke-width="${LINE}" stroke-linejoin="round" stroke-linecap="round"/>`;
}

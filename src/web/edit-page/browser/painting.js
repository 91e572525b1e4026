// @ts-check

/**
 * One stroke of the brush, in pixels of the picture: `points` are x and y by turns.
 *
 * @typedef {{ erase: boolean; radius: number; points: number[] }} Stroke
 *
 * @typedef {{ width: number; height: number }} Size
 */

/** Strokes are looked at in small where only their share of the picture matters. */
const SMALL_EDGE = 240;

/**
 * What is painted, a byte a pixel: 1 where the pixel's middle lies under the brush. A later stroke goes over an earlier
 * one. Made of numbers alone, so that it is the same in every browser, at every zoom, and where a canvas may not be read.
 *
 * @param {Stroke[]} strokes
 * @param {Size} size
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function rasterize(strokes, size) {
  const painted = new Uint8Array(size.width * size.height);
  for (const { erase, radius, points } of strokes) {
    const value = erase ? 0 : 1;
    for (let end = Math.min(2, points.length - 2); end >= 0 && end < points.length; end += 2) {
      const start = Math.max(0, end - 2);
      const [fromX = 0, fromY = 0] = points.slice(start, start + 2);
      const [toX = 0, toY = 0] = points.slice(end, end + 2);
      fillWay(painted, size, { fromX, fromY, toX, toY, radius, value });
    }
  }
  return painted;
}

/**
 * How much of the picture is painted, from 0 to 1; never 0 where any pixel is.
 *
 * @param {Stroke[]} strokes
 * @param {Size} size
 * @returns {number}
 */
export function shareOf(strokes, size) {
  if (!strokes.some(({ erase }) => !erase)) return 0;
  const scale = Math.min(1, SMALL_EDGE / Math.max(size.width, size.height));
  const small = { width: Math.ceil(size.width * scale), height: Math.ceil(size.height * scale) };
  const share = shareIn(
    strokes.map(({ erase, radius, points }) => ({
      erase,
      radius: radius * scale,
      points: points.map((value) => value * scale),
    })),
    small,
  );
  return share || shareIn(strokes, size);
}

/**
 * @param {Stroke[]} strokes
 * @param {Size} size
 */
function shareIn(strokes, size) {
  const painted = rasterize(strokes, size);
  return painted.reduce((sum, value) => sum + value, 0) / painted.length;
}

/**
 * The way of a round brush from one point to another is convex, so each row of it is one piece.
 *
 * @param {Uint8Array} painted
 * @param {Size} size
 * @param {{ fromX: number; fromY: number; toX: number; toY: number; radius: number; value: number }} way
 */
function fillWay(painted, { width, height }, way) {
  const { fromY, toY, radius, value } = way;
  const top = Math.max(0, Math.ceil(Math.min(fromY, toY) - radius - 0.5));
  const bottom = Math.min(height - 1, Math.floor(Math.max(fromY, toY) + radius - 0.5));
  for (let row = top; row <= bottom; row += 1) {
    const { left, right } = pieceOfRow(row + 0.5, way);
    const first = Math.max(0, Math.ceil(left - 0.5));
    const last = Math.min(width - 1, Math.floor(right - 0.5));
    if (first <= last) painted.fill(value, row * width + first, row * width + last + 1);
  }
}

/**
 * From where to where a row lies under the brush: in the circles at both ends, or between the two edges of the way.
 *
 * @param {number} y
 * @param {{ fromX: number; fromY: number; toX: number; toY: number; radius: number }} way
 */
function pieceOfRow(y, { fromX, fromY, toX, toY, radius }) {
  let left = Infinity;
  let right = -Infinity;
  const reach = (/** @type {number} */ x) => {
    left = Math.min(left, x);
    right = Math.max(right, x);
  };
  const ends = [
    [fromX, fromY],
    [toX, toY],
  ];
  for (const [centreX = 0, centreY = 0] of ends) {
    const half = Math.sqrt(radius ** 2 - (y - centreY) ** 2);
    if (Number.isNaN(half)) continue;
    reach(centreX - half);
    reach(centreX + half);
  }
  const length = Math.hypot(toX - fromX, toY - fromY);
  if (length && fromY !== toY) {
    const [sideX, sideY] = [(-(toY - fromY) / length) * radius, ((toX - fromX) / length) * radius];
    for (const side of [1, -1]) {
      const along = (y - fromY - side * sideY) / (toY - fromY);
      if (along >= 0 && along <= 1) reach(fromX + side * sideX + along * (toX - fromX));
    }
  }
  return { left, right };
}

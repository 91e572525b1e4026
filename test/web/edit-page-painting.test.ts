import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { maskPng } from "../../src/web/edit-page/browser/mask-png.js";
import { rasterize, shareOf } from "../../src/web/edit-page/browser/painting.js";
import type { Stroke } from "../../src/web/edit-page/browser/painting.js";
import { readMask } from "../../src/pixels/grid-and-mask.ts";

/** Where a pixel's middle is, seen from the way of the brush: within it, without, or so near the edge that numbers decide. */
function isUnder(x: number, y: number, { radius, points }: Stroke): boolean | undefined {
  let nearest = Infinity;
  for (let index = 0; index < points.length; index += 2) {
    const [fromX = 0, fromY = 0] = points.slice(Math.max(0, index - 2));
    const [toX = 0, toY = 0] = points.slice(index);
    const length = (toX - fromX) ** 2 + (toY - fromY) ** 2;
    const along = length ? ((x - fromX) * (toX - fromX) + (y - fromY) * (toY - fromY)) / length : 0;
    const part = Math.min(1, Math.max(0, along));
    nearest = Math.min(nearest, Math.hypot(x - fromX - part * (toX - fromX), y - fromY - part * (toY - fromY)));
  }
  return Math.abs(nearest - radius) < 1e-6 ? undefined : nearest < radius;
}

function expectPainted(strokes: Stroke[], width: number, height: number): void {
  const painted = rasterize(strokes, { width, height });
  const wrong: string[] = [];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const under = strokes.map((stroke) => ({ erase: stroke.erase, is: isUnder(x + 0.5, y + 0.5, stroke) }));
      if (under.some(({ is }) => is === undefined)) continue;
      const last = under.findLast(({ is }) => is);
      const expected = last !== undefined && !last.erase;
      if (Boolean(painted[y * width + x]) !== expected) wrong.push(`${x},${y}`);
    }
  }
  expect(wrong).toEqual([]);
}

const paint = (radius: number, ...points: number[]): Stroke => ({ erase: false, radius, points });
const erase = (radius: number, ...points: number[]): Stroke => ({ erase: true, radius, points });

describe("what is painted", () => {
  it.each<[string, Stroke[]]>([
    ["a dab", [paint(13, 40.3, 30.7)]],
    ["a line across", [paint(9, 20, 30, 110, 30)]],
    ["a line down", [paint(9, 50, 10, 50, 70)]],
    ["a slanted line", [paint(7.5, 12, 8, 101.4, 66.2)]],
    ["a line the other way", [paint(7.5, 101.4, 12, 15, 66.2)]],
    ["a way with corners", [paint(5, 10, 10, 100, 20, 30, 60, 31, 61, 31, 61)]],
    ["beyond every edge", [paint(20, -10, -15, 130, 95, 140, 5)]],
    ["nowhere in the picture", [paint(20, -50, -50)]],
    ["less than a pixel", [paint(0.2, 10.5, 10.5), paint(0.2, 30, 30)]],
    ["erased and painted over", [paint(25, 30, 40, 90, 40), erase(10, 60, 0, 60, 80), paint(4, 60, 40)]],
  ])("is every pixel whose middle is under the brush, and no other: %s", (_, strokes) =>
    expectPainted(strokes, 120, 80),
  );

  it("is told as a share of the picture, and as nothing only where nothing is", () => {
    const size = { width: 1000, height: 500 };
    expect(shareOf([], size)).toBe(0);
    expect(shareOf([erase(100, 20, 20)], size)).toBe(0);
    expect(shareOf([paint(100, 500, 250)], size)).toBeCloseTo((Math.PI * 100 ** 2) / 500_000, 2);
    expect(shareOf([paint(2000, 500, 250)], size)).toBe(1);
    expect(shareOf([paint(2000, 500, 250), erase(2000, 500, 250)], size)).toBe(0);
    expect(shareOf([paint(0.6, 500.5, 250.5)], size)).toBe(1 / 500_000);
  });
});

describe("the mask", () => {
  it.each([
    [120, 80],
    [101, 33],
    [17, 9],
  ])("is a PNG of the picture's own size, transparent where it is painted: %i×%i", async (width, height) => {
    const painted = rasterize([paint(11, width / 3, 5, width, height / 2), erase(4, width / 2, height / 2)], {
      width,
      height,
    });
    const bytes = Buffer.from(await (await maskPng(painted, { width, height })).arrayBuffer());
    const { data, info } = await sharp(bytes).extractChannel("alpha").raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([width, height]);
    expect([...data].map((alpha) => (alpha === 0 ? 1 : 0))).toEqual([...painted]);
    const read = await readMask(bytes, { width, height });
    const mask = "mask" in read ? await sharp(read.mask).extractChannel("alpha").raw().toBuffer() : Buffer.alloc(0);
    expect(mask.equals(data)).toBe(true);
  });

  it("of the largest picture that a model draws stays small", async () => {
    const size = { width: 3840, height: 2160 };
    const points = Array.from({ length: 400 }, (_, index) => 1000 + 900 * Math.sin(index * 1.7));
    const mask = await maskPng(rasterize([paint(30, ...points)], size), size);
    expect(mask.size).toBeLessThan(200_000);
    expect(await readMask(Buffer.from(await mask.arrayBuffer()), size)).toHaveProperty("mask");
  });
});

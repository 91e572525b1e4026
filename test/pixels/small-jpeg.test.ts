import sharp from "sharp";
import type { Sharp } from "sharp";
import { expect, it } from "vitest";
import { smallJpeg } from "../../src/pixels/small-jpeg.ts";

/** Coloured noise in blocks of four pixels, with black specks: what JPEG can least take together. */
function coloured(edge: number): Sharp {
  let state = 1;
  const roll = (sides: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
  const pixels = Buffer.alloc(edge * edge * 3);
  for (let block = 0; block < (edge * edge) / 4; block += 1) {
    const colour = [255 * roll(2), 255 * roll(2), 255 * roll(2)];
    const [left, top] = [2 * (block % (edge / 2)), 2 * Math.floor(block / (edge / 2))];
    for (const [x, y] of [
      [left, top],
      [left + 1, top],
      [left, top + 1],
      [left + 1, top + 1],
    ] as const) {
      if (roll(10) >= 4) pixels.set(colour, 3 * (y * edge + x));
    }
  }
  return sharp(pixels, { raw: { width: edge, height: edge, channels: 3 } });
}

it("is at most 1 MB, whatever is to be seen", async () => {
  const pixels = coloured(1024);
  expect((await pixels.clone().jpeg({ quality: 88 }).toBuffer()).length).toBeGreaterThan(1_000_000);
  const { bytes: jpeg, ...size } = await smallJpeg(pixels);
  expect(size).toEqual({ width: 1024, height: 1024 });
  expect(jpeg.length).toBeLessThanOrEqual(1_000_000);
  expect(await sharp(jpeg).metadata()).toMatchObject({ format: "jpeg", width: 1024, height: 1024 });
});

it("is as good as it can be otherwise", async () => {
  const pixels = coloured(512);
  expect((await smallJpeg(pixels)).bytes.length).toBe((await pixels.clone().jpeg({ quality: 88 }).toBuffer()).length);
});

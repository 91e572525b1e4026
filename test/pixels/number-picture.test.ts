import sharp from "sharp";
import { expect, it } from "vitest";
import { numberPicture } from "../../src/pixels/number-picture.ts";

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 4, background: "#f0f0f0" } })
    .png()
    .toBuffer();

it.each([
  [1536, 1024],
  [1024, 1536],
  [300, 300],
])("puts the number into the corner of the middle square of %i×%i, and nothing elsewhere", async (width, height) => {
  const { bytes, ...size } = await numberPicture(await plain(width, height), 3);
  expect(Math.max(size.width, size.height)).toBe(Math.min(1024, Math.max(width, height)));
  const edge = Math.min(size.width, size.height);
  const [left, top] = [Math.round((size.width - edge) / 2), Math.round((size.height - edge) / 2)];
  const darkest = async (x: number, y: number) => {
    const part = { left: x, top: y, width: Math.floor(edge / 4), height: Math.floor(edge / 4) };
    return Math.min(...(await sharp(bytes).extract(part).grayscale().raw().toBuffer()));
  };
  expect(await darkest(left, top)).toBeLessThan(80);
  expect(await darkest(left + Math.floor(edge / 2), top + Math.floor(edge / 2))).toBeGreaterThan(220);
  expect((await sharp(bytes).metadata()).format).toBe("jpeg");
});

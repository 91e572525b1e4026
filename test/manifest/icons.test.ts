import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import manifest from "../../manifest/manifest.json" with { type: "json" };
import { drawColorIcon, drawOutlineIcon } from "../../manifest/draw-icons.ts";

const folder = join(import.meta.dirname, "../../manifest/icons");

type Pixel = { x: number; y: number; red: number; green: number; blue: number; alpha: number };

async function pixelsOf(image: Buffer): Promise<Pixel[]> {
  const { data, info } = await sharp(image).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return Array.from({ length: info.width * info.height }, (_, index) => {
    const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(index * 4, index * 4 + 4);
    return { x: index % info.width, y: Math.floor(index / info.width), red, green, blue, alpha };
  });
}

function boxOf(pixels: Pixel[]) {
  const [xs, ys] = [pixels.map(({ x }) => x), pixels.map(({ y }) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

const hexOf = ({ red, green, blue }: Pixel) => `#${Buffer.from([red, green, blue]).toString("hex").toUpperCase()}`;

const color = await readFile(join(folder, "color.png"));
const outline = await readFile(join(folder, "outline.png"));

describe("color.png", () => {
  it("is 192 by 192, opaque up to its square corners", async () => {
    expect(await sharp(color).metadata()).toMatchObject({ format: "png", width: 192, height: 192 });
    expect((await pixelsOf(color)).filter(({ alpha }) => alpha < 255)).toEqual([]);
  });

  it("lies on the accent colour, with the symbol in the inner 96 by 96", async () => {
    const symbol = (await pixelsOf(color)).filter((pixel) => hexOf(pixel) !== manifest.accentColor);
    expect(boxOf(symbol)).toEqual({ left: 48, top: 48, right: 143, bottom: 143 });
  });
});

describe("outline.png", () => {
  it("is 32 by 32, pure white on transparent", async () => {
    expect(await sharp(outline).metadata()).toMatchObject({ format: "png", width: 32, height: 32, hasAlpha: true });
    const pixels = await pixelsOf(outline);
    expect(pixels.filter((pixel) => pixel.alpha > 0 && hexOf(pixel) !== "#FFFFFF")).toEqual([]);
    expect(pixels.filter(({ alpha }) => alpha === 0).length).toBeGreaterThan(pixels.length / 3);
    expect(pixels.filter(({ alpha }) => alpha === 255).length).toBeGreaterThan(pixels.length / 10);
  });

  it("is drawn up to all four edges", async () => {
    const drawn = (await pixelsOf(outline)).filter(({ alpha }) => alpha > 200);
    expect(boxOf(drawn)).toEqual({ left: 0, top: 0, right: 31, bottom: 31 });
  });
});

describe("the drawing", () => {
  it.each([
    ["color", color, drawColorIcon],
    ["outline", outline, drawOutlineIcon],
  ] as const)("%s.png is what its SVG shows", async (_, kept, draw) => {
    expect(await pixelsOf(kept)).toEqual(await pixelsOf(await draw()));
  });
});

import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { COLOUR_NAMES } from "../../src/pixels/colour-names.ts";
import { drawSwatches } from "../../src/pixels/draw-swatches.ts";
import { readPalette } from "../../src/pixels/read-palette.ts";

const plain = (background: string, width = 200, height = 100) =>
  sharp({ create: { width, height, channels: 4, background } });
const striped = async (colours: string[]) => {
  const stripes = colours.map((background, index) => ({
    input: { create: { width: 200, height: 40, channels: 3 as const, background } },
    top: index * 40,
    left: 0,
  }));
  return plain("#000", 200, 40 * colours.length)
    .composite(stripes)
    .png()
    .toBuffer();
};

describe("a picture's palette", () => {
  it.each(Object.entries(COLOUR_NAMES))("%s is called that", async (name, hex) => {
    const [first] = await readPalette(await plain(hex).png().toBuffer());
    expect(first?.name).toBe(name);
  });

  it("has what covers most first, five at most, each name once, and no detail", async () => {
    const names = ["navy", "sand", "coral", "mint", "plum", "gold", "grey"];
    const hexes = names.map((name) => COLOUR_NAMES[name] ?? "");
    const all = await readPalette(await striped([hexes[1] ?? "", ...hexes]));
    expect(all[0]?.name).toBe("sand");
    expect(all).toHaveLength(5);
    expect(new Set(all.map(({ name }) => name)).size).toBe(5);
    const speck = await plain("#1a2c57")
      .composite([{ input: await plain("#ee7f22", 6, 6).png().toBuffer(), top: 2, left: 2 }])
      .png()
      .toBuffer();
    expect((await readPalette(speck)).map(({ name }) => name)).toEqual(["navy"]);
  });

  it.each(["jpeg", "webp", "gif"] as const)("is read of %s, of grey and of what is transparent", async (format) => {
    expect((await readPalette(await plain("#c9242b").toFormat(format).toBuffer()))[0]?.name).toBe("red");
    const grey = await plain("#8b8d8f").greyscale().toColourspace("b-w").png().toBuffer();
    expect((await readPalette(grey))[0]?.name).toBe("grey");
    expect((await readPalette(await plain("#00000000").png().toBuffer()))[0]?.name).toBe("white");
  });
});

it("swatches are a small JPEG of colours, of pictures, or of both", async () => {
  const picture = await plain("#c9242b").png().toBuffer();
  for (const [hexes, pictures] of [
    [["#1a2c57", "#dcc59a"], []],
    [[], [picture]],
    [["#1a2c57"], [picture, Buffer.from("no picture"), picture, picture]],
  ] as const) {
    const { bytes, width, height } = await drawSwatches([...hexes], [...pictures]);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: "jpeg", width, height });
    expect(Math.max(width, height)).toBeLessThanOrEqual(1024);
  }
  await expect(drawSwatches([], [])).rejects.toThrow(RangeError);
});

import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { paintPicture } from "../../local/images-api/paint.ts";
import type { Order } from "../../local/images-api/parameters.ts";

const order: Order = {
  model: "gpt-image-2",
  prompt: "a lighthouse made of books",
  count: 1,
  size: "1024x1024",
  quality: "medium",
  background: "opaque",
  format: "png",
  compression: 100,
  answer: "b64_json",
};

const paint = (change: Partial<Order> = {}, number = 0) => paintPicture({ ...order, ...change }, number);

describe("a painting", () => {
  test("is the same for the same order, and another for other words, another number, size, quality or style", async () => {
    const first = await paint();
    expect((await paint()).equals(first)).toBe(true);
    const others = await Promise.all([
      paint({ prompt: "a cat in the city at night" }),
      paint({ prompt: "something that no word of ours fits" }),
      paint({}, 1),
      paint({ size: "1024x1536" }),
      paint({ quality: "low" }),
      paint({ quality: "high" }),
      paint({ style: "vivid" }),
      paint({ style: "natural" }),
    ]);
    const all = new Set([first, ...others].map((bytes) => bytes.toString("base64")));
    expect(all.size).toBe(9);
  });

  test.each(["1024x1024", "1792x1024", "1024x1536", "1280x720", "3840x2160"] as const)(
    "has exactly the size %s",
    async (size) => {
      const { width, height, format } = await sharp(await paint({ size, quality: "low" })).metadata();
      expect(`${width}x${height} ${format}`).toBe(`${size} png`);
    },
  );

  test("is the finer the higher the quality", async () => {
    const sizes = await Promise.all(
      ["low", "medium", "high", "max"].map(async (quality) => (await paint({ quality })).length),
    );
    expect(sizes.toSorted((a, b) => a - b)).toEqual(sizes);
  });

  test("is more colourful when vivid and less when natural", async () => {
    const colourful = async (style: string) => {
      const { channels } = await sharp(await paint({ style }))
        .toColourspace("hsv")
        .raw()
        .toBuffer({ resolveWithObject: true })
        .then(({ data, info }) => sharp(data, { raw: info }).stats());
      return channels[1]?.mean ?? 0;
    };
    expect(await colourful("vivid")).toBeGreaterThan((await colourful("natural")) * 1.5);
  });

  test("takes any words, and so does the label in it", async () => {
    for (const prompt of ['<svg> & "quotes" ]]>', "日本の猫 🐈", "\u0000\u0007 control", "x".repeat(4000), "🏳️‍🌈"]) {
      const bytes = await paint({ prompt, quality: "low" });
      expect((await sharp(bytes).metadata()).width).toBe(1024);
    }
  });
});

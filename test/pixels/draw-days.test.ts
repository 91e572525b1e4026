import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { drawDays } from "../../src/pixels/draw-days.ts";

const daysFrom = (first: string, dollars: number[]) =>
  dollars.map((each, index) => ({
    day: new Date(Date.parse(first) + index * 86_400_000).toISOString().slice(0, 10),
    dollars: each,
  }));

/** How high each bar is, from left to right: of how many pixels its middle column has of a bar's colours. */
async function bars(days: { day: string; dollars: number }[]): Promise<number[]> {
  const { bytes, width } = await drawDays(days);
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const [left, right] = [116, 1004];
  expect(info.width).toBe(width);
  return days.map((_, index) => {
    const x = Math.round(left + ((index + 0.5) * (right - left)) / days.length);
    let height = 0;
    for (let y = 0; y < 368; y += 1) {
      const at = 3 * (y * info.width + x);
      const [r = 0, g = 0, b = 0] = data.subarray(at, at + 3);
      const isBlue = b > 200 && r < 160;
      const isAmber = r > 200 && g > 130 && b < 110;
      if (isBlue || isAmber) height += 1;
    }
    return height;
  });
}

describe("the picture of the days", () => {
  test("has a bar for each, as high as what it cost, and none for nothing", async () => {
    const [first = 0, second = 0, third = 0, none] = await bars(daysFrom("2026-11-01", [4, 2, 1, 0]));
    expect(none).toBe(0);
    expect(first / second).toBeCloseTo(2, 1);
    expect(second / third).toBeCloseTo(2, 1);
  });

  test("shows the least that was spent beside the most", async () => {
    const [most = 0, least] = await bars(daysFrom("2026-11-01", [1000, 0.001]));
    expect(most).toBeGreaterThan(300);
    expect(least).toBe(3);
  });

  test.each([[[0]], [[0, 0, 0]], [[0.0001]], [[1_000_000, 3]], [Array.from({ length: 62 }, (_, index) => index)]])(
    "can be drawn of %j",
    async (dollars) => {
      const { bytes, width, height } = await drawDays(daysFrom("2026-11-01", dollars));
      expect(await sharp(bytes).metadata()).toMatchObject({ format: "png", width, height });
      expect(bytes.length).toBeLessThan(1_000_000);
    },
  );

  test("is not drawn of no days, nor of a year", async () => {
    await expect(drawDays([])).rejects.toThrow(RangeError);
    await expect(
      drawDays(
        daysFrom(
          "2026-01-01",
          Array.from({ length: 365 }, () => 1),
        ),
      ),
    ).rejects.toThrow(RangeError);
  });
});

import { describe, expect, it } from "vitest";
import { MODELS } from "../../src/models.ts";
import type { Size } from "../../src/models.ts";
import { faultOfSize, nearestSize } from "../../src/request/nearest-size.ts";

const free = MODELS["gpt-image-2"];
const dalle = MODELS["dall-e-3"];

describe("the free sizes of gpt-image-2", () => {
  it.each<Size>(["1920x1088", "1280x720", "1536x864", "2048x1152", "2048x2048", "3840x2160", "1024x1024", "1536x1024"])(
    "%s is drawn",
    (size) => {
      expect(faultOfSize(size, free)).toBeUndefined();
    },
  );
  it.each<[Size, string]>([
    ["1920x1080", "multiple"],
    ["1024x576", "fewer"],
    ["4096x1024", "edge"],
    ["3840x1024", "ratio"],
    ["3840x3840", "more"],
    ["0x0", "fewer"],
  ])("%s breaks the rule of %s", (size, rule) => expect(faultOfSize(size, free)).toBe(rule));
});

it("DALL·E 3 knows three sizes", () => {
  expect(faultOfSize("1792x1024", dalle)).toBeUndefined();
  expect(faultOfSize("512x512", dalle)).toBe("list");
});

it.each<[string, Size]>([
  ["512x512", "1024x1024"],
  ["1920x1080", "1792x1024"],
  ["100x900", "1024x1792"],
  ["0x0", "1024x1024"],
])("for DALL·E 3 %s is nearest to %s", (asked, nearest) => expect(nearestSize(asked, dalle)).toBe(nearest));

it("the nearest size is always one that the model draws, and near", () => {
  for (const model of Object.values(MODELS)) {
    for (const [width, height] of [
      [1, 1],
      [1920, 1080],
      [1080, 1920],
      [5000, 100],
      [100, 5000],
      [9999, 9999],
      [1000, 1000],
      [3841, 2161],
      [640, 480],
    ]) {
      const nearest = nearestSize(`${width}x${height}`, model);
      expect(faultOfSize(nearest, model), `${width}x${height} → ${nearest}`).toBeUndefined();
    }
  }
  expect(nearestSize("1920x1080", free)).toBe("1920x1088");
  expect(nearestSize("1000x1000", free)).toMatch(/^(992|1008)x\1$/);
});

import { describe, expect, it } from "vitest";
import { MODELS } from "../../src/models.ts";
import type { ModelName } from "../../src/models.ts";
import type { ImageOrder } from "../../src/request/check.ts";
import type { Source, StyleUsed } from "../../src/request/request.ts";
import { applyStyle } from "../../src/styles/apply-style.ts";

const order = (model: ModelName, prompt = "a lighthouse"): ImageOrder => ({
  model,
  deployment: "pictures",
  prompt,
  size: "1024x1024",
  quality: "low",
  count: 1,
});
const drawn = (place: number): Source => ({ from: "drawn", picture: { job: "one", place } });
const harbour = (change: Partial<StyleUsed> = {}): StyleUsed => ({
  name: "harbour",
  version: 3,
  words: "soft watercolour, wide skies",
  palette: ["deep teal", "sand"],
  references: [drawn(1), drawn(2)],
  ...change,
});

describe("a style in an order", () => {
  it("stands behind the person's own words, and sends its pictures along where the model edits", () => {
    const { order: styled, isCut } = applyStyle(order("gpt-image-2"), harbour(), {}, "azure");
    expect(styled.prompt).toBe(
      "a lighthouse\n\nThe attached pictures are references for style alone: take their palette, light, line and texture, " +
        "and nothing of what they show.\n\nStyle: soft watercolour, wide skies\n\nPalette: deep teal, sand.",
    );
    expect(styled.references).toEqual([drawn(1), drawn(2)]);
    expect(isCut).toBe(false);
  });

  it("is words alone for a model that draws from words alone", () => {
    const { order: styled, isCut } = applyStyle(order("dall-e-3"), harbour(), {}, "azure");
    expect(styled.prompt).toBe("a lighthouse\n\nStyle: soft watercolour, wide skies\n\nPalette: deep teal, sand.");
    expect(styled).not.toHaveProperty("references");
    expect(isCut).toBe(false);
  });

  it("tells its pictures from those that are to change", () => {
    const { order: styled } = applyStyle(order("gpt-image-2"), harbour(), { sources: [drawn(8), drawn(9)] }, "azure");
    expect(styled.prompt).toContain("All attached pictures but the first 2 are references for style alone");
  });

  it("leaves room for the pictures that are to change, up to what the model takes", () => {
    const sources = Array.from({ length: 15 }, (_, place) => drawn(place + 1));
    const { order: styled, isCut } = applyStyle(order("gpt-image-2"), harbour(), { sources }, "azure");
    expect(styled.references).toEqual([drawn(1)]);
    expect(isCut).toBe(true);
  });

  it.each([0, 10, 43, 100, 170, 200, 1000])("never goes beyond what the model reads, with room for %s more", (room) => {
    const limit = MODELS["gpt-image-1"].promptLimit.azure;
    const own = "x".repeat(limit - room);
    const style = harbour({ words: "mist over water ".repeat(60).trim() });
    const { order: styled, isCut } = applyStyle(order("gpt-image-1", own), style, {}, "azure");
    expect(styled.prompt.length).toBeLessThanOrEqual(limit);
    expect(styled.prompt.startsWith(own)).toBe(true);
    expect(isCut).toBe(room < 1000 || styled.prompt.length > limit - 40);
    // Pictures without the word what they are for would be drawn.
    expect(styled.references !== undefined).toBe(styled.prompt.includes("references for style alone"));
  });
});

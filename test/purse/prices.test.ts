import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MODEL_NAMES, MODELS } from "../../src/models.ts";
import type { ModelName, Size } from "../../src/models.ts";
import { Prices, PRICES, readPrices } from "../../src/prices.ts";
import { cheapestQuality, priceOf, tokensByGrid } from "../../src/purse/prices.ts";
import { priceSaid } from "../../src/words/price-sentences.ts";
import { sentencesFor, speak } from "../../src/words/said.ts";

const settings = { prices: PRICES };
const none = { inputs: 0, partialPictures: 0 };
const order = (model: ModelName, size: Size | "auto", quality: string) => ({
  model,
  size,
  quality,
  count: 1,
  prompt: "",
});

/** As published, with four places, by the calculator of the image generation guide. */
const ofTwo = "low medium high".split(" ");
const ofTwoAndAHalf = "low medium high xhigh max".split(" ");
const PUBLISHED: [Size, number[], number[]][] = [
  ["1024x1024", [0.0059, 0.0527, 0.2107], [0.0059, 0.0132, 0.0527, 0.0937, 0.2107]],
  ["1536x1024", [0.0047, 0.0412, 0.1646], [0.0047, 0.0103, 0.0412, 0.0738, 0.1646]],
  ["1024x1536", [0.0047, 0.0412, 0.1646], [0.0047, 0.0103, 0.0412, 0.0738, 0.1646]],
  ["1280x720", [0.0032, 0.0284, 0.1136], [0.0032, 0.0074, 0.0284, 0.0505, 0.1136]],
  ["1792x1024", [0.0042, 0.0373, 0.1519], [0.0042, 0.0097, 0.0373, 0.0681, 0.1519]],
  ["2048x2048", [0.0119, 0.107, 0.4282], [0.0119, 0.0268, 0.107, 0.1903, 0.4282]],
  ["3840x2160", [0.0111, 0.1001, 0.4003], [0.0111, 0.026, 0.1001, 0.1779, 0.4003]],
  ["2880x2880", [0.0198, 0.1779, 0.7116], [0.0198, 0.0445, 0.1779, 0.3163, 0.7116]],
];

describe("what a picture costs", () => {
  const rows = PUBLISHED.flatMap(([size, two, twoAndAHalf]) => [
    ...ofTwo.map((quality, index) => ["gpt-image-2", size, quality, two[index]] as const),
    ...(["gpt-image-2.5-flare", "gpt-image-2.5-sunburst"] as const).flatMap((model) =>
      ofTwoAndAHalf.map((quality, index) => [model, size, quality, twoAndAHalf[index]] as const),
    ),
  ]);

  it.each(rows)("%s %s %s is %f, as published", (model, size, quality, published) => {
    const price = priceOf(order(model, size, quality), none, settings);
    expect(price.isWorstCase).toBe(false);
    expect(price.dollars.toFixed(4)).toBe(published?.toFixed(4));
  });

  it.each([
    ["1024x1024", 16, 196],
    ["1024x1024", 48, 1756],
    ["1024x1024", 96, 7024],
    ["1536x1024", 16, 158],
    ["1536x1024", 48, 1372],
    ["1536x1024", 96, 5488],
    ["1792x1024", 96, 5063],
    ["3584x2048", 96, 12_329],
  ])("%s over a grid of %i is %i tokens, as published", (size, grid, tokens) =>
    expect(tokensByGrid(size, grid)).toBe(tokens),
  );

  it.each([
    ["dall-e-3", "1024x1024", "standard", 0.04],
    ["dall-e-3", "1792x1024", "standard", 0.08],
    ["dall-e-3", "1024x1024", "hd", 0.08],
    ["dall-e-3", "1024x1792", "hd", 0.12],
    ["gpt-image-1", "1024x1024", "low", 0.011],
    ["gpt-image-1", "1024x1536", "high", 0.25],
    ["gpt-image-1-mini", "1536x1024", "medium", 0.015],
    ["gpt-image-1.5", "1024x1024", "low", 0.009],
    ["gpt-image-1.5", "1024x1024", "medium", 0.034],
    ["gpt-image-1.5", "1024x1536", "high", 0.2],
  ] as const)("%s %s %s is %f, as published to a tenth of a cent", (model, size, quality, published) =>
    expect(priceOf(order(model, size, quality), none, settings).dollars).toBeCloseTo(published, 3),
  );

  it("what the model chooses itself is its dearest, and no legal size is dearer", () => {
    const chosen = priceOf(order("gpt-image-2", "auto", "auto"), none, settings);
    expect(chosen).toEqual({ dollars: expect.closeTo(0.7116, 4), isWorstCase: true });
    const rule = MODELS["gpt-image-2"].sizeRule;
    let most = 0;
    for (let width = 16; width <= 3840; width += 16)
      for (let height = 16; height <= width; height += 16)
        if (rule && width / height <= rule.greatestRatio && width * height <= rule.mostPixels)
          most = Math.max(most, priceOf(order("gpt-image-2", `${width}x${height}`, "high"), none, settings).dollars);
    expect(most).toBeLessThanOrEqual(chosen.dollars);
    expect(priceOf(order("gpt-image-2", "1024x1024", "auto"), none, settings)).toEqual({
      dollars: expect.closeTo(0.2107, 4),
      isWorstCase: true,
    });
  });

  it("what has no price is the worst case, marked, and never nothing", () => {
    const unknown = priceOf(order("gpt-image-1.5", "2048x2048", "high"), none, settings);
    expect(unknown).toEqual({ dollars: expect.closeTo(0.2, 2), isWorstCase: true });
    const bare = { source: "", isVerified: false };
    const without = { prices: { ...PRICES, models: { ...PRICES.models, "gpt-image-2": bare } } };
    expect(priceOf(order("gpt-image-2", "1024x1024", "low"), none, without)).toEqual({
      dollars: expect.closeTo(0.7116, 4),
      isWorstCase: true,
    });
  });

  it("counts every picture of the order, with its words, what it is drawn from and what comes before it", () => {
    const one = priceOf(order("gpt-image-2", "1536x1024", "low"), none, settings).dollars;
    const words = { ...order("gpt-image-2", "1536x1024", "low"), prompt: "x".repeat(1000), count: 6 };
    const six = priceOf(words, { inputs: 1, partialPictures: 2 }, settings).dollars;
    expect(six).toBeCloseTo(6 * (one + 0.00125 + 0.012288 + 0.006), 6);
  });
});

describe("a draft", () => {
  it.each(MODEL_NAMES)("of %s is drawn in a quality than which none is cheaper", (model) => {
    const size = MODELS[model].sizes.wide;
    const cheapest = cheapestQuality(model, size, settings);
    const dollars = (quality: string) => priceOf(order(model, size, quality), none, settings).dollars;
    expect(cheapest).toBe(model === "dall-e-3" ? "standard" : "low");
    for (const quality of MODELS[model].qualities) expect(dollars(cheapest)).toBeLessThanOrEqual(dollars(quality));
  });
});

describe("the operator's own prices", () => {
  const folder = mkdtempSync(join(tmpdir(), "easel-prices-"));
  const file = (text: string) => {
    const path = join(folder, `${Math.random()}.json`);
    writeFileSync(path, text);
    return path;
  };

  it("lie over the table, and leave the rest as it is", () => {
    const faults: string[] = [];
    const prices = readPrices(file('{ "models": { "gpt-image-2": { "rates": { "pictureOut": 60 } } } }'), faults);
    expect(faults).toEqual([]);
    const twice = priceOf(order("gpt-image-2", "1024x1024", "high"), none, { prices }).dollars;
    expect(twice).toBeCloseTo(0.42144, 5);
    expect(prices.models["gpt-image-1"]).toEqual(PRICES.models["gpt-image-1"]);
  });

  it("say all that is wrong in them at once, and where", () => {
    const faults: string[] = [];
    const wrong = {
      models: {
        "gpt-image-2": { rates: { pictureOut: -1 }, colour: 1 },
        "gpt-image-9": {},
        "dall-e-3": { rates: { textIn: 5 }, pictures: { square: { hd: 1 } } },
      },
    };
    expect(readPrices(file(JSON.stringify(wrong)), faults)).toBe(PRICES);
    const said = faults.join("\n");
    for (const place of ["gpt-image-2 → rates → pictureOut", "colour", "gpt-image-9", "dall-e-3 → rates", "square"])
      expect(said).toContain(place);
    for (const fault of faults) expect(fault).toMatch(/^PRICES_FILE /);
  });

  it.each(["not json", "[1]", '"text"'])("are refused where they are %s", (text) => {
    const faults: string[] = [];
    expect(readPrices(file(text), faults)).toBe(PRICES);
    expect(faults).toHaveLength(1);
  });

  it("are refused where there is no such file, and the table itself is of their shape", () => {
    const faults: string[] = [];
    expect(readPrices(join(folder, "nowhere.json"), faults)).toBe(PRICES);
    expect(faults).toEqual([expect.stringMatching(/nowhere\.json.*cannot be read/)]);
    expect(Prices.safeParse(PRICES).success).toBe(true);
  });
});

it.each([
  [0, "nothing", "nothing"],
  [0.001, "less than a quarter of a cent", "less than a quarter of a cent"],
  [0.0047, "about half a cent", "at most half a cent"],
  [0.0059, "about half a cent", "at most 1 cent"],
  [0.0284, "about 3 cents", "at most 3 cents"],
  [0.1646, "about 16 cents", "at most 17 cents"],
  [0.7116, "about 71 cents", "at most 72 cents"],
  [0.999, "about 1.00 dollars", "at most 1.00 dollars"],
  [1234.5, "about 1,234.50 dollars", "at most 1,234.50 dollars"],
])("%f dollars are said as “%s”", (dollars, about, atMost) => {
  const say = (isWorstCase: boolean) => speak(priceSaid({ dollars, isWorstCase }), sentencesFor());
  expect([say(false), say(true)]).toEqual([about, atMost]);
});

import { describe, expect, it } from "vitest";
import { readUsage, textOfUsage, usageOfText } from "../../src/images-api/usage.ts";

const whole = {
  input_tokens: 1050,
  input_tokens_details: { text_tokens: 50, image_tokens: 1000 },
  output_tokens: 1756,
  output_tokens_details: { text_tokens: 0, image_tokens: 1756 },
  total_tokens: 2806,
};
const read = { textIn: 50, pictureIn: 1000, cachedTextIn: 0, cachedPictureIn: 0, textOut: 0, pictureOut: 1756 };
const details = (more: object) => ({ ...whole, input_tokens_details: { ...whole.input_tokens_details, ...more } });

it.each([
  ["whole", whole, read],
  [
    "with text that came out",
    { ...whole, output_tokens_details: { text_tokens: 56, image_tokens: 1700 } },
    { ...read, textOut: 56, pictureOut: 1700 },
  ],
  ["without kinds", { input_tokens: 50, output_tokens: 1756 }, { ...read, textIn: 0, pictureIn: 50 }],
  [
    "with what was cached, by kind",
    details({ cached_tokens_details: { text_tokens: 10, image_tokens: 900 } }),
    { ...read, cachedTextIn: 10, cachedPictureIn: 900 },
  ],
  [
    "with what was cached, in one number",
    details({ cached_tokens: 60 }),
    { ...read, cachedTextIn: 50, cachedPictureIn: 10 },
  ],
  [
    "with more cached than went in",
    details({ cached_tokens: 99_999 }),
    { ...read, cachedTextIn: 50, cachedPictureIn: 1000 },
  ],
  ["with null for details", { ...whole, output_tokens_details: null }, read],
])("reads usage %s, and again what it wrote beside a picture", (_, usage, expected) => {
  expect(readUsage({ usage }, "REF")).toEqual(expected);
  expect(usageOfText(textOfUsage(expected))).toEqual(expected);
});

describe("what cannot be", () => {
  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a text", "1756 tokens"],
    ["a list", [whole]],
    ["nothing in it", {}],
    ["no tokens that came out", { ...whole, output_tokens: 0, output_tokens_details: undefined }],
    ["negative tokens", { ...whole, output_tokens_details: { image_tokens: -1756 } }],
    ["a fraction", { ...whole, output_tokens_details: { image_tokens: 17.56 } }],
    ["a text for a number", { ...whole, output_tokens_details: { image_tokens: "1756" } }],
    ["more than any call", { ...whole, output_tokens_details: { image_tokens: 1e12 } }],
    ["more text than there was", { ...whole, input_tokens_details: { text_tokens: 2000 } }],
  ])("%s is no usage", (_, usage) => expect(readUsage({ usage }, "REF")).toBeUndefined());

  it("a body of another kind has none, nor has a text beside a picture", () => {
    for (const body of [undefined, "text", [whole], { data: whole }]) expect(readUsage(body, "REF")).toBeUndefined();
    for (const text of [undefined, "", "1 2 3", "a b c d e f", "-1 0 0 0 0 5"])
      expect(usageOfText(text)).toBeUndefined();
  });
});

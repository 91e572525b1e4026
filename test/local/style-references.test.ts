import { expect, it } from "vitest";
import { readReferences } from "../../local/images-api/style-references.ts";
import { MODELS } from "../../src/models.ts";
import type { ImageOrder } from "../../src/request/check.ts";
import type { Source } from "../../src/request/request.ts";
import { applyStyle } from "../../src/styles/apply-style.ts";

const drawn = (place: number): Source => ({ from: "drawn", picture: { job: "one", place } });
const order: ImageOrder = {
  model: "gpt-image-2",
  deployment: "pictures",
  prompt: "a fox",
  size: MODELS["gpt-image-2"].sizes.square,
  quality: "low",
  count: 1,
};
const style = { name: "harbour", version: 1, words: "soft", palette: [], references: [drawn(1), drawn(2)] };
const bytes = [1, 2, 3, 4].map((byte) => Buffer.from([byte]));

it.each([0, 1, 2])("the stand-in reads which pictures only show a style, beside %s that are to change", (own) => {
  const sources = [5, 6].slice(0, own).map(drawn);
  const { prompt } = applyStyle(order, style, { sources }, "azure").order;
  const pictures = bytes.slice(0, own + 2);
  const sent = prompt.replaceAll("\n", "\r\n");
  expect(readReferences(sent, { pictures })).toEqual({
    prompt: "a fox\r\n\r\nStyle: soft",
    input: own ? { pictures: bytes.slice(0, own) } : { pictures, isLike: true },
  });
});

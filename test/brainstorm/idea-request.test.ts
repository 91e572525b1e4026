import { expect, it } from "vitest";
import { draftOf } from "../../src/brainstorm/idea-request.ts";
import type { ModelName } from "../../src/models.ts";
import { readSettings } from "../../src/settings.ts";

const settings = readSettings(
  {
    AZURE_OPENAI_ENDPOINT: "https://easel.openai.azure.com",
    IMAGE_MODELS: "gpt-image-2,dall-e-3,gpt-image-1-mini",
    AZURE_STORAGE_ACCOUNT: "easel",
  },
  [],
);
const draft = (model: ModelName, kind: "first" | "next" | "finish" = "first") =>
  draftOf(
    { options: { ideas: 6, minutes: 10, votes: 3, results: "hidden", others: true, model } },
    kind,
    kind !== "first",
    settings,
  );

it("a draft is drawn as cheaply as its model can, wide unless another shape is cheaper", () => {
  expect(draft("gpt-image-2")).toEqual({
    model: "gpt-image-2",
    size: "1536x1024",
    quality: "low",
    isEdit: false,
    partialPictures: 0,
  });
  expect(draft("dall-e-3")).toMatchObject({ size: "1024x1024", quality: "standard" });
});

it("later rounds keep the shape, by a model that edits where the drafts' own does not", () => {
  expect(draft("dall-e-3", "next")).toMatchObject({ model: "gpt-image-2", size: "1024x1024", isEdit: true });
  expect(draft("dall-e-3", "finish")).toMatchObject({ size: "1024x1024", quality: "high", partialPictures: 1 });
  expect(draft("gpt-image-2", "finish")).toMatchObject({ size: "1536x1024", quality: "high" });
});

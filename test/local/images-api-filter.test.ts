import { describe, expect, test } from "vitest";
import { onAzure, onOpenai, refusalOf, startApi } from "./images-api.ts";

describe("the filter", () => {
  const azure = { azure: true, stage: "prompt" };
  test.each([
    ["a pool of blood", "dalle3", azure, { code: "content_policy_violation" }],
    ["a pool of blood", "pictures", azure, { code: "moderation_blocked", type: "image_generation_user_error" }],
    ["Mickey Mouse at work", "dalle3", azure, { code: "contentFilter" }],
    ["a shoe with the Nike logo", "pictures", azure, { code: "moderation_blocked" }],
    ["Taylor Swift on a boat", "gpt-image-2", { azure: false }, { code: "moderation_blocked" }],
    [
      "pikachu, painted",
      "gpt-image-2",
      { azure: false },
      { code: "moderation_blocked", message: expect.stringContaining("safety_violations=[copyright]") },
    ],
    ["a murder of crows", "dall-e-3", { azure: false }, { code: "content_policy_violation" }],
  ])("%s, on %s: no", async (prompt, model, where, said) => {
    const api = await startApi();
    const client = where.azure ? onAzure(api) : onOpenai(api);
    expect(await refusalOf(client.images.generate({ model, prompt }))).toMatchObject({ status: 400, ...said });
    expect(api.calls).toMatchObject([{ outcome: "blocked" }]);
  });

  test("names the category inside of Azure's refusal of DALL-E 3", async () => {
    const api = await startApi();
    const error = await onAzure(api)
      .images.generate({ model: "dalle3", prompt: "blood" })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      error: {
        inner_error: { code: "ResponsibleAIPolicyViolation", content_filter_results: { violence: { filtered: true } } },
      },
    });
  });

  test("lets words through that only look alike", async () => {
    const api = await startApi();
    await onAzure(api).images.generate({ model: "dalle3", prompt: "skilled bloodhounds at Batmanton" });
    expect(api.calls).toMatchObject([{ outcome: "drawn" }]);
  });

  test("that looks at the picture ends a stream with an error event", async () => {
    const api = await startApi();
    const stream = await onAzure(api).images.generate({
      model: "pictures",
      prompt: "pikachu",
      quality: "low",
      stream: true,
      partial_images: 1,
    });
    const types: string[] = [];
    const read = async () => {
      for await (const { type } of stream) types.push(type);
    };
    expect(await refusalOf(read())).toMatchObject({ status: undefined, code: "moderation_blocked" });
    expect(types).toEqual(["image_generation.partial_image"]);
    expect(api.calls).toMatchObject([{ outcome: "blocked" }]);
  });
});

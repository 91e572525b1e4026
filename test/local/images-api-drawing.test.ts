import { setTimeout as pause } from "node:timers/promises";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { onAzure, onDatedAzure, onOpenai, refusalOf, startApi } from "./images-api.ts";
import { makeFile, pictureOf } from "./pictures.ts";

describe("DALL-E 3", () => {
  test("answers with an address, the words it drew from, and on Azure the filter's notes", async () => {
    const api = await startApi();
    const response = await onDatedAzure(api, "dalle3", "2024-10-21").images.generate({
      prompt: "a lighthouse made of books",
      size: "1792x1024",
    });
    expect(response).not.toHaveProperty("usage");
    expect(response.data?.[0]).toMatchObject({
      url: expect.stringMatching(/\/private\/images\/.+\?se=.+&sig=.+/),
      revised_prompt: expect.stringContaining("a lighthouse made of books"),
      content_filter_results: { violence: { filtered: false, severity: "safe" } },
      prompt_filter_results: { profanity: { detected: false } },
    });
    expect(await pictureOf(response)).toMatchObject({ format: "png", width: 1792, height: 1024 });
  });

  test("answers with bytes where those are asked for, and at OpenAI without notes", async () => {
    const api = await startApi();
    const response = await onOpenai(api).images.generate({
      model: "dall-e-3",
      prompt: "a boat",
      response_format: "b64_json",
    });
    expect(Object.keys(response.data?.[0] ?? {}).toSorted()).toEqual(["b64_json", "revised_prompt"]);
  });

  test("its address ends, and answers to its whole query alone", async () => {
    const api = await startApi({ urlMinutes: 0.01 });
    const response = await onAzure(api).images.generate({ model: "dalle3", prompt: "a boat" });
    const url = response.data?.[0]?.url ?? "";
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url.replace(/sig=..../, "sig=0000"))).status).toBe(403);
    expect((await fetch(url.split("?")[0] ?? "")).status).toBe(403);
    await pause(700);
    const late = await fetch(url);
    expect([late.status, late.headers.get("x-ms-error-code")]).toEqual([403, "AuthenticationFailed"]);
    expect((await fetch(`${api.url}/private/images/guessed/generated_00.png`)).status).toBe(404);
  });

  test("cannot edit", async () => {
    const api = await startApi();
    const image = await makeFile({});
    expect(await refusalOf(onAzure(api).images.edit({ model: "dalle3", prompt: "a boat", image }))).toMatchObject({
      status: 400,
      param: "model",
    });
  });
});

describe("gpt-image", () => {
  test("answers with bytes, echoes and the published tokens, and without a revised prompt", async () => {
    const api = await startApi();
    const response = await onAzure(api).images.generate({
      model: "pictures",
      prompt: "a boat",
      quality: "low",
      size: "1024x1024",
      n: 2,
    });
    expect(response).toMatchObject({ background: "opaque", output_format: "png", quality: "low", size: "1024x1024" });
    expect(response.usage).toMatchObject({ input_tokens: 2, output_tokens: 2 * 196, total_tokens: 2 + 2 * 196 });
    expect(Object.keys(response.data?.[0] ?? {})).toEqual(["b64_json"]);
    expect(response.data?.[0]?.b64_json).not.toBe(response.data?.[1]?.b64_json);
    expect(await pictureOf(response)).toMatchObject({ format: "png", width: 1024, height: 1024 });
  });

  test("draws jpeg, webp at OpenAI, and transparent where the model can", async () => {
    const api = await startApi();
    const common = { prompt: "a cat", quality: "low" } as const;
    const jpeg = await onAzure(api).images.generate({
      model: "pictures",
      output_format: "jpeg",
      output_compression: 60,
      ...common,
    });
    expect(await pictureOf(jpeg)).toMatchObject({ format: "jpeg" });
    const webp = await onOpenai(api).images.generate({ model: "gpt-image-2", output_format: "webp", ...common });
    expect(await pictureOf(webp)).toMatchObject({ format: "webp" });
    const clear = await onOpenai(api).images.generate({ model: "gpt-image-1", background: "transparent", ...common });
    const { bytes } = await pictureOf(clear);
    expect((await sharp(bytes).stats()).isOpaque).toBe(false);
    expect(clear.background).toBe("transparent");
  });

  test("with size auto looks at the words, and says what it chose", async () => {
    const api = await startApi();
    const response = await onAzure(api).images.generate({
      model: "pictures",
      prompt: "a tall tower",
      quality: "low",
      size: "auto",
    });
    expect(response.size).toBe("1024x1536");
    expect(await pictureOf(response)).toMatchObject({ width: 1024, height: 1536 });
  });

  test("streams partial pictures, each clearer than the last, and then the whole one", async () => {
    const api = await startApi();
    const stream = await onAzure(api).images.generate({
      model: "pictures",
      prompt: "a boat",
      quality: "low",
      stream: true,
      partial_images: 3,
    });
    const events = [];
    for await (const event of stream) events.push(event);
    expect(events.map(({ type }) => type)).toEqual([
      ...Array<string>(3).fill("image_generation.partial_image"),
      "image_generation.completed",
    ]);
    expect(events.map((event) => ("partial_image_index" in event ? event.partial_image_index : "none"))).toEqual([
      0,
      1,
      2,
      "none",
    ]);
    expect(events.at(-1)).toMatchObject({ size: "1024x1024", usage: { output_tokens: 196 + 300 } });
    const bytes = events.map((event) => Buffer.from(event.b64_json, "base64"));
    const whole = await sharp(bytes.at(-1)).removeAlpha().raw().toBuffer();
    const distances = await Promise.all(
      bytes.map(async (picture) => distance(whole, await sharp(picture).removeAlpha().raw().toBuffer())),
    );
    expect(distances.toSorted((a, b) => b - a)).toEqual(distances);
    expect(distances.at(-1)).toBe(0);
    expect(api.calls).toMatchObject([{ streamed: true, outcome: "drawn", clientLeft: false }]);
  });

  test("takes about as long as its quality wants, and notices that the client has left", async () => {
    const api = await startApi({ latency: 0.2 });
    const began = performance.now();
    await onAzure(api).images.generate({ model: "pictures", prompt: "a boat", quality: "low" });
    expect(performance.now() - began).toBeGreaterThan(290);
    const signal = AbortSignal.timeout(100);
    await refusalOf(onAzure(api).images.generate({ model: "pictures", prompt: "a boat", quality: "high" }, { signal }));
    await expect.poll(() => api.calls[1]).toMatchObject({ outcome: "client left", clientLeft: true });
  });
});

function distance(one: Buffer, other: Buffer): number {
  return one.reduce((sum, value, index) => sum + Math.abs(value - (other[index] ?? 0)), 0);
}

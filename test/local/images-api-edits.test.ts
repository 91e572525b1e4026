import { describe, expect, test } from "vitest";
import { onAzure, refusalOf, startApi } from "./images-api.ts";
import { makeFile, pictureOf, pixelAt, plain } from "./pictures.ts";

describe("edits", () => {
  test("take one picture or several, with a mask that says what may change", async () => {
    const api = await startApi();
    const image = await makeFile({ background: "#ff0000" });
    const mask = await makeFile({ hole: true });
    const call = { model: "pictures", prompt: "a boat", size: "1024x1024", quality: "low" } as const;
    const edited = await onAzure(api).images.edit({ ...call, image: [image, await makeFile({})], mask, n: 1 });
    const { bytes } = await pictureOf(edited);
    expect(await pixelAt(bytes, 20, 20)).toEqual([255, 0, 0]);
    expect(await pixelAt(bytes, 512, 512)).not.toEqual([255, 0, 0]);
    expect(edited.usage?.input_tokens_details.image_tokens).toBeGreaterThan(0);
    expect(api.calls).toMatchObject([{ operation: "edits", inputPictures: 2, outcome: "drawn" }]);
    await onAzure(api).images.edit({ ...call, image });
  });

  test("stream with events of their own", async () => {
    const api = await startApi();
    const image = await makeFile({});
    const stream = await onAzure(api).images.edit({
      model: "pictures",
      prompt: "a boat",
      quality: "low",
      image,
      stream: true,
      partial_images: 1,
    });
    const types = [];
    for await (const { type } of stream) types.push(type);
    expect(types).toEqual(["image_edit.partial_image", "image_edit.completed"]);
  });

  const files: [string, () => Promise<File>, Record<string, unknown>][] = [
    [
      "without a type",
      async () => makeFile({ type: "" }),
      { code: "unsupported_file_mimetype", message: expect.stringContaining("application/octet-stream") },
    ],
    [
      "webp on Azure",
      async () => new File([await plain().webp().toBuffer()], "a.webp", { type: "image/webp" }),
      { code: "unsupported_file_mimetype" },
    ],
    [
      "a text that calls itself png",
      async () => new File(["not a picture"], "a.png", { type: "image/png" }),
      { code: "invalid_image_file" },
    ],
    ["a cut-off file", async () => makeFile({ cut: true }), { code: "invalid_image_file" }],
    [
      "a palette",
      async () => new File([await plain().png({ palette: true }).toBuffer()], "a.png", { type: "image/png" }),
      { code: "invalid_image_file" },
    ],
    [
      "CMYK",
      async () => new File([await plain().toColourspace("cmyk").jpeg().toBuffer()], "a.jpg", { type: "image/jpeg" }),
      { code: "invalid_image_file" },
    ],
    [
      "a phone's JPEG of several frames",
      async () => new File([await plain().jpeg().toBuffer(), "MPF\0"], "a.jpg", { type: "image/jpeg" }),
      { code: "invalid_image_file", message: expect.stringContaining("Azure support ticket") },
    ],
  ];
  test.each(files)("refuse %s", async (_, file, said) => {
    const api = await startApi();
    const image = await file();
    expect(await refusalOf(onAzure(api).images.edit({ model: "pictures", prompt: "a boat", image }))).toMatchObject({
      status: 400,
      ...said,
    });
  });

  test("refuse a mask without alpha or of another size, and input_fidelity where the model has none", async () => {
    const api = await startApi();
    const call = { model: "pictures", prompt: "a boat", image: await makeFile({}) };
    const opaque = new File([await plain().removeAlpha().png().toBuffer()], "m.png", { type: "image/png" });
    for (const mask of [opaque, await makeFile({ edge: 64, hole: true })]) {
      expect(await refusalOf(onAzure(api).images.edit({ ...call, mask }))).toMatchObject({
        status: 400,
        param: "mask",
      });
    }
    const fidelity = onAzure(api).images.edit({ ...call, input_fidelity: "high" });
    expect(await refusalOf(fidelity)).toMatchObject({ status: 400, code: "invalid_input_fidelity_model" });
    await onAzure(api).images.edit({ ...call, model: "gpt-image-1", input_fidelity: "high", quality: "low" });
  });
});

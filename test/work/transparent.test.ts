import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import { acceptRequest } from "../../src/ask/accept.ts";
import { readPicture } from "../../src/storage/picture-blobs.ts";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi } from "../../local/images-api/images-api.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { spoken } from "../words/spoken.ts";

let azurite: Azurite;
let images: ImagesApi;
let core: Core;
beforeAll(async () => {
  [azurite, images] = await Promise.all([startAzurite(), startImagesApi({ latency: 0 })]);
  const models = "gpt-image-1=gpt-image-1,gpt-image-2=pictures,dall-e-3=dalle3";
  core = await openCore(azurite.connectionString, images.url, { IMAGE_MODELS: models });
});
afterAll(async () => {
  await core.stop();
  await Promise.all([azurite.stop(), images.stop()]);
});

it("stays transparent in the original and stands on checkers in the preview", async () => {
  core.work();
  const { reply } = await core.told(await core.accept({ background: "transparent" }));
  const [picture] = reply.pictures;
  const [original, preview] = await Promise.all(
    [picture?.name, picture?.preview].map((name) => readPicture(name ?? "", core.azure)),
  );
  expect((await sharp(original).stats()).isOpaque).toBe(false);
  const { data, info } = await sharp(original).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const clear = Array.from({ length: info.width * info.height }, (_, index) => index).filter(
    (index) => data[index * 4 + 3] === 0,
  );
  expect(clear.length).toBeGreaterThan(100);
  // Where nothing was drawn, the preview has the two tones of the ground and no third.
  const shown = await sharp(preview).resize(info.width, info.height).greyscale().raw().toBuffer();
  const tones = new Set(clear.map((index) => Math.round((shown[index] ?? 0) / 16)));
  expect(tones.has(Math.round(255 / 16)) && tones.has(Math.round(0xdd / 16))).toBe(true);
  expect(Math.min(...tones)).toBeGreaterThan(9);
  expect(reply.facts).toContainEqual({ name: "Background", value: "transparent" });
});

it.each(["gpt-image-2", "dall-e-3"])("is declined by %s, with the model that has it", async (model) => {
  const declined = await acceptRequest(core.request({ model, background: "transparent" }), core.settings, core.azure);
  expect(declined.outcome === "declined" && spoken(declined.reply).paragraphs.join(" ")).toMatch(
    /background.*transparent.*GPT Image 1 would take it/,
  );
});

import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkPicture } from "../../src/pixels/check-picture.ts";
import { readPicture } from "../../src/storage/picture-blobs.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import { findKeptPicture, keepPicture } from "../../src/work/keep-picture.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { paint } from "../fakes/scripted-images.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";

let azurite: Azurite;
let core: Core;
beforeAll(async () => {
  azurite = await startAzurite();
  core = await openCore(azurite.connectionString, "https://example.org");
});
afterAll(() => azurite.stop());

async function drawing(width: number, colour: string, revisedPrompt: string) {
  const bytes = await paint(width, 512, colour);
  const checked = await checkPicture(bytes);
  if (!checked) throw new Error("no picture");
  return { ...checked, bytes, revisedPrompt };
}

it("takes the picture that another process has kept under the same name, with its words and its preview", async () => {
  const id = randomBytes(20).toString("hex");
  const [first, late] = [await drawing(512, "#357", "a blue one"), await drawing(1024, "#753", "a red one")];
  const kept = await keepPicture(id, first, core.azure);
  const after = connectAzure(core.settings);
  expect(await keepPicture(id, late, after)).toEqual(kept);
  expect(await keepPicture(id, first, core.azure)).toEqual(kept);
  expect((await readPicture(kept.name, after))?.equals(first.bytes)).toBe(true);
  expect((await readPicture(kept.preview ?? "", after))?.equals(first.preview.bytes)).toBe(true);
});

it("finds a picture that was kept before a crash, with its words and what it came to", async () => {
  const id = randomBytes(20).toString("hex");
  const usage = { textIn: 7, pictureIn: 0, cachedTextIn: 0, cachedPictureIn: 0, textOut: 0, pictureOut: 1756 };
  const kept = await keepPicture(id, { ...(await drawing(512, "#375", "a green one")), usage }, core.azure);
  expect(kept).toMatchObject({ usage, revisedPrompt: "a green one" });
  const picture = { id, state: "drawing", lostCalls: 0, faultyCalls: 0, rateLimits: 0 } as const;
  expect(await findKeptPicture(picture, connectAzure(core.settings))).toEqual(kept);
});

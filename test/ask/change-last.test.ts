import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi } from "../../local/images-api/images-api.ts";
import { acceptRequest } from "../../src/ask/accept.ts";
import { lastPictureOf, requestToChangeLast } from "../../src/ask/change-last.ts";
import { deletePicture } from "../../src/ask/cancel-and-delete.ts";
import { checkRequest } from "../../src/request/check.ts";
import { readWords } from "../../src/request/read-words.ts";
import type { Asker, ImageRequest } from "../../src/request/request.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { announceAtOnce, openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { spoken } from "../words/spoken.ts";

let azurite: Azurite;
let images: ImagesApi;
beforeAll(async () => {
  azurite = await startAzurite();
  images = await startImagesApi({ plainly: true, latency: 0, scenarios: true });
});
afterAll(async () => {
  await images.stop();
  await azurite.stop();
});

let core: Core;
beforeEach(async () => {
  core = await openCore(azurite.connectionString, images.url);
  core.work();
});
afterEach(() => core.stop());

const ada = { platform: "test", workspace: "w", channel: "1", user: "2", name: "Ada" };
const elsewhere = { ...ada, channel: "9" };
const bob = { ...ada, user: "3", name: "Bob" };

/** Draws, and says the picture's ref. */
async function draw(prompt: string, askedBy: Asker = ada, more: Partial<ImageRequest> = {}): Promise<string> {
  const request = { ...core.request({ quality: "low" }), prompt, askedBy, ...more };
  const accepted = await acceptRequest(request, core.settings, core.azure);
  if (accepted.outcome !== "accepted") throw new Error(accepted.outcome);
  await announceAtOnce(accepted, core);
  await core.told(request.id);
  return `${request.id}.1`;
}

async function change(words: string, by: Asker = ada): Promise<ImageRequest> {
  const id = `test-${randomUUID()}`;
  const asked = { ...readWords(words), by, id, address: { platform: "test", job: id }, private: false };
  const outcome = await requestToChangeLast(asked, core.settings, core.azure);
  return "draw" in outcome ? outcome.draw : expect.fail(spoken(outcome.word));
}

const parentOf = ({ parent }: ImageRequest) => parent && `${parent.job}.${parent.place}`;
const last = async (by: Asker = ada) => {
  const found = await lastPictureOf(by, core.settings, core.azure);
  return "none" in found ? spoken(found.none) : found.words;
};

describe("an edit that names no picture", () => {
  it("is of the asker's newest in this very chat, and nobody else's", async () => {
    const fox = await draw("a red fox");
    await draw("a grey wolf", elsewhere);
    await draw("a green frog", bob);
    expect(await last()).toBe("a red fox");
    expect(await last(elsewhere)).toBe("a grey wolf");
    const request = await change("make it blue");
    expect(parentOf(request)).toBe(fox);
    expect(request).toMatchObject({
      prompt: "make it blue",
      parent: { change: "edit" },
      sources: [{ from: "drawn" }],
      options: { quality: "low" },
      askedBy: { name: "Ada" },
    });
    expect(checkRequest(request, core.settings)).toHaveProperty("order");
  });

  it("is of the one before, where the newest was deleted", async () => {
    const fox = await draw("a red fox");
    const hare = await draw("a brown hare");
    expect(await last()).toBe("a brown hare");
    await deletePicture({ ref: hare, by: ada, isModerator: false }, core.azure);
    await expect.poll(() => last(), { timeout: 20_000 }).toBe("a red fox");
    expect(parentOf(await change("in snow"))).toBe(fox);
  });

  it("goes on from the edit before", async () => {
    await draw("a red fox");
    const edited = await change("make it blue");
    const accepted = await acceptRequest(edited, core.settings, core.azure);
    if (accepted.outcome !== "accepted") throw new Error(accepted.outcome);
    await announceAtOnce(accepted, core);
    await core.told(edited.id);
    expect(parentOf(await change("and smaller"))).toBe(`${edited.id}.1`);
  });

  it("takes options that are typed, and drops what another model had", async () => {
    await draw("a red fox", ada, { options: { model: "dall-e-3", style: "vivid", quality: "hd", size: "wide" } });
    const request = await change("make it blue --size tall --count 2 --v 7");
    expect(request.options).toEqual({ model: "gpt-image-2", quality: "high", size: "tall", count: "2" });
    expect(request.unknownOptions).toEqual(["--v 7"]);
  });

  it("of a picture that one alone sees stays with them", async () => {
    await draw("a surprise", ada, { private: true });
    expect((await change("make it blue")).private).toBe(true);
  });

  it("says where there is none, and where no model changes pictures", async () => {
    await draw("a grey wolf", elsewhere);
    expect(await last()).toContain("There is no picture to change");
    const settings: Core["settings"] = { ...core.settings, models: [{ name: "dall-e-3", deployment: "dalle3" }] };
    const found = await lastPictureOf(elsewhere, settings, core.azure);
    expect("none" in found && spoken(found.none)).toContain("No model here changes pictures");
  });
});

import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi } from "../../local/images-api/images-api.ts";
import { acceptRequest } from "../../src/ask/accept.ts";
import { beginDrawnSketch, beginSketch } from "../../src/ask/begin-sketch.ts";
import { requestOfPress } from "../../src/ask/go-on.ts";
import { doForm } from "../../src/ask/sent-form.ts";
import type { Job } from "../../src/jobs/job.ts";
import { checkRequest } from "../../src/request/check.ts";
import type { ImageRequest } from "../../src/request/request.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { announceAtOnce, openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

let images: ImagesApi;
let core: Core;
beforeEach(async () => {
  images = await startImagesApi({ plainly: true, latency: 0 });
  core = await openCore(azurite.connectionString, images.url);
  core.work();
});
afterEach(async () => {
  await core.stop();
  await images.stop();
});

const ada = { platform: "test", channel: "1", user: "2", name: "Ada" };
const bob = { ...ada, user: "3", name: "Bob" };
const event = () => {
  const id = `test-${randomUUID()}`;
  return { id, address: { platform: "test", job: id } };
};

async function draw(request: ImageRequest): Promise<Job> {
  const accepted = await acceptRequest(request, core.settings, core.azure);
  if (accepted.outcome !== "accepted") throw new Error(JSON.stringify(accepted));
  await announceAtOnce(accepted, core);
  return (await core.told(request.id)).job;
}

async function sent(of: string, words: string, by = ada) {
  return doForm({ does: "sketch", of, words, by, ...event() }, core.settings, core.azure);
}

describe("from a sketch", () => {
  const source = { from: "chat", url: "https://cdn.example/sketch.png" } as const;

  it("is asked by whoever began it alone, with their words and options, or with words of ours that they see", async () => {
    const begun = await beginSketch({ source, words: "a shop", by: ada }, core.settings, core.azure);
    if ("word" in begun) throw new Error("it was not begun");
    expect(begun.words).toBe("a shop");
    expect(await sent(begun.id, "a shop --count 2")).toMatchObject({
      draw: { prompt: "a shop", options: { count: "2" }, sources: [source], sketch: true, askedBy: ada },
    });
    expect(await sent(begun.id, " ")).toMatchObject({
      draw: { prompt: "What the sketch shows", options: { count: "3" } },
    });
    expect(await sent(begun.id, "mine", bob)).toHaveProperty("word");
    for (const id of ["0".repeat(40), "nonsense"]) expect(await sent(id, "words")).toHaveProperty("word");
  });

  it("is refused kindly where no model draws from pictures", async () => {
    const settings = { ...core.settings, models: [{ name: "dall-e-3", deployment: "dalle3" }] } as typeof core.settings;
    expect(await beginSketch({ source, words: "", by: ada }, settings, core.azure)).toHaveProperty("word");
  });

  it("leaves room for what the model is told beside the words", () => {
    const asked = {
      prompt: "x".repeat(32_000),
      options: { model: "gpt-image-2" },
      unknownOptions: [],
      sources: [source],
    };
    expect(checkRequest(asked, core.settings)).toHaveProperty("order");
    const checked = checkRequest({ ...asked, sketch: true }, core.settings);
    const [fault] = "faults" in checked ? checked.faults : [];
    if (fault?.fault !== "prompt too long") throw new Error(JSON.stringify(checked));
    const fitting = checkRequest({ ...asked, prompt: "x".repeat(fault.limit), sketch: true }, core.settings);
    expect("order" in fitting && fitting.order.prompt.length).toBe(32_000);
  });

  it("of ours: goes on from that picture, again as a sketch, and finished as what came of it", async () => {
    const first = await draw(core.request({ quality: "low" }));
    const begun = await beginDrawnSketch({ ref: `${first.id}.1`, by: bob }, core.settings, core.azure);
    if ("word" in begun) throw new Error("it was not begun");
    const outcome = await sent(begun.id, "in oil", bob);
    if (!("draw" in outcome)) throw new Error("nothing is drawn");
    expect(outcome.draw).toMatchObject({ parent: { job: first.id, by: "Ada", change: "edit" } });
    const drawn = await draw(outcome.draw);
    expect(drawn.order?.prompt).toMatch(/^in oil\n\n.*layout and composition/);
    const press = { ref: `${drawn.id}.1`, by: bob };
    const again = await requestOfPress({ ...press, change: "again", ...event() }, core.settings, core.azure);
    const finish = await requestOfPress({ ...press, change: "finish", ...event() }, core.settings, core.azure);
    expect(again).toMatchObject({ request: { prompt: "in oil", sketch: true } });
    expect(finish).toMatchObject({ request: { sketch: undefined, sources: [{ picture: { job: drawn.id } }] } });
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi } from "../../local/images-api/images-api.ts";
import { acceptRequest } from "../../src/ask/accept.ts";
import { doPress } from "../../src/ask/press.ts";
import type { Press } from "../../src/ask/press.ts";
import { addRow } from "../../src/storage/table.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { announceAtOnce, openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { spoken } from "../words/spoken.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

let images: ImagesApi;
let core: Core;
beforeEach(async () => {
  images = await startImagesApi({ plainly: true, latency: 0, scenarios: true });
  core = await openCore(azurite.connectionString, images.url, { IDEAS_MODEL: "ideas" });
  core.work();
});
afterEach(async () => {
  await core.stop();
  await images.stop();
});

const ada = { platform: "test", channel: "1", user: "2", name: "Ada" };

async function refused(prompt: string) {
  const request = { ...core.request(), prompt };
  const accepted = await acceptRequest(request, core.settings, core.azure);
  if (accepted.outcome !== "accepted") throw new Error(JSON.stringify(accepted));
  await announceAtOnce(accepted, core);
  return core.told(request.id);
}

let presses = 0;
function press(does: Press["does"], of: string, by = ada) {
  const id = `test-press-${(presses += 1)}`;
  const event = { does, of, by, isModerator: false, id, address: { platform: "test", job: id } };
  return doPress(event, core.settings, core.azure);
}

async function suggested(job: string, by = ada) {
  const outcome = await press("suggest", job, by);
  return "show" in outcome ? spoken(await outcome.show()) : outcome;
}

const offered = async (prompt: string) => (await refused(prompt)).reply.actions.map((action) => action.do);

describe("other words for what was refused", () => {
  it("are offered with a model alone, and never where somebody may come to harm", async () => {
    expect(await offered("a knight covered in blood")).toEqual(["revise", "suggest"]);
    expect(await offered("a knight who thinks of suicide")).toEqual(["revise"]);
    delete core.settings.ideas;
    expect(await offered("a knight covered in blood")).toEqual(["revise"]);
  });

  it("are asked for once, however often and wherever somebody presses, and are the asker's alone", async () => {
    const { job } = await refused("a knight covered in blood");
    const [first, second] = await Promise.all([suggested(job.id), suggested(job.id)]);
    expect(first).toEqual(second);
    expect(await suggested(job.id)).toEqual(first);
    expect(first).toMatchObject({ forAskerOnly: true, quotes: [{}, {}, {}], actions: [{}, {}, {}] });
    expect(JSON.stringify(first)).not.toContain("blood");
    expect(images.chatCalls).toHaveLength(1);
    expect(spoken(await suggested(job.id, { ...ada, user: "3" }))).toMatchObject({ actions: [], quotes: [] });
  });

  it("are drawn as they stand there, once for a double press, and by nobody else", async () => {
    const { job } = await refused("a knight covered in blood");
    const reply = await suggested(job.id);
    if (!("quotes" in reply)) throw new Error("nothing was suggested");
    const [, second] = reply.quotes;
    const outcome = await press("suggested", `${job.id}/2`);
    expect(outcome).toMatchObject({ draw: { prompt: second?.words, askedBy: ada, private: false } });
    for (const of of [`${job.id}/4`, `${job.id}/0`, "nonsense"])
      expect(await press("suggested", of)).toHaveProperty("word");
    expect(await press("suggested", `${job.id}/2`, { ...ada, user: "3" })).toHaveProperty("word");
    if (!("draw" in outcome)) throw new Error("nothing is drawn");
    await acceptRequest(outcome.draw, core.settings, core.azure);
    expect(await press("suggested", `${job.id}/2`)).toMatchObject({ word: { say: "waiting.picturesOnTheirWay" } });
  });

  it("are asked for anew where the model was silent, and not where it does not want to", async () => {
    const { job } = await refused("a knight covered in blood");
    images.nextChat({ status: 500, body: "<html>trouble</html>" });
    expect(JSON.stringify(await suggested(job.id))).toContain("in a moment");
    expect(await suggested(job.id)).toMatchObject({ actions: [{}, {}, {}] });
    const naked = await refused("naked");
    expect(JSON.stringify(await suggested(naked.job.id))).toContain("no other words");
    const calls = images.chatCalls.length;
    expect(JSON.stringify(await suggested(naked.job.id))).toContain("no other words");
    expect(images.chatCalls).toHaveLength(calls);
  });

  it("are asked for by another process where the one that asked has died", async () => {
    const { job } = await refused("a knight covered in blood");
    // Storage counts in whole seconds.
    const ideas = { ...core.settings.times.ideas, askingSeconds: 1, patienceLimitMilliseconds: 20_000 };
    core.settings.times = { ...core.settings.times, ideas };
    await addRow({ partition: "suggestions", name: job.id, values: { by: "a process that died" } }, core.azure);
    expect(await suggested(job.id)).toMatchObject({ actions: [{}, {}, {}] });
    expect(images.chatCalls).toHaveLength(1);
  });
});

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi } from "../../local/images-api/images-api.ts";
import { beginEdit } from "../../src/ask/begin-edit.ts";
import { doPress } from "../../src/ask/press.ts";
import type { Outcome, Press, Verb } from "../../src/ask/press.ts";
import { doForm } from "../../src/ask/sent-form.ts";
import type { SentForm } from "../../src/ask/sent-form.ts";
import type { Job } from "../../src/jobs/job.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { failed, waiting } from "../../src/words/sentences.ts";

let azurite: Azurite;
let images: ImagesApi;
let core: Core;
let job: Job;
let ref = "";
beforeAll(async () => {
  [azurite, images] = await Promise.all([startAzurite(), startImagesApi({ latency: 0 })]);
  core = await openCore(azurite.connectionString, images.url);
  core.work();
  ({ job } = await core.told(await core.accept()));
  ref = `${job.id}.1`;
});
afterAll(async () => {
  await core.stop();
  await Promise.all([azurite.stop(), images.stop()]);
});

const ada = { platform: "test", channel: "1", user: "2", name: "Ada" };
const bob = { ...ada, user: "3", name: "Bob" };
/** The same id as Ada's, on another platform. */
const stranger = { ...ada, platform: "elsewhere" };

function asked(by = ada): Pick<Press, "by" | "id" | "address"> {
  const id = `test-${randomUUID()}`;
  return { by, id, address: { platform: "test", job: id } };
}
const press = (does: Verb, of: string, more: Partial<Press> = {}) =>
  doPress({ does, of, isModerator: false, ...asked(), ...more }, core.settings, core.azure);
const send = (sent: SentForm) => doForm(sent, core.settings, core.azure);
const others = { word: failed.notYours };

describe.each([
  { who: "somebody else", by: bob },
  { who: "the same id on another platform", by: stranger },
])("$who", ({ by }) => {
  it("neither sees the words of a request to change them, nor sends them off", async () => {
    expect(await press("revise", job.id, { by })).toMatchObject(others);
    const read = () => expect.fail("the words were shown");
    expect(await send({ does: "revise", of: job.id, read, ...asked(by) })).toMatchObject(others);
  });

  it("does not send off an edit that its asker has begun", async () => {
    const begun = await beginEdit({ ref, ...asked() }, core.settings, core.azure);
    const of = "draft" in begun ? begun.draft.id : expect.fail(begun.sorry.say);
    expect(await send({ does: "change", of, words: "a boat", cells: [], ...asked(by) })).toMatchObject(others);
    expect(await send({ does: "change", of, words: "a boat", cells: [], ...asked() })).toHaveProperty("draw");
  });
});

describe("a list for a double click", () => {
  const shown = (outcomes: Outcome[]) => outcomes.filter((outcome) => "show" in outcome).length;
  const twice = (does: Verb, of: string, places: (string | undefined)[]) =>
    Promise.all(places.map((shownIn) => press(does, of, { shownIn })));

  it.each(["edit", "family", "pick"] as const)("of a picture (%s) is one in a place, and one in each", async (does) => {
    expect(shown(await twice(does, ref, ["here", "here", "there"]))).toBe(2);
  });

  it("of a page is one for each page", async () => {
    const pages = await Promise.all(["0", "0", "1"].map((of) => press("page", of, { shownIn: "here" })));
    expect(shown(pages)).toBe(2);
  });

  it("comes for each press where each press has an answer of its own", async () => {
    expect(shown(await twice("family", ref, [undefined, undefined]))).toBe(2);
  });

  it("is not begun for what is gone, and says so each time", async () => {
    const gone = { word: failed.gonePicture };
    expect(await twice("family", "test-1.1", ["here", "here"])).toMatchObject([gone, gone]);
  });
});

describe("other words from a form that stays", () => {
  const words = (prompt: string, options = {}) =>
    send({ does: "words", of: ref, stays: true, read: () => ({ prompt, options, unknownOptions: [] }), ...asked() });

  it("are drawn once for a double click, and other words beside them", async () => {
    const sent = await Promise.all([words("a boat"), words("a boat"), words("a ship")]);
    expect(sent.filter((one) => "draw" in one)).toHaveLength(2);
    expect(sent).toContainEqual({ word: waiting.picturesOnTheirWay({ count: 1 }), stands: true });
  });

  it("come through each time where they are wrong, so that each press hears why", async () => {
    const wrong = { quality: "ultra" };
    expect((await Promise.all([words("a cat", wrong), words("a cat", wrong)])).every((one) => "draw" in one)).toBe(
      true,
    );
  });
});

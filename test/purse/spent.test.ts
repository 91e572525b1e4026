import { describe, expect, it } from "vitest";
import type { FailureReason } from "../../src/images-api/failure.ts";
import { usageOf } from "../../local/images-api/usage.ts";
import { MODEL_NAMES, MODELS, namedSizes } from "../../src/models.ts";
import { PRICES } from "../../src/prices.ts";
import { readUsage } from "../../src/images-api/usage.ts";
import { priceOf } from "../../src/purse/prices.ts";
import { spentOf } from "../../src/purse/spent.ts";
import type { SpentJob } from "../../src/purse/spent.ts";

const settings = { prices: PRICES };
const order = { model: "gpt-image-2", size: "1536x1024", quality: "low", count: 1, prompt: "" } as const;
/** 158 tokens, and 100 of the picture in the making. */
const estimate = (158 + 100) * 0.00003;
const usage = { textIn: 1000, pictureIn: 1000, cachedTextIn: 400, cachedPictureIn: 500, textOut: 0, pictureOut: 258 };
const real = (600 * 5 + 400 * 1.25 + 500 * 8 + 500 * 2 + 258 * 30) / 1_000_000;

type Picture = SpentJob["pictures"][number];
const spent = (picture: Partial<Picture>, change: Partial<NonNullable<SpentJob["order"]>> = {}) =>
  spentOf(
    { order: { ...order, ...change }, request: {}, pictures: [{ state: "kept", lostCalls: 0, ...picture }] },
    settings,
  );
const about = (dollars: number, isEstimate: boolean) => ({ dollars: expect.closeTo(dollars, 8), isEstimate });

describe("what a job came to", () => {
  it("is its tokens at their rates, also when the picture is deleted", () => {
    expect(spent({ kept: { usage } })).toEqual(about(real, false));
    expect(spent({ state: "deleted", usage })).toEqual(about(real, false));
  });

  it("is estimated where the service told no tokens, and a picture has one price", () => {
    expect(spent({})).toEqual(about(estimate, true));
    expect(spent({ state: "deleted" })).toEqual(about(estimate, true));
    expect(spent({}, { model: "dall-e-3", size: "1024x1024", quality: "hd" })).toEqual(about(0.08, false));
  });

  it("counts lost calls beside the one that came", () =>
    expect(spent({ kept: { usage }, lostCalls: 1 })).toEqual(about(real + estimate, true)));

  it.each([
    ["refused", { refusal: { stage: "prompt" } }, 0],
    ["refused", { refusal: { stage: "picture" } }, estimate],
    ["refused", { refusal: {} }, estimate],
    ["waiting", {}, 0],
    ["drawing", {}, estimate],
    ["cancelled", {}, 0],
    ["cancelled", { callCancelled: true }, estimate],
    ["cancelled", { callCancelled: true, lostCalls: 1 }, estimate],
    ["failed", { failure: "answer lost", lostCalls: 2 }, 2 * estimate],
    ...(["empty answer", "not downloaded", "broken"] as FailureReason[]).map(
      (failure) => ["failed", { failure }, estimate] as const,
    ),
    ...(
      [
        "busy",
        "quota",
        "suspended",
        "misconfigured",
        "not allowed",
        "guardrail",
        "bad request",
        "service trouble",
        "out of reach",
      ] as FailureReason[]
    ).map((failure) => ["failed", { failure }, 0] as const),
  ] as const)("%s, %o", (state, picture, dollars) =>
    expect(spent({ state, ...(picture as Partial<Picture>) })).toEqual(about(dollars, dollars > 0)),
  );

  it("is nothing for what was declined before, and the sum of all pictures", () => {
    expect(spentOf({ request: {}, pictures: [] }, settings)).toEqual({ dollars: 0, isEstimate: false });
    const kept = { state: "kept", lostCalls: 0, kept: { usage } };
    const job = {
      order,
      request: {},
      pictures: [kept, kept, { state: "failed", lostCalls: 0, failure: "busy" as const }],
    };
    expect(spentOf(job, settings)).toEqual(about(2 * real, false));
  });
});

it.each(MODEL_NAMES.filter((name) => MODELS[name].streams && name !== "gpt-image-1-mini"))(
  "%s comes to what was told before, where the service counts as its calculator does",
  (model) => {
    const known = MODELS[model].qualities.filter((quality) => quality !== "auto");
    for (const size of namedSizes(MODELS[model])) {
      for (const quality of known) {
        const order = { model, size, quality, count: 1, prompt: "a boat" };
        const told = priceOf(order, { inputs: 2, partialPictures: 1 }, settings);
        const drawn = { ...order, background: "opaque", format: "png", compression: 100, answer: "b64_json" } as const;
        const usage = readUsage({ usage: usageOf({ ...drawn, partials: 1 }, 2) }, "REF");
        const job = { order, request: {}, pictures: [{ state: "kept", lostCalls: 0, kept: { usage } }] };
        expect(spentOf(job, settings)).toEqual(about(told.dollars, false));
      }
    }
  },
);

import { describe, expect, it } from "vitest";
import { checkRequest, fitOptions } from "../../src/request/check.ts";
import { mendOptions } from "../../src/request/mend.ts";
import { MODEL_NAMES } from "../../src/models.ts";
import { OPTION_NAMES } from "../../src/request/request.ts";
import type { ImageRequest } from "../../src/request/request.ts";
import { sentenceOfFault } from "../../src/words/fault-sentences.ts";
import { readSettings } from "../../src/settings.ts";
import { spoken } from "../words/spoken.ts";

const settings = readSettings(
  {
    IMAGE_MODELS: "dall-e-3=dalle3,gpt-image-2=pictures",
    AZURE_OPENAI_ENDPOINT: "https://x.openai.azure.com",
    AZURE_STORAGE_ACCOUNT: "easel",
  },
  [],
);

function ask(prompt: string, options: ImageRequest["options"] = {}, unknownOptions: string[] = []): ImageRequest {
  const askedBy = { platform: "discord", channel: "1", user: "2", name: "Ada" };
  return {
    id: "discord-1",
    prompt,
    options,
    unknownOptions,
    private: false,
    askedBy,
    address: { platform: "discord" },
  };
}

/** What a person would read, or the order. */
function outcome(request: ImageRequest): object | string[] {
  const checked = checkRequest(request, settings);
  return "order" in checked ? checked.order : spoken(checked.faults.map(sentenceOfFault));
}

describe("what is within the limits", () => {
  it("fills in the model's own standard", () => {
    expect(outcome(ask("  a lighthouse made of books "))).toEqual({
      model: "dall-e-3",
      deployment: "dalle3",
      prompt: "a lighthouse made of books",
      size: "1024x1024",
      quality: "standard",
      count: 1,
    });
  });
  it("reads shapes and sizes however they are typed", () => {
    for (const size of ["wide", "Landscape", "1792x1024", "1792×1024", "1792 X 1024"])
      expect(outcome(ask("x", { size }))).toMatchObject({ size: "1792x1024" });
    expect(outcome(ask("x", { model: "GPT Image 2", size: "1280x720", quality: "High", count: "4" }))).toMatchObject({
      model: "gpt-image-2",
      deployment: "pictures",
      size: "1280x720",
      quality: "high",
      count: 4,
    });
    expect(outcome(ask("x", { model: "gpt-image-2", size: "auto", quality: "auto" }))).toMatchObject({
      size: "auto",
      quality: "auto",
    });
  });
  it.each(["🎨🖼️", "مرحبا بالعالم", "**bold** @everyone <@123> [x](http://y)", "日本の灯台", "x".repeat(4000)])(
    "takes %s",
    (prompt) => {
      expect(outcome(ask(prompt))).toMatchObject({ prompt });
    },
  );
});

describe("what is outside", () => {
  it.each(["", "   ", "\n\t", "\u200b\u200d\ufeff", "\u202e", "\u3164", "\u2800"])(
    "says that there are no words in %j",
    (prompt) => {
      expect(outcome(ask(prompt))).toEqual([expect.stringContaining("no words")]);
    },
  );
  it("says by how much the words are too long", () => {
    expect(outcome(ask("x".repeat(10_000)))).toEqual([
      expect.stringMatching(/10,000 characters.*at most 4,000.*Leave out 6,000/),
    ]);
    // Counted as UTF-16 units: an emoji of two is two.
    expect(outcome(ask("🎨".repeat(2001)))).toEqual([expect.stringContaining("4,002 characters")]);
  });
  it("names what is allowed and the nearest size", () => {
    expect(outcome(ask("x", { size: "512x512" }))).toEqual([
      "512×512 was DALL·E 2. DALL·E 3 draws 1024×1024 (square), 1792×1024 (wide), and 1024×1792 (tall). The nearest is 1024×1024.",
    ]);
    expect(outcome(ask("x", { model: "gpt-image-2", size: "1920x1080" }))).toEqual([
      expect.stringMatching(/multiples of 16.*1920×1088/),
    ]);
    expect(outcome(ask("x", { size: "huge" }))).toEqual([expect.stringContaining("cannot read the size “huge”")]);
  });
  it("explains an option of another model instead of dropping it", () => {
    expect(outcome(ask("x", { quality: "high" }))).toEqual([
      expect.stringMatching(/standard or hd.*nearest is hd.*GPT Image 2 would take it/),
    ]);
    expect(outcome(ask("x", { model: "gpt-image-2", style: "natural" }))).toEqual([
      expect.stringMatching(/GPT Image 2 has no style.*DALL·E 3 would take it/),
    ]);
    expect(outcome(ask("x", { background: "transparent" }))).toEqual([
      expect.stringContaining("DALL·E 3 has no background"),
    ]);
    expect(outcome(ask("x", { model: "gpt-image-2", background: "transparent" }))).toEqual([
      expect.stringContaining("opaque or auto"),
    ]);
  });
  it.each(["0", "9", "-1", "2.5", "many", "1e9", "1e0", "0x2", "NaN"])("refuses a count of %s", (count) => {
    expect(outcome(ask("x", { count }))).toEqual([expect.stringContaining("1 to 4")]);
  });
  it("says all faults in one answer", () => {
    const faults = outcome(ask("", { size: "9x9", quality: "ultra", style: "baroque", count: "9" }, ["--upscale"]));
    expect(faults).toHaveLength(6);
  });
  it("says that a value is missing", () => {
    expect(outcome(ask("x", { size: "", quality: "  " }))).toEqual([
      "The option “size” has no value. Say what it should be, or leave it out.",
      "The option “quality” has no value. Say what it should be, or leave it out.",
    ]);
  });
  it("says beside an unknown model what no model here would take, and nothing that one would", () => {
    expect(outcome(ask("x", { model: "dall-e-2", size: "9x9", quality: "high", style: "baroque" }))).toEqual([
      expect.stringContaining("“dall-e-2” is not set up"),
      expect.stringContaining("9×9 does not fit"),
      expect.stringContaining("style “baroque”"),
    ]);
  });
  it("names the models there are", () => {
    expect(outcome(ask("x", { model: "dall-e-2" }))).toEqual([
      "The model “dall-e-2” is not set up here. There is dall-e-3 or gpt-image-2.",
    ]);
  });
});

describe("what people type", () => {
  it.each([
    ["16:9", "1792x1024", "1536x864"],
    ["16 : 9", "1792x1024", "1536x864"],
    ["16x9", "1792x1024", "1536x864"],
    ["16/9", "1792x1024", "1536x864"],
    ["9:16", "1024x1792", "864x1536"],
    ["3:2", "1792x1024", "1536x1024"],
    ["21:9", "1792x1024", "1904x816"],
    ["1:1", "1024x1024", "1024x1024"],
    ["1920:1080", "1792x1024", "1536x864"],
    ["1:99999", "1024x1792", "480x1408"],
    ["portrait", "1024x1792", "1024x1536"],
    ["Horizontal", "1792x1024", "1536x1024"],
  ])("as the size %s becomes the nearest that the model draws", (size, named, free) => {
    expect(outcome(ask("x", { size }))).toMatchObject({ size: named });
    expect(outcome(ask("x", { size, model: "gpt-image-2" }))).toMatchObject({ size: free });
  });

  it.each([
    [{}, ["--stlye"], "Did you mean “--style”?"],
    [{}, ["—qualty"], "Did you mean “—quality”?"],
    [{}, ["--back"], "Did you mean “--background”?"],
    [{}, ["Sytle"], "Did you mean “style”?"],
    [{}, ["--format"], "Did you mean “--size”?"],
    [{}, ["--aspetc"], "Did you mean “--size”?"],
    [{}, ["--images"], "Did you mean “--count”?"],
    [{}, ["--bg"], "Did you mean “--background”?"],
    [{ style: "raw" }, [], "The nearest is natural."],
    [{ quality: "ultra" }, [], "The nearest is hd."],
    [{ quality: "best", model: "gpt-image-2" }, [], "The nearest is high."],
    [{ count: "9" }, [], "The nearest is 4."],
    [{ count: "two" }, [], "The nearest is 2."],
    [{ quality: "hdd" }, [], "Did you mean “hd”?"],
    [{ quality: "hgih", model: "gpt-image-2" }, [], "Did you mean “high”?"],
    [{ style: "viivd" }, [], "Did you mean “vivid”?"],
    [{ size: "sqare" }, [], "Did you mean “square”?"],
    [{ size: "potrait" }, [], "Did you mean “portrait”?"],
    [{ model: "gpt-imgae-2" }, [], "Did you mean “gpt-image-2”?"],
  ])("misspelt, as %o %o, is told what it may have meant", (options, unknown, said) => {
    expect(outcome(ask("x", options, unknown))).toEqual([expect.stringContaining(said)]);
  });

  it.each(["--upscale", "--xyz", "--", "x".repeat(100_000)])("far from any option, as %s, is told of none", (name) => {
    expect(JSON.stringify(outcome(ask("x", {}, [name])))).not.toContain("Did you mean");
  });

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf", "__defineGetter__"])(
    "is a word like any other where objects have one of that name: %s",
    (word) => {
      for (const option of ["model", "size", "quality", "style", "background", "count"] as const) {
        expect(outcome(ask("x", { [option]: word }))).toEqual([expect.stringContaining(word)]);
        for (const name of MODEL_NAMES) expect(fitOptions({ [option]: word }, name).model).toBe(name);
      }
    },
  );
});

describe("what another bot's people type", () => {
  it.each([
    ["--v 7", "picks a version of Midjourney. Here a model is picked: dall-e-3 or gpt-image-2."],
    ["--niji", "“--niji” picks a version"],
    ["--no dogs, cats", "such as “without dogs, cats”"],
    ["--no", "such as “without people”"],
    ["--s 250", "how freely Midjourney draws"],
    ["--CHAOS 20", "how freely Midjourney draws"],
    ["--weird 3000", "how freely Midjourney draws"],
    ["--raw", "Here there is style vivid or natural."],
    ["--q 2", "Here quality is a word: standard or hd."],
    ["--seed 4", "No model here can"],
    ["--sref 123", "“edit” does"],
    ["--iw 2", "“edit” does"],
    ["--tile", "a seamless pattern"],
    ["--turbo", "nothing to set"],
    ["--width 800", "size 1536x1024"],
    ["--stop 80", "nothing here does the same"],
    ["—v 6.1", "“—v 6.1” picks a version"],
    ["seed", "No model here can"],
  ])("%s is explained", (typed, said) => {
    expect(outcome(ask("x", {}, [typed]))).toEqual([expect.stringContaining(said)]);
  });

  it("is explained for the model that was to draw, and for what is set up", () => {
    expect(outcome(ask("x", { model: "gpt-image-2" }, ["--q .5"]))).toEqual([
      expect.stringContaining("low, medium, high, or auto"),
    ]);
    const one = {
      ...settings,
      models: [{ name: "dall-e-3" as const, deployment: "d" }] satisfies typeof settings.models,
    };
    const checked = checkRequest(ask("x", {}, ["--v 7", "--cref 1", "--nope"]), one);
    expect("faults" in checked && spoken(checked.faults.map(sentenceOfFault))).toEqual([
      expect.stringContaining("Here DALL·E 3 draws."),
      expect.stringContaining("No model here does"),
      "I do not know the option “--nope”. There are: size, quality, style, and count.",
    ]);
  });
});

it.each([" ", "1", "1x", "16:", "-", "\n", "\u200b", "a ", "«", "{", "\ud83e", "é\u0301", "--a "])(
  "judges a hundred thousand of %j in every field without a pause that anybody notices",
  (part) => {
    const text = part.repeat(100_000 / part.length);
    const options = Object.fromEntries(OPTION_NAMES.map((name) => [name, text]));
    const unknown = Array.from({ length: 10_000 }, (_, index) => `--${part}${index}`);
    const began = performance.now();
    const checked = outcome(ask(text, options, [text, ...unknown]));
    // What grows with the square of its length takes minutes here.
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(JSON.stringify(checked).length).toBeLessThan(20_000);
  },
);

describe("a form after a fault begins with", () => {
  it.each([
    [{ size: "512x512" }, { size: "square" }],
    [{ size: "1790x1000" }, { size: "wide" }],
    [{ size: "tal" }, { size: "tall" }],
    [{ size: "enormous" }, {}],
    [{ quality: "high" }, { quality: "hd" }],
    [{ quality: "purple", style: "natural" }, { style: "natural" }],
    [{ count: "9" }, { count: "4" }],
    [{ count: "none" }, {}],
    [{ model: "gpt-image-3" }, {}],
    [
      { model: "dalle-3", quality: "hdd" },
      { model: "dall-e-3", quality: "hd" },
    ],
  ])("what comes closest to %j", (options, nearest) =>
    expect(mendOptions(ask("a cat", options), settings)).toEqual(nearest),
  );
  it("the value of an option whose name was misspelt", () =>
    expect(mendOptions(ask("a cat", { style: "vivid" }, ["--stlye"]), settings)).toEqual({ style: "vivid" }));
});

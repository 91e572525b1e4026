import { describe, expect, it } from "vitest";
import { checkRequest, optionOfFault } from "../../src/request/check.ts";
import { mendOptions } from "../../src/request/mend.ts";
import type { ImageRequest } from "../../src/request/request.ts";
import { readSettings } from "../../src/settings.ts";

const settingsFor = (models: string) =>
  readSettings(
    { IMAGE_MODELS: models, AZURE_OPENAI_ENDPOINT: "https://x.openai.azure.com", AZURE_STORAGE_ACCOUNT: "easel" },
    [],
  );
const both = settingsFor("dall-e-3,gpt-image-2");
const mended = (options: ImageRequest["options"], settings = both) =>
  mendOptions({ prompt: "x", options, unknownOptions: [] }, settings);

describe("in place of what was wrong stands the nearest that there is", () => {
  it.each<[ImageRequest["options"], ImageRequest["options"]]>([
    [{ size: "512x512" }, { size: "square" }],
    [
      { size: "1500x1000", quality: "hd" },
      { size: "wide", quality: "hd" },
    ],
    [
      { size: "1920x1080", model: "gpt-image-2" },
      { size: "1920x1088", model: "gpt-image-2" },
    ],
    [{ size: "potrait" }, { size: "portrait" }],
    [{ size: "huge" }, {}],
    [{ quality: "high" }, { quality: "hd" }],
    [{ quality: "low" }, { quality: "standard" }],
    [{ quality: "ultra" }, { quality: "hd" }],
    [{ quality: "hdd" }, { quality: "hd" }],
    [{ quality: "purple" }, {}],
    [{ style: "raw" }, { style: "natural" }],
    [{ style: "vivid", model: "gpt-image-2" }, { model: "gpt-image-2" }],
    [{ style: "natural", background: "opaque" }, { style: "natural" }],
    [{ count: "9" }, { count: "4" }],
    [{ count: "0" }, { count: "1" }],
    [{ count: "-3" }, { count: "1" }],
    [{ count: "2.5" }, { count: "2" }],
    [{ count: "three" }, { count: "3" }],
    [{ count: "many" }, {}],
    [
      { model: "gpt-imgae-2", quality: "high" },
      { model: "gpt-image-2", quality: "high" },
    ],
    [{ model: "GPT Image 2" }, { model: "gpt-image-2" }],
    [{ model: "midjourney" }, {}],
    [{ model: "midjourney", quality: "high" }, { quality: "hd" }],
    [{ quality: " " }, {}],
    [
      { size: "wide", quality: "hd", style: "vivid" },
      { size: "wide", quality: "hd", style: "vivid" },
    ],
  ])("%o → %o", (options, expected) => expect(mended(options)).toEqual(expected));

  it("so that nothing of it is wrong, whatever it was", () => {
    const words = [
      "",
      " ",
      "hd",
      "high",
      "xhigh",
      "max",
      "vivid",
      "raw",
      "16:9",
      "1x1",
      "9999x1",
      "0x0",
      "wide",
      "auto",
      "9",
      "a",
      "best",
    ];
    const models = ["", "dall-e-3", "gpt-image-2", "gpt-imgae-2", "nope"];
    for (const setUp of ["dall-e-3", "gpt-image-2", "dall-e-3,gpt-image-2", "gpt-image-2.5-flare,dall-e-3,gpt-image-1"])
      for (const model of models)
        for (const word of words)
          for (const sources of [undefined, [{ from: "input" as const, name: "x" }]]) {
            const options = { model, size: word, quality: word, style: word, background: word, count: word };
            const request = { prompt: "x", options, unknownOptions: [], sources };
            const settings = settingsFor(setUp);
            const checked = checkRequest({ ...request, options: mendOptions(request, settings) }, settings);
            expect("faults" in checked ? checked.faults.flatMap(optionOfFault) : []).toEqual([]);
          }
  });
});

import { describe, expect, it } from "vitest";
import { choicesFor, usualChoice, withChosen } from "../../src/words/choices.ts";
import { MODEL_NAMES } from "../../src/models.ts";
import type { ModelName } from "../../src/models.ts";
import { OPTION_NAMES } from "../../src/request/request.ts";
import type { OptionName } from "../../src/request/request.ts";
import { spoken } from "./spoken.ts";

const both: ModelName[] = ["dall-e-3", "gpt-image-2"];
const namesOf = (option: OptionName, models: ModelName[]) => spoken(choicesFor(models)[option].map(({ name }) => name));
const usual = (option: OptionName, models: ModelName[], isEdit?: boolean) => {
  const said = usualChoice(option, models, isEdit);
  return said && spoken(said);
};

describe("what not all models take says whose it is", () => {
  it.each<[OptionName, string[]]>([
    [
      "quality",
      [
        "standard (DALL·E 3)",
        "hd (DALL·E 3)",
        "low (GPT Image 2)",
        "medium (GPT Image 2)",
        "high (GPT Image 2)",
        "auto (GPT Image 2)",
      ],
    ],
    ["style", ["vivid (DALL·E 3)", "natural (DALL·E 3)"]],
    ["background", ["opaque (GPT Image 2)", "auto (GPT Image 2)"]],
    ["count", ["1", "2", "3", "4"]],
    ["model", ["DALL·E 3", "GPT Image 2"]],
  ])("of %s", (option, names) => expect(namesOf(option, both)).toEqual(names));

  it("of sizes", () => {
    const names = namesOf("size", both);
    expect(names.slice(0, 4)).toEqual(["Square, 1024×1024", "Wide", "Tall", "2048×2048 (GPT Image 2)"]);
    expect(names.at(-1)).toBe("Chosen by the model (GPT Image 2)");
  });

  it("unless there is one model alone, which then offers no other's", () => {
    for (const name of MODEL_NAMES)
      for (const option of OPTION_NAMES) for (const said of namesOf(option, [name])) expect(said).not.toContain("(");
    expect(namesOf("quality", ["dall-e-3"])).toEqual(["standard", "hd"]);
  });
});

describe("the usual choice", () => {
  it.each<[OptionName, ModelName[], string | undefined]>([
    ["model", both, "Default: DALL·E 3"],
    ["size", both, "Default: Square, 1024×1024"],
    ["quality", ["dall-e-3"], "Default: standard"],
    ["quality", both, "Default: standard (DALL·E 3), medium (GPT Image 2)"],
    ["style", both, "Default: vivid (DALL·E 3)"],
    ["style", ["gpt-image-2"], undefined],
    ["background", ["gpt-image-2"], "Default: auto"],
    ["count", both, "Default: one"],
  ])("of %s for %o", (option, models, said) => expect(usual(option, models)).toBe(said));

  it("of an edit's size is the picture's own", () => {
    expect(usual("size", ["gpt-image-2"], true)).toBe("Default: as the picture is");
  });
});

it("keeps what was chosen on the list", () => {
  const chosen = (option: OptionName, value: string | undefined, model: ModelName = "gpt-image-2") =>
    withChosen(choicesFor([model])[option], value, { option, model });
  expect(chosen("size", "1536x1024").value).toBe("wide");
  expect(chosen("size", "1792x1024", "dall-e-3").value).toBe("wide");
  expect(chosen("size", "1600x1200")).toMatchObject({
    value: "1600x1200",
    choices: [{ name: "1600×1200" }, {}, {}, {}, {}, {}, {}, {}, {}, {}],
  });
  expect(chosen("quality", "HIGH").value).toBe("high");
  expect(chosen("quality", "hd").value).toBeUndefined();
  expect(chosen("size", undefined)).not.toHaveProperty("value");
  expect(chosen("size", "x".repeat(500)).value).toBeUndefined();
});

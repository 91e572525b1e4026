import { DefaultAzureCredential } from "@azure/identity";
import { describe, expect, it } from "vitest";
import { directionsFor } from "../../src/brainstorm/directions.ts";
import { LENSES, lensesFor } from "../../src/brainstorm/lenses.ts";
import { MODELS, MODEL_NAMES } from "../../src/models.ts";
import { readSettings } from "../../src/settings.ts";
import { lensName } from "../../src/words/lenses.ts";

const settings = readSettings(
  {
    IMAGE_MODELS: "gpt-image-2=pictures,gpt-image-1-mini=small",
    AZURE_OPENAI_ENDPOINT: "https://example.openai.azure.com",
    AZURE_STORAGE_ACCOUNT: "example",
  },
  [],
);
const azure = { credential: new DefaultAzureCredential() };
const names = (lenses: { name: string }[]) => lenses.map(({ name }) => name);

describe("the table of lenses", () => {
  it("has many in many dimensions, each with a name for people", () => {
    const dimensions = new Set(LENSES.map(({ dimension }) => dimension));
    expect(LENSES.length).toBeGreaterThanOrEqual(36);
    expect(dimensions.size).toBeGreaterThanOrEqual(8);
    expect(new Set(LENSES.map(({ says }) => says("a topic"))).size).toBe(LENSES.length);
    for (const { name } of LENSES) expect(lensName(name)).toEqual({ say: `lensNames.${name}` });
    expect(lensName("of-a-newer-version")).toBe("of-a-newer-version");
  });

  it("chooses for a seed the same each time, and for others others", () => {
    expect(lensesFor(6, "session/1")).toEqual(lensesFor(6, "session/1"));
    const firsts = Array.from({ length: 12 }, (_, number) => names(lensesFor(6, `session/${number}`)).join());
    expect(new Set(firsts).size).toBe(12);
  });

  it("chooses no two alike, and no two of one dimension while there are others", () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const lenses = lensesFor(8, `seed ${seed}`);
      expect(new Set(names(lenses)).size).toBe(8);
      expect(new Set(lenses.map(({ dimension }) => dimension)).size).toBe(8);
    }
  });

  it("goes through all before any comes again, over as many rounds as there are", () => {
    const taken: string[] = [];
    for (let round = 1; round <= 20; round += 1) {
      const lenses = names(lensesFor(8, `session/${round}`, taken));
      expect(new Set(lenses).size).toBe(8);
      const unused = LENSES.filter(({ name }) => !taken.includes(name)).length;
      if (taken.length < LENSES.length)
        expect(lenses.filter((name) => !taken.includes(name))).toHaveLength(Math.min(8, unused));
      taken.push(...lenses);
    }
    const often = LENSES.map(({ name }) => taken.filter((each) => each === name).length);
    expect(Math.max(...often) - Math.min(...often)).toBeLessThanOrEqual(1);
  });
});

describe("directions without a model for ideas", () => {
  const long = "A paragraph about our harbour, its people and its ships. ".repeat(800);
  it.each(MODEL_NAMES)("fits within what %s takes, and a board, whatever the topic", async (model) => {
    for (const topic of ["harbour", "What is home?", "one line\nand another", long.slice(0, 1900), long]) {
      const asked = { topic, count: 8, seed: "session/1", taken: [], model };
      for (const { words, prompt, lens } of await directionsFor(asked, settings, azure)) {
        const says =
          LENSES.find(({ name }) => name === lens)
            ?.says("x")
            .slice(3) ?? "";
        expect(prompt.length).toBeLessThanOrEqual(MODELS[model].promptLimit.azure);
        expect(words.length).toBeLessThanOrEqual(200);
        expect(words).not.toContain("\n");
        for (const text of [words, prompt]) expect(text).toContain(says);
        for (const text of [words, prompt]) expect(text.startsWith(topic.slice(0, 7))).toBe(true);
      }
    }
  });

  it("hangs a lens onto a few words, and onto whole sentences in a sentence of its own", async () => {
    const [one] = await directionsFor({ topic: "our harbour.", count: 1, seed: "1", taken: [] }, settings, azure);
    expect(one?.prompt).toMatch(/^our harbour, \w/);
    const [other] = await directionsFor({ topic: "What is home?", count: 1, seed: "1", taken: [] }, settings, azure);
    expect(other?.prompt).toMatch(/^What is home\?\n\nShow it \w.*\.$/);
  });
});

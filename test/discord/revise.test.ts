import { ComponentType, InteractionType } from "discord.js";
import type { APIModalSubmitInteraction } from "discord.js";
import { describe, expect, it } from "vitest";
import { readRevision, wordsForm } from "../../adapters/discord/message/request-form.ts";
import { MODEL_NAMES } from "../../src/models.ts";
import type { ImageRequest } from "../../src/request/request.ts";
import { readSettings } from "../../src/settings.ts";

const settings = readSettings(
  {
    IMAGE_MODELS: MODEL_NAMES.toReversed().join(),
    AZURE_OPENAI_ENDPOINT: "https://x.openai.azure.com",
    AZURE_STORAGE_ACCOUNT: "easel",
  },
  [],
);

type Choice = { value: string; default?: boolean };
type Field = {
  placeholder?: string;
  type: ComponentType;
  custom_id: string;
  value?: string;
  required?: boolean;
  options?: Choice[];
};

function formFor(prompt: string, options: ImageRequest["options"] = {}, isPrivate = false) {
  const request: ImageRequest = {
    id: "discord-12345678901234567890",
    prompt,
    options,
    unknownOptions: [],
    private: isPrivate,
    askedBy: { platform: "discord", channel: "1", user: "2", name: "Ada" },
    address: { platform: "discord" },
  };
  const { data } = wordsForm({ does: "revise", of: request.id, words: prompt, request }, settings)();
  const parts = data.components as unknown as { label: string; component: Field }[];
  return { data, parts, fields: Object.fromEntries(parts.map(({ component }) => [component.custom_id, component])) };
}

/** As Discord sends a form that was not changed, but for `change`. */
function sent(
  { data, parts }: ReturnType<typeof formFor>,
  change: Record<string, string | string[]> = {},
): ImageRequest {
  const components = parts.map(({ component: { type, custom_id, value = "", options } }, index) => {
    const chosen = options?.filter((option) => option.default).map((option) => option.value);
    const filled =
      type === ComponentType.TextInput
        ? { value: change[custom_id] ?? value }
        : { values: change[custom_id] ?? chosen };
    return { type: ComponentType.Label, id: index, component: { type, id: 9, custom_id, ...filled } };
  });
  return readRevision({
    type: InteractionType.ModalSubmit,
    id: "22345678901234567890",
    application_id: "3",
    token: "t",
    channel_id: "1",
    user: { id: "2", username: "ada" },
    locale: "en-US",
    data: { custom_id: data.custom_id, components },
  } as unknown as APIModalSubmitInteraction);
}

describe("the form", () => {
  it.each<[string, string, ImageRequest["options"]]>([
    ["an ordinary request", "a fox", { size: "wide", quality: "high" }],
    ["nothing but words", "a fox", {}],
    ["6000 characters", "word ".repeat(1200), { model: "dall-e-3", count: "4" }],
    [
      "every option wrong",
      "a fox",
      { model: "nope", size: "9x9", quality: "x", style: "y", background: "z", count: "77" },
    ],
    [
      "every option right",
      "a fox",
      { model: "gpt-image-2.5-sunburst", size: "1600x1200", quality: "medium", background: "transparent", count: "4" },
    ],
    ["long values", "a fox", { size: "s".repeat(500), quality: "q".repeat(500), count: "c".repeat(500) }],
  ])("keeps Discord's limits with %s", (_, prompt, options) => {
    const { data, parts } = formFor(prompt, options, true);
    expect(data.custom_id.length).toBeLessThanOrEqual(100);
    expect(data.title.length).toBeLessThanOrEqual(45);
    expect(parts.length).toBeLessThanOrEqual(5);
    for (const { label, component } of parts) {
      expect(label.length).toBeLessThanOrEqual(45);
      expect(component.custom_id.length).toBeLessThanOrEqual(100);
      expect((component.value ?? "").length).toBeLessThanOrEqual(4000);
      expect((component.options ?? []).length).toBeLessThanOrEqual(25);
      for (const { value } of component.options ?? []) expect(value.length).toBeLessThanOrEqual(100);
      expect((component.options ?? []).filter((option) => option.default).length).toBeLessThanOrEqual(1);
      const values = (component.options ?? []).map(({ value }) => value);
      expect(new Set(values).size).toBe(values.length);
    }
  });

  it("has the former options picked, and puts wrong ones first, with the nearest picked", () => {
    const { parts, fields } = formFor("a fox", { model: "dall-e-3", quality: "high", size: "tall", style: "natural" });
    expect(parts.map(({ component }) => component.custom_id)).toEqual(["prompt", "quality", "size", "style"]);
    expect(fields.quality?.options?.filter((option) => option.default)).toMatchObject([{ value: "hd" }]);
    expect(fields.quality?.placeholder).toBe("Default: standard");
    expect(fields.size?.options?.filter((option) => option.default)).toMatchObject([{ value: "tall" }]);
    expect(fields.style?.options?.filter((option) => option.default)).toMatchObject([{ value: "natural" }]);
  });

  it("offers a free size that was asked for", () => {
    const { fields } = formFor("a fox", { model: "gpt-image-2", size: "1600x1200" });
    expect(fields.size?.options?.find((option) => option.default)).toMatchObject({ value: "1600x1200" });
  });

  it.each([
    [{ model: "gpt-image-2", size: "landscape" }, "landscape"],
    [{ model: "gpt-image-2", size: "16:9" }, "16:9"],
    [{ model: "gpt-image-2", size: "1920x1080" }, "1920x1088"],
    [{ model: "dall-e-3", size: "512x512" }, "square"],
    [{ model: "dall-e-3", size: "sqare" }, "square"],
  ])("has a size picked in whatever way it was said: %o", (options, value) => {
    expect(formFor("a fox", options).fields.size?.options?.filter((option) => option.default)).toMatchObject([
      { value },
    ]);
  });

  it("says what there is where nothing is picked, and offers what the model takes alone", () => {
    const { fields } = formFor("a fox", { model: "dall-e-3" });
    expect(fields.quality).toMatchObject({ placeholder: "Default: standard" });
    expect(fields.style).toMatchObject({ placeholder: "Default: vivid" });
    expect(fields.size).toMatchObject({ placeholder: "Default: Square, 1024×1024" });
    expect(fields.quality?.options?.map(({ value }) => value)).toEqual(["standard", "hd"]);
    expect(fields.background).toBeUndefined();
    expect(formFor("a fox", { model: "gpt-image-2" }).fields.quality).toMatchObject({ placeholder: "Default: medium" });
  });

  it("has no empty prefill", () => {
    expect(formFor("  ").fields.prompt).not.toHaveProperty("value");
  });
});

describe("words that two inputs cannot hold", () => {
  it.each(["a", "🎨", "👩‍👩‍👧‍👦", "e\u0301\u0302", "\ud83d"])("are cut between characters, and it shows: %s", (character) => {
    for (const before of ["", "x", "xy", "x ".repeat(1999)]) {
      const texts = formFor(before + character.repeat(9000 / character.length))
        .parts.map(({ component }) => component.value)
        .filter((value) => value !== undefined);
      expect(texts).toHaveLength(2);
      for (const text of texts) {
        expect(text.length).toBeLessThanOrEqual(4000);
        if (character.isWellFormed()) expect(text.isWellFormed()).toBe(true);
      }
      expect(texts[1]).toMatch(/…$/);
    }
  });
});

describe("sending the form", () => {
  it("is a new request with the options that were right", () => {
    const options = {
      model: "gpt-image-2.5-sunburst",
      size: "wide",
      quality: "max",
      background: "transparent",
      count: "3",
    };
    const request = sent(formFor("a fox", options, true), { prompt: "a hare" });
    expect(request).toMatchObject({
      id: "discord-22345678901234567890",
      prompt: "a hare",
      options,
      private: true,
      unknownOptions: [],
    });
  });

  it("takes options that are typed behind the words", () => {
    const request = sent(formFor("a fox", { model: "gpt-image-2", size: "tall" }), {
      prompt: "a hare --ar 16:9 --v 7",
    });
    expect(request).toMatchObject({
      prompt: "a hare",
      options: { model: "gpt-image-2", size: "16:9" },
      unknownOptions: ["--v 7"],
    });
  });

  it("has the nearest in place of what was wrong unless it is picked anew", () => {
    const wrong = { model: "dall-e-3", quality: "high", background: "opaque", count: "9" };
    expect(sent(formFor("a fox", wrong)).options).toEqual({ model: "dall-e-3", quality: "hd", count: "4" });
    expect(sent(formFor("a fox", wrong), { quality: ["standard"], count: ["2"] }).options).toEqual({
      model: "dall-e-3",
      quality: "standard",
      count: "2",
    });
  });

  it.each([
    ["between words", "word ".repeat(1100).trim()],
    ["between lines", `${"a".repeat(3950)}\n${"b".repeat(1000)}`],
    ["where there is no space", "灯".repeat(5000)],
    ["beside an emoji", `${"a".repeat(3999)}🎨${"b".repeat(500)}`],
  ])("joins words that were parted %s as they were", (_, prompt) => {
    const form = formFor(prompt);
    expect(form.parts.slice(0, 2).map(({ component }) => component.type)).toEqual([
      ComponentType.TextInput,
      ComponentType.TextInput,
    ]);
    for (const { component } of form.parts.slice(0, 2)) {
      expect(component.value?.length).toBeLessThanOrEqual(4000);
      expect(component.value?.isWellFormed()).toBe(true);
    }
    expect(sent(form).prompt).toBe(prompt);
  });
});

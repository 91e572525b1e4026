import { ComponentType } from "discord.js";
import { describe, expect, it } from "vitest";
import { showReply } from "../../adapters/discord/show.ts";
import type { ShownPicture } from "../../adapters/discord/show.ts";
import { declinedReply, finalReply, sorryReply, waitingReply } from "../../src/replies/compose-reply.ts";
import { helpReply, welcomeReply } from "../../src/replies/help-reply.ts";
import { checkRequest } from "../../src/request/check.ts";
import { newJob } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { MODEL_NAMES } from "../../src/models.ts";
import type { ChatReply } from "../../src/replies/reply.ts";
import type { ImageRequest } from "../../src/request/request.ts";
import { readSettings } from "../../src/settings.ts";
import { failed, failedBecause, labels } from "../../src/words/sentences.ts";

const settings = readSettings(
  {
    IMAGE_MODELS: MODEL_NAMES.join(),
    AZURE_OPENAI_ENDPOINT: "https://easel.openai.azure.com",
    AZURE_STORAGE_ACCOUNT: "easel",
    PUBLIC_URL: "https://easel.example.org",
  },
  [],
);

function jobFor(prompt: string, options: ImageRequest["options"] = {}): Job {
  const request: ImageRequest = {
    id: "discord-12345678901234567890",
    prompt,
    options,
    unknownOptions: [],
    private: false,
    askedBy: { platform: "discord", channel: "1", user: "2", name: "*Ada* <@1>" },
    address: { platform: "discord" },
  };
  const checked = checkRequest(request, settings);
  return newJob(request, "order" in checked ? checked.order : undefined);
}

function drawn(prompt: string, count: number, revised: (index: number) => string | undefined): ChatReply {
  const job = jobFor(prompt, { count: String(count), model: "gpt-image-2" });
  const pictures = job.pictures.map((picture, index) => {
    const kept = {
      name: `${picture.id}.png`,
      preview: `${picture.id}-preview.jpg`,
      mediaType: "image/png",
      width: 1,
      height: 1,
      bytes: 1,
    };
    return { ...picture, state: "kept" as const, kept: { ...kept, revisedPrompt: revised(index) } };
  });
  return finalReply({ ...job, pictures }, settings);
}

/** As the presser of its number is shown a picture. */
const pickedOf = (reply: ChatReply): ChatReply => ({ ...reply, role: "word" });

const shownAll = ({ pictures }: ChatReply): ShownPicture[] =>
  pictures.map((picture, index) => ({ picture, fileName: `easel-${index + 1}.png` }));

type Part = {
  type: ComponentType;
  content?: string;
  components?: Part[];
  items?: unknown[];
  label?: string;
  custom_id?: string;
  url?: string;
  accessory?: Part;
};
const partsOf = (parts: Part[]): Part[] =>
  parts.flatMap((part) => [
    part,
    ...partsOf(part.components ?? []),
    ...(part.accessory ? partsOf([part.accessory]) : []),
  ]);

/** Discord's rules for a message of components V2. */
function holdsTheRules(body: ReturnType<typeof showReply>): Part[] {
  const parts = partsOf(body.components);
  const texts = parts.flatMap(({ content }) => content ?? []);
  expect(parts.length + parts.flatMap(({ items }) => items ?? []).length).toBeLessThanOrEqual(40);
  expect(texts.join("").length).toBeLessThanOrEqual(4000);
  expect(texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 12, 0)).toBeLessThanOrEqual(10_170);
  for (const text of texts) expect(text.length).toBeGreaterThan(0);
  for (const { description } of body.attachments) expect(description?.length ?? 0).toBeLessThanOrEqual(1024);
  const ids = parts.flatMap(({ custom_id }) => custom_id ?? []);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id.length).toBeLessThanOrEqual(100);
  for (const { type, components } of parts)
    if (type === ComponentType.ActionRow) expect(components?.length).toBeLessThanOrEqual(5);
  expect(body.allowed_mentions).toEqual({ parse: [] });
  return parts;
}

const textOf = (parts: Part[]) => parts.flatMap(({ content }) => content ?? []).join("\n");

const PROMPTS: [string, string][] = [
  ["6000 letters", "a".repeat(6000)],
  ["6000 of a script with three bytes", "灯".repeat(6000)],
  ["3000 emoji", "🎨".repeat(3000)],
  ["6000 backticks", "`".repeat(6000)],
  ["2000 lines", "x\n".repeat(2000)],
  ["6000 right-to-left letters", "מ".repeat(6000)],
  ["a thousand overrides", "\u202ea\n".repeat(1500)],
  ["thirty families", "👩‍👩‍👧‍👦".repeat(500)],
];

describe("a message keeps Discord's limits", () => {
  it.each(PROMPTS)("with %s, four pictures and four revised prompts", (_, prompt) => {
    const reply = drawn(prompt, 4, (index) => `${index} ${prompt}`);
    const body = showReply(reply, shownAll(reply), { withAsker: true });
    const parts = holdsTheRules(body);
    expect(parts.find(({ type }) => type === ComponentType.MediaGallery)?.items).toHaveLength(4);
    expect(textOf(parts)).toContain("…");
    expect(textOf(parts).length).toBeLessThan(1000);
  });

  it.each(PROMPTS)("while waiting, with %s", (_, prompt) => {
    const parts = holdsTheRules(showReply(waitingReply(jobFor(prompt), { before: 3 }), []));
    expect(textOf(parts)).toContain("About 3 requests are before yours.");
  });

  it("in a help text for every model there is", () => {
    expect(textOf(holdsTheRules(showReply(helpReply("/imagine", settings), [])))).toContain("GPT Image 2.5 Sunburst");
    holdsTheRules(showReply(welcomeReply("/imagine"), []));
  });

  it("with every fault at once", () => {
    const request = jobFor("x".repeat(9000), {
      model: "dall-e-3",
      size: "9x9",
      quality: "z".repeat(300),
      style: "y",
      background: "w",
      count: "99",
    }).request;
    const checked = checkRequest({ ...request, unknownOptions: ["a", "b"] }, settings);
    if (!("faults" in checked)) throw new Error("no faults");
    holdsTheRules(showReply(declinedReply(newJob(request, undefined), checked.faults), []));
  });
});

describe("what can be done with pictures", () => {
  const rowsOf = (parts: Part[]) =>
    parts
      .filter(({ type }) => type === ComponentType.ActionRow)
      .map(({ components }) => (components ?? []).map(({ label }) => label));

  it("stands in one row under one picture, which comes first, and the rest is behind its last button", () => {
    const reply = drawn("one", 1, () => "One, revised");
    const parts = holdsTheRules(showReply(reply, shownAll(reply)));
    expect(rowsOf(parts)).toEqual([["Again", "Change words", "Edit", "More…"]]);
    expect(parts[1]?.type).toBe(ComponentType.MediaGallery);
    const picked = pickedOf(reply);
    expect(rowsOf(holdsTheRules(showReply(picked, shownAll(picked))))).toEqual([
      ["Again", "Change words", "Use these words", "More like this"],
      ["Edit", "☆ Keep", "Finish in high quality (about 23 cents)", "Family"],
      ["Save as style", "Report", "Open original", "Delete"],
    ]);
  });

  it.each([2, 3, 4])("of %i is behind their numbers", (count) => {
    const reply = drawn("some", count, () => undefined);
    const parts = holdsTheRules(showReply(reply, shownAll(reply)));
    const numbers = Array.from({ length: count }, (_, index) => String(index + 1));
    expect(rowsOf(parts)).toEqual([[...numbers, "All again"]]);
    const ids = parts.flatMap(({ custom_id: id }) => id ?? []);
    expect(ids).toContain(`pick:discord-12345678901234567890.${count}`);
    expect(ids.every((id) => /^[a-z]+:discord-\d+\.\d$/.test(id))).toBe(true);
  });

  it("leaves out what no model here can do", () => {
    const reply = drawn("words alone", 1, () => undefined);
    const pictures = reply.pictures.map((picture) => ({
      ...picture,
      actions: picture.actions?.filter((action) => !["like", "edit"].includes(action)),
    }));
    expect(rowsOf(holdsTheRules(showReply({ ...reply, pictures }, shownAll(reply)))).flat()).not.toContain("Edit");
    const bare = { ...reply, pictures: reply.pictures.map((picture) => ({ ...picture, actions: [] })) };
    expect(rowsOf(holdsTheRules(showReply(bare, shownAll(reply))))).toEqual([["Open original"]]);
    const hidden = rowsOf(holdsTheRules(showReply(reply, [])));
    expect(hidden).toEqual([["Again", "Change words", "Edit", "More…"], ["Open original"]]);
  });

  it("is no more than a way out while it waits, with what is in the making and without", () => {
    const waiting = waitingReply(jobFor("a fox"), { before: 0 });
    const partial = { name: "a-partial.jpg", mediaType: "image/jpeg", width: 1, height: 1, bytes: 1, altText: "a fox" };
    const reply = { ...waiting, pictures: [partial] };
    for (const shown of [shownAll(reply), []]) {
      const parts = holdsTheRules(showReply(reply, shown));
      expect(rowsOf(parts)).toEqual([["Cancel"]]);
      expect(parts.find(({ label }) => label === "Cancel")?.custom_id).toBe("cancel:discord-12345678901234567890");
      expect(textOf(parts)).not.toContain("could not show");
    }
  });
});

describe("revised words", () => {
  it("stand with what was added in bold, and a line that says so", () => {
    const reply = drawn("a red fox", 1, () => "A red fox in deep snow");
    const text = textOf(holdsTheRules(showReply(reply, shownAll(reply))));
    expect(text).toContain("-# What the model drew from: A red fox **in deep snow**");
    expect(text).toContain("Marked: what the model added.");
    const picked = pickedOf(reply);
    expect(textOf(holdsTheRules(showReply(picked, shownAll(picked))))).toContain("> A red fox **in deep snow**");
  });

  it.each([
    ["nothing of the person's is left", "a red fox", "Snow everywhere"],
    ["no word was added", "a red fox, running", "a red fox running"],
  ])("are not marked where %s", (_, own, revised) => {
    const reply = drawn(own, 1, () => revised);
    const text = textOf(holdsTheRules(showReply(reply, shownAll(reply))));
    expect(text).toContain(`-# What the model drew from: ${revised}`);
    expect(text).not.toContain("Marked");
  });

  it.each(PROMPTS)("keep the limits with %s, marked in many places", (_, prompt) => {
    const revised = (index: number) => `${index} ${prompt.slice(0, 3000)} added ${prompt.slice(3000)} and more`;
    const reply = drawn(prompt, 4, revised);
    holdsTheRules(showReply(reply, shownAll(reply), { withAsker: true }));
    const own = Array.from({ length: 900 }, (__, index) => `word${index}`);
    const every = drawn(own.join(" "), 1, () => own.flatMap((word) => [word, "*new*"]).join(" "));
    const picked = pickedOf(every);
    const text = textOf(holdsTheRules(showReply(picked, shownAll(picked))));
    expect(text).toContain("word1 \\***new**\\* word2");
    expect(text).toContain("…");
  });
});

describe("a message", () => {
  it("is no larger with 32,000 characters than with 300, and has the whole words behind a button beside them", () => {
    const long = drawn("word\n".repeat(6400), 1, () => "b ".repeat(16_000));
    const parts = holdsTheRules(showReply(long, shownAll(long)));
    expect(textOf(parts).split("\n").length).toBeLessThan(7);
    expect(textOf(parts).length).toBeLessThan(700);
    const beside = parts.find(({ type }) => type === ComponentType.Section);
    expect(beside?.accessory).toMatchObject({ label: "Show all", custom_id: "whole:discord-12345678901234567890.1" });
    expect(textOf([...(beside?.components ?? [])])).toMatch(/^> word word .*word…$/);
  });

  it("to one person alone shows short words whole, and shortens the long ones alone", () => {
    const reply = pickedOf(drawn("a short prompt", 1, () => "b".repeat(9000)));
    const text = textOf(holdsTheRules(showReply(reply, shownAll(reply))));
    expect(text).toContain("a short prompt\n```");
    expect(text).toMatch(/b{3000,}…/);
    const lines = Array.from({ length: 40 }, (_, index) => `${index}. ${"long ".repeat(60)}`);
    holdsTheRules(showReply({ ...reply, paragraphs: lines }, shownAll(reply)));
  });

  it("says when a picture could not be shown, and where it is", () => {
    const reply = drawn("hidden", 1, () => undefined);
    expect(textOf(holdsTheRules(showReply(reply, [])))).toContain("one click away");
    const kept = { ...reply, pictures: reply.pictures.map((picture) => ({ ...picture, url: undefined })), actions: [] };
    expect(textOf(holdsTheRules(showReply(kept, [])))).toContain("drawn and kept");
  });

  it("names the asker only when told to, and literally", () => {
    const reply = drawn("a name", 1, () => undefined);
    expect(textOf(holdsTheRules(showReply(reply, shownAll(reply))))).not.toContain("Ada");
    expect(textOf(holdsTheRules(showReply(reply, shownAll(reply), { withAsker: true })))).toContain(
      "Asked by \\*Ada\\* \\<@\u200b1>",
    );
  });

  it("bears the reference of an apology", () => {
    expect(textOf(holdsTheRules(showReply(sorryReply(failedBecause.broken, "1234ABCD"), [])))).toContain(
      "Reference 1234ABCD",
    );
  });

  it("leaves a quote out that has no words", () => {
    expect(
      textOf(
        holdsTheRules(
          showReply({ ...sorryReply(failed.storage), quotes: [{ label: labels.yourWords, words: " " }] }, []),
        ),
      ),
    ).not.toContain("Your words");
  });
});

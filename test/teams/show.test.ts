import { describe, expect, test } from "vitest";
import type { Element } from "../../adapters/teams/card.ts";
import { fieldsToMend, formCard } from "../../adapters/teams/form.ts";
import { shorten } from "../../adapters/teams/shorten.ts";
import { showReply } from "../../adapters/teams/show.ts";
import type { ChatReply, ReplyPicture } from "../../src/reply.ts";
import { readSettings } from "../../src/settings.ts";
import { textsIn } from "./open-world.ts";

const settings = readSettings(
  { IMAGE_MODELS: "dall-e-3,gpt-image-2", OPENAI_API_KEY: "x", AZURE_STORAGE_ACCOUNT: "easel" },
  [],
);
const showing = { longestPrompt: 32_000, shared: true };
const picture = (number: number): ReplyPicture => ({
  name: `${number}.png`,
  mediaType: "image/png",
  width: 1792,
  height: 1024,
  bytes: 3_000_000,
  url: `https://easel.example/pictures/${number}.png`,
  previewUrl: `https://easel.example/pictures/${number}-preview.jpg`,
  altText: "a lighthouse",
});
const reply = (changes: Partial<ChatReply> = {}): ChatReply => ({
  mood: "finished",
  title: "Here it is",
  paragraphs: [],
  quotes: [{ label: "Your words", words: "a lighthouse" }],
  pictures: [picture(1)],
  facts: [{ name: "Model", value: "DALL·E 3" }],
  actions: [{ do: "open", label: "Open original", url: picture(1).url ?? "" }],
  forAskerOnly: false,
  askedBy: { platform: "teams", channel: "c", user: "u", name: "Ada" },
  ...changes,
});
const cardOf = (reply: ChatReply, more = {}) => showReply(reply, { ...showing, ...more }).attachments[0]?.content;
const sizeOf = (card: unknown) => Buffer.byteLength(JSON.stringify(card));
function elements(part: unknown, type: string): Element[] {
  if (typeof part !== "object" || part === null) return [];
  const own = "type" in part && part.type === type ? [part as Element] : [];
  return [
    ...own,
    ...Object.entries(part).flatMap(([name, value]) => (name === "fallback" ? [] : elements(value, type))),
  ];
}

const emoji = "👩‍🚀".repeat(6400);
const hostile = [
  ["emoji of four bytes", "🦊".repeat(16_000)],
  ["joined emoji", emoji],
  ["quotes and backslashes", `"\\`.repeat(16_000)],
  ["control characters", "\u0001\u0007".repeat(16_000)],
  ["halves of characters", "\ud83e".repeat(32_000)],
  ["right to left", "מגדלור ".repeat(4600)],
  ["one endless word", "x".repeat(32_000)],
] as const;

describe("a card stays under 28 KB", () => {
  test.each(hostile)("with %s", (_, words) => {
    const revise = { do: "revise" as const, label: "Revise", job: "teams-1", words };
    const replies = [
      reply({
        quotes: [
          { label: "Your words", words },
          { label: "Revised", words },
        ],
        pictures: [1, 2, 3, 4].map((n) => ({ ...picture(n), altText: words })),
      }),
      reply({
        mood: "declined",
        paragraphs: Array.from({ length: 500 }, () => words),
        pictures: [],
        quotes: [],
        actions: [revise],
      }),
      reply({ askedBy: { platform: "teams", channel: "c", user: "u", name: words } }),
    ];
    for (const each of replies) {
      expect(sizeOf(cardOf(each))).toBeLessThan(28 * 1024);
      expect(JSON.stringify(showReply(each, showing)).length * 2).toBeLessThan(80 * 1024);
    }
  });

  test("and uses what room there is, ending in an ellipsis between two characters", () => {
    const card = cardOf(reply({ quotes: [{ label: "Your words", words: emoji }] }));
    expect(sizeOf(card)).toBeGreaterThan(25_000);
    const [shown = ""] = textsIn(card).filter((text) => text.startsWith("👩"));
    expect(shown).toMatch(/^(?:👩‍🚀)+…$/u);
  });

  test("while words that fit stand whole", () => {
    const words = "word ".repeat(2000).trim();
    expect(textsIn(cardOf(reply({ quotes: [{ label: "Your words", words }] })))).toContain(words);
  });
});

describe("somebody's words", () => {
  const attack = "**bold** [link](https://evil.example) <at>everyone</at> # title ![](https://evil.example/x.png)";
  test("stand only where nothing is read as markdown", () => {
    const card = cardOf(
      reply({
        paragraphs: [attack],
        quotes: [{ label: "Your words", words: attack }],
        askedBy: { platform: "teams", channel: "c", user: "u", name: attack },
        facts: [{ name: "Model", value: attack }],
      }),
    );
    expect(elements(card, "TextBlock")).toEqual([]);
    expect(textsIn(card).filter((text) => text.includes(attack))).toHaveLength(3);
    expect(JSON.stringify(elements(card, "FactSet"))).toContain(String.raw`\\[link\\]\\(https`);
    expect(JSON.stringify([card?.msteams, card?.speak, card?.fallbackText])).not.toContain("evil");
    expect(JSON.stringify(card)).not.toContain('"mention"');
  });
});

describe("pictures", () => {
  test("one: our own address, alternative text, full screen, the original behind it", () => {
    expect(elements(cardOf(reply()), "Image")).toEqual([
      {
        type: "Image",
        url: "https://easel.example/pictures/1-preview.jpg",
        altText: "a lighthouse",
        size: "stretch",
        allowExpand: true,
        msteams: { allowExpand: true },
        selectAction: { type: "Action.OpenUrl", title: "Open original", url: "https://easel.example/pictures/1.png" },
      },
    ]);
  });

  test.each([2, 3, 4])("%i: two by two, in one card, in order", (count) => {
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    const card = cardOf(reply({ pictures: numbers.map(picture) }));
    expect(elements(card, "Image").map(({ url }) => url)).toEqual(numbers.map((number) => picture(number).previewUrl));
    const rows = elements(card, "ColumnSet").map((row) => (row.columns as unknown[]).length);
    expect(rows).toEqual(count === 2 ? [2] : [2, 2]);
  });

  test("without a preview: a small original is shown, a large one is one click away", () => {
    const plain = { ...picture(1), previewUrl: undefined };
    expect(elements(cardOf(reply({ pictures: [{ ...plain, width: 1024, bytes: 900_000 }] })), "Image")).toHaveLength(1);
    for (const large of [
      plain,
      { ...plain, width: 1024, bytes: 2_000_000 },
      { ...plain, width: 1024, bytes: 9, mediaType: "image/webp" },
    ]) {
      const card = cardOf(reply({ pictures: [large] }));
      expect(elements(card, "Image")).toEqual([]);
      expect(textsIn(card)).toContain("I could not show it here, so it is one click away.");
    }
  });

  test("are labelled as made by AI, once, and can be rated; nothing else is", () => {
    const message = showReply(reply({ pictures: [picture(1), picture(2)] }), showing);
    expect(message.entities).toEqual([
      {
        type: "https://schema.org/Message",
        "@type": "Message",
        "@context": "https://schema.org",
        additionalType: ["AIGeneratedContent"],
      },
    ]);
    expect(message.channelData).toEqual({ feedbackLoop: { type: "default" } });
    expect(showReply(reply({ mood: "waiting", pictures: [] }), showing)).not.toHaveProperty("entities");
  });
});

describe("a card", () => {
  test("is of version 1.5, wide, with words for notifications and old clients, and no text beside it", () => {
    const message = showReply(reply(), showing);
    expect(message.attachments).toHaveLength(1);
    expect(message).not.toHaveProperty("text");
    expect(message.summary).toBe("Here it is: a lighthouse");
    expect(cardOf(reply())).toMatchObject({
      version: "1.5",
      msteams: { width: "Full" },
      speak: "Here it is",
      fallbackText: "Here it is",
    });
  });

  test("says who asked where several people read it", () => {
    expect(textsIn(cardOf(reply()))).toContain("Asked by Ada");
    expect(textsIn(cardOf(reply(), { shared: false }))).not.toContain("Asked by Ada");
  });

  test("to revise has the words in a field, and sends the same either way", () => {
    const card = cardOf(
      reply({
        mood: "declined",
        pictures: [],
        quotes: [],
        actions: [{ do: "revise", label: "Revise", job: "teams-1", words: "a cat" }],
      }),
    );
    expect(elements(card, "Input.Text")).toMatchObject([
      { id: "prompt", value: "a cat", isMultiline: true, maxLength: 32_000 },
    ]);
    const data = { do: "revise", job: "teams-1" };
    expect(elements(card, "Action.Execute")).toMatchObject([
      { verb: "revise", data, fallback: { type: "Action.Submit", data } },
    ]);
  });

  test("brief: the way to the pictures, and neither they nor the words", () => {
    const card = cardOf(reply(), { brief: true });
    expect(elements(card, "Image")).toEqual([]);
    expect(textsIn(card)).not.toContain("a lighthouse");
    expect(elements(card, "Action.OpenUrl")).toHaveLength(1);
  });
});

describe("the form", () => {
  test("offers what the models set up here can do", () => {
    const choices = elements(formCard("ada", settings), "Input.ChoiceSet");
    const values = Object.fromEntries(
      choices.map(({ id, choices }) => [id, (choices as { value: string }[]).map(({ value }) => value)]),
    );
    expect(values).toMatchObject({
      model: ["as-usual", "dall-e-3", "gpt-image-2"],
      style: ["as-usual", "vivid", "natural"],
      count: ["as-usual", "1", "2", "3", "4"],
    });
    expect(new Set(choices.map(({ value }) => value))).toEqual(new Set(["as-usual"]));
    expect(values.quality).toEqual(expect.arrayContaining(["standard", "hd", "low", "high"]));
    expect(values.size).toEqual(expect.arrayContaining(["square", "wide", "tall", "3840x2160", "auto"]));
    expect(sizeOf(formCard("ada", settings))).toBeLessThan(28 * 1024);
  });

  test("leaves out what nobody can choose", () => {
    const ids = elements(
      formCard("ada", { ...settings, models: [{ name: "dall-e-3", deployment: "d" }] }),
      "Input.ChoiceSet",
    ).map(({ id }) => id);
    expect(ids).toEqual(["size", "quality", "style", "count"]);
  });

  test("to mend a request has the fields that were wrong, and those alone", () => {
    const request = {
      id: "teams-1",
      prompt: "a cat",
      options: { size: "512x512", quality: "hd", count: "9" },
      unknownOptions: ["--ar"],
      private: false,
      askedBy: { platform: "teams", channel: "c", user: "u", name: "Ada" },
      address: { platform: "teams" },
    };
    const ids = elements(fieldsToMend(request, settings), "Input.ChoiceSet").map(({ id }) => id);
    expect(new Set(ids)).toEqual(new Set(["count", "size"]));
  });
});

test.each([
  ["abc", 3, "abc"],
  ["abcd", 3, "ab…"],
  ["a👩‍🚀b", 5, "a…"],
  ["🦊🦊", 3, "🦊…"],
  ["abc", 0, "…"],
])("%s in %i is %s", (text, most, expected) => expect(shorten(text, most)).toBe(expected));

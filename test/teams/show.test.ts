import { describe, expect, test } from "vitest";
import type { Element } from "../../adapters/teams/card/card-parts.ts";
import { makeCard } from "../../adapters/teams/card/card-parts.ts";
import { askedIn } from "../../adapters/teams/card/button-data.ts";
import { fieldsToMend, formCard } from "../../adapters/teams/card/request-form.ts";
import { shorten } from "../../src/words/shorten.ts";
import { showReply } from "../../adapters/teams/show.ts";
import { CELLS } from "../../src/pixels/grid-and-mask.ts";
import { PICTURE_ACTIONS } from "../../src/request/request.ts";
import { finished, history, labels } from "../../src/words/sentences.ts";
import type { ChatReply, ReplyPicture } from "../../src/replies/reply.ts";
import { readSettings } from "../../src/settings.ts";
import { markAdded } from "../../src/words/word-difference.ts";
import { actionsOf, findAction } from "../fakes/microsoft/card-actions.ts";
import { cardFaults } from "../fakes/microsoft/card-rules.ts";
import { spoken } from "../words/spoken.ts";
import { textsIn } from "./open-world.ts";

const settings = readSettings(
  { IMAGE_MODELS: "dall-e-3,gpt-image-2", OPENAI_API_KEY: "x", AZURE_STORAGE_ACCOUNT: "easel" },
  [],
);
const inEnglish = { targeted: false, locale: "en-GB" };
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
/** As it stands under a finished job. */
const goneOnFrom = (number: number, words: string, revised = words): ReplyPicture => ({
  ...picture(number),
  altText: words,
  ref: `teams-${"a".repeat(40)}.${number}`,
  actions: [...PICTURE_ACTIONS],
  words: { own: words, revised },
});
const reply = (changes: Partial<ChatReply> = {}): ChatReply => ({
  role: "answer",
  mood: "finished",
  title: finished.title,
  paragraphs: [],
  quotes: [{ label: labels.yourWords, words: "a lighthouse" }],
  pictures: [picture(1)],
  facts: [{ name: labels.model, value: "DALL·E 3" }],
  actions: [{ do: "open", label: labels.openOriginal, url: picture(1).url ?? "" }],
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
    const revise = { do: "revise" as const, label: labels.revise, job: "teams-1", words };
    const replies = [
      reply({
        quotes: [
          { label: labels.yourWords, words },
          { label: labels.revisedWords, words },
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
      ...[1, 4].map((count) =>
        reply({
          quotes: [
            { label: labels.yourWords, words },
            { label: labels.revisedWords, words: `x ${words}`, marked: markAdded(words.slice(0, 2000), `x ${words}`) },
          ],
          pictures: Array.from({ length: count }, (_, index) => goneOnFrom(index + 1, words, `x ${words}`)),
        }),
      ),
      reply({
        role: "word",
        mood: "help",
        quotes: [],
        pictures: [picture(1)],
        paragraphs: Array.from({ length: 30 }, () => words),
        actions: [
          {
            do: "pick",
            label: labels.goOnFrom,
            choices: Array.from({ length: 25 }, (_, n) => ({
              ref: `a.${n + 1}`,
              name: history.choice({ number: n + 1, words }),
            })),
          },
          { do: "change", label: labels.draw, draft: "d", cells: CELLS },
          { do: "page", label: labels.older, page: 1 },
        ],
      }),
    ];
    for (const each of replies) {
      expect(cardFaults(cardOf(each)).filter((fault) => !fault.includes("alone"))).toEqual([]);
      expect(sizeOf(cardOf(each))).toBeLessThan(28 * 1024);
      expect(JSON.stringify(showReply(each, showing)).length * 2).toBeLessThan(80 * 1024);
    }
  });

  test("and uses what room there is, ending in an ellipsis between two characters", () => {
    const card = cardOf(reply({ quotes: [{ label: labels.yourWords, words: emoji }] }));
    expect(sizeOf(card)).toBeGreaterThan(25_000);
    const [shown = ""] = textsIn(card).filter((text) => text.startsWith("👩"));
    expect(shown).toMatch(/^(?:👩‍🚀)+…$/u);
  });

  test("while words that fit stand whole", () => {
    const words = "word ".repeat(2000).trim();
    expect(textsIn(cardOf(reply({ quotes: [{ label: labels.yourWords, words }] })))).toContain(words);
  });
});

describe("somebody's words", () => {
  const attack = "**bold** [link](https://evil.example) <at>everyone</at> # title ![](https://evil.example/x.png)";
  test("stand only where nothing is read as markdown", () => {
    const card = cardOf(
      reply({
        paragraphs: [attack],
        quotes: [{ label: labels.yourWords, words: attack }],
        askedBy: { platform: "teams", channel: "c", user: "u", name: attack },
        facts: [{ name: labels.model, value: attack }],
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
    const card = cardOf(reply({ pictures: numbers.map((number) => ({ ...picture(number), width: 1024 })) }));
    expect(elements(card, "Image").map(({ url }) => url)).toEqual(numbers.map((number) => picture(number).previewUrl));
    const rows = elements(card, "ColumnSet").map((row) => (row.columns as unknown[]).length);
    expect(rows).toEqual(count === 2 ? [2] : [2, 2]);
  });

  test("two wide ones: one above the other, each as wide as the card", () => {
    const card = cardOf(reply({ pictures: [picture(1), picture(2)] }));
    expect(elements(card, "ColumnSet")).toEqual([]);
    expect(elements(card, "Image").map(({ size, url }) => [size, url])).toEqual([
      ["stretch", picture(1).previewUrl],
      ["stretch", picture(2).previewUrl],
    ]);
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
    expect(showReply(reply({ role: "progress", mood: "waiting", pictures: [] }), showing)).not.toHaveProperty(
      "entities",
    );
  });
});

describe("what goes on from a picture", () => {
  const under = (pictures: ReplyPicture[], more: Partial<ChatReply> = {}) =>
    showReply(reply({ pictures, ...more }), showing);
  const hiddenIn = (message: ReturnType<typeof under>) =>
    elements(message.attachments[0]?.content, "Container").filter(({ isVisible }) => isVisible === false);
  const titlesIn = (part: unknown) =>
    actionsOf({ attachments: [{ contentType: "x", content: part }] }).map(({ title }) => title);

  test("one: three buttons in sight, and one that unfolds the rest", () => {
    const message = under([goneOnFrom(1, "a cat", "a fat cat")]);
    expect(cardFaults(message.attachments[0]?.content)).toEqual([]);
    const rows = message.attachments[0]?.content.body.filter(({ type }) => type === "ActionSet") ?? [];
    expect(rows.map(({ actions }) => (actions as Element[]).map(({ title }) => title))).toEqual([
      ["Again", "Change words", "Edit", "More…"],
    ]);
    const [details] = hiddenIn(message).filter(({ id }) => id === "details");
    expect(titlesIn({ ...makeCard([{ ...details, type: "Container" }], []) })).toEqual([
      "Use these words",
      "Draw",
      "More like this",
      "☆ Keep",
      "Finish in high quality",
      "Again in high quality",
      "Family",
      "Describe",
      "Save as style",
      "Save",
      "Report",
      "Send the report",
      "Open original",
      "Delete",
    ]);
    expect(JSON.stringify(details)).toContain("DALL·E 3");
    expect(findAction(message, "More…")).toMatchObject({ targetElements: ["details"] });
  });

  test("one: each button holds the picture and nothing else, the same for clients of any age", () => {
    const message = under([goneOnFrom(1, "a cat", "a fat cat")]);
    for (const title of ["Again", "More like this", "Edit", "Finish in high quality", "Family", "Delete"])
      expect(Object.keys(findAction(message, title).data as object)).toEqual(["do", "ref"]);
    expect(findAction(message, "Delete")).toMatchObject({ style: "destructive" });
  });

  test("one: words stand in their fields", () => {
    const card = cardOf(reply({ pictures: [goneOnFrom(1, "a cat", "a fat cat")] }));
    expect(
      elements(card, "Input.Text")
        .filter(({ value }) => value !== undefined)
        .map(({ id, value }) => [id, value]),
    ).toEqual([
      ["words1", "a cat"],
      ["revised1", "a fat cat"],
    ]);
  });

  test("one: what is not possible is not there", () => {
    const titles = actionsOf(
      under([{ ...goneOnFrom(1, "a cat"), actions: ["again", "delete"] }], { facts: [], actions: [] }),
    ).map(({ title }) => title);
    expect(titles).toEqual(["Open original", "Again", "More…", "Delete"]);
  });

  test.each([2, 3, 4])("%i: a number for each, all again, and no more than seven buttons", (count) => {
    const pictures = Array.from({ length: count }, (_, index) => goneOnFrom(index + 1, "a cat", "a fat cat"));
    const choices = pictures.map(({ ref = "" }, index) => ({ ref, name: labels.pictureNumber({ number: index + 1 }) }));
    const [first] = choices;
    const message = under(pictures, {
      actions: [
        { do: "pick", label: labels.goOnFrom, choices },
        { do: "all", label: labels.allAgain, ref: first?.ref ?? "" },
      ],
    });
    expect(cardFaults(message.attachments[0]?.content)).toEqual([]);
    const rows = elements(message.attachments[0]?.content, "ActionSet");
    const numbers = choices.map((_, index) => String(index + 1));
    expect(rows.map(({ actions }) => (actions as Element[]).map(({ title }) => title))).toEqual([
      [...numbers, "All again"],
    ]);
    for (const [index, { ref }] of choices.entries())
      expect(findAction(message, String(index + 1))).toMatchObject({
        data: { do: "pick", ref },
        tooltip: `Picture ${index + 1}`,
      });
    expect(findAction(message, "All again").data).toEqual({ do: "all", ref: first?.ref });
  });

  test.each([300, 32_000])(
    "%i characters of words: as much of them in sight, and the whole one press away",
    (length) => {
      const words = "word ".repeat(length / 5).trim();
      const quotes = [
        { label: labels.yourWords, words },
        {
          label: labels.revisedWords,
          words: `x ${words}`,
          marked: [
            { words: "x", added: true },
            { words: ` ${words}`, added: false },
          ],
        },
      ];
      const message = under([goneOnFrom(1, words, `x ${words}`)], { quotes });
      const hidden = new Set(hiddenIn(message).map(({ id }) => id));
      expect([...hidden]).toEqual(["words-whole", "details"]);
      const inSight = message.attachments[0]?.content.body.filter(({ isVisible }) => isVisible !== false);
      const shown = elements(inSight, "TextRun")
        .map(({ text }) => String(text))
        .join("");
      expect(shown.length).toBeLessThan(460);
      expect(shown).toContain("Show all");
    },
  );

  test("nothing, under a picture in the making", () => {
    const waiting = reply({
      role: "progress",
      mood: "waiting",
      pictures: [{ ...picture(1), url: picture(1).previewUrl }],
      actions: [{ do: "cancel", label: labels.cancel, job: "teams-1" }],
    });
    expect(actionsOf(showReply(waiting, showing)).map(({ title }) => title)).toEqual(["Cancel"]);
  });
});

test("cells lie as in the picture, a column beside the other", () => {
  const card = cardOf(
    reply({
      role: "word",
      mood: "help",
      actions: [{ do: "change", label: labels.describeChange, draft: "d", cells: CELLS }],
    }),
  );
  const columns = elements(card, "Input.ChoiceSet").map(({ id, choices }) => [
    id,
    (choices as { value: string }[]).map(({ value }) => value).join(" "),
  ]);
  expect(columns).toEqual([
    ["cellsA", "A1 A2 A3 A4"],
    ["cellsB", "B1 B2 B3 B4"],
    ["cellsC", "C1 C2 C3 C4"],
    ["cellsD", "D1 D2 D3 D4"],
  ]);
});

test("a list has its sheet first, then its lines", () => {
  const card = cardOf(
    reply({
      role: "word",
      mood: "help",
      quotes: [],
      facts: [],
      paragraphs: ["1. a cat", "2. a dog"],
      actions: [
        {
          do: "pick",
          label: labels.goOnFrom,
          choices: [{ ref: "a.1", name: history.choice({ number: 1, words: "a cat" }) }],
        },
      ],
    }),
  );
  const kinds = (card?.body ?? []).map(({ type }) => type);
  expect(kinds.indexOf("Image")).toBe(1);
  expect(kinds.slice(2, 4)).toEqual(["RichTextBlock", "RichTextBlock"]);
  expect(textsIn(card).slice(0, 3)).toEqual([spoken(finished.title), "1. a cat", "2. a dog"]);
});

describe("what the model added", () => {
  const quote = (own: string, words: string) => ({ label: labels.revisedWords, words, marked: markAdded(own, words) });
  const runs = (card: unknown) => elements(card, "TextRun");

  test("is marked, and the words stand whole", () => {
    const card = cardOf(reply({ quotes: [quote("a cat on a mat", "A fat cat sits on a mat.")] }));
    expect(
      runs(card)
        .filter(({ highlight }) => highlight)
        .map(({ text }) => text),
    ).toEqual(["fat", "sits"]);
    expect(
      runs(card)
        .map(({ text }) => text)
        .join(""),
    ).toContain("A fat cat sits on a mat.");
    expect(textsIn(card)).toContain("Marked: what the model added.");
  });

  test("is not where there is nothing to mark, or too much", () => {
    const many = Array.from({ length: 400 }, (_, index) => `w${index} new${index}`).join(" ");
    const own = Array.from({ length: 400 }, (_, index) => `w${index}`).join(" ");
    for (const each of [quote("a cat", "a cat"), { label: labels.revisedWords, words: "a cat" }, quote(own, many)]) {
      const card = cardOf(reply({ quotes: [each] }));
      expect(runs(card).some(({ highlight }) => highlight)).toBe(false);
      expect(textsIn(card)).toContain(each.words);
      expect(textsIn(card)).not.toContain("Marked: what the model added.");
    }
  });

  test("ends where the words are cut, with an ellipsis", () => {
    const words = `${"word ".repeat(4000)}tail ${"more ".repeat(4000)}`;
    const card = cardOf(reply({ quotes: [quote("word ".repeat(4000), words)] }));
    const shown = runs(card)
      .map(({ text }) => text)
      .join("");
    expect(shown).toMatch(/ (?:m|mo|mor|more)…/);
    expect(sizeOf(card)).toBeLessThan(28 * 1024);
  });
});

describe("a card", () => {
  test("is of version 1.5, wide but under one picture, with words for notifications and old clients, and no text beside it", () => {
    const message = showReply(reply(), showing);
    expect(message.attachments).toHaveLength(1);
    expect(message).not.toHaveProperty("text");
    expect(message.summary).toBe("Here it is: a lighthouse");
    expect(cardOf(reply())).toMatchObject({
      version: "1.5",
      msteams: {},
      speak: "Here it is",
      fallbackText: "Here it is",
    });
    for (const wide of [{ pictures: [picture(1), picture(2)] }, { role: "word" as const }])
      expect(cardOf(reply(wide))?.msteams).toEqual({ width: "Full" });
  });

  test("without a title has words for notifications all the same, and nobody's name formats them", () => {
    const deleted = reply({
      title: undefined,
      paragraphs: ["[A](https://x.example) has deleted this picture."],
      quotes: [],
    });
    expect(showReply(deleted, showing).summary).toContain("has deleted this picture");
    expect(cardOf(deleted)?.fallbackText).toContain("has deleted this picture");
    expect(cardOf(deleted)?.fallbackText).not.toMatch(/[[\]()]/);
    expect(showReply(reply({ title: undefined, quotes: [] }), showing).summary).not.toBe("");
  });

  test("says who asked where several people read it", () => {
    expect(textsIn(cardOf(reply()))).toContain("Asked by Ada");
    expect(textsIn(cardOf(reply(), { shared: false }))).not.toContain("Asked by Ada");
  });

  test("to revise has the words in a field and nowhere else, and sends the same either way", () => {
    const card = cardOf(
      reply({
        mood: "declined",
        pictures: [],
        quotes: [{ label: labels.yourWords, words: "a cat" }],
        actions: [{ do: "revise", label: labels.revise, job: "teams-1", words: "a cat" }],
      }),
    );
    expect(elements(card, "Input.Text")).toMatchObject([
      { id: "prompt", value: "a cat", isMultiline: true, maxLength: 32_000 },
    ]);
    expect(textsIn(card)).not.toContain("a cat");
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
    const choices = elements(formCard("ada", settings, inEnglish), "Input.ChoiceSet");
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
    expect(sizeOf(formCard("ada", settings, inEnglish))).toBeLessThan(28 * 1024);
  });

  test("takes the name of a saved style, unless the words have one", () => {
    const fields = elements(formCard("ada", settings, inEnglish), "Input.Text").map(({ id }) => id);
    expect(fields).toEqual(["prompt", "saved-style"]);
    const sent = { prompt: "a fox", style: "as-usual", size: "wide", "saved-style": " old harbour " };
    expect(askedIn(sent)).toMatchObject({ prompt: "a fox", options: { size: "wide", style: "old harbour" } });
    expect(askedIn({ ...sent, prompt: "a fox --style none" }).options).toMatchObject({ style: "none" });
    expect(askedIn({ ...sent, "saved-style": " " }).options).toEqual({ size: "wide" });
  });

  test("leaves out what nobody can choose", () => {
    const ids = elements(
      formCard("ada", { ...settings, models: [{ name: "dall-e-3", deployment: "d" }] }, inEnglish),
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

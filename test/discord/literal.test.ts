import { describe, expect, it } from "vitest";
import type { APIMessage } from "discord.js";
import { codeBlock, literal, quotation } from "../../adapters/discord/message/literal.ts";
import { wordsIn } from "../../adapters/discord/message/read-message.ts";
import { showReply } from "../../adapters/discord/show.ts";
import type { ChatReply } from "../../src/replies/reply.ts";
import { history, labels, together } from "../../src/words/sentences.ts";
import { MEANINGFUL } from "../../local/discord/markdown.ts";

const HOSTILE: [string, string][] = [
  [
    "mentions",
    "@everyone @here <@123456789012345678> <@!123456789012345678> <@&123456789012345678> <#123456789012345678>",
  ],
  ["timestamps and commands", "<t:1700000000:R> <t:0> </imagine:123456789012345678> <id:customize>"],
  ["markdown", "**bold** *it* __under__ ~~gone~~ ||spoiler|| `code`"],
  [
    "headings, lists, quotes",
    "# one\n## two\n-# small\n- item\n+ item\n* item\n1. first\n2) second\n> quote\n>>> long\n  - inner",
  ],
  ["links", "https://example.org http://x.y discord://z [click](https://evil.example) <https://example.org>"],
  ["a code block that ends early", "```\n@everyone\n```js\nhttps://example.org"],
  ["many backticks", "`````````"],
  ["overrides of direction", "pay \u202eevil\u202c and \u2066isolated\u2069 and \u202aleft open"],
  ["server emoji", "<:smile:123456789012345678> <a:dance:123456789012345678>"],
  ["backslashes", "\\*not escaped\\* \\<@123456789012345678> \\\\`"],
];

describe("our sentences with somebody's words in them", () => {
  it.each(HOSTILE)("show %s as plain characters", (_, words) => {
    const shown = literal(words).replaceAll("\\\\", "");
    for (const [what, pattern] of MEANINGFUL) expect(shown, what).not.toMatch(pattern);
  });

  it.each([
    "GPT Image 2 draws 1024×1024 (square), 1536×1024 (wide) and others.",
    "“512×512” was DALL·E 2. It's fine, isn't it?",
    "מגדלור 🏳️‍🌈 مرحبا",
  ])("leave %s as it is", (sentence) => expect(literal(sentence)).toBe(sentence));
});

describe("somebody's words with some in bold", () => {
  /** Every third letter begins another stretch, so that marks fall into the middle of whatever it is. */
  const chopped = (words: string) =>
    (words.match(/[^]{1,3}/g) ?? []).map((part, index) => ({ words: part, bold: index % 2 === 0 }));

  it.each(HOSTILE)("show %s as plain characters, however they are cut", (_, words) => {
    for (const stretches of [chopped(words), [{ words, bold: true }], [{ words, bold: false }]]) {
      const shown = quotation(stretches);
      for (const line of shown.split("\n")) expect(line).toMatch(/^> /);
      // The bold type is ours, and pairs; within it and without it nothing means anything.
      const lines = shown.replaceAll(/^> /gm, "");
      const ours = lines.replaceAll("\\\\", "").replaceAll(/\\[^]/g, "").match(/\*\*/g) ?? [];
      expect(ours.length % 2).toBe(0);
      const bare = lines.replaceAll("\\\\", "").replaceAll(/(?<!\\)\*\*/g, "");
      for (const [what, pattern] of MEANINGFUL) {
        if (!["a heading", "a quote", "a list", "a link"].includes(what)) expect(bare, what).not.toMatch(pattern);
      }
      // These are looked for at the beginning of a line, or in one piece: the bold type in between takes them apart.
      for (const what of ["a heading", "a quote", "a list", "a link"])
        expect(lines.replaceAll("\\\\", ""), what).not.toMatch(new Map(MEANINGFUL).get(what) ?? /^/);
    }
  });

  it("sets each line's own stretch in bold, without the white space around it", () => {
    expect(
      quotation([
        { words: "a red fox ", bold: false },
        { words: " in snow \n at dawn", bold: true },
      ]),
    ).toBe("> a red fox  **in snow** \n>  **at dawn**");
  });

  it("is not fooled by characters that stand for our marks", () => {
    expect(quotation([{ words: "a \ue000b\ue001 c", bold: false }])).toBe("> a b c");
  });
});

describe("somebody's words at length", () => {
  it.each(HOSTILE)("cannot end the block with %s", (_, words) => {
    const block = codeBlock(words);
    expect(block.match(/```/g)).toHaveLength(2);
    expect(block.startsWith("```\n")).toBe(true);
    expect(block.endsWith("\n```")).toBe(true);
    const inside = block.slice(4, -4);
    expect(inside).not.toMatch(/``/);
    expect(inside.replaceAll(/[\u200b\u2068\u2069\u2066]/gu, "")).toBe(words.replaceAll(/[\u2066\u2069]/gu, ""));
  });

  it.each(["מגדלור עשוי מספרים", "🎨👩‍👩‍👧‍👦🏳️‍🌈", "two\nlines\tand a tab", "zero\u200bwidth\u200djoiner"])(
    "keeps %s",
    (words) => {
      expect(codeBlock(words)).toBe(`\`\`\`\n${words}\n\`\`\``);
    },
  );

  it("closes within each line what the line opens", () => {
    for (const line of codeBlock("a \u202eb\n\u2067c \u2066d\n\u2069e").split("\n").slice(1, -1)) {
      const opened = line.match(/[\u2066-\u2068]/gu)?.length ?? 0;
      expect(line.match(/\u2069/gu)?.length ?? 0).toBe(opened);
    }
  });
});

/** Seconds for patterns that begin anew at each character, and some milliseconds for one that does not. */
const MOST_MILLISECONDS = 1500;

describe("a text of 40,000 characters made to hold the process", () => {
  const TIMES = 40_000;
  const long = (part: string) => part.repeat(Math.ceil(TIMES / part.length));
  it.each([
    ["line feeds", long("\n")],
    ["carriage returns", long("\r")],
    ["line separators", long("\u2028")],
    ["both kinds of separators", long("\u2029\u2028")],
    ["empty lines with a space", long(" \n")],
    ["lines of a letter", long("a\n")],
    ["spaces", long(" ")],
    ["tabs before a mark", `${long("\t")}#`],
    ["digits", long("1")],
    ["digits in lines", long("1 \n")],
    ["spaces and a letter", `${long(" ")}a`],
    ["backticks", long("`")],
    ["stars", long("*")],
    ["private marks", long("\ue000")],
    ["overrides", long("\u202e")],
    ["isolates", long("\u2066")],
    ["marks on one letter", `e${long("\u0301")}`],
    ["half characters", long("\ud83d")],
    ["joined emoji", long("\u{1f469}\u200d")],
    ["angles", long("<@")],
    ["colons in angles", long("<:a")],
    ["slashes", long("://")],
  ])("is shown in no time: %s", (_, words) => {
    const begin = performance.now();
    literal(words);
    codeBlock(words);
    quotation([
      { words, bold: true },
      { words, bold: false },
    ]);
    const marked = [
      { words: words.slice(0, 20_000), added: true },
      { words: words.slice(20_000), added: false },
    ];
    const picture = { name: "a.png", mediaType: "image/png", width: 1, height: 1, bytes: 1, altText: words };
    const reply: ChatReply = {
      role: "answer",
      mood: "finished",
      paragraphs: [words, words],
      quotes: [
        { label: labels.yourWords, words },
        { label: labels.revisedWords, words, marked },
      ],
      pictures: [picture],
      facts: [],
      actions: [
        { do: "pick", label: together([words]), choices: [{ ref: "r", name: history.choice({ number: 1, words }) }] },
      ],
      forAskerOnly: false,
    };
    showReply(reply, [{ picture, fileName: "a.png" }]);
    wordsIn({ content: words, embeds: [], components: [], mentions: [] } as unknown as APIMessage);
    expect(performance.now() - begin).toBeLessThan(MOST_MILLISECONDS);
  });
});

import { describe, expect, it } from "vitest";
import { markAdded } from "../../src/words/word-difference.ts";

/** As a message would show it: what was added between brackets. */
const shown = (own: string, revised: string) =>
  markAdded(own, revised)
    .map(({ words, added }) => (added ? `[${words}]` : words))
    .join("");

/** Always the same numbers: what fails once fails again. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

describe("what a model added to a person's words", () => {
  it.each([
    [
      "a cat on a roof",
      "A photo of a cat, sitting on a roof at dusk.",
      "[A photo of] a cat, [sitting] on a roof [at dusk.]",
    ],
    ["a cat", "a cat", "a cat"],
    ["A CAT!", "“a cat”…", "“a cat”…"],
    ["", "A cat. It sits.", "[A cat. It sits.]"],
    ["a cat", "", ""],
    ["", "", ""],
    ["a cat", " …!\n", " …!\n"],
    ["", "  “Bright cats.”  ", "  [“Bright cats.”]  "],
    ["cat dog", "dog cat", "[dog] cat"],
    ["a a a", "a b a c a d a", "a [b] a [c] a [d a]"],
    ["big red cat", "big, very big, red cat", "[big, very] big, red cat"],
    ["the cat’s café", "The cat's cafe\u0301 at 1.5 m", "The cat's cafe\u0301 [at 1.5 m]"],
    ["15 cats", "1.5 cats", "[1.5] cats"],
    ["a house", "a house 🏠🏡 at night", "a house [🏠🏡 at night]"],
    ["灯塔上的猫", "一只橘猫坐在灯塔上的栏杆旁", "[一只橘猫坐在]灯塔上的[栏杆旁]"],
    ["灯台の上の猫", "灯台の上の黒い猫、夜", "灯台の上の[黒い]猫、[夜]"],
    ["등대 고양이", "등대 위의 고양이", "등대 [위의] 고양이"],
    ["แมวบนประภาคาร", "แมวดำบนประภาคาร", "แมว[ดำ]บนประภาคาร"],
    ["قطة على السطح", "قطة سوداء على السطح", "قطة [سوداء] على السطح"],
  ])("%j → %j", (own, revised, expected) => expect(shown(own, revised)).toBe(expected));

  it("is what a longest common sequence leaves, whatever the words", () => {
    const roll = dice(7);
    const text = (length: number) => Array.from({ length }, () => "abcde"[roll(5)] ?? "a");
    for (let round = 0; round < 500; round += 1) {
      const [own, revised] = [text(roll(12)), text(roll(14))];
      const kept = markAdded(own.join(" "), revised.join(" "))
        .filter(({ added }) => !added)
        .flatMap(({ words }) => words.match(/\w/g) ?? []);
      expect([own, revised, kept.length]).toEqual([own, revised, lengthInCommon(own, revised)]);
      // In their order they are the person's own.
      expect(lengthInCommon(own, kept)).toBe(kept.length);
    }
  });

  it("cuts any text without losing a character, and never at white space", () => {
    const roll = dice(11);
    const pieces = [
      "a",
      "cat",
      " ",
      "\n",
      "\t",
      ", ",
      "“",
      "…",
      "🏠",
      "👩‍👩‍👧",
      "猫",
      "灯塔",
      "\ud83d",
      "e\u0301",
      "\u200b",
      "**",
      "1.5",
    ];
    const text = () => Array.from({ length: roll(30) }, () => pieces[roll(pieces.length)]).join("");
    for (let round = 0; round < 2000; round += 1) {
      const [own, revised] = [text(), text()];
      const stretches = markAdded(own, revised);
      expect(stretches.map(({ words }) => words).join("")).toBe(revised);
      for (const [index, { words, added }] of stretches.entries()) {
        expect([words, words.length > 0, added && words.trim() !== words]).toEqual([words, true, false]);
        // Neighbours are one stretch.
        expect(stretches[index - 1]?.added).not.toBe(added);
      }
    }
  });

  it("is found in the longest texts a model takes", () => {
    const roll = dice(3);
    const text = (length: number) => Array.from({ length: length / 2 }, () => "abcdefgh"[roll(8)]).join(" ");
    for (const [own, revised] of [
      [text(4000), text(32_000)],
      [text(32_000), text(32_000)],
      ["a ".repeat(16_000), "a ".repeat(16_000)],
      ["猫".repeat(4000), "猫灯".repeat(16_000)],
      ["a", `${"! ".repeat(16_000)}a${" !".repeat(16_000)}`],
    ] as const) {
      expect(
        markAdded(own, revised)
          .map(({ words }) => words)
          .join(""),
      ).toBe(revised);
    }
  });

  it("is what was written nowhere, where the texts are longer than that", () => {
    const words = Array.from({ length: 17_000 }, (_, index) => `w${index}`);
    const own = words.join(" ");
    expect(shown(own, `${words.toReversed().join(" ")} and more`)).toBe(`${words.toReversed().join(" ")} [and more]`);
  });
});

function lengthInCommon(own: string[], revised: string[]): number {
  const table = Array.from({ length: own.length + 1 }, () => Array.from({ length: revised.length + 1 }, () => 0));
  for (const [row, word] of own.entries()) {
    for (const [column, other] of revised.entries()) {
      const [above, beside, before] = [
        table[row]?.[column + 1] ?? 0,
        table[row + 1]?.[column] ?? 0,
        table[row]?.[column] ?? 0,
      ];
      const line = table[row + 1];
      if (line) line[column + 1] = word === other ? before + 1 : Math.max(above, beside);
    }
  }
  return table.at(-1)?.at(-1) ?? 0;
}

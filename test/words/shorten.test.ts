import { expect, it } from "vitest";
import { shorten } from "../../src/words/shorten.ts";

it.each([
  ["a fox in the snow", 20, "a fox in the snow"],
  ["a fox in the snow", 8, "a fox i…"],
  ["a fox in the snow", 7, "a fox…"],
  ["ab🦊cd", 4, "ab…"],
  ["ab🦊cd", 5, "ab🦊…"],
  ["ab👩‍👩‍👧‍👦cd", 10, "ab…"],
  ["🇩🇪🇫🇷🇮🇹🇪🇸", 10, "🇩🇪🇫🇷…"],
  ["nai\u0308ve fox", 4, "na…"],
  ["ab\ud83d and more", 4, "ab\ufffd…"],
  ["anything", 1, "…"],
])("shortens %s to %d units", (text, most, short) => expect(shorten(text, most)).toBe(short));

it.each([["e" + "\u0301".repeat(100_000)], ["👩‍".repeat(30_000)], ["🇩🇪".repeat(25_000)], [" ".repeat(100_000)]])(
  "cuts a hundred thousand of anything at once, and leaves it well-formed",
  (text) => {
    for (const most of [2, 40, 61, 62, 2000, 99_999]) {
      const short = shorten(text, most);
      expect(short.length).toBeLessThanOrEqual(most);
      expect(short.isWellFormed()).toBe(true);
    }
  },
);

import { expect, it } from "vitest";
import { lineOf } from "../../local/narrate.ts";

const words = "a lighthouse made of books";

it.each([
  [{ what: "drawn", words, seconds: 2.14, pictures: { came: 1, asked: 1 } } as const, `drawn in 2.1 s · ${words}`],
  [
    { what: "drawn", words, seconds: 5, pictures: { came: 4, asked: 4 } } as const,
    `4 pictures drawn in 5.0 s · ${words}`,
  ],
  [
    { what: "drawn", words, seconds: 5, pictures: { came: 3, asked: 4 } } as const,
    `3 of 4 pictures drawn in 5.0 s · ${words}`,
  ],
  [{ what: "refused", words, seconds: 0.3 } as const, `stopped by the filter after 0.3 s · ${words}`],
])("%j is one line", (happening, line) => {
  expect(lineOf(happening).trim()).toBe(line);
});

it("is one short line, whatever was typed, and gives the terminal no orders", () => {
  const line = lineOf({ what: "declined", words: `a\u001b[2Jcat\r\n\u202e ${"very ".repeat(9000)}long` });
  expect(line.length).toBeLessThan(160);
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

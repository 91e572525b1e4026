import { expect, it } from "vitest";
import { sentenceOfPlacedFault } from "../../src/words/fault-sentences.ts";
import { spoken } from "./spoken.ts";

it.each([
  [50_300_000, "The picture has 50.3 MB; up to 50 MB can be read. Send a smaller copy."],
  [50_000_001, "The picture has 50.000001 MB; up to 50 MB can be read. Send a smaller copy."],
  [50_040_000, "The picture has 50.04 MB; up to 50 MB can be read. Send a smaller copy."],
  [123_456_789, "The picture has 123.5 MB; up to 50 MB can be read. Send a smaller copy."],
  // What was broken off at the limit: how much more there is, nobody has seen.
  [50_000_000, "The picture has 50 MB or more; up to 50 MB can be read. Send a smaller copy."],
])("a picture of %i bytes is said to be larger than the limit", (bytes, sentence) =>
  expect(spoken(sentenceOfPlacedFault({ fault: "source too large", bytes, limit: 50_000_000 }))).toBe(sentence),
);

it("a damaged picture is called damaged, and what is no picture no picture", () => {
  expect(spoken(sentenceOfPlacedFault({ fault: "source damaged" }))).toContain("is damaged");
  expect(spoken(sentenceOfPlacedFault({ fault: "source not a picture", picture: 2 }))).toContain("no picture");
});

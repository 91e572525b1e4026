import { expect, it } from "vitest";
import { readStyleWords } from "../../src/styles/read-style-words.ts";

it.each([
  ["style", { does: "list", name: "", numbers: [] }],
  ["Styles list.", { does: "list", name: "", numbers: [] }],
  ["style save harbour --words ink lines", { does: "save", name: "harbour", words: "ink lines", numbers: [] }],
  ["style save old-harbour", { does: "save", name: "old-harbour", numbers: [] }],
  ["style save harbour", { does: "save", name: "harbour", numbers: [] }],
  ["style save “Old Harbour” #3, #1", { does: "save", name: "Old Harbour", numbers: [3, 1] }],
  [
    "style save harbour #2: soft: watercolour #5\nwide skies",
    { does: "save", name: "harbour", numbers: [2], words: "soft: watercolour #5\nwide skies" },
  ],
  ["style use none", { does: "use", name: "none", numbers: [] }],
  ["STYLE SHOW: old-harbour!", { does: "show", name: "old-harbour", numbers: [] }],
  ["style drop harbour", { does: "drop", name: "harbour", numbers: [] }],
  ["style is everything", undefined],
  ["style list of my favourites", undefined],
  ["stylesave", undefined],
  ["styled used", undefined],
])("%s", (text, read) => expect(readStyleWords(text)).toEqual(read));

import { expect, it } from "vitest";
import { nameOfPerson } from "../../src/brainstorm/people.ts";
import { shownWords } from "../../src/brainstorm/idea-words.ts";
import { spoken } from "../words/spoken.ts";
import { person } from "./people.ts";

it.each([
  ["Mia", "Mia"],
  ["\u202eMallory \n B.\u2066", "Mallory B."],
  ["👩‍🍳", "👩‍🍳"],
  ["", "Somebody"],
  ["\u200b \u2060\u202e", "Somebody"],
])("the name %j is told as %j, in a line with others", (name, told) => {
  expect(spoken(nameOfPerson(person("x", { name })))).toBe(told);
});

it("what people wrote turns around nothing that stands behind it", () => {
  const clauses = [{ by: person("Mia"), words: "\u2067and b" }];
  expect(JSON.stringify(spoken(shownWords({ words: "\u202ea", clauses, from: [] }, { most: 100 })))).not.toMatch(
    /[\u202a-\u202e\u2066-\u2069]/,
  );
});

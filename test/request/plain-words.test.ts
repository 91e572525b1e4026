import { describe, expect, test } from "vitest";
import { readPlainWords } from "../../src/request/plain-words.ts";

describe("asks for a picture", () => {
  test.each([
    ["draw a cat", "a cat"],
    ["Draw me a cat", "a cat"],
    ["draw us two cats", "two cats"],
    ["DRAW: a cat", "a cat"],
    ["draw the sea at night", "the sea at night"],
    ["draw cats", "cats"],
    ["draw for me a cat", "a cat"],
    ["draw this: a cat in a hat", "a cat in a hat"],
    ["paint a cat", "a cat"],
    ["Paint me an old harbour.", "an old harbour."],
    ["paint Venice in the rain", "Venice in the rain"],
    ["create a logo for a bakery", "a logo for a bakery"],
    ["make me a dragon", "a dragon"],
    ["make an owl that reads", "an owl that reads"],
    ["make 3 pictures of dogs", "3 pictures of dogs"],
    ["generate an image of a fox", "an image of a fox"],
    ["generate images of foxes", "images of foxes"],
    ["generate a\nfox", "a\nfox"],
    ["sketch a bridge", "a bridge"],
    ["please draw a cat", "a cat"],
    ["Please, paint me a cat", "a cat"],
    ["can you draw me a cat?", "a cat"],
    ["could you please draw a cat", "a cat"],
    ["would you create a poster of a fox for us", "a poster of a fox"],
    ["draw me a cat please", "a cat"],
    ["draw a cat for me, please?", "a cat"],
    ["draw me a cat please --size wide", "a cat --size wide"],
    ["I'd like a picture of a cat", "a picture of a cat"],
    ["i’d like a small drawing of a cat", "a small drawing of a cat"],
    ["show me a picture of a cat", "a picture of a cat"],
    ["I want an image of a cat, please", "an image of a cat"],
    ["draw a cat — and a dog", "a cat — and a dog"],
    ["draw 🐈", "🐈"],
    ["draw an other world, with two moons", "an other world, with two moons"],
  ])("%s", (text, words) => expect(readPlainWords(text)).toBe(words));
});

describe("asks what to draw where nothing is said of it", () => {
  test.each([
    "draw",
    "Draw!",
    "paint",
    "draw me",
    "draw something",
    "draw me something.",
    "make us a picture",
    "can you draw?",
  ])("%s", (text) => expect(readPlainWords(text)).toBe(""));
  test("and keeps the options", () => expect(readPlainWords("draw something --size wide")).toBe("--size wide"));
});

describe("may mean what is there already, or something else", () => {
  test.each(
    [
      "make it blue",
      "make it a dog",
      "make the sky blue",
      "make them smile",
      "make me smile",
      "make another",
      "draw another one",
      "draw it again",
      "draw that in blue",
      "draw more",
      "draw one more",
      "draw two more trees",
      "paint it red",
      "paint the sky red",
      "paint his hat red",
      "make a copy",
      "make a few changes",
      "create a new version with snow",
      "generate three variations",
      "make sure that it rains",
      "make sense",
      "don't draw a cat",
      "drawing a cat is hard",
      "drawn",
      "painter",
      "can you help me?",
      "I like a picture of mine",
      "I want to go home",
      "show me my pictures",
      "thanks!",
      "who paints a cat?",
    ].filter((text) => text !== "create"),
  )("%s", (text) => expect(readPlainWords(text)).toBeUndefined());
});

test("of whatever length is read without a pause", () => {
  const began = performance.now();
  for (const part of [
    " ",
    "please ",
    "draw ",
    "a ",
    ",",
    "?",
    "draw a ",
    "--",
    "me ",
    "\n",
    "i want a picture of ",
    "for me ",
  ]) {
    const text = part.repeat(100_000 / part.length);
    for (const before of ["", "draw", "draw ", "make a ", "please", "i want a picture of "])
      readPlainWords(before + text);
  }
  expect(performance.now() - began).toBeLessThan(10_000);
});

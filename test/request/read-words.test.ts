import { describe, expect, test } from "vitest";
import { optionsTyped, readOptionsIn, readWords } from "../../src/request/read-words.ts";

const asked = (prompt: string, options = {}, unknownOptions: string[] = []) => ({ prompt, options, unknownOptions });

describe("options of another bot's are taken out of the words, with what belongs to them", () => {
  test.each([
    ["a cat --v 7", asked("a cat", {}, ["--v 7"])],
    ["a cat --v 6.1 asleep", asked("a cat asleep", {}, ["--v 6.1"])],
    ["a cat --version 5", asked("a cat", {}, ["--version 5"])],
    ["a cat --niji", asked("a cat", {}, ["--niji"])],
    ["a cat --niji 6 --s 250", asked("a cat", {}, ["--niji 6", "--s 250"])],
    ["a cat —v 7 –s 50", asked("a cat", {}, ["—v 7", "–s 50"])],
    ["a cat —chaos 20", asked("a cat", {}, ["—chaos 20"])],
    ["a cat --no dogs, red hats --ar 3:2", asked("a cat", { size: "3:2" }, ["--no dogs, red hats"])],
    ["a cat --no dogs", asked("a cat", {}, ["--no dogs"])],
    ["a cat --no", asked("a cat", {}, ["--no"])],
    ["a cat --no dogs\non a mat", asked("a cat on a mat", {}, ["--no dogs"])],
    ["a cat --stylize=250 --weird:1000 --c 5", asked("a cat", {}, ["--stylize 250", "--weird 1000", "--c 5"])],
    ["a cat --seed 123456 --stop 80 --iw 1.5", asked("a cat", {}, ["--seed 123456", "--stop 80", "--iw 1.5"])],
    ["a cat --q 2", asked("a cat", {}, ["--q 2"])],
    ["a cat --q high", asked("a cat", { quality: "high" })],
    ["a cat --Q HD asleep", asked("a cat asleep", { quality: "hd" })],
    ["a cat --n 2", asked("a cat", { count: "2" })],
    ["a cat --repeat 9", asked("a cat", { count: "9" })],
    ["a cat --tile --fast --raw asleep", asked("a cat asleep", {}, ["--tile", "--fast", "--raw"])],
    ["a cat --style raw", asked("a cat", { style: "raw" })],
    ["a cat style:none", asked("a cat", { style: "none" })],
    ["style:none a cat", asked("a cat", { style: "none" })],
    ["a cat in the style: nonesuch", asked("a cat in the style: nonesuch")],
    ["a room, style: none of that", asked("a room, style: none of that")],
    [
      "a cat --sref https://x.example/1.png 42 --cw 0",
      asked("a cat", {}, ["--sref https://x.example/1.png 42", "--cw 0"]),
    ],
    ["a cat --p ab12cd asleep", asked("a cat asleep", {}, ["--p ab12cd"])],
    ["a cat --motion low asleep", asked("a cat asleep", {}, ["--motion low"])],
    ["a cat --V 7 --AR 16:9", asked("a cat", { size: "16:9" }, ["--V 7"])],
    ["a cat --format square", asked("a cat", { size: "square" }, ["--format"])],
    ["a cat --aspetc 16:9", asked("a cat", { size: "16:9" }, ["--aspetc"])],
  ])("%s", (text, read) => expect(readWords(text)).toEqual(read));

  test("what stood behind them is told in short", () => {
    const [told = ""] = readWords(`a cat --no ${"dogs and ".repeat(1000)}`).unknownOptions;
    expect(told.length).toBeLessThan(80);
    expect(readWords(`a cat --no ${"dogs and ".repeat(1000)}`).prompt).toBe("a cat");
  });
});

test.each([
  "a street —no people, no cars",
  "version 2 of a cat",
  "a cat —v is a letter",
  "the letters v, s and q",
  "rock –n roll",
  "a --",
  "well--known",
])("words stay as they are: %s", (words) => {
  expect(readWords(words)).toEqual(asked(words));
  expect(readOptionsIn(`  ${words} `)).toEqual(asked(`  ${words} `));
});

test("what was read can be typed again", () => {
  for (const text of [`a cat --size wide --model "GPT Image 2"`, "a cat --no dogs", "a cat"])
    expect(optionsTyped(readWords(text))).toBe(text);
});

test("options without end cost no time", () => {
  const began = performance.now();
  for (const part of [
    "--no ",
    "--no x ",
    "--v 7 ",
    "--sref 1 ",
    "--p a1b2 ",
    "—v 7 ",
    "--q ",
    "--q high ",
    "--n ",
    "--motion ",
  ])
    readWords(part.repeat(200_000 / part.length));
  for (const [before, part] of [
    ["--sref", " 1"],
    ["--sref", " https://x"],
    ["--p", " a1b2"],
    ["--v", " "],
    ["--no", " x"],
    ["--p ", "a"],
  ])
    readWords(`${before}${part?.repeat(100_000)}`);
  expect(performance.now() - began).toBeLessThan(10_000);
});

import { describe, expect, test } from "vitest";
import { idsIn, readAmount, readNumber, writtenAmount } from "../../src/panels/read-fields.ts";
import { easelPanels } from "../../src/words/sentences.ts";
import type { Said } from "../../src/words/said.ts";
import { spoken } from "../words/spoken.ts";

describe("an amount that somebody writes", () => {
  test.each([
    ["5", { dollars: 5 }],
    ["$2.50", { dollars: 2.5 }],
    ["2,50 dollars", { dollars: 2.5 }],
    ["0", { dollars: 0 }],
    ["20 pictures", { pictures: 20 }],
    ["1 picture", { pictures: 1 }],
    ["5 dollars and 20 pictures", { dollars: 5, pictures: 20 }],
    ["20 pictures, 5 dollars", { dollars: 5, pictures: 20 }],
  ])("%s", (words, amount) => expect(readAmount(words)).toEqual({ amount }));

  test.each(["5", "2.5 dollars", "20 pictures", "5 dollars and 20 pictures"])(
    "is read as it is written: %s",
    (words) => {
      const read = readAmount(words);
      if ("faults" in read) throw new Error("not read");
      expect(readAmount(writtenAmount(read.amount))).toEqual(read);
    },
  );

  test.each([
    ["", "how much"],
    ["-5", "below nothing"],
    ["-1 pictures", "below nothing"],
    ["1e9", "no amount that I can read"],
    ["99999999999", "from 0 to 1,000,000"],
    ["much", "“much” is no amount"],
    ["5 euros", "“5 euros” is no amount"],
    ["5 dollars and 6 dollars", "“6 dollars”"],
    ["2.5 pictures", "no amount"],
    ["NaN", "no amount"],
  ])("that is none says so: “%s”", (words, because) => {
    const read = readAmount(words);
    expect(JSON.stringify("faults" in read && spoken(read.faults))).toContain(because);
  });

  test("says all that is wrong with it at once", () => {
    const read = readAmount("-5 and much");
    expect("faults" in read && read.faults).toHaveLength(2);
  });
});

test("a number in a field of its own may be left out, and is else what it can be", () => {
  const field = { id: "most", label: easelPanels.mostPictures, most: 100, isWhole: true };
  const read = (words: string) => {
    const faults: Said[] = [];
    return { number: readNumber({ most: [words] }, field, faults), faults: faults.length };
  };
  expect(read("")).toEqual({ number: undefined, faults: 0 });
  expect(read(" 4 ")).toEqual({ number: 4, faults: 0 });
  for (const wrong of ["-1", "1.5", "101", "many", "Infinity", "NaN"])
    expect(read(wrong)).toEqual({ number: undefined, faults: 1 });
});

test("ids are read as they are picked, and as people copy them", () => {
  expect(idsIn({ who: ["123", "456"] }, "who")).toEqual(["123", "456"]);
  expect(idsIn({ who: ["<@!123>, <#456>\n<@&789> 123"] }, "who")).toEqual(["123", "456", "789"]);
  expect(idsIn({}, "who")).toEqual([]);
});

import { expect, it } from "vitest";
import { shortenApart } from "../../src/words/shorten-apart.ts";

it("cuts what would look alike where it differs, and leaves the rest as it is", () => {
  const topic = "a mascot for our Discord of thirty people who draw";
  expect(
    shortenApart(
      [`${topic}, on a hill above a town`, "a fox", `${topic}, beside an old tree`, `${topic}, beside a well`],
      40,
    ),
  ).toEqual(["… on a hill above a town", "a fox", "… beside an old tree", "… beside a well"]);
});

it("cuts once more where what differs comes late", () => {
  const [hill, tree] = ["seen from far away on a hill", "seen from far away at the sea"].map(
    (end) => `${"word ".repeat(20)}${end}`,
  );
  expect(
    shortenApart(
      [hill, tree, `${"word ".repeat(20)}by night`].flatMap((text) => text ?? []),
      18,
    ),
  ).toEqual(["… … on a hill", "… … at the sea", "… by night"]);
});

it("leaves what is the same word for word, and what has no words to cut between", () => {
  const long = "x".repeat(50);
  expect(shortenApart(["the same ".repeat(9), "the same ".repeat(9)], 20)).toEqual(
    Array(2).fill("the same the same t…"),
  );
  expect(shortenApart([`${long}a`, `${long}b`], 20)).toEqual(Array(2).fill(`${"x".repeat(19)}…`));
});

import { expect, it } from "vitest";
import { wellFormed } from "../../src/request/request.ts";

const request = {
  id: "test-1",
  prompt: "a fox",
  options: {},
  unknownOptions: [],
  private: false,
  askedBy: { platform: "test", channel: "1", user: "2", name: "Ada" },
  address: { platform: "test", job: "test-1" },
};

it("mends half a character wherever it stands, and touches nothing else", () => {
  const broken = {
    ...request,
    prompt: "a fox \ud83e",
    options: { style: "\udd8a" },
    unknownOptions: ["\ud83e"],
    askedBy: { ...request.askedBy, name: "Ada \ud83e" },
  };
  expect(wellFormed(broken)).toEqual({
    ...request,
    prompt: "a fox \ufffd",
    options: { style: "\ufffd" },
    unknownOptions: ["\ufffd"],
    askedBy: { ...request.askedBy, name: "Ada \ufffd" },
  });
  for (const prompt of ["a 🦊", String.raw`a \ud83e and "more"`]) {
    const whole = { ...request, prompt };
    expect(wellFormed(whole)).toEqual(whole);
  }
});

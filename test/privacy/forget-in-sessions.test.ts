import { expect, it } from "vitest";
import { firstRound } from "../../src/brainstorm/rounds.ts";
import type { Session } from "../../src/brainstorm/session.ts";
import { forgetIn } from "../../src/privacy/forget-in-sessions.ts";
import { personBehind } from "../../src/privacy/person.ts";
import { readSettings } from "../../src/settings.ts";
import { drawnIdea, mia, tom } from "../brainstorm/people.ts";

const settings = readSettings(
  { AZURE_OPENAI_ENDPOINT: "https://easel.openai.azure.com", IMAGE_MODELS: "dall-e-3", AZURE_STORAGE_ACCOUNT: "easel" },
  [],
);
const options = { ideas: 2, minutes: 10, votes: 3, results: "hidden" as const, others: true };

/** Begun by Mia, with these ideas. */
function sessionOf(ideas: Session["rounds"][number]["ideas"]): Session {
  const round = { ...firstRound(options, { by: mia, now: new Date() }, settings), ideas };
  const beganAt = new Date().toISOString();
  const head = { version: 1 as const, id: "0".repeat(32), write: "1", beganAt, begunBy: mia, topic: "a hat" };
  return { ...head, boards: [], rounds: [round], options };
}

it("leaves what others said as they said it, though the topic of whoever is forgotten stands in it", () => {
  const toms = drawnIdea(1, "that hat, a hatter and a hat rack", [tom]);
  const direction = drawnIdea(2, "a hat, knitted from wool", []);
  const later = { ...toms, number: 3, prompt: "a hat: that hat, a hatter and a hat rack" };
  const session = sessionOf([toms, direction, later]);
  expect(forgetIn(session, personBehind(mia))).toBe(true);
  expect(session.topic).toBe("…");
  expect(session.rounds[0]?.ideas.map(({ words }) => words)).toEqual([toms.words, "…, knitted from wool", toms.words]);
  expect(session.rounds[0]?.ideas[2]?.prompt).toBe("…: that hat, a hatter and a hat rack");
});

it("leaves nothing of two people's ideas that became one, whichever of them is forgotten", () => {
  const from = [1, 2].map((place) => ({ job: "session-x-1-1", place }));
  for (const forgotten of [mia, tom]) {
    const session = sessionOf([{ ...drawnIdea(1, "an owl + a fox", [tom, mia]), from }]);
    expect(forgetIn(session, personBehind(forgotten))).toBe(true);
    expect(session.rounds[0]?.ideas[0]).toMatchObject({ words: "…", prompt: "…" });
  }
});

import { expect, it } from "vitest";
import { composeRecap } from "../../src/brainstorm/recap.ts";
import { newSessionId } from "../../src/brainstorm/session.ts";
import type { Session } from "../../src/brainstorm/session.ts";
import { spoken } from "../words/spoken.ts";
import { drawnIdea, person } from "./people.ts";

it("a recap says what others added to the winner, and names them all", () => {
  const [mia, noor] = [person("Mia"), person("Noor")];
  const at = "2026-11-30T12:00:00.000Z";
  const session: Session = {
    version: 1,
    id: newSessionId(),
    write: "1",
    beganAt: at,
    begunBy: mia,
    topic: "a logo",
    options: { ideas: 2, minutes: 10, votes: 3, results: "hidden", others: true },
    boards: [],
    rounds: [
      {
        number: 1,
        kind: "first",
        begunBy: mia,
        begunAt: at,
        stage: "closed",
        places: 2,
        closedAt: at,
        ideas: [
          {
            number: 1,
            by: [mia, noor],
            words: "a gull",
            clauses: [{ by: noor, words: "with a hat" }],
            prompt: "a logo: a gull, with a hat",
            state: "drawn",
            from: [],
            picture: { ref: "job.1", name: "p.png", mediaType: "image/png", width: 3, height: 2, bytes: 9 },
          },
        ],
        result: { votes: { 1: 2 }, voters: 2, counted: {}, winners: [1] },
      },
    ],
    endedAt: at,
  };
  const settings = { publicUrl: "https://easel.example.org" } as Parameters<typeof composeRecap>[1];
  const text = JSON.stringify(spoken(composeRecap(session, settings) ?? expect.fail()));
  expect(text).toMatch(/a gull.*with a hat/);
  expect(text).toContain("Noor");
});

it("a recap has a way on from each picture, what was chosen first, and counts the rounds that drew", () => {
  const at = "2026-11-30T12:00:00.000Z";
  const round = { begunBy: person("Mia"), begunAt: at, stage: "closed" as const, places: 2 };
  const session: Session = {
    version: 1,
    id: newSessionId(),
    write: "1",
    beganAt: at,
    begunBy: person("Mia"),
    topic: "a logo",
    options: { ideas: 2, minutes: 10, votes: 3, results: "hidden", others: true },
    boards: [],
    rounds: [
      {
        ...round,
        number: 1,
        kind: "first",
        ideas: [drawnIdea(1, "a logo, as a garden"), drawnIdea(2)],
        result: { votes: { 2: 2 }, voters: 2, counted: {}, winners: [2] },
      },
      { ...round, number: 2, kind: "new", ideas: [{ ...drawnIdea(1), state: "failed", picture: undefined }] },
    ],
    endedAt: at,
  };
  const settings = { publicUrl: "https://easel.example.org" } as Parameters<typeof composeRecap>[1];
  const recap = spoken(composeRecap(session, settings) ?? expect.fail());
  expect(recap.actions).toMatchObject([
    {
      do: "pick",
      label: "Go on from",
      choices: [{ name: "2. idea 2 (round 1)" }, { name: "1. … as a garden (round 1)" }],
    },
    { do: "open" },
    { do: "open" },
  ]);
  expect(recap.facts).toContainEqual({ name: "Drawn", value: "2 pictures in one round" });
});

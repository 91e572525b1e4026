import { expect, it } from "vitest";
import { combinedIdea, tiedIdeas, variedIdeas } from "../../src/brainstorm/ideas-from-pictures.ts";
import { firstRound } from "../../src/brainstorm/rounds.ts";
import type { Session } from "../../src/brainstorm/session.ts";
import { readSettings } from "../../src/settings.ts";
import { drawnIdea, mia, tom } from "./people.ts";

const settings = readSettings(
  { AZURE_OPENAI_ENDPOINT: "https://easel.openai.azure.com", IMAGE_MODELS: "dall-e-3", AZURE_STORAGE_ACCOUNT: "easel" },
  [],
);
const options = { ideas: 2, minutes: 10, votes: 3, results: "hidden" as const, others: true };
const session: Session = {
  version: 1,
  id: "0".repeat(32),
  write: "1",
  beganAt: new Date().toISOString(),
  begunBy: mia,
  topic: "a mascot",
  boards: [],
  rounds: [firstRound(options, { by: mia, now: new Date() }, settings)],
  options,
};
const fox = { ...drawnIdea(1, "a fox", [tom, mia]), clauses: [{ by: mia, words: "in a top hat", event: "7" }] };
const owl = drawnIdea(2, "a mascot, by moonlight", []);

it("what others have added, and the topic, goes on into variations, run-offs and what two become", () => {
  const [first, second] = variedIdeas(session, [fox, owl], 2, settings);
  expect(first).toMatchObject({ words: "a fox", clauses: [{ by: mia, words: "in a top hat" }] });
  expect(first?.clauses?.[0]).not.toHaveProperty("event");
  expect(first?.prompt).toMatch(/^a mascot: a fox, in a top hat, ./);
  expect(second?.prompt).toMatch(/^a mascot, by moonlight, ./);
  expect(tiedIdeas([fox])[0]?.clauses).toMatchObject([{ words: "in a top hat" }]);
  const combined = combinedIdea(owl, fox, settings);
  expect(combined.words).toBe("a fox, in a top hat + a mascot, by moonlight");
  expect(combined.prompt).toMatch(/^a fox, in a top hat \+ a mascot, by moonlight\. one new picture out of these two/);
});

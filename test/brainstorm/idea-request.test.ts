import { expect, it } from "vitest";
import { draftOf, requestOfIdea } from "../../src/brainstorm/idea-request.ts";
import { ROUND_KINDS } from "../../src/brainstorm/session.ts";
import type { Idea, Round } from "../../src/brainstorm/session.ts";
import type { ModelName } from "../../src/models.ts";
import { readSettings } from "../../src/settings.ts";
import { round, sessionOf } from "../web/boards/board-world.ts";
import { mia, person, tom } from "./people.ts";

const settings = readSettings(
  {
    AZURE_OPENAI_ENDPOINT: "https://easel.openai.azure.com",
    IMAGE_MODELS: "gpt-image-2,dall-e-3,gpt-image-1-mini",
    AZURE_STORAGE_ACCOUNT: "easel",
  },
  [],
);
const draft = (model: ModelName, kind: "first" | "next" | "finish" = "first") =>
  draftOf(
    { options: { ideas: 6, minutes: 10, votes: 3, results: "hidden", others: true, model } },
    kind,
    kind !== "first",
    settings,
  );

it("a draft is drawn as cheaply as its model can, wide unless another shape is cheaper", () => {
  expect(draft("gpt-image-2")).toEqual({
    model: "gpt-image-2",
    size: "1536x1024",
    quality: "low",
    isEdit: false,
    partialPictures: 0,
  });
  expect(draft("dall-e-3")).toMatchObject({ size: "1024x1024", quality: "standard" });
});

it("later rounds keep the shape, by a model that edits where the drafts' own does not", () => {
  expect(draft("dall-e-3", "next")).toMatchObject({ model: "gpt-image-2", size: "1024x1024", isEdit: true });
  expect(draft("dall-e-3", "finish")).toMatchObject({ size: "1024x1024", quality: "high", partialPictures: 1 });
  expect(draft("gpt-image-2", "finish")).toMatchObject({ size: "1536x1024", quality: "high" });
});

const kim = person("Kim");
const bringsAnew = [{ by: kim, words: "at night", event: "kim's" }];

it.each<{ what: string; kind?: Round["kind"]; idea: Partial<Idea>; name: string }>([
  { what: "somebody's idea", idea: { by: [tom], event: "tom's" }, name: "Tom" },
  { what: "a direction of ours", idea: { by: [] }, name: "Mia" },
  {
    what: "an idea that others have added to",
    idea: { by: [tom, kim], event: "tom's", clauses: bringsAnew },
    name: "Tom",
  },
  {
    what: "an earlier idea that somebody brings anew",
    kind: "new",
    idea: { by: [tom, kim], event: "kim's", clauses: bringsAnew },
    name: "Kim",
  },
  ...ROUND_KINDS.filter((kind) => ["next", "combine", "finish"].includes(kind)).map((kind) => ({
    what: `what a round of the kind “${kind}” makes of Tom's idea`,
    kind,
    idea: { by: [tom] },
    name: "Mia",
  })),
])("$what is asked for, and stands in the history, of $name, who wants it", ({ kind = "first", idea, name }) => {
  const own = { number: 1, words: "a moon", prompt: "a moon", state: "open" as const, from: [], by: [], ...idea };
  const at = { session: sessionOf(), round: round(1, { kind, begunBy: mia, ideas: [own] }), idea: own };
  expect(requestOfIdea(at, null, settings).askedBy.name).toBe(name);
});

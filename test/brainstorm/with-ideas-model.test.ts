import { afterAll, beforeAll, expect, it } from "vitest";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import { endGathering } from "../../src/brainstorm/draw-ideas.ts";
import { changeSession, roundOf } from "../../src/brainstorm/session.ts";
import { openCore } from "../src/core-world.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { begun, drawnIdea, mia, pressed, putStage, recordOf, tom } from "./people.ts";

let azurite: Azurite;
let images: Awaited<ReturnType<typeof startImagesApi>>;
beforeAll(async () => {
  azurite = await startAzurite();
  images = await startImagesApi({ key: "key", latency: 0 });
});
afterAll(async () => {
  await images.stop();
  await azurite.stop();
});

it.each([
  { IDEAS_MODEL: "ideas", prompt: "a logo for our bakery: a moon, and with it it glows" },
  { IDEAS_MODEL: "", prompt: "a logo for our bakery: a moon, it glows" },
])(
  "what was added to an idea goes into what is drawn ($IDEAS_MODEL), and nobody's words change",
  async ({ prompt, ...change }) => {
    const core = await openCore(azurite.connectionString, images.url, change);
    const { id } = await begun(core, { options: { ideas: "2" } });
    await pressed(core, id, "add", { values: { words: ["a moon"] } });
    await pressed(core, id, "yes-and", { by: mia, values: { idea: ["1.1"], words: ["it glows"] } });
    const over = new Date(Date.now() - 1000).toISOString();
    await changeSession(id, (session) => void (roundOf(session).gatherUntil = over), core.azure);
    await endGathering(await recordOf(core, id), core);
    const { ideas, stage } = roundOf(await recordOf(core, id));
    expect(stage).toBe("drawing");
    expect(ideas).toMatchObject([
      { words: "a moon", clauses: [{ words: "it glows", by: mia }], by: [tom, mia], prompt },
      { by: [], lens: expect.any(String) },
    ]);
    await core.stop();
  },
);

it("offers the author of a refused idea other words, asked for once, and draws the ones that they pick", async () => {
  const core = await openCore(azurite.connectionString, images.url, { IDEAS_MODEL: "ideas" });
  const { id } = await begun(core);
  const refusal = { because: "violence", stage: "prompt" } as const;
  const idea = { ...drawnIdea(1, "a knight covered in blood"), picture: undefined, job: "session-job", refusal };
  await putStage(core, id, { stage: "drawing", ideas: [{ ...idea, state: "refused" }, drawnIdea(2)] });
  const before = images.chatCalls.length;
  const open = async () => (await pressed(core, id, "reword")).form?.fields.find((field) => field.id === "suggestion");
  await expect.poll(open, { timeout: 20_000 }).toMatchObject({ isRequired: false, choices: { length: 3 } });
  await Promise.all([open(), open()]);
  expect(images.chatCalls.length).toBe(before + 1);
  const values = { idea: ["1"], words: ["a knight covered in blood"], suggestion: ["2"] };
  expect((await pressed(core, id, "reword", { values })).word).toBe("I am drawing number 1 in your other words.");
  const [reworded] = roundOf(await recordOf(core, id)).ideas;
  expect(reworded).toMatchObject({ state: "open", tries: 2, by: [tom] });
  expect(reworded?.words).not.toContain("blood");
  await core.stop();
});

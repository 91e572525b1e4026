import { afterAll, beforeAll, expect, it } from "vitest";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import { endGathering } from "../../src/brainstorm/draw-ideas.ts";
import { changeSession, roundOf } from "../../src/brainstorm/session.ts";
import { openCore } from "../src/core-world.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { begun, mia, pressed, recordOf, tom } from "./people.ts";

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

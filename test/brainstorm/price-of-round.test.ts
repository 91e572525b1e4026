import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeBoard } from "../../src/brainstorm/compose-board.ts";
import { drawIdeas } from "../../src/brainstorm/draw-ideas.ts";
import { jobIdOf } from "../../src/brainstorm/idea-request.ts";
import { priceOfRound } from "../../src/brainstorm/price-of-round.ts";
import { changeSession, roundOf } from "../../src/brainstorm/session.ts";
import { readJob } from "../../src/jobs/job.ts";
import { priceOf } from "../../src/purse/prices.ts";
import { spentOf } from "../../src/purse/spent.ts";
import type { Asker } from "../../src/request/request.ts";
import { useNoStyle, useStyle } from "../../src/styles/own-style.ts";
import { saveStyle, usedOf } from "../../src/styles/style-book.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { spoken } from "../words/spoken.ts";
import { begun, person } from "./people.ts";

let azurite: Azurite;
let core: Core;
beforeAll(async () => {
  azurite = await startAzurite();
  core = await openCore(azurite.connectionString, "http://127.0.0.1:9");
});
afterAll(async () => {
  await core.stop();
  await azurite.stop();
});

/** Somebody in a place of their own. */
const someone = () => person("Mia", { workspace: randomUUID(), channel: randomUUID() });

async function saveHarbour(by: Asker, pictures: number) {
  const references = Array.from({ length: pictures }, (_, index) => ({ from: "input" as const, name: `${index}.png` }));
  const change = {
    by,
    at: new Date(0).toISOString(),
    event: randomUUID(),
    words: "soft light",
    palette: [],
    references,
  };
  const saving = await saveStyle("harbour", change, () => true, { azure: core.azure });
  if (!("saved" in saving)) throw new Error("not saved");
  return saving.saved;
}

const INPUT = (1536 * 8) / 1_000_000;

describe("what is told of the price of a round", () => {
  it("is that of its drafts alone where there is no style", async () => {
    const session = await begun(core, { by: someone(), options: { ideas: "6" } });
    expect(session.style).toBeNull();
    expect(roundOf(session).toldDollars).toBeCloseTo(6 * 0.0048, 3);
  });

  it.each(["named", "the channel's own"])(
    "counts the pictures of a style that is %s, and the ideas are drawn in just that",
    async (which) => {
      const by = someone();
      const style = await saveHarbour(by, 3);
      if (which !== "named") await useStyle(style, by, core.azure);
      const session = await begun(core, {
        by,
        options: { ideas: "2", ...(which === "named" && { style: "Harbour" }) },
      });
      const told = roundOf(session).toldDollars ?? 0;
      expect(told).toBeCloseTo(2 * (0.0048 + 3 * INPUT), 3);
      const board = spoken(composeBoard(session, session.boards[0] ?? expect.fail(), undefined, core.settings));
      expect(board.facts).toEqual(
        expect.arrayContaining([expect.stringContaining("“harbour, v1”"), expect.stringContaining("about 8 cents")]),
      );
      // Whatever becomes of it meanwhile.
      await saveHarbour(by, 4);
      await useNoStyle(by, core.azure);
      const idea = { number: 1, by: [by], words: "a gull", prompt: "a gull", state: "open" as const, from: [] };
      const present = await changeSession(
        session.id,
        (now) => void Object.assign(roundOf(now), { stage: "drawing", ideas: [idea] }),
        core.azure,
      );
      await drawIdeas(present ?? expect.fail(), { settings: core.settings, azure: core.azure });
      const at = { session, round: roundOf(session), idea };
      const { job } = (await readJob(jobIdOf(at), core.azure)) ?? expect.fail();
      expect(job.request.style).toMatchObject({ name: "harbour", version: 1 });
      expect(job.order?.references).toHaveLength(3);
      const real = priceOf(job.order ?? expect.fail(), { inputs: 3, partialPictures: 0 }, core.settings);
      expect(real.dollars).toBeLessThanOrEqual(told / 2);
      // And what is not known of it is estimated by the same.
      const pictures = job.pictures.map((picture) => ({ ...picture, state: "kept" as const }));
      expect(spentOf({ ...job, pictures }, core.settings).dollars).toBeCloseTo(real.dollars, 8);
    },
  );

  it("is without the pictures of a style where none is wanted, or the model takes none", async () => {
    const by = someone();
    await useStyle(await saveHarbour(by, 4), by, core.azure);
    const plain = await begun(core, { by, options: { ideas: "2", style: "none" } });
    expect([plain.style, roundOf(plain).toldDollars]).toEqual([null, expect.closeTo(2 * 0.0048, 3)]);
    const style = usedOf(await saveHarbour(someone(), 4));
    const round = {
      topic: "a logo",
      options: { ...plain.options, model: "dall-e-3" as const },
      style,
      kind: "first" as const,
      places: 2,
    };
    // Its square is the cheapest.
    expect(priceOfRound(round, core.settings).dollars).toBeCloseTo(2 * 0.04, 6);
  });
});

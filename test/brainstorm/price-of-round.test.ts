import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeBoard } from "../../src/brainstorm/compose-board.ts";
import { drawIdeas } from "../../src/brainstorm/draw-ideas.ts";
import { draftOf, jobIdOf } from "../../src/brainstorm/idea-request.ts";
import { priceOfRound } from "../../src/brainstorm/price-of-round.ts";
import { LONGEST_PROMPT, MOST_CLAUSE, MOST_CLAUSES, MOST_WORDS } from "../../src/brainstorm/session.ts";
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
import { begun, mia, person, pressed, recordOf } from "./people.ts";

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
/** The longest that an idea may become. */
const WORDS = (LONGEST_PROMPT / 4) * (5 / 1_000_000);

describe("what is told of the price of a round", () => {
  it("is that of its drafts alone where there is no style", async () => {
    const session = await begun(core, { by: someone(), options: { ideas: "6" } });
    expect(session.style).toBeNull();
    expect(roundOf(session).toldDollars).toBeCloseTo(6 * (0.0048 + WORDS), 3);
  });

  it.each(["a logo", "ロゴ"])(
    "holds for the longest ideas that people may bring, also in %s's letters",
    async (topic) => {
      const session = await begun(core, { by: mia, topic, options: { ideas: "2" } });
      const words = topic.repeat(1000).slice(0, MOST_WORDS);
      for (const number of [1, 2]) {
        await pressed(core, session.id, "add", { values: { words: [words] } });
        for (let count = 1; count <= MOST_CLAUSES; count += 1)
          await pressed(core, session.id, "yes-and", {
            values: { words: [words.slice(0, MOST_CLAUSE)], idea: [`1.${number}`] },
          });
      }
      const { ideas, toldDollars = 0 } = roundOf(await recordOf(core, session.id));
      const draft = draftOf(session, "first", false, core.settings);
      const all = ideas.map(({ prompt }) =>
        priceOf({ ...draft, count: 1, prompt }, { inputs: 0, partialPictures: 0 }, core.settings),
      );
      expect(ideas).toHaveLength(2);
      expect(toldDollars).toBeGreaterThanOrEqual(all.reduce((sum, { dollars }) => sum + dollars, 0));
      const board = spoken(composeBoard(session, session.boards[0] ?? expect.fail(), undefined, core.settings));
      expect(board.facts.join(" ")).toMatch(/2 drafts cost at most \d+ cents?/);
    },
  );

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
      expect(told).toBeCloseTo(2 * (0.0048 + WORDS + 3 * INPUT), 3);
      const board = spoken(composeBoard(session, session.boards[0] ?? expect.fail(), undefined, core.settings));
      expect(board.facts).toEqual(
        expect.arrayContaining([expect.stringContaining("“harbour, v1”"), expect.stringContaining("at most 10 cents")]),
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
    expect([plain.style, roundOf(plain).toldDollars]).toEqual([null, expect.closeTo(2 * (0.0048 + WORDS), 3)]);
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

import { afterAll, beforeAll, expect, it } from "vitest";
import { giveBack } from "../../src/purse/ledger.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import { TIMES } from "../../src/times.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { ask, person, rule } from "./rules-world.ts";

let azurite: Azurite;
let core: Core;
beforeAll(async () => {
  azurite = await startAzurite();
  core = await openCore(azurite.connectionString, "http://127.0.0.1:9", {}, TIMES);
});
afterAll(() => azurite.stop());

const draft = { quality: "low" };
const other = person("60351110224678912");

it("two replicas race for the last cent a thousand times, and only one of them has it", async () => {
  rule(core, {
    budgets: [
      { scope: "bot", per: "day", pictures: 1 },
      { scope: "person", per: "day", dollars: 0.01 },
    ],
  });
  const replica = connectAzure(core.settings);
  for (let race = 0; race < 1000; race += 1) {
    const jobs = [`discord-a${race}`, `discord-b${race}`] as const;
    const both = await Promise.all([
      ask(core, { options: draft, job: jobs[0] }),
      ask(core, { options: draft, job: jobs[1], by: race % 2 ? other : person() }, replica),
    ]);
    expect(both.filter(({ admitted }) => admitted)).toHaveLength(1);
    const winner = both[0].admitted ? 0 : 1;
    await giveBack(jobs[winner], winner ? replica : core.azure);
  }
}, 240_000);

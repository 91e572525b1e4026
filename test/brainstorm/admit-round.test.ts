import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { acceptRequest } from "../../src/ask/accept.ts";
import { cancelJob } from "../../src/ask/cancel-and-delete.ts";
import { readAudit } from "../../src/audit/audit.ts";
import { admitRound, giveRoundBack } from "../../src/brainstorm/admit-round.ts";
import { readHolds } from "../../src/purse/ledger.ts";
import { personOf } from "../../src/request/request.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { person, rule } from "../purse/rules-world.ts";

let azurite: Azurite;
let core: Core;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());
beforeEach(async () => {
  core = await openCore(azurite.connectionString, "http://127.0.0.1:9");
});

const options = { ideas: 4, minutes: 10, votes: 1, results: "hidden" as const, others: true };
const round = { topic: "our bakery", options, kind: "first" as const, places: 4 };
const admit = (event = "one") =>
  admitRound({ session: "0".repeat(32), number: 1, event, by: person(), round }, core.settings, core.azure);
const holds = async () => (await readHolds({ count: 10 }, core.azure)).map(({ job }) => job);

it("a round is asked for as a whole before it begins, and says what would still fit", async () => {
  expect(await admit()).toEqual({});
  rule(core, { budgets: [{ scope: "person", per: "day", pictures: 3 }] });
  const denied = await admit();
  expect(JSON.stringify(denied)).toContain('{"say":"denied.stillFits","with":{"places":3}}');
  expect(await holds()).toEqual([]);
});

it("what it may come to is set aside, once for each press, until that is given back", async () => {
  rule(core, { budgets: [{ scope: "person", per: "day", pictures: 4 }] });
  const first = await admit();
  expect(first).toHaveProperty("hold");
  expect(await admit()).toEqual(first);
  expect(await admit("another press")).toHaveProperty("word");
  giveRoundBack("hold" in first ? first.hold : undefined, core.azure);
  await until(async () => !(await holds()).length);
  expect(await admit("another press")).toHaveProperty("hold");
});

it("none of its ideas is denied halfway, and whoever began the round pays for it", async () => {
  rule(core, { budgets: [{ scope: "bot", per: "day", dollars: 0 }], access: { allow: { people: [] } } });
  const asked = core.request({ quality: "low" }, "session-1-1-1");
  expect(await acceptRequest({ ...asked, id: "test-1" }, core.settings, core.azure)).toMatchObject({
    outcome: "declined",
  });
  const place = { session: "1", round: 1, idea: 1, paidBy: person() };
  const accepted = await acceptRequest({ ...asked, brainstorm: place }, core.settings, core.azure);
  expect(accepted).toMatchObject({ outcome: "accepted" });
  await until(async () => (await holds()).includes("session-1-1-1"));
});

it("who has cancelled what stands in the audit", async () => {
  const request = core.request({ quality: "low" });
  await acceptRequest(request, core.settings, core.azure);
  await cancelJob({ job: request.id, by: request.askedBy, isModerator: false }, core.azure);
  expect((await readAudit({ count: 5 }, core.azure)).lines).toMatchObject([
    { did: "cancelled a job", of: request.id, by: { person: personOf(request.askedBy), name: "Ada" } },
  ]);
});

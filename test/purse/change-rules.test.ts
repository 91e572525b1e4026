import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readAudit } from "../../src/audit/audit.ts";
import { changeRules } from "../../src/purse/change-rules.ts";
import { openRuleBook, presentRules, refreshedRules } from "../../src/purse/rule-book.ts";
import { AT_EVENT, personOf } from "../../src/request/request.ts";
import type { Asker } from "../../src/request/request.ts";
import type { Budget } from "../../src/rules.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";

const guild = "80351110224678912";
const operator = { platform: "discord", workspace: guild, channel: "1", user: "90351110224678912", name: "Olga" };
const admin: Asker = { ...operator, user: "70351110224678912", name: "Ada", [AT_EVENT]: { isAdmin: true } };
const budget: Budget = { scope: "person", per: "day", dollars: 1 };

let azurite: Azurite;
let core: Core;
let other: Azure;
const stopping = new AbortController();
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(async () => {
  stopping.abort();
  await azurite.stop();
});
beforeEach(async () => {
  core = await openCore(azurite.connectionString, "http://127.0.0.1:9");
  core.settings.configuration.present = { admins: [`discord/${operator.user}`] };
  other = connectAzure(core.settings);
  for (const azure of [core.azure, other]) openRuleBook(azure, stopping.signal);
});

const byOperator = { asker: operator, isAdmin: false };
const byAdmin = { asker: admin, isAdmin: true };
const nobody = { asker: { ...admin, [AT_EVENT]: {} }, isAdmin: false };
const room = () => ({ settings: core.settings, azure: core.azure });
const faultsOf = async (
  ...[change, by]: Parameters<typeof changeRules> extends [infer C, infer B, unknown] ? [C, B] : never
) => {
  const changed = await changeRules(change, by, room());
  return changed.outcome === "refused" ? changed.faults : [];
};

describe("rules that are set in chat", () => {
  it("stand at once for whoever set them, for another replica when it looks, and in the audit with what was before", async () => {
    const set = await changeRules({ set: "budget", rule: budget }, byOperator, room());
    expect(set).toMatchObject({ outcome: "changed" });
    const { key } = set as { key: string };
    expect((await presentRules(core.settings, core.azure)).budgets).toMatchObject([
      { key, rule: budget, setBy: "Olga" },
    ]);
    expect((await refreshedRules(core.settings, other)).budgets).toHaveLength(1);
    await changeRules({ set: "budget", rule: { ...budget, dollars: 2 }, key }, byOperator, room());
    await changeRules({ remove: key }, byOperator, room());
    expect((await refreshedRules(core.settings, other)).budgets).toEqual([]);
    const { lines } = await readAudit({ count: 10 }, core.azure);
    expect(lines).toMatchObject([
      { did: "removed a rule", of: key, before: { dollars: 2 } },
      { did: "set a rule", before: { dollars: 1 }, after: { dollars: 2 } },
      { did: "set a rule", by: { person: personOf(operator), name: "Olga" }, after: budget },
    ]);
    expect(lines[2]).not.toHaveProperty("before");
  });

  it("are all kept where two replicas write at once, with a line for each", async () => {
    const sets = Array.from({ length: 6 }, (_, index) =>
      changeRules({ set: "budget", rule: { ...budget, dollars: index } }, byOperator, {
        ...room(),
        azure: index % 2 ? other : core.azure,
      }),
    );
    await Promise.all(sets);
    const { budgets } = await refreshedRules(core.settings, core.azure);
    expect(new Set(budgets.map(({ rule }) => rule.dollars))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
    expect((await readAudit({ count: 10 }, core.azure)).lines).toHaveLength(6);
  });

  it("of an admin bind in their place alone, and their lines are for the admins there", async () => {
    await changeRules({ set: "budget", rule: budget }, byAdmin, room());
    await changeRules({ set: "limit", rule: { scope: "bot", mostPictures: 1 } }, byOperator, room());
    const { budgets } = await presentRules(core.settings, core.azure);
    expect(budgets).toMatchObject([{ within: { platform: "discord", id: guild } }]);
    const here = await readAudit({ count: 10, workspace: { platform: "discord", id: guild } }, core.azure);
    const there = await readAudit({ count: 10, workspace: { platform: "discord", id: "1" } }, core.azure);
    expect([here.lines.length, there.lines.length]).toEqual([2, 0]);
  });

  it("may be set by whoever may, and no further than their place", async () => {
    expect(await faultsOf({ set: "budget", rule: budget }, nobody)).toEqual([{ fault: "no admin" }]);
    expect(await faultsOf({ set: "budget", rule: { ...budget, scope: "bot" } }, byAdmin)).toEqual([
      { fault: "beyond your place" },
    ]);
    const elsewhere = { ...budget, scope: "workspace" as const, platform: "discord" as const, id: "80351110224678913" };
    expect(await faultsOf({ set: "budget", rule: elsewhere }, byAdmin)).toEqual([{ fault: "beyond your place" }]);
    const { key } = (await changeRules({ set: "budget", rule: budget }, byOperator, room())) as { key: string };
    expect(await faultsOf({ remove: key }, byAdmin)).toEqual([{ fault: "set by the operator" }]);
    expect(await faultsOf({ remove: "budgets-1" }, byOperator)).toEqual([{ fault: "set in the file" }]);
    expect(await faultsOf({ remove: "ffff" }, byOperator)).toEqual([{ fault: "gone" }]);
  });

  it.each<[string, Budget, object[]]>([
    ["less than nothing", { ...budget, dollars: -1 }, [{ fault: "amount", unit: "dollars", most: 1_000_000 }]],
    ["enormous", { ...budget, dollars: 1e30 }, [{ fault: "amount", unit: "dollars", most: 1_000_000 }]],
    ["half a picture", { ...budget, pictures: 0.5 }, [{ fault: "amount", unit: "pictures", most: 1_000_000 }]],
    ["no amount", { scope: "bot", per: "day" }, [{ fault: "no amount" }]],
    ["an unknown person", { ...budget, platform: "discord", id: "Mia" }, [{ fault: "not understood", field: "id" }]],
  ])("are refused with %s", async (_, rule, faults) => {
    expect(await faultsOf({ set: "budget", rule }, byOperator)).toEqual(faults);
  });
});

describe("raises and own limits", () => {
  const raise = {
    scope: "person",
    per: "day",
    dollars: 5,
    until: new Date(Date.now() + 86_400_000).toISOString(),
  } as const;

  it("raise what is there, for a while, and no further than whoever raises may", async () => {
    expect(await faultsOf({ set: "raise", rule: raise }, byOperator)).toEqual([{ fault: "nothing to raise" }]);
    core.settings.configuration.present.budgets = [budget];
    expect(await faultsOf({ set: "raise", rule: raise }, byOperator)).toEqual([]);
    // The file is the operator's word.
    expect(await faultsOf({ set: "raise", rule: raise }, byAdmin)).toEqual([{ fault: "nothing to raise" }]);
    const over = { ...raise, until: new Date(Date.now() - 1000).toISOString() };
    expect(await faultsOf({ set: "raise", rule: over }, byOperator)).toMatchObject([
      { fault: "ends then", isPast: true },
    ]);
    const lasting = { ...raise, until: new Date(Date.now() + 100 * 86_400_000).toISOString() };
    expect(await faultsOf({ set: "raise", rule: lasting }, byOperator)).toMatchObject([
      { fault: "ends then", isPast: false },
    ]);
    expect((await readAudit({ count: 1 }, core.azure)).lines).toMatchObject([{ did: "raised a budget", after: raise }]);
  });

  it("are one's own to set lower, never higher, and to take back", async () => {
    core.settings.configuration.present.budgets = [budget];
    const own = (dollars?: number) => ({ own: { per: "day" as const, dollars } });
    expect(await faultsOf(own(2), nobody)).toEqual([{ fault: "above the rule", unit: "dollars", most: 1 }]);
    expect(await faultsOf(own(0.5), nobody)).toEqual([]);
    const limits = async () => (await refreshedRules(core.settings, other)).ownLimits.get(personOf(nobody.asker));
    expect(await limits()).toEqual([{ per: "day", dollars: 0.5 }]);
    await changeRules({ own: { per: "month", pictures: 9 } }, nobody, room());
    await changeRules(own(), nobody, room());
    expect(await limits()).toEqual([{ per: "month", pictures: 9 }]);
  });
});

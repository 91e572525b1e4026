import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { admit } from "../../src/purse/admit.ts";
import { giveBack, reserve } from "../../src/purse/ledger.ts";
import { payerOf } from "../../src/purse/payer.ts";
import { changeRules } from "../../src/purse/change-rules.ts";
import { openRuleBook } from "../../src/purse/rule-book.ts";
import { AT_EVENT } from "../../src/request/request.ts";
import type { Budget } from "../../src/rules.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import type { Denial } from "../../src/purse/denial.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import type { StorageProxy } from "../fakes/storage-proxy.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { ask, asking, CHANNEL, GUILD, person, rule } from "./rules-world.ts";

let azurite: Azurite;
let storage: StorageProxy;
let core: Core;
const stopping = new AbortController();
beforeAll(async () => {
  azurite = await startAzurite();
  storage = await startStorageProxy(azurite);
});
afterAll(async () => {
  stopping.abort();
  await storage.stop();
  await azurite.stop();
});
beforeEach(async () => {
  core = await openCore(storage.connectionString, "http://127.0.0.1:9");
});

/** A draft of gpt-image-2 is half a cent, a picture of medium quality about 5 cents, of high quality about 21. */
const draft = { quality: "low" };
const high = { quality: "high" };
const other = person("60351110224678912");

async function spend(dollars: number, by = person(), at = new Date()): Promise<void> {
  const hold = {
    job: `test-${Math.random()}`,
    payer: payerOf(by),
    model: "gpt-image-2" as const,
    pictures: 1,
    dollars,
    at,
  };
  await reserve(hold, { needs: [], judge: () => undefined }, core.azure);
}

const budget = (more: Partial<Budget>): Budget => ({ scope: "person", per: "day", ...more });

async function denial(wanted: Parameters<typeof ask>[1] = {}): Promise<Denial | undefined> {
  const admission = await ask(core, wanted);
  return admission.admitted ? undefined : admission.denial;
}

describe("budgets", () => {
  it("without a rule ask nothing of storage, and set nothing aside", async () => {
    const before = storage.calls.length;
    expect(await ask(core)).toEqual({ admitted: true, holds: false, warnings: [] });
    expect(storage.calls.length).toBe(before);
  });

  it("say what is left, when they are full again, who can change them, and what would still fit", async () => {
    rule(core, { budgets: [budget({ dollars: 0.11 })] });
    await spend(0.04);
    expect(await denial({ options: high, at: new Date("2026-11-30T20:00:00Z") })).toMatchObject({
      denied: "budget",
      scope: "person",
      per: "day",
      budget: { dollars: 0.11 },
      asked: { pictures: 1 },
      raiser: "operator",
      refillsAt: "2026-12-01T00:00:00.000Z",
    });
    const denied = await denial({ options: high });
    if (denied?.denied !== "budget") throw new Error("not denied");
    expect(denied.left.dollars).toBeCloseTo(0.07);
    // What comes closest, and a draft.
    expect(denied.fits).toMatchObject([
      { by: "allowed", options: { quality: "medium", count: "1" } },
      { by: "draft", options: { quality: "low", count: "1" } },
    ]);
    expect(await ask(core, { options: denied.fits[0]?.options })).toMatchObject({ admitted: true, holds: true });
    // What is left is enough for a draft.
    expect((await denial({ options: { quality: "medium" } })) as object).toMatchObject({ fits: [{ by: "draft" }] });
  });

  it("all apply, and the tightest answers, whatever their order", async () => {
    const budgets = [
      { scope: "bot" as const, per: "month" as const, dollars: 100 },
      budget({ scope: "workspace", dollars: 0.1 }),
      budget({ scope: "channel", per: "week", dollars: 0.06 }),
      budget({ pictures: 3 }),
    ];
    for (const all of [budgets, budgets.toReversed()]) {
      rule(core, { budgets: all });
      expect(await denial({ options: high })).toMatchObject({ denied: "budget", scope: "channel", per: "week" });
    }
    rule(core, { budgets });
    expect(await denial({ options: { ...draft, count: "4" } })).toMatchObject({
      scope: "person",
      left: { pictures: 3 },
      fits: [{ by: "fewer", count: 3, options: { count: "3" } }],
    });
  });

  it("of each one are everybody's own; one that names somebody is theirs in its place", async () => {
    rule(core, {
      budgets: [budget({ pictures: 1 }), budget({ platform: "discord", id: other.user, pictures: 2 })],
    });
    expect(await ask(core, { options: draft })).toMatchObject({ admitted: true });
    expect(await denial({ options: draft })).toMatchObject({ budget: { pictures: 1 }, left: { pictures: 0 } });
    expect(await ask(core, { by: other, options: { ...draft, count: "2" } })).toMatchObject({ admitted: true });
    expect(await denial({ by: other, options: draft })).toMatchObject({ budget: { pictures: 2 } });
  });

  it("of 0 leave nothing, and nothing fits", async () => {
    rule(core, { budgets: [budget({ dollars: 0 })] });
    expect(await denial({ options: draft })).toMatchObject({ left: { dollars: 0 }, fits: [] });
  });

  it("that are soft let pass, and warn", async () => {
    rule(core, { budgets: [budget({ dollars: 0.01, isSoft: true })] });
    expect(await ask(core, { options: draft })).toMatchObject({ admitted: true, warnings: [] });
    expect(await ask(core, { options: high })).toMatchObject({
      admitted: true,
      holds: true,
      warnings: [{ unit: "dollars", binding: { kind: "person" } }],
    });
  });

  it("count threads to their channel, and what was spent elsewhere for the person as well", async () => {
    const id = CHANNEL;
    rule(core, { budgets: [budget({ scope: "channel", platform: "discord", id, pictures: 1 })] });
    const inThread = person(undefined, { channel: "1", parentChannel: CHANNEL });
    expect(await ask(core, { by: inThread, options: draft })).toMatchObject({ admitted: true });
    expect(await denial({ options: draft })).toMatchObject({ scope: "channel" });
    expect(await ask(core, { by: person(undefined, { channel: "2" }), options: draft })).toMatchObject({
      admitted: true,
    });
    rule(core, { budgets: [budget({ pictures: 1 })] });
    expect(
      await denial({ by: person(undefined, { workspace: undefined, channel: "3" }), options: draft }),
    ).toMatchObject({
      scope: "person",
    });
  });

  it("of an edit count what it is drawn from", async () => {
    rule(core, { budgets: [budget({ dollars: 0.01 })] });
    expect(await ask(core, { options: { ...draft, size: "wide" } })).toMatchObject({ admitted: true });
    const sources = Array.from({ length: 4 }, () => ({ from: "input" as const, name: "one" }));
    rule(core, { budgets: [budget({ dollars: 0.03 })] });
    expect(await denial({ options: draft, sources })).toMatchObject({ denied: "budget" });
  });
});

describe("periods", () => {
  const zones: [string, string, "day" | "week" | "month", string][] = [
    // The clock is put back there on 25 October, so that this day has 25 hours, and forward on 29 March.
    ["Europe/Berlin", "2026-10-25T00:30:00Z", "day", "2026-10-25T23:00:00.000Z"],
    ["Europe/Berlin", "2026-03-29T00:30:00Z", "day", "2026-03-29T22:00:00.000Z"],
    ["Europe/Berlin", "2026-10-21T12:00:00Z", "week", "2026-10-25T23:00:00.000Z"],
    ["America/New_York", "2026-11-30T20:00:00Z", "month", "2026-12-01T05:00:00.000Z"],
    ["Pacific/Kiritimati", "2026-11-30T11:00:00Z", "month", "2026-12-31T10:00:00.000Z"],
    ["Pacific/Pago_Pago", "2026-12-01T10:00:00Z", "month", "2026-12-01T11:00:00.000Z"],
    // There the clock is put forward at midnight: the day begins at one.
    ["America/Santiago", "2026-09-06T02:00:00Z", "day", "2026-09-06T04:00:00.000Z"],
    ["Asia/Kolkata", "2026-12-31T18:29:59Z", "week", "2027-01-03T18:30:00.000Z"],
  ];
  it.each(zones)("in %s at %s the %s ends at %s, and not a second before", async (timeZone, at, per, refillsAt) => {
    core.azure.timeZone = timeZone;
    rule(core, { budgets: [budget({ per, pictures: 1 })] });
    expect(await ask(core, { options: draft, at: new Date(at) })).toMatchObject({ admitted: true });
    const last = new Date(Date.parse(refillsAt) - 1000);
    expect(await denial({ options: draft, at: last })).toMatchObject({ refillsAt });
    expect(await ask(core, { options: draft, at: new Date(refillsAt) })).toMatchObject({ admitted: true });
  });

  it("stay what they are where a clock jumps: what was spent in days to come is not of today", async () => {
    rule(core, { budgets: [budget({ pictures: 1 }), budget({ per: "month", pictures: 2 })] });
    const at = new Date("2026-11-10T12:00:00Z");
    await spend(0.1, person(), new Date("2026-11-12T12:00:00Z"));
    expect(await ask(core, { options: draft, at })).toMatchObject({ admitted: true });
    expect(await denial({ options: draft, at: new Date("2026-11-09T12:00:00Z") })).toMatchObject({ per: "month" });
  });
});

describe("limits", () => {
  it("tell all that is not kept at once, and what would be", async () => {
    rule(core, {
      limits: [{ scope: "bot", mostPictures: 2, qualities: ["low", "medium"], sizes: ["square", "wide"] }],
    });
    expect(await denial({ options: { quality: "high", size: "tall", count: "4" } })).toMatchObject({
      denied: "limit",
      breaks: [
        { limit: "mostPictures", most: 2, asked: 4 },
        { limit: "qualities", asked: "high" },
        { limit: "sizes", asked: "1024x1536" },
      ],
      fits: [
        { options: { quality: "medium", count: "2", size: expect.stringMatching(/^\d+x\d+$/) } },
        { by: "draft", options: { quality: "low", count: "2" } },
      ],
    });
    expect(await ask(core, { options: { quality: "low", size: "wide", count: "2" } })).toMatchObject({
      admitted: true,
    });
  });

  it("of money hold for each request, and of models offer another", async () => {
    rule(core, { limits: [{ scope: "person", mostDollars: 0.06, models: ["gpt-image-2"] }] });
    expect(await denial({ options: { model: "dall-e-3" } })).toMatchObject({
      breaks: [{ limit: "models", asked: "dall-e-3" }],
      fits: [{ options: { model: "gpt-image-2" } }, { options: { model: "gpt-image-2", quality: "low" } }],
    });
    expect(await denial({ options: high })).toMatchObject({ breaks: [{ limit: "mostDollars", most: 0.06 }] });
    expect(await ask(core, { options: { quality: "medium" } })).toMatchObject({ admitted: true });
  });

  it("of what is under way count each person's own, until it is there", async () => {
    rule(core, { limits: [{ scope: "bot", mostAtOnce: 2 }] });
    const job = "discord-1";
    expect(await ask(core, { options: { ...draft, count: "2" }, job })).toMatchObject({ admitted: true });
    expect(await denial({ options: draft })).toMatchObject({
      breaks: [{ limit: "mostAtOnce", underWay: 2 }],
      fits: [],
    });
    expect(await ask(core, { by: other, options: draft })).toMatchObject({ admitted: true });
    await giveBack(job, core.azure);
    expect(await ask(core, { options: draft })).toMatchObject({ admitted: true });
  });
});

describe("access", () => {
  const guild = `discord/${GUILD}`;
  const channel = `discord/${CHANNEL}`;
  const role = "discord/50351110224678912";
  const withRole = person(undefined, {}, { roles: ["50351110224678912"] });
  const direct = person(undefined, { workspace: undefined, channel: "1" }, { isDirect: true });
  const userInstall = person(undefined, { workspace: "1", channel: "2" }, { isUserInstall: true });
  const thread = person(undefined, { channel: "1", parentChannel: CHANNEL });
  const tenant = "0F8fad5b-d9cb-469f-a165-70867728950e";
  const colleague = {
    ...person(tenant.toLowerCase()),
    platform: "teams",
    workspace: tenant.toLowerCase(),
    channel: "19:abcdef@thread.tacv2",
  };
  const cases: [string, object, ReturnType<typeof person>, string | undefined][] = [
    ["lets in by workspace", { allow: { workspaces: [guild] } }, person(), undefined],
    ["keeps out who is elsewhere", { allow: { workspaces: [`discord/${CHANNEL}`] } }, person(), "workspaces"],
    ["lets in by channel", { allow: { channels: [channel] } }, person(), undefined],
    ["lets threads in by their channel", { allow: { channels: [channel] } }, thread, undefined],
    ["keeps out by channel", { deny: { channels: [channel] } }, thread, "channels"],
    ["lets in by role", { allow: { roles: [role] } }, withRole, undefined],
    ["keeps out without the role", { allow: { roles: [role] } }, person(), "roles"],
    [
      "lets in by name where the role is missing",
      { allow: { roles: [role], people: [`discord/${person().user}`] } },
      person(),
      undefined,
    ],
    [
      "keeps out by role though let in by name",
      { allow: { people: [`discord/${person().user}`] }, deny: { roles: [role] } },
      withRole,
      "roles",
    ],
    ["keeps out by name", { deny: { people: [`discord/${person().user}`] } }, person(), "people"],
    ["asks where and who", { allow: { channels: [channel], roles: [role] } }, person(), "roles"],
    ["keeps direct messages out where places are asked", { allow: { workspaces: [guild] } }, direct, "directMessages"],
    [
      "lets direct messages in beside places",
      { allow: { workspaces: [guild], directMessages: true } },
      direct,
      undefined,
    ],
    ["keeps direct messages out", { deny: { directMessages: true } }, direct, "directMessages"],
    ["keeps user installs out", { deny: { userInstalls: true } }, userInstall, "userInstalls"],
    [
      "lets user installs in beside places",
      { allow: { workspaces: [guild], userInstalls: true } },
      userInstall,
      undefined,
    ],
    ["keeps out who installed it elsewhere", { allow: { workspaces: [guild] } }, userInstall, "workspaces"],
    [
      "lets a tenant in, however its letters are written",
      { allow: { workspaces: [`teams/${tenant}`] } },
      colleague,
      undefined,
    ],
    ["keeps a person of a tenant out", { deny: { people: [`teams/${tenant}`] } }, colleague, "people"],
    ["lets a Teams channel in", { allow: { channels: ["teams/19:abcdef@thread.tacv2"] } }, colleague, undefined],
  ];
  it.each(cases)("%s", async (_, access, by, reason) => {
    rule(core, { access });
    expect(await denial({ by, options: draft })).toEqual(
      reason ? { denied: "access", by: reason, raiser: "operator" } : undefined,
    );
  });
});

describe("what is set in chat", () => {
  const operator = person("40351110224678912");
  const byOperator = { asker: operator, isAdmin: false };
  const admin = { asker: { ...person("30351110224678912"), [AT_EVENT]: { isAdmin: true } }, isAdmin: true };
  const room = () => ({ settings: core.settings, azure: core.azure });
  const until = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();

  beforeEach(() => {
    openRuleBook(core.azure, stopping.signal);
    rule(core, { admins: [`discord/${operator.user}`], budgets: [budget({ dollars: 0.06 })] });
  });

  it("tightens in one place what the file gives everywhere, and loosens nothing", async () => {
    await changeRules({ set: "budget", rule: budget({ pictures: 0 }) }, admin, room());
    expect(await denial({ options: draft })).toMatchObject({ left: { pictures: 0 }, raiser: "admin" });
    expect(await ask(core, { by: person(undefined, { workspace: "1" }), options: draft })).toMatchObject({
      admitted: true,
    });
    await changeRules({ set: "budget", rule: budget({ dollars: 100 }) }, byOperator, room());
    expect(await denial({ by: person(undefined, { workspace: "1" }), options: high })).toMatchObject({
      budget: { dollars: 0.06 },
    });
  });

  it("raises until then, and not longer", async () => {
    expect(await denial({ options: high })).toMatchObject({ budget: { dollars: 0.06 } });
    const { user: id } = person();
    const raise = { scope: "person", platform: "discord", id, per: "day", dollars: 5, until: until(60_000) } as const;
    await changeRules({ set: "raise", rule: raise }, byOperator, room());
    expect(await ask(core, { options: high })).toMatchObject({ admitted: true });
    expect(await denial({ by: other, options: high })).toMatchObject({ budget: { dollars: 0.06 } });
    const after = new Date(Date.now() + 61_000);
    expect(await denial({ options: draft, at: after })).toMatchObject({
      budget: { dollars: 0.06 },
      left: { dollars: 0 },
    });
  });

  it("takes one's own lower limit for a rule that one can change oneself", async () => {
    await changeRules({ own: { per: "week", pictures: 1 } }, { asker: person(), isAdmin: false }, room());
    expect(await ask(core, { options: draft })).toMatchObject({ admitted: true });
    expect(await denial({ options: draft })).toMatchObject({ isOwn: true, per: "week", raiser: "you" });
    expect(await ask(core, { by: other, options: draft })).toMatchObject({ admitted: true });
  });

  it("is looked at once more before somebody hears a no", async () => {
    const replica = connectAzure(core.settings);
    openRuleBook(replica, stopping.signal);
    const { key } = (await changeRules({ set: "budget", rule: budget({ pictures: 0 }) }, admin, room())) as {
      key: string;
    };
    expect(await ask(core, { options: draft }, replica)).toMatchObject({ admitted: false });
    await changeRules({ remove: key }, admin, room());
    expect(await ask(core, { options: draft }, replica)).toMatchObject({ admitted: true });
  });
});

describe("the ledger out of reach", () => {
  it("closes where money is limited, and says so; where only a request is limited it does not", async () => {
    rule(core, { budgets: [budget({ dollars: 5 })] });
    const away = storage.fail({ path: /./ }, "hang", Infinity);
    try {
      const signal = () => AbortSignal.timeout(500);
      const on = () =>
        admit(asking(core, { options: high }), { settings: core.settings, azure: core.azure, signal: signal() });
      expect(await on()).toEqual({ admitted: false, denial: { denied: "ledger away" } });
      rule(core, { budgets: [budget({ dollars: 5 })], whenLedgerIsAway: "open" });
      expect(await on()).toMatchObject({ admitted: true, holds: false });
      rule(core, { limits: [{ scope: "bot", qualities: ["low"] }] });
      expect(await on()).toMatchObject({ denial: { denied: "limit" } });
      rule(core, { limits: [{ scope: "bot", qualities: ["high"] }] });
      expect(await on()).toMatchObject({ admitted: true });
      rule(core, { budgets: [budget({ dollars: 5, isSoft: true })] });
      expect(await on()).toMatchObject({ admitted: true });
    } finally {
      away.end();
    }
  });
});

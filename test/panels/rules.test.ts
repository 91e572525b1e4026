import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { refreshedRules } from "../../src/purse/rule-book.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { ELSEWHERE, idOf, openPanelWorld, person } from "./panel-world.ts";
import type { PanelWorld } from "./panel-world.ts";

let azurite: Azurite;
let world: PanelWorld;
const [ada, mallory, operator] = [
  person("Ada", 1),
  person("Mallory", 3, { workspace: ELSEWHERE, channel: idOf(31) }),
  person("Olive", 9),
];
const runs = { runs: true };

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());
beforeEach(async () => {
  world = await openPanelWorld(azurite.connectionString);
  world.configure({ admins: [`discord/${operator.user}`], budgets: [{ scope: "bot", per: "month", dollars: 100 }] });
  return () => world.stop();
});

const book = () => refreshedRules(world.core.settings, world.core.azure);
const keyOf = async () => (await book()).budgets.find(({ source }) => source === "chat")?.key ?? "none";
const send = (panel: string, values: Record<string, string[]>, by = ada) => world.open(panel, by, { ...runs, values });
const aBudget = { scope: ["person"], per: ["day"], amount: ["5 dollars"] };

describe("a budget", () => {
  test("is set in a form, binds that server alone, and stands in the list and in what was changed", async () => {
    const { form } = await world.open("budget-form.here", ada, runs);
    expect(form?.panel).toBe("budget-form.here");
    const { text } = await send("budget-form.here", aBudget);
    expect(text).toContain("That holds from now on.");
    expect(text).toContain("1. Everybody together: 100.00 dollars a month (set in the file)");
    expect(text).toContain("2. Each person: 5.00 dollars a day");
    const { budgets } = await book();
    expect(budgets.at(-1)).toMatchObject({
      rule: { scope: "person", per: "day", dollars: 5 },
      within: { platform: "discord", id: ada.workspace },
      setBy: "Ada",
    });
    expect((await world.open("audit.here", ada, runs)).text).toMatch(
      /Ada set a rule: Each person: 5\.00 dollars a day/,
    );
    const elsewhere = await world.open("budgets.here", mallory, runs);
    expect(elsewhere.text).not.toContain("5.00 dollars a day");
    expect((await world.open("audit.here", mallory, runs)).text).toContain("Nothing was changed yet.");
  });

  test("of the file is shown, and can be neither changed nor raised by whoever runs a server", async () => {
    const { panels } = await world.open("budgets.here", ada, runs);
    expect(panels).toContain("budget.here.budgets-1");
    const one = await world.open("budget.here.budgets-1", ada, runs);
    expect(one.panels).toEqual(["budgets.here"]);
    const forms = [
      "budget-form.here.budgets-1",
      "rule-off.here.budget.budgets-1.sure",
      "raise-by.here.budgets-1.dollars.5",
    ];
    for (const panel of forms) await send(panel, aBudget);
    const { budgets, raises } = await book();
    expect([budgets.length, raises.length]).toEqual([1, 0]);
  });

  test("that cannot be so comes back with all that is wrong, and with what was typed", async () => {
    const { form, text } = await send("budget-form.here", { scope: ["one-person"], per: ["month"], amount: ["-5"] });
    expect(text).toContain("Please pick the person");
    expect(text).toContain("“-5” is below nothing");
    expect(form?.typed).toEqual({ scope: ["one-person"], per: ["month"], amount: ["-5"] });
    expect((await book()).budgets).toHaveLength(1);
  });

  test.each([
    [{ ...aBudget, amount: ["99999999"] }, "from 0 to 1,000,000"],
    [{ ...aBudget, scope: ["one-channel"], channel: ["nowhere"] }, "no such channel or person"],
    [{ ...aBudget, scope: ["one-person"], person: ["me"] }, "no such channel or person"],
    [{ ...aBudget, scope: ["bot"] }, "only the operator"],
  ])("of %j is refused, and says why", async (values, because) => {
    const { text, form } = await send("budget-form.here", values);
    expect(text).toContain(because);
    expect(form?.typed).toEqual(values);
    expect((await book()).budgets).toHaveLength(1);
  });

  test("is changed and taken away, after it was asked whether it shall go", async () => {
    await send("budget-form.here", aBudget);
    const key = await keyOf();
    await send(`budget-form.here.${key}`, { ...aBudget, amount: ["3 dollars"] });
    expect((await world.open("budgets.here", ada, runs)).text).toContain("Each person: 3.00 dollars a day");
    const asked = await world.open(`rule-off.here.budget.${key}`, ada, runs);
    expect(asked.text).toContain("Shall this rule go? Each person: 3.00 dollars a day");
    expect((await world.open(`rule-off.here.budget.${key}.sure`, ada, runs)).text).toContain("The rule is gone.");
    expect((await book()).budgets).toHaveLength(1);
    const again = await world.open(`rule-off.here.budget.${key}.sure`, ada, runs);
    expect(again.text).toContain("no longer there");
  });

  test("of another server can be neither seen nor touched by its key", async () => {
    await send("budget-form.here", aBudget);
    const key = await keyOf();
    for (const panel of [`budget.here.${key}`, `rule-off.here.budget.${key}.sure`, `raise-by.here.${key}.dollars.5`]) {
      const { text } = await world.open(panel, mallory, runs);
      expect(text).not.toContain("5.00 dollars a day");
    }
    const { budgets, raises } = await book();
    expect([budgets.length, raises.length]).toEqual([2, 0]);
  });
});

describe("a raise", () => {
  test("until Friday is one press, ends by itself, and is written down", async () => {
    await send("budget-form.here", { ...aBudget, amount: ["20 dollars"] });
    const key = await keyOf();
    const { reply } = await world.open(`budget.here.${key}`, ada, runs);
    const press = reply?.actions.find((action) => action.label === "+5.00 dollars until Friday");
    expect(press).toMatchObject({ do: "panel", panel: `raise-by.here.${key}.dollars.5` });
    const { text } = await world.open(`raise-by.here.${key}.dollars.5`, ada, runs);
    expect(text).toContain("It is raised.");
    expect(text).toMatch(/Each person: 5\.00 dollars more, until the end of Friday/);
    const { raises } = await book();
    expect(raises).toMatchObject([{ rule: { scope: "person", per: "day", dollars: 5 } }]);
    expect((await world.open("audit.here", ada, runs)).text).toMatch(/Ada raised a budget/);
    const { panels } = await world.open(`budget.here.${key}`, ada, runs);
    const ending = panels.find((panel) => panel.startsWith("rule-off.here.raise.")) ?? "";
    await world.open(`${ending}.sure`, ada, runs);
    expect((await book()).raises).toEqual([]);
  });

  test("of one person is made in a form", async () => {
    await send("budget-form.here", aBudget);
    const key = await keyOf();
    const { form } = await world.open(`raise.here.${key}`, ada, runs);
    expect(form?.form.fields.map(({ id }) => id)).toEqual(["amount", "until", "who"]);
    const bad = await send(`raise.here.${key}`, { amount: ["much"], until: ["week"] });
    expect(bad.text).toContain("no amount that I can read");
    await send(`raise.here.${key}`, { amount: ["2"], until: ["week"], who: [mallory.user] });
    expect((await book()).raises).toMatchObject([{ rule: { dollars: 2, id: mallory.user, platform: "discord" } }]);
  });
});

describe("a limit", () => {
  test("of numbers, and of what is drawn, is set in a form each", async () => {
    await send("limit-form.here.numbers", { scope: ["workspace"], mostPictures: ["2"], mostDollars: ["0.5"] });
    await send("limit-form.here.what", { scope: ["person"], qualities: ["low", "medium"], sizes: ["square"] });
    const { text } = await world.open("limits.here", ada, runs);
    expect(text).toContain("This server: 2 pictures in one request; 50 cents for one request");
    expect(text).toContain("Each person: only low or medium; only square");
  });

  test("that limits nothing, or is no number, says so", async () => {
    const nothing = await send("limit-form.here.numbers", { scope: ["workspace"] });
    expect(nothing.text).toContain("fill in one of the fields");
    const both = await send("limit-form.here.numbers", {
      scope: ["workspace"],
      mostPictures: ["-1"],
      mostDollars: ["x"],
    });
    expect(both.text).toMatch(/“-1” is no whole number.*“x” is no amount/s);
  });
});

describe("who may use it", () => {
  test("is set in lists, and a channel is closed and opened by one press", async () => {
    await send("access-form.here.allow", { channels: [idOf(21), idOf(22)], roles: [], people: [] });
    expect((await world.open("access.here", ada, runs)).text).toContain("Only in the channels:");
    const closed = await world.open("channel.here.close", ada, runs);
    expect(closed.text).toContain("may not be used in this channel");
    const { access } = await book();
    expect(access).toMatchObject([{ rule: { allow: { channels: [`discord/${idOf(22)}`] } } }]);
    await world.open("channel.here.open", ada, runs);
    await send("access-form.here.allow", { channels: [], roles: [], people: [] });
    expect((await book()).access).toEqual([]);
    await world.open("channel.here.close", ada, runs);
    expect((await book()).access).toMatchObject([{ rule: { deny: { channels: [`discord/${idOf(21)}`] } } }]);
    await world.open("channel.here.open", ada, runs);
    expect((await book()).access).toEqual([]);
  });

  test("of somebody unknown is refused with what was typed", async () => {
    const { text, form } = await send("access-form.here.deny", { people: ["nobody"] });
    expect(text).toContain("not");
    expect(form?.typed).toEqual({ people: ["nobody"] });
  });
});

describe("a limit of one's own", () => {
  test("is set and taken back by whoever it is for, and shows in what is left", async () => {
    const set = await world.open("own-limit", ada, { values: { "dollars-day": ["2"], "pictures-month": ["30"] } });
    expect(set.text).toContain("That is your own limit now.");
    expect(set.text).toMatch(/Your own limit: 2\.00 dollars left of 2\.00 dollars a day/);
    expect((await world.open("own-limit", ada)).form?.form.fields).toMatchObject([
      { value: "2" },
      {},
      {},
      { value: "30" },
    ]);
    const gone = await world.open("own-limit", ada, { values: { "dollars-day": [""] } });
    expect(gone.text).toContain("no limit of your own any more");
  });

  test("above what is allowed, or no number, is told at once with what was typed", async () => {
    world.configure({ budgets: [{ scope: "person", per: "day", dollars: 1 }] });
    const above = await world.open("own-limit", ada, { values: { "dollars-day": ["2"] } });
    expect(above.text).toContain("can only be lower");
    const both = await world.open("own-limit", ada, { values: { "dollars-day": ["-2"], "pictures-day": ["x"] } });
    expect(both.text).toMatch(/“-2”.*“x”/s);
    expect(both.form?.typed).toEqual({ "dollars-day": ["-2"], "pictures-day": ["x"] });
  });
});

describe("an operator", () => {
  test("rules everything, and of a place that place alone", async () => {
    await world.open("budget-form.bot", operator, { values: { ...aBudget, amount: ["9"] } });
    await world.open("budget-form.here", operator, { values: { ...aBudget, amount: ["8"] } });
    const { budgets } = await book();
    expect(
      budgets.filter(({ source }) => source === "chat").map(({ rule, within }) => [rule.dollars, within?.id]),
    ).toEqual(
      expect.arrayContaining([
        [9, undefined],
        [8, operator.workspace],
      ]),
    );
    const seen = await world.open("budgets.here", ada, runs);
    expect(seen.text).toContain("Each person: 9.00 dollars a day (set by the operator)");
  });
});

test("every way on that a panel offers leads to a panel", async () => {
  await send("budget-form.here", aBudget);
  await send("limit-form.here.numbers", { scope: ["workspace"], mostPictures: ["2"] });
  const seen = new Set<string>();
  const ahead = ["usage", "easel"];
  for (let panel = ahead.pop(); panel !== undefined && seen.size < 80; panel = ahead.pop()) {
    if (seen.has(panel) || /\.sure$|^raise-by|^channel.*(close|open)$/.test(panel)) continue;
    seen.add(panel);
    expect(`panel:${panel}`.length).toBeLessThanOrEqual(100);
    const opened = await world.open(panel, ada, runs);
    expect([panel, opened.text]).not.toEqual([panel, expect.stringContaining("whoever runs this place.")]);
    expect(Boolean(opened.form) || opened.panels.length > 0, panel).toBe(true);
    ahead.push(...opened.panels);
  }
  expect(seen.size).toBeGreaterThan(20);
});

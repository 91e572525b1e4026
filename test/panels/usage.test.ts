import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { forgetName } from "../../src/jobs/names.ts";
import { personOf } from "../../src/request/request.ts";
import { readExport } from "../../src/storage/exports.ts";
import { readPicture } from "../../src/storage/picture-blobs.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { ELSEWHERE, HOME, idOf, openPanelWorld, person } from "./panel-world.ts";
import type { PanelWorld } from "./panel-world.ts";

let azurite: Azurite;
let world: PanelWorld;
const [ada, grace, mallory] = [
  person("Ada", 1),
  person("Grace", 2, { channel: idOf(22) }),
  person("Mallory", 3, { workspace: ELSEWHERE, channel: idOf(31) }),
];
const [operator] = [person("Olive", 9)];

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());
beforeEach(async () => {
  world = await openPanelWorld(azurite.connectionString, { TIME_ZONE: "Europe/Zurich" });
  world.configure({ admins: [`discord/${operator.user}`] });
  await world.spend(ada, 1.5, 3);
  await world.spend(grace, 0.25);
  await world.spend(mallory, 7, 2);
  return () => world.stop();
});

describe("what somebody sees of what was spent", () => {
  test("is their own, what is left of it and when that refills, whoever they are", async () => {
    world.configure({ budgets: [{ scope: "person", per: "month", dollars: 2 }] });
    const { text, panels } = await world.open("usage", ada);
    expect(text).toContain("Today: 1.50 dollars for 3 pictures.");
    expect(text).toContain("This month: 1.50 dollars for 3 pictures.");
    expect(text).toMatch(/You: 50 cents left of 2\.00 dollars a month\. It refills on /);
    expect(text).toContain("Europe/Zurich");
    expect(panels).toEqual(["own-limit", "usage-days.mine"]);
  });

  test("says what all places together have spent to the operator, and to others only that nothing is left", async () => {
    const budgets = [{ scope: "bot" as const, per: "month" as const, dollars: 10 }];
    const admins = [`discord/${operator.user}`];
    world.configure({ budgets, admins });
    expect((await world.open("usage", operator)).text).toContain(
      "Everybody together: 1.25 dollars left of 10.00 dollars",
    );
    expect((await world.open("usage", ada, { runs: true })).text).not.toContain("Everybody together");
    world.configure({ budgets: [{ scope: "bot", per: "month", dollars: 5 }], admins });
    expect((await world.open("usage", ada)).text).toContain("Everybody together: no money left of 5.00 dollars");
  });

  test("without any budget says that, and with nothing spent too", async () => {
    const { text } = await world.open("usage", person("Nobody", 7));
    expect(text).toContain("Today: nothing so far.");
    expect(text).toContain("No budget limits you here.");
  });

  test("is of their server alone for whoever manages that, and never of another", async () => {
    const by = await world.open("usage-by.here.person.month", ada, { runs: true });
    expect(by.text).toContain("1. Ada: 1.50 dollars for 3 pictures\n2. Grace: 25 cents for one picture");
    expect(by.text).toContain("In all: 1.75 dollars for 4 pictures.");
    expect(by.text).not.toMatch(/Mallory|7\.00/);
    const channels = await world.open("usage-by.here.channel.day", ada, { runs: true });
    expect(channels.text).toContain("1. #pictures: 1.50 dollars");
    expect(channels.text).not.toContain("7.00");
    const models = await world.open("usage-by.here.model.week", ada, { runs: true });
    expect(models.text).toContain("1. GPT Image 2: 1.75 dollars for 4 pictures");
  });

  test.each(["usage-by.here.person.month", "usage-days.here", "usage-csv.here.month", "easel.here", "audit.here"])(
    "says whose it is to whoever does not: %s",
    async (panel) => {
      const { text, panels } = await world.open(panel, ada);
      expect(text).toContain("That is for whoever runs this place.");
      expect(panels).toEqual([]);
    },
  );

  test.each(["usage-by.bot.person.month", "usage-days.bot", "usage-csv.bot.month", "usage-by.bot.workspace.month"])(
    "is of everything for nobody but the operator: %s",
    async (panel) => {
      const admins = await world.open(panel, ada, { runs: true });
      expect(admins.text).toContain("That is for whoever runs this place.");
      const theirs = await world.open(panel, operator);
      expect(theirs.text).not.toContain("That is for whoever runs this place.");
    },
  );

  test("is of everything for an operator in a direct message, where there is no server", async () => {
    const direct = person("Olive", 9, { workspace: undefined });
    const { panels } = await world.open("usage", direct);
    expect(panels).toContain("usage-by.bot.person.month");
    const { text } = await world.open("usage-by.bot.person.month", direct);
    expect(text).toContain("1. Mallory: 7.00 dollars for 2 pictures");
    expect((await world.open("usage-by.here.person.month", direct)).text).toContain("whoever runs this place");
  });

  test("names somebody who was forgotten by a hash alone", async () => {
    await forgetName(personOf(ada), world.core.azure);
    const { text } = await world.open("usage-by.here.person.month", grace, { runs: true });
    expect(text).toContain(`1. somebody (${personOf(ada).slice(0, 8)}): 1.50 dollars`);
  });
});

describe("the days", () => {
  test("are a picture that says in words what it shows, for each their own", async () => {
    const { reply, text } = await world.open("usage-days.mine", ada);
    const [picture] = reply?.pictures ?? [];
    expect(text).toContain("1.50 dollars for 3 pictures");
    expect(picture?.altText).toContain("The most was 1.50 dollars");
    expect(picture?.url).toBe(`https://easel.example.org/pictures/${picture?.name}`);
    expect((await readPicture(picture?.name ?? "", world.core.azure))?.length).toBe(picture?.bytes);
  });

  test("of a server are of that alone", async () => {
    expect((await world.open("usage-days.here", ada, { runs: true })).text).toContain("1.75 dollars for 4 pictures");
    expect((await world.open("usage-days.bot", operator)).text).toContain("8.75 dollars for 6 pictures");
  });
});

describe("the file", () => {
  test("goes along where files can, and says the same as the panels", async () => {
    const { reply } = await world.open("usage-csv.here.month", ada, { runs: true });
    const text = Buffer.from(reply?.file?.base64 ?? "", "base64").toString("utf8");
    expect(reply?.file?.name).toMatch(/^easel-usage-\d{4}-\d\d-\d\d\.csv$/);
    expect(text).toContain(`person,Ada,${personOf(ada)},`);
    expect(text).toMatch(/channel,#pictures,\d+,[^\n]*,1\.5000\d\d,3/);
    expect(text).toContain("model,GPT Image 2,gpt-image-2,");
    expect(text.match(/^day,/gm)).toHaveLength(30);
    expect(text).not.toMatch(/Mallory|7\.000000/);
  });

  test("is behind an address for a while where they cannot", async () => {
    const { reply } = await world.open("usage-csv.here.month", ada, { runs: true, takesFiles: false });
    expect(reply?.file).toBeUndefined();
    const open = reply?.actions.find((action) => action.do === "open");
    const id = open?.do === "open" ? open.url.split("/").at(-1) : undefined;
    expect(open).toMatchObject({ url: `https://easel.example.org/exports/${id}` });
    const file = await readExport(id ?? "", world.core.azure);
    expect(file?.bytes.toString("utf8")).toContain("person,Ada,");
  });

  test("is nowhere without either, and that is said", async () => {
    const alone = await openPanelWorld(azurite.connectionString, { PUBLIC_URL: undefined });
    const { text } = await alone.open("usage-csv.here.month", ada, { runs: true, takesFiles: false });
    expect(text).toContain("PUBLIC_URL");
    alone.stop();
  });

  test("is written down", async () => {
    await world.open("usage-csv.here.month", ada, { runs: true });
    expect((await world.open("audit.here", ada, { runs: true })).text).toMatch(/Ada exported/);
    const elsewhere = await world.open("audit.here", mallory, { runs: true });
    expect(elsewhere.text).toContain("Nothing was changed yet.");
  });
});

test("a server is no key to another one, whatever the button says", async () => {
  for (const panel of [
    "usage-by.here.person.month",
    "budgets.here",
    `usage-by.${HOME}.person.month`,
    "usage-by..person.month",
  ]) {
    const { text } = await world.open(panel, mallory, { runs: true });
    expect(text).not.toMatch(/Ada|Grace|1\.50/);
  }
});

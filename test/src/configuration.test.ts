import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ACCESS_LISTS, LIMITED, PERIODS, ruleSections, SCOPES } from "../../src/rules.ts";
import { readConfiguration, watchConfiguration } from "../../src/configuration.ts";

const folder = mkdtempSync(join(tmpdir(), "easel-configuration-"));
afterAll(() => rmSync(folder, { recursive: true }));
const models = ["gpt-image-2", "dall-e-3"] as const;
let files = 0;
function write(content: unknown, path = join(folder, `${(files += 1)}.json`)): string {
  // As editors and config maps do: a file is never seen half written.
  writeFileSync(`${path}.new`, typeof content === "string" ? content : JSON.stringify(content));
  renameSync(`${path}.new`, path);
  return path;
}
function read(content: unknown) {
  const faults: string[] = [];
  return { ...readConfiguration(write(content), models, faults), faults };
}

const guild = "80351110224678912";

describe("the configuration file", () => {
  it("says nothing where there is none, and a named one has to be there", () => {
    const faults: string[] = [];
    expect(readConfiguration(undefined, models, faults)).toMatchObject({ text: "", present: {} });
    expect(faults).toEqual([]);
    readConfiguration(join(folder, "none.json"), models, faults);
    expect(faults).toEqual([expect.stringMatching(/^EASEL_CONFIG is ".*none\.json", which cannot be read/)]);
  });

  it("is taken as it stands, with the mark that some editors put before it", () => {
    const content = { budgets: [{ scope: "person", per: "day", dollars: 1 }], admins: [`discord/${guild}`] };
    expect(read(`\uFEFF${JSON.stringify(content)}`)).toMatchObject({ faults: [], present: content });
  });

  it("tells all faults at once, each with its place as people count, and the name that was meant", () => {
    const { faults } = read({
      budgets: [
        { scope: "bot", per: "day", dollars: -1 },
        { scope: "channel", id: "1", per: "day", dolars: 2 },
        { scope: "workspace", platform: "discord", id: "easel", per: "fortnight", dollars: 1e12 },
        { scope: "person", per: "week" },
      ],
      limits: [{ scope: "person" }, { scope: "bot", platform: "teams", mostPictures: 1.5 }],
      access: { allow: { people: ["mia"] } },
      whenLedgerIsAway: "shut",
    });
    const told = faults.map((fault) => fault.replace("EASEL_CONFIG at ", ""));
    expect(told).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^budgets → 1 → dollars: Too small/),
        expect.stringMatching(/^budgets → 2: .*dolars.*did you mean dollars/),
        expect.stringMatching(/^budgets → 3 → per: /),
        expect.stringMatching(/^budgets → 3 → dollars: Too big/),
        expect.stringMatching(/^budgets → 4 → dollars: say dollars, or pictures/),
        expect.stringMatching(/^limits → 1: say what is limited/),
        expect.stringMatching(/^limits → 2 → mostPictures: /),
        expect.stringMatching(
          /^access → allow → people → 1: “mia” names no person: write it as discord\/<id> or teams\/<id>/,
        ),
        expect.stringMatching(/^whenLedgerIsAway: /),
      ]),
    );
  });

  it.each([
    [
      "an id without its platform",
      { budgets: [{ scope: "channel", id: guild, per: "day", dollars: 1 }] },
      /needs its platform/,
    ],
    [
      "an id of another shape",
      { budgets: [{ scope: "person", platform: "teams", id: guild, per: "day", dollars: 1 }] },
      /no id of a person on teams/,
    ],
    ["a role on Teams", { access: { allow: { roles: [`teams/${guild}`] } } }, /names no role: write it as discord/],
    [
      "somebody who is let in and left nothing",
      {
        budgets: [{ scope: "person", platform: "discord", id: guild, per: "day", dollars: 0 }],
        access: { allow: { people: [`discord/${guild}`] } },
      },
      /budgets → 1: it leaves nothing to discord/,
    ],
    [
      "somebody who is allowed and denied",
      { access: { allow: { people: [`discord/${guild}`] }, deny: { people: [`discord/${guild}`] } } },
      /is allowed and denied/,
    ],
    [
      "a warning that never comes",
      {
        budgets: [
          { scope: "bot", per: "day", dollars: 5 },
          { scope: "bot", per: "day", dollars: 6, isSoft: true },
        ],
      },
      /budgets → 2 → dollars: a soft budget of 6 never warns above the hard one of 5/,
    ],
    [
      "models that are not set up",
      { limits: [{ scope: "bot", models: ["gpt-image-1.5"] }] },
      /none of gpt-image-1.5 is set up/,
    ],
    [
      "more in a request than at once",
      { limits: [{ scope: "bot", mostPictures: 4, mostAtOnce: 2 }] },
      /do not fit into 2/,
    ],
    ["what is no JSON", "{ budgets: [] }", /is no JSON/],
    ["a list", [], /expected object/],
  ])("refuses %s", (_, content, fault) => {
    expect(read(content).faults.join("\n")).toMatch(fault);
    expect(read(content).present).toEqual({});
  });
});

describe("the example of docs/rules.md", () => {
  const root = join(import.meta.dirname, "../..");
  const named = readFileSync(join(root, "docs/rules.md"), "utf8");

  it("can be taken as it stands", () => {
    const faults: string[] = [];
    const { present } = readConfiguration(join(root, "docs/example-rules.json"), models, faults);
    expect(faults).toEqual([]);
    expect(Object.keys(present).length).toBeGreaterThan(4);
  });

  it("has every section of rules in it, and the page explains each, with each list and each bound", () => {
    const example = JSON.parse(readFileSync(join(root, "docs/example-rules.json"), "utf8")) as object;
    for (const section of Object.keys(ruleSections)) expect(example).toHaveProperty(section);
    for (const name of [...Object.keys(ruleSections), ...LIMITED, ...ACCESS_LISTS, ...SCOPES, ...PERIODS])
      expect(named).toContain(`\`${name}\``);
  });
});

describe("a configuration file that changes", () => {
  it("is followed within its pause; with faults it is refused once, and what it said before goes on; so it is when it is gone", async () => {
    const good = { budgets: [{ scope: "bot", per: "day", dollars: 5 }] };
    const path = write(good);
    const file = readConfiguration(path, models, []);
    const stopping = new AbortController();
    const heard: { changed?: string; faults?: string[] }[] = [];
    let ring = () => {};
    const next = () => new Promise<void>((resolve) => (ring = resolve));
    const hear = (news: (typeof heard)[number]) => {
      heard.push(news);
      ring();
    };
    const watching = watchConfiguration(
      file,
      { named: path, models, milliseconds: 10 },
      { changed: (changed) => hear({ changed }), faulty: (faults) => hear({ faults }) },
      stopping.signal,
    );
    write({ budgets: [{ scope: "bot", per: "day", dollars: -5 }, { scope: "bot" }], limts: [] }, path);
    await next();
    expect(heard.at(-1)?.faults).toHaveLength(4);
    expect(file.present).toEqual(good);
    rmSync(path);
    await next();
    expect(heard.at(-1)?.faults?.[0]).toMatch(/cannot be read/);
    expect(file.present).toEqual(good);
    write({ limits: [{ scope: "bot", mostPictures: 1 }] }, path);
    await next();
    expect(heard.at(-1)?.changed).toBe(JSON.stringify(good));
    expect(file.present).toEqual({ limits: [{ scope: "bot", mostPictures: 1 }] });
    expect(heard).toHaveLength(3);
    stopping.abort();
    await watching;
  });
});

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askedFault, beginSession } from "../../src/brainstorm/begin.ts";
import { askedByForm, beginForm } from "../../src/brainstorm/board-forms.ts";
import { readSessionWords } from "../../src/brainstorm/read-session-words.ts";
import { readRow, readRows, removeRow } from "../../src/storage/table.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { spoken } from "../words/spoken.ts";
import { begun, mia, recordOf } from "./people.ts";

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

const asked = (event: string = randomUUID()) => ({
  topic: "a logo for our bakery",
  options: {},
  by: mia,
  address: { platform: "discord", message: "1" },
  event,
});

describe("what is asked", () => {
  it("is answered with all that is wrong at once, each with what is allowed", () => {
    const options = {
      ideas: "9",
      minutes: "soon",
      votes: "0",
      results: "later",
      others: "maybe",
      model: "dalle",
      style: "",
    };
    const fault = askedFault({ topic: " ", options, unknownOptions: ["--idea", "--colour"] }, core.settings);
    const said = fault && spoken(fault);
    for (const sentence of [
      "The brainstorm has not begun yet.",
      "It has no topic.",
      "A brainstorm has no option “--idea”. Did you mean “ideas”?",
      "A brainstorm has no option “--colour”. There are: ideas, minutes, votes, others, results, model, and style.",
      "“9” ideas do not fit on a board: say 2 to 8.",
      "“soon” minutes cannot be kept: say 1 to 1,440",
      "“0” votes for each person cannot be counted: say 1 to 5.",
      "The option “others” takes yes or no, not “maybe”.",
      "The option “results” takes hidden or live, not “later”.",
      "The model “dalle” is not set up here.",
      "The option “style” has no value.",
    ])
      expect(said).toContain(sentence);
    expect(askedFault({ topic: "a".repeat(301), options: {} }, core.settings)).toBeDefined();
    expect(
      askedFault({ topic: "a logo", options: { others: "false", results: "Live" } }, core.settings),
    ).toBeUndefined();
  });

  it.each(["constructor", "__proto__", "toString"])("takes the word “%s” for no choice of ours", (word) => {
    const fault = askedFault({ topic: "a logo", options: { results: word, others: word } }, core.settings);
    expect(fault && spoken(fault)).toContain(`takes hidden or live, not “${word}”`);
    expect(fault && spoken(fault)).toContain(`takes yes or no, not “${word}”`);
  });

  it("may have its options in its words, as on Teams", () => {
    expect(
      readSessionWords('a logo for our bakery --ideas 4 —minutes=30 votes:2 --style "art deco" results: live'),
    ).toEqual({
      topic: "a logo for our bakery results: live",
      options: { ideas: "4", minutes: "30", votes: "2", style: "art deco" },
      unknownOptions: [],
    });
    expect(readSessionWords("our style: modern – or not --seed 5 --ideas")).toEqual({
      topic: "our style: modern – or not",
      options: { ideas: "" },
      unknownOptions: ["--seed"],
    });
  });

  it("may come from a form, whose fields left empty are not there", () => {
    const { fields } = spoken(beginForm(core.settings));
    expect(fields.map(({ id }) => id)).toEqual([
      "topic",
      "ideas",
      "minutes",
      "votes",
      "others",
      "results",
      "model",
      "style",
    ]);
    expect(askedByForm({ topic: ["a logo"], ideas: ["4"], style: [" "], model: [] })).toEqual({
      topic: "a logo",
      options: { ideas: "4" },
    });
  });
});

describe("a brainstorm begins", () => {
  it("with what was asked, at once gathering, and its price told", async () => {
    const session = await begun(core, { options: { ideas: "4", votes: "2", others: "no", results: "live" } });
    expect(await recordOf(core, session.id)).toMatchObject({
      topic: "a logo for our bakery",
      begunBy: mia,
      options: { ideas: 4, minutes: 10, votes: 2, others: false, results: "live" },
      boards: [{ platform: "discord", workspace: "guild", channel: "bakery", address: { message: "1" } }],
      rounds: [{ number: 1, kind: "first", stage: "gathering", places: 4, ideas: [] }],
    });
    expect(session.rounds[0]?.toldDollars).toBeGreaterThan(0);
    expect(await readRow("sessions", session.id, core.azure)).toBeDefined();
  });

  it("with more time for ideas where the votes have more", async () => {
    const gathering = async (minutes: string) => {
      const { beganAt, rounds } = await begun(core, { options: { minutes } });
      return Date.parse(rounds[0]?.gatherUntil ?? "") - Date.parse(beganAt);
    };
    const usual = core.settings.times.brainstorm.gatherMilliseconds;
    expect([await gathering("1"), await gathering("10"), await gathering("60")]).toEqual([usual, usual, 6 * usual]);
  });

  it("once for each event, also where copies come at once", async () => {
    const event = randomUUID();
    const all = await Promise.all([1, 2, 3].map(() => beginSession(asked(event), core.settings, core.azure)));
    expect(all.filter((one) => "began" in one)).toHaveLength(1);
    expect(
      new Set(all.map((one) => ("began" in one ? one.began.id : "known" in one ? one.known.id : ""))),
    ).toHaveLength(1);
    expect(await beginSession(asked(event), core.settings, core.azure)).toHaveProperty("known");
  });

  it("by a repeat of its event where the first was cut off after the event's row", async () => {
    const event = randomUUID();
    const first = await beginSession(asked(event), core.settings, core.azure);
    const id = "began" in first ? first.began.id : "";
    await core.azure.container.getBlockBlobClient(`sessions/${id}.json`).delete();
    await removeRow({ partition: "sessions", name: id }, core.azure);
    const again = await beginSession(asked(event), core.settings, core.azure);
    expect(again).toMatchObject({ began: { id } });
    expect(await readRow("sessions", id, core.azure)).toBeDefined();
    expect(
      (await readRows("sessions-begun", { count: 999 }, core.azure)).filter(({ values }) => values.session === id),
    ).toHaveLength(1);
  });

  it("shorter where its board can be shown for a quarter of an hour only, or not at all", async () => {
    const { gatherMilliseconds, draftsMilliseconds } = core.settings.times.brainstorm;
    const left = (minutes: number) =>
      new Date(Date.now() + gatherMilliseconds + draftsMilliseconds + minutes * 60_000).toISOString();
    const { options, boards } = await begun(core, { lastsUntil: left(9.5), options: { minutes: "60" } });
    expect(options.minutes).toBe(9);
    expect(boards[0]?.lastsUntil).toBeDefined();
    const none = await beginSession({ ...asked(), lastsUntil: left(0.5) }, core.settings, core.azure);
    expect("word" in none && spoken(none.word)).toContain("that is too short by now");
  });

  it("not while storage is away, which is said", async () => {
    await azurite.interrupt();
    try {
      const signal = AbortSignal.timeout(1000);
      const beginning = await beginSession({ ...asked(), signal }, core.settings, core.azure);
      expect("word" in beginning && spoken(beginning.word)).toContain("I cannot reach my storage just now");
    } finally {
      await azurite.resume();
    }
  });
});

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beginSession } from "../../src/brainstorm/begin.ts";
import { joinSession } from "../../src/brainstorm/join.ts";
import { roundOf } from "../../src/brainstorm/session.ts";
import { countVotes } from "../../src/brainstorm/votes.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import { readRow, readRows } from "../../src/storage/table.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import type { StorageProxy } from "../fakes/storage-proxy.ts";
import { atVotes, begun, mia, person, pressed, putStage, recordOf, tom } from "./people.ts";

let azurite: Azurite;
let proxy: StorageProxy;
/** Of two replicas the one whose way to storage goes wrong, and the one that hears the event again. */
let first: Core;
let other: Core;
beforeAll(async () => {
  azurite = await startAzurite();
  proxy = await startStorageProxy(azurite);
  other = await openCore(azurite.connectionString, "http://127.0.0.1:9");
  const storage = { connectionString: proxy.connectionString };
  const settings = { ...other.settings, storage };
  first = { ...other, settings, azure: connectAzure(settings) };
});
afterAll(async () => {
  await other.stop();
  await proxy.stop();
  await azurite.stop();
});

/** Done by one process, whose n-th call to storage goes wrong, and then by another that hears the same event. */
type Deed = {
  what: string;
  /** Something to do it to, and what has come of it. */
  open: () => Promise<{ act: (core: Core) => Promise<unknown>; look: () => Promise<unknown> }>;
  comesTo: unknown;
};

const deeds: Deed[] = [
  {
    what: "a session that begins",
    async open() {
      const event = randomUUID();
      const asked = { topic: "a logo", options: {}, by: mia, address: { platform: "discord" }, event };
      return {
        act: (core) => beginSession(asked, core.settings, core.azure),
        async look() {
          const again = await beginSession(asked, other.settings, other.azure);
          const id = "known" in again ? again.known.id : "began" in again ? again.began.id : "";
          const { boards, rounds } = await recordOf(other, id);
          const isOnClock = (await readRow("sessions", id, other.azure)) !== undefined;
          return { boards: boards.length, rounds: rounds.length, isOnClock };
        },
      };
    },
    comesTo: { boards: 1, rounds: 1, isOnClock: true },
  },
  {
    what: "an idea",
    async open() {
      const { id } = await begun(other);
      const press = { values: { words: ["a moon"] }, event: randomUUID(), round: 1 };
      return {
        act: (core) => pressed(core, id, "add", press),
        look: async () => roundOf(await recordOf(other, id)).ideas.map(({ number, words }) => `${number} ${words}`),
      };
    },
    comesTo: ["1 a moon"],
  },
  {
    what: "a vote",
    async open() {
      const { id, rounds } = await atVotes(other);
      const press = { values: { vote: ["2", "5"] }, event: randomUUID(), round: 1, at: new Date().toISOString() };
      return {
        act: (core) => pressed(core, id, "vote", press),
        look: async () => countVotes(id, rounds[0] ?? expect.fail(), other.azure),
      };
    },
    comesTo: expect.objectContaining({ votes: { 1: 0, 2: 1, 3: 0, 4: 0, 5: 1, 6: 0 }, voters: 1 }),
  },
  {
    what: "a vote by a tap after another",
    async open() {
      const { id, rounds } = await atVotes(other);
      await pressed(other, id, "vote", { values: { toggle: ["1"] } });
      const press = { values: { toggle: ["2"] }, event: randomUUID(), round: 1 };
      return {
        act: (core) => pressed(core, id, "vote", press),
        look: async () => countVotes(id, rounds[0] ?? expect.fail(), other.azure),
      };
    },
    comesTo: expect.objectContaining({ votes: { 1: 1, 2: 1, 3: 0, 4: 0, 5: 0, 6: 0 }, voters: 1 }),
  },
  {
    what: "a board in another channel",
    async open() {
      const { id } = await begun(other);
      const { word = "" } = await pressed(other, id, "code", { by: mia });
      const code = /join (\w{8})/.exec(word)?.[1] ?? expect.fail(word);
      const by = person("Tom", { platform: "teams", channel: randomUUID() });
      const asked = { code, by, address: { platform: "teams" }, event: randomUUID() };
      return {
        act: (core) => joinSession(asked, core.settings, core.azure),
        look: async () => (await recordOf(other, id)).boards.map(({ platform }) => platform),
      };
    },
    comesTo: ["discord", "teams"],
  },
  {
    what: "another round",
    async open() {
      const session = await atVotes(other);
      await pressed(other, session.id, "close", { by: mia });
      await putStage(other, session.id, { stage: "closed" });
      const press = { by: mia, round: 1, values: {}, event: randomUUID() };
      return {
        act: (core) => pressed(core, session.id, "new", press),
        look: async () => (await recordOf(other, session.id)).rounds.map(({ kind }) => kind),
      };
    },
    comesTo: ["first", "new"],
  },
];

describe.each(deeds)("$what", ({ open, comesTo }) => {
  /** With the calls of a ring, which nobody waits for. */
  const MOST_CALLS = 9;

  it.each(["cut off before", "lost after"] as const)("is once, where a call is %s it was done", async (how) => {
    for (let from = 1; from <= MOST_CALLS; from += 1) {
      const { act, look } = await open();
      const planned = proxy.fail({ from }, { cut: how === "lost after" ? "after" : "before" });
      await act(first);
      planned.end();
      expect(planned.met.length > 0 || from > 1).toBe(true);
      await act(other);
      expect(await look(), `call ${from}`).toEqual(comesTo);
    }
  });

  it("is once, where the process dies at any call and the event comes again", async () => {
    for (let from = 1; from <= MOST_CALLS; from += 1) {
      const { act, look } = await open();
      const planned = proxy.fail({ from }, { cut: "before" }, Infinity);
      await act(first).catch(() => undefined);
      planned.end();
      await act(other);
      expect(await look(), `call ${from}`).toEqual(comesTo);
    }
  });
});

it("a vote is never answered as counted where its row was not written", async () => {
  const { id, rounds } = await atVotes(other);
  const planned = proxy.fail({ call: "POST table" }, { cut: "before" }, Infinity);
  const { word, isRefused } = await pressed(first, id, "vote", { by: tom, round: 1, values: { vote: ["1"] } });
  planned.end();
  expect({ word, isRefused }).toEqual({
    word: expect.stringContaining("I do not know whether that was noted"),
    isRefused: true,
  });
  expect(await readRows(`votes-${id}-1`, { count: 9 }, other.azure)).toEqual([]);
  expect(await countVotes(id, rounds[0] ?? expect.fail(), other.azure)).toMatchObject({ voters: 0 });
});

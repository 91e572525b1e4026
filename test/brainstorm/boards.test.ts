import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deletePicture } from "../../src/ask/cancel-and-delete.ts";
import { ringSession } from "../../src/brainstorm/clock.ts";
import { endSession } from "../../src/brainstorm/rounds.ts";
import { changeSession } from "../../src/brainstorm/session.ts";
import type { Delivery } from "../../src/replies/delivery.ts";
import type { Asker } from "../../src/request/request.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import { mergeRow, readRow } from "../../src/storage/table.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { drawn, json, startScriptedImages } from "../fakes/scripted-images.ts";
import type { ScriptedImages } from "../fakes/scripted-images.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import type { StorageFault } from "../fakes/storage-proxy.ts";
import { storageRefusals } from "../fakes/storage-refusals.ts";
import { until } from "../src/core-world.ts";
import { spoken } from "../words/spoken.ts";
import { ada, openSessionWorld } from "./session-world.ts";
import type { SessionWorld } from "./session-world.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

let images: ScriptedImages;
let world: SessionWorld;
beforeEach(async () => {
  images = await startScriptedImages();
  world = await openSessionWorld(azurite.connectionString, images.origin);
});
afterEach(async () => {
  await world.stop();
  await images.stop();
});

const people = (count: number) =>
  Array.from({ length: count }, (_, index): Asker => ({ ...ada, user: `p${index}`, name: `P${index}` }));
const vote = (id: string, by: Asker, numbers: number[], on = world.azure) =>
  world.press(id, "vote", { by, values: { vote: numbers.map(String) } }, on);
const boards = (channel: string) => world.chat2.shown.filter(({ address }) => address.channel === channel);
const textOf = (shown: (typeof world.chat2.shown)[number] | undefined) => JSON.stringify(spoken(shown?.board ?? null));
/** Another board of the session, in another channel of the same chat. */
const putBoard = (id: string, channel: string, more = {}) =>
  world.change(id, ({ boards: places }) => {
    places.push({ platform: "test", channel, address: { platform: "test", channel, message: "1" }, by: ada, ...more });
  });
const ringFromElsewhere = (id: string) =>
  mergeRow({ partition: "sessions", name: id, values: { rung: randomUUID() } }, world.azure);
const { editPauseMilliseconds } = { editPauseMilliseconds: 250 };

describe("several processes", () => {
  it("show a board in turn, never both at once nor more often than the chat bears, and the votes of either", async () => {
    const [one, other] = [world.replica(), world.replica()];
    const id = await world.begin({ ideas: "2" }, one.azure);
    await world.at(id, "voting");
    const from = world.chat2.shown.length;
    const voters = people(20);
    await Promise.all(voters.map((by, index) => vote(id, by, [1], index % 2 ? one.azure : other.azure)));
    await until(() => textOf(world.chat2.shown.at(-1)).includes("20 people"));
    const edits = world.chat2.shown.slice(from);
    expect(edits.length).toBeLessThan(voters.length / 2);
    for (const [index, edit] of edits.entries()) {
      const before = edits[index - 1];
      if (before) expect(edit.at - before.ended).toBeGreaterThanOrEqual(editPauseMilliseconds - 5);
    }
  });

  it("take over from one that died: votes show, and the round ends at its time", async () => {
    const proxy = await startStorageProxy(azurite);
    const storage = { connectionString: proxy.connectionString };
    const dying = world.replica(connectAzure({ ...world.settings, storage }));
    const id = await world.begin({ ideas: "2" }, dying.azure);
    await world.at(id, "voting");
    const death = proxy.fail({}, { cut: "before" }, Infinity);
    const { azure } = world.replica();
    await vote(id, ada, [2], azure);
    await until(() => textOf(world.chat2.shown.at(-1)).includes("one person has voted"));
    await world.change(id, ({ rounds: [round] }) => {
      if (round) round.votesUntil = new Date(Date.now() + 500).toISOString();
    });
    expect((await world.at(id, "closed")).result).toMatchObject({ winners: [2] });
    death.end();
    await dying.stop();
    await proxy.stop();
  });

  describe("give up what they hold at once when they are stopped", () => {
    it.each<[string, (id: string) => StorageFault]>([
      ["however often others ring meanwhile", (id) => ({ until: () => ringFromElsewhere(id) })],
      ["also where storage has trouble in that moment", () => storageRefusals.serverBusy],
    ])("%s", async (_, faultFor) => {
      const proxy = await startStorageProxy(azurite);
      const storage = { connectionString: proxy.connectionString };
      const one = world.replica(connectAzure({ ...world.settings, storage }));
      const id = await world.begin({ ideas: "2" }, one.azure);
      await world.at(id, "voting");
      // A chat that hangs is not waited for either.
      world.chat2.deliver = () => new Promise(() => {});
      const shown = world.chat2.shown.length;
      await vote(id, ada, [1], one.azure);
      await until(() => world.chat2.shown.length > shown);
      const { met } = proxy.fail({ call: "PUT sessions" }, faultFor(id), 6);
      await one.stop();
      expect((await readRow("sessions", id, world.azure))?.values).not.toHaveProperty("holder");
      expect(met).toHaveLength(6);
      await proxy.stop();
    });
  });

  it("look at each session when they start: whoever changed it may have died before anybody was rung", async () => {
    const one = world.replica();
    const id = await world.begin({ ideas: "2" }, one.azure);
    await world.at(id, "voting");
    await world.press(id, "close", {}, one.azure);
    await world.at(id, "closed");
    await until(async () => {
      const { due, holder } = (await readRow("sessions", id, world.azure))?.values ?? {};
      return !holder && Date.parse(String(due)) > Date.now() + 20_000;
    });
    await one.stop();
    await changeSession(id, (session) => endSession(session, { now: new Date() }), world.azure);
    world.replica();
    await until(() => world.chat2.posted.length > 0, 10);
  });

  it("close a round whose time came while none of them ran", async () => {
    const one = world.replica();
    const id = await world.begin({ ideas: "2" }, one.azure);
    await world.at(id, "voting");
    await vote(id, ada, [1], one.azure);
    await one.stop();
    await world.change(id, ({ rounds: [round] }) => {
      if (round) round.votesUntil = "2026-01-01T00:00:00.000Z";
    });
    world.replica();
    expect((await world.at(id, "closed")).result).toMatchObject({ winners: [1], voters: 1 });
  });
});

describe("a board", () => {
  it("that has trouble is tried again after growing pauses, and the session goes on to its end without it", async () => {
    const trouble: Delivery = { delivered: false, because: "trouble", againInSeconds: 0.3 };
    world.chat2.deliver = () => trouble;
    const { azure } = world.replica();
    const id = await world.begin({ ideas: "2" }, azure);
    await world.at(id, "voting");
    await world.press(id, "close");
    await world.at(id, "closed");
    const tries = world.chat2.shown.length;
    expect(tries).toBeLessThan(30);
    world.chat2.deliver = (address) => ({ delivered: true, address });
    await until(() => world.chat2.shown.length > tries && spoken(world.chat2.shown.at(-1)?.board)?.mood === "finished");
  });

  it("that is gone is not tried again, and the others say so", async () => {
    const { azure } = world.replica();
    const id = await world.begin({ ideas: "2" }, azure);
    await world.at(id, "voting");
    world.chat2.deliver = (address) =>
      address.channel === "2" ? { delivered: false, because: "the channel was deleted" } : { delivered: true, address };
    await putBoard(id, "2");
    await until(async () => (await world.session(id)).boards[1]?.gone);
    await until(() => /can be shown there no more/.test(textOf(world.chat2.shown.at(-1))));
    await vote(id, ada, [1], azure);
    await until(() => textOf(world.chat2.shown.at(-1)).includes("one person has voted"));
    expect(boards("2")).toHaveLength(1);
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ["a vote", (id) => vote(id, ada, [1])],
    ["a button that opens a form", (id) => world.press(id, "end", { values: undefined })],
    ["a change", (id) => world.press(id, "close")],
  ])("that was gone for a while, as where the bot was shut out, comes back with %s there", async (_, act) => {
    world.replica();
    const id = await world.begin({ ideas: "2" });
    await world.at(id, "voting");
    const delivered = world.chat2.deliver;
    world.chat2.deliver = () => ({ delivered: false, because: "no access" });
    await world.change(id, (session) => void (session.topic = "another"));
    await until(async () => (await world.session(id)).boards[0]?.gone);
    world.chat2.deliver = delivered;
    const from = world.chat2.shown.length;
    await act(id);
    await until(() => world.chat2.shown.length > from);
    expect((await world.session(id)).boards[0]).not.toHaveProperty("gone");
  });

  it("that hangs keeps no other waiting", async () => {
    const { azure } = world.replica();
    const id = await world.begin({ ideas: "2" }, azure);
    await world.at(id, "voting");
    const hanging = Promise.withResolvers<Delivery>();
    world.chat2.deliver = (address) => (address.channel === "2" ? hanging.promise : { delivered: true, address });
    await putBoard(id, "2");
    await until(() => boards("2").length > 0);
    await vote(id, ada, [1], azure);
    await until(() =>
      textOf(world.chat2.shown.findLast(({ address }) => address.channel !== "2")).includes("one person has voted"),
    );
    expect(boards("2")).toHaveLength(1);
    hanging.resolve({ delivered: true });
    await until(() => textOf(boards("2").at(-1)).includes("one person has voted"));
  });

  it("of a session that was over long ago changes when a picture is deleted, also where the chat has trouble just then", async () => {
    const { azure } = world.replica();
    const id = await world.begin({ ideas: "2" }, azure);
    const { ideas } = await world.at(id, "voting");
    await world.press(id, "close");
    await world.at(id, "closed");
    await world.press(id, "end");
    const isCalm = async () => !(await readRow("sessions", id, azure));
    await until(isCalm);
    await world.change(id, (session) => void (session.endedAt = "2026-01-01T00:00:00.000Z"));
    await until(isCalm);
    const delivered = world.chat2.deliver;
    const from = world.chat2.shown.length;
    world.chat2.deliver = () => ({ delivered: false, because: "trouble", againInSeconds: 0.3 });
    await deletePicture({ ref: ideas[0]?.picture?.ref ?? "", by: ada, isModerator: false }, azure);
    await until(() => world.chat2.shown.length > from);
    world.chat2.deliver = delivered;
    await until(() => world.chat2.shown.length > from + 1);
    expect(world.chat2.shown.at(-1)?.board.ideas[0]).toMatchObject({ picture: undefined });
    await until(isCalm);
  });

  it("that stands as it should is not sent again, however often it is rung", async () => {
    const { azure } = world.replica();
    const id = await world.begin({ ideas: "2" }, azure);
    await world.at(id, "voting");
    await until(() => spoken(world.chat2.shown.at(-1)?.board)?.vote);
    const shown = world.chat2.shown.length;
    for (let index = 0; index < 20; index += 1) ringSession(id, azure);
    await vote(id, ada, [1], azure);
    await until(() => world.chat2.shown.length > shown);
    expect(world.chat2.shown).toHaveLength(shown + 1);
  });

  it("is shown where it stands by now", async () => {
    let posted = 0;
    world.chat2.deliver = (address) => ({ delivered: true, address: { ...address, message: `m${(posted += 1)}` } });
    const { azure } = world.replica();
    const id = await world.begin({ ideas: "2" }, azure);
    await world.at(id, "voting");
    for (const [index, { address }] of world.chat2.shown.entries())
      if (index) expect(address.message).toBe(`m${index}`);
  });
});

const blocked = json(
  400,
  JSON.parse(
    readFileSync(join(import.meta.dirname, "../image-answers/blocked-prompt-azure-contentfilter.json"), "utf8"),
  ).body,
);

describe("a round", () => {
  it("does not replace a refused idea by another paid one, and has no votes where there is no choice", async () => {
    images.play((call, response) => (call.number === 1 ? drawn()(call, response) : blocked(call, response)));
    const { azure } = world.replica();
    const id = await world.begin({ ideas: "3" }, azure);
    const round = await world.at(id, "closed");
    expect(round.ideas.map(({ state }) => state).toSorted()).toEqual(["drawn", "refused", "refused"]);
    expect(round.ideas.find(({ state }) => state === "refused")?.refusal).toMatchObject({ stage: "prompt" });
    expect(round.result?.winners).toEqual([round.ideas.find(({ state }) => state === "drawn")?.number]);
    expect(images.calls).toHaveLength(3);
  });

  it("that ends in a tie can be run off, and two of its pictures become one", async () => {
    const { azure } = world.replica();
    const id = await world.begin({ ideas: "2" }, azure);
    await world.at(id, "voting");
    await vote(id, ada, [1, 2], azure);
    await world.press(id, "close");
    expect((await world.at(id, "closed")).result?.winners).toEqual([1, 2]);
    await world.press(id, "run-off");
    const runOff = await world.at(id, "voting", 2);
    expect(runOff.ideas.map(({ picture }) => picture?.ref)).toEqual([`session-${id}-1-1.1`, `session-${id}-1-2.1`]);
    await vote(id, ada, [2], azure);
    await world.press(id, "close");
    await world.at(id, "closed", 2);
    expect(images.calls).toHaveLength(2);
    await world.press(id, "combine", { values: { look: ["1"], composition: ["2"] } });
    const combined = await world.at(id, "closed", 3);
    expect(combined.ideas[0]?.from.map(({ job }) => job)).toEqual([`session-${id}-1-2`, `session-${id}-1-1`]);
    expect(combined.result?.winners).toEqual([1]);
    expect(images.calls).toHaveLength(3);
    expect(images.calls[2]?.path).toContain("edits");
  });

  it("a session ends by itself a day after its last round, and while it is ended nothing is drawn", async () => {
    const { azure } = world.replica();
    const id = await world.begin({ ideas: "2" }, azure);
    await world.at(id, "voting");
    await world.press(id, "close");
    await world.at(id, "closed");
    await world.change(id, ({ rounds: [round] }) => {
      if (round) round.closedAt = new Date(Date.now() - world.settings.times.brainstorm.endsMilliseconds).toISOString();
    });
    await until(() => world.chat2.posted.length > 0);
    expect(await world.session(id)).toMatchObject({ endedAt: expect.any(String) });
    const second = await world.begin({ ideas: "2" }, azure);
    await world.press(second, "end", { values: {} });
    expect((await world.at(second, "closed")).result?.winners).toEqual([]);
    expect(images.calls).toHaveLength(2);
  });
});

import { createConnection } from "node:net";
import type { Socket } from "node:net";
import { createParser } from "eventsource-parser";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { changeSession, roundOf } from "../../../src/brainstorm/session.ts";
import type { Session } from "../../../src/brainstorm/session.ts";
import { TIMES } from "../../../src/times.ts";
import { startAzurite } from "../../fakes/azurite.ts";
import type { Azurite } from "../../fakes/azurite.ts";
import { tenth } from "../../times.ts";
import { until } from "../../src/core-world.ts";
import { idea, openBoardWorld, round } from "./board-world.ts";
import type { BoardWorld } from "./board-world.ts";

let azurite: Azurite;
let world: BoardWorld;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(async () => {
  await azurite?.stop();
});
beforeEach(async () => {
  world = await openBoardWorld(azurite.connectionString);
});
afterEach(async () => {
  await world.stop();
});

type Watching = {
  status: number;
  events: { event?: string; id?: string; data: string }[];
  beats: number;
  isEnded: boolean;
  leave(): void;
};

async function watch(page: string, seen = "", headers: Record<string, string> = {}): Promise<Watching> {
  const leaving = new AbortController();
  const response = await fetch(`${page}/events?seen=${seen}`, { headers, signal: leaving.signal });
  const watching: Watching = {
    status: response.status,
    events: [],
    beats: 0,
    isEnded: false,
    leave: () => leaving.abort(),
  };
  const parser = createParser({
    onEvent: (event) => watching.events.push(event),
    onComment: () => (watching.beats += 1),
  });
  const read = async () => {
    for await (const bytes of response.body ?? []) parser.feed(Buffer.from(bytes).toString("utf8"));
  };
  void read()
    .catch(() => undefined)
    .finally(() => (watching.isEnded = true));
  return watching;
}

const versionOf = async (page: string) => /data-version="(\w+)"/.exec(await (await fetch(page)).text())?.[1] ?? "";
const add = (session: Session, words: string) =>
  changeSession(session.id, (present) => void roundOf(present).ideas.push(idea(1, { words })), world.azure);

it("two viewers see a change, and whoever has the newest page is sent nothing", async () => {
  const { session, page } = await world.begin();
  const one = await watch(page, await versionOf(page));
  const other = await watch(page, "older");
  await until(() => other.events.length === 1);
  expect(other.events[0]?.data).toContain("there is room for 6");
  await add(session, "a loaf\n\nas a boat <b>");
  await until(() => one.events.length === 1 && other.events.length === 2);
  expect(one.events[0]?.data).toContain("a loaf as a boat &lt;b&gt;");
  expect(one.events[0]).toEqual(other.events[1]);
  expect(one.events[0]).toMatchObject({ event: "board", id: await versionOf(page) });
});

it("what is rung in this process is seen at once, and not only at the next look", async () => {
  await world.stop();
  const times = tenth(TIMES);
  world = await openBoardWorld(azurite.connectionString, {
    ...times,
    web: { ...times.web, lookMilliseconds: 600_000 },
  });
  const { session, page } = await world.begin();
  const watching = await watch(page, await versionOf(page));
  await add(session, "rung");
  world.azure.bell.dispatchEvent(new CustomEvent("session", { detail: "0".repeat(32) }));
  world.azure.bell.dispatchEvent(new CustomEvent("session", { detail: session.id }));
  await until(() => watching.events.length === 1);
  expect(watching.events[0]?.data).toContain("rung");
});

it("whoever comes back says what they have seen, and a sign of life comes while nothing happens", async () => {
  const { page } = await world.begin();
  const watching = await watch(page, "", { "last-event-id": await versionOf(page) });
  await until(() => watching.beats > 1);
  expect(watching.events).toEqual([]);
});

it("ends when it is over, after the last news; and when the process stops, without a word, so that the page comes back", async () => {
  const { session, page } = await world.begin({ rounds: [round(1, { stage: "voting" })] });
  const watching = await watch(page, await versionOf(page));
  // Somebody ends it while its votes are under way: what they came to is news as well.
  const end = { endedAt: new Date().toISOString() };
  await changeSession(session.id, (present) => void Object.assign(present, end), world.azure);
  await until(() => watching.events.some(({ data }) => data.includes("This brainstorm is over.")));
  const [first] = session.rounds;
  const result = { votes: { 1: 2 }, voters: 2, counted: {}, winners: [1] };
  const rounds = [{ ...first, stage: "closed", ideas: [idea(1, { words: "a moon" })], result }];
  await changeSession(session.id, (present) => void Object.assign(present, { rounds }), world.azure);
  await until(() => watching.isEnded);
  expect(watching.events.map(({ event }) => event)).toEqual(["board", "board", "over"]);
  expect(watching.events[1]?.data).toContain("The decision");

  await world.stop();
  const times = tenth(TIMES);
  // What is still open after a stop would be cut only then.
  world = await openBoardWorld(azurite.connectionString, {
    ...times,
    web: { ...times.web, stopLimitMilliseconds: 600_000 },
  });
  const { page: another } = await world.begin();
  const stopped = await watch(another, await versionOf(another));
  await world.stop();
  await until(() => stopped.isEnded);
  expect(stopped.events).toEqual([]);
});

it("has a bounded number of places, which are free again when somebody leaves", async () => {
  const { page } = await world.begin();
  const watching = await Promise.all(Array.from({ length: 100 }, () => watch(page)));
  expect(watching.map(({ status }) => status).filter((status) => status !== 200)).toEqual([]);
  const late = await fetch(`${page}/events`);
  expect([late.status, late.headers.get("retry-after")]).toEqual([503, "30"]);
  expect((await fetch(page)).status).toBe(200);
  watching[0]?.leave();
  const next = await until(async () => {
    const tried = await watch(page);
    return tried.status === 200 && tried;
  });
  for (const one of [...watching, next]) one.leave();
});

it("HEAD takes no place", async () => {
  const { page } = await world.begin();
  for (let count = 0; count <= 100; count += 1) await fetch(`${page}/events`, { method: "HEAD" });
  expect((await watch(page)).status).toBe(200);
});

it("whoever reads nothing heaps nothing up, and gets the newest when they read again", async () => {
  const words = "w".repeat(100_000);
  const { session, page } = await world.begin({ rounds: [round(1, { ideas: [idea(1, { words })] })] });
  const quick = await watch(page, "older");
  const slow = await connectSlowly(page);
  await until(() => quick.events.length === 1);
  slow.pause();
  for (let count = 1; count <= 60; count += 1) {
    await add(session, `news ${count}`);
    world.azure.bell.dispatchEvent(new CustomEvent("session", { detail: session.id }));
    await until(() => quick.events.at(-1)?.data.includes(`news ${count}<`));
  }
  let text = "";
  slow.on("data", (bytes) => (text += bytes.toString("latin1")));
  slow.resume();
  await add(session, "the last news");
  const idOfLast = await versionOf(page);
  await until(() => text.includes(`id: ${idOfLast}`));
  expect(text.split("event: board").length - 1).toBeLessThan(60);
  slow.destroy();
});

/** As EventSource would, and without reading on. */
function connectSlowly(page: string): Promise<Socket> {
  const { hostname, port, pathname } = new URL(page);
  return new Promise((resolve) => {
    const socket = createConnection(Number(port), hostname, () => {
      socket.write(`GET ${pathname}/events HTTP/1.1\r\nhost: easel\r\n\r\n`);
      socket.once("data", () => resolve(socket));
    });
  });
}

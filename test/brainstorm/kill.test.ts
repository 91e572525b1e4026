/** The process is killed, or an answer of storage is lost, at every write of a session; another process goes on from what is there. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beginSession } from "../../src/brainstorm/begin.ts";
import { doBoardPress } from "../../src/brainstorm/press-board.ts";
import type { BoardVerb } from "../../src/brainstorm/board.ts";
import { readSession, roundOf } from "../../src/brainstorm/session.ts";
import type { Round, Session } from "../../src/brainstorm/session.ts";
import { openGate } from "../../src/gate.ts";
import { keptOf, readJob } from "../../src/jobs/job.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { readRows } from "../../src/storage/table.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { startScriptedImages } from "../fakes/scripted-images.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import type { StorageProxy } from "../fakes/storage-proxy.ts";
import { until } from "../src/core-world.ts";
import { ada, openSessionWorld } from "./session-world.ts";
import type { SessionWorld } from "./session-world.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

type Cut = { call: string; nth: number; how: "killed after" | "no answer to" };

/** Two drafts, two voters, the winner finished, the end. */
const IDEAS = 2;
const PICTURES = IDEAS + 1;

type Stage = {
  world: SessionWorld;
  proxy: StorageProxy;
  session: () => Promise<Session | undefined>;
  on: () => Azure;
  event: string;
};

/** What people do, each again until it has come to that: a press whose answer never came is pressed again. */
const story: { act: (stage: Stage) => Promise<unknown>; isDone: (session: Session, round: Round) => boolean }[] = [
  {
    act: ({ world, on, event }) =>
      beginSession(
        {
          topic: "a logo for a bakery",
          options: { ideas: String(IDEAS) },
          unknownOptions: [],
          by: ada,
          address: { platform: "test", message: "1" },
          event,
        },
        world.settings,
        on(),
      ).then((begun) => ("word" in begun ? Promise.reject(new Error("not begun")) : begun)),
    isDone: (_, { stage }) => stage === "voting",
  },
  { act: (stage) => press("vote", { vote: ["2"] }, stage, "ada"), isDone: () => true },
  { act: (stage) => press("vote", { vote: ["2"] }, stage, "bo"), isDone: () => true },
  { act: (stage) => press("close", {}, stage), isDone: (_, { stage }) => stage === "closed" },
  {
    act: (stage) => press("finish", { idea: ["2"] }, stage),
    isDone: (_, round) => round.number === 2 && round.stage === "closed",
  },
  { act: (stage) => press("end", {}, stage), isDone: ({ endedAt, boards }) => Boolean(endedAt && boards[0]?.recapAt) },
];

async function press(
  does: BoardVerb,
  values: Record<string, string[]>,
  { world, session, on, event }: Stage,
  user = "ada",
) {
  const present = await session();
  if (!present) return;
  const at = new Date().toISOString();
  const of = {
    session: present.id,
    round: roundOf(present).number,
    isModerator: false,
    at,
    event: `${event}-${does}-${user}`,
  };
  const outcome = await doBoardPress({ does, values, by: { ...ada, user }, ...of }, world.settings, on());
  if (does === "vote" && "isRefused" in outcome) throw new Error("a vote was not counted");
}

/** What was wrong in the end. */
async function play(cut: Cut): Promise<string[]> {
  const images = await startScriptedImages();
  const proxy = await startStorageProxy(azurite);
  const world = await openSessionWorld(azurite.connectionString, images.origin);
  const storage = { connectionString: proxy.connectionString };
  const first = connectAzure({ ...world.settings, storage });
  const place = { azure: first };
  let isKilled = false;
  const before = { calls: 0, kept: 0 };
  const kill = () => {
    isKilled = true;
    proxy.fail({}, { cut: "before" }, Infinity);
    before.calls = images.calls.length;
    before.kept = proxy.calls.filter(({ name, status = 500 }) => name === "PUT picture" && status < 300).length;
  };
  const and = cut.how === "killed after" ? kill : undefined;
  proxy.fail({ call: cut.call, from: cut.nth }, { cut: "after", and });
  const one = world.replica(first);
  const event = randomUUID();
  let id: string | undefined;
  const session = async () => {
    id ??= (await Array.fromAsync(world.azure.container.listBlobsFlat({ prefix: "sessions/" })))[0]?.name.slice(9, -5);
    return id === undefined ? undefined : (await readSession(id, world.azure))?.session;
  };
  const stage: Stage = { world, proxy, session, on: () => place.azure, event };
  const takeOver = () => {
    if (!isKilled || place.azure !== first) return;
    place.azure = connectAzure(world.settings);
    void one.stop().catch(() => undefined);
    world.replica(place.azure);
    // Nobody renews what the dead process hid.
    azurite.surface(world.azure.queue.name);
  };
  try {
    for (const { act, isDone } of story) {
      let isActed = false;
      let actAt = 0;
      await until(async () => {
        takeOver();
        if (!isActed && Date.now() > actAt) {
          actAt = Date.now() + 1000;
          await act(stage).then(
            () => (isActed = !isKilled || place.azure !== first),
            () => undefined,
          );
          takeOver();
        }
        const present = await session();
        return isActed && present && isDone(present, roundOf(present));
      }, 90);
    }
    const rows = async () => {
      takeOver();
      return [
        ...(await readRows("sessions", { count: 9 }, world.azure)),
        ...(await readRows(`votes-${id}-1`, { count: 9 }, world.azure)),
      ];
    };
    await until(async () => !(await rows()).length, 60);
    const ended = await session();
    return ended ? await faultsOf(ended, { world, paid: images.calls.length, before, isKilled }) : ["no session"];
  } finally {
    await world.stop();
    await Promise.all([proxy.stop(), images.stop()]);
  }
}

type After = { world: SessionWorld; paid: number; before: { calls: number; kept: number }; isKilled: boolean };

async function faultsOf({ rounds }: Session, { world, paid, before, isKilled }: After): Promise<string[]> {
  const ideas = rounds.flatMap((round) => round.ideas);
  const jobs = await Promise.all(ideas.map(({ job = "" }) => readJob(job, world.azure)));
  // One repeat of a call whose answer was lost with the process.
  const lost = jobs.flatMap((file) => file?.job.pictures ?? []).reduce((sum, { lostCalls }) => sum + lostCalls, 0);
  const mayBePaid = PICTURES + Math.max(lost, isKilled ? before.calls - before.kept : 0);
  const [first, second] = rounds;
  return [
    ...(ideas.length === PICTURES ? [] : [`${ideas.length} ideas`]),
    ...ideas
      .filter(({ state, picture }) => state !== "drawn" || !picture)
      .map(({ number, state }) => `idea ${number} is ${state}`),
    ...jobs.filter((file) => !file || keptOf(file.job).length !== 1).map(() => "an idea's job has not one picture"),
    ...(new Set(ideas.map(({ picture }) => picture?.ref)).size === PICTURES ? [] : ["a picture stands twice"]),
    ...(paid > mayBePaid ? [`${paid} paid calls, not ${mayBePaid}`] : []),
    ...(first?.result?.votes[2] === 2 && first.result.winners[0] === 2
      ? []
      : [`votes ${JSON.stringify(first?.result)}`]),
    ...(second?.result?.winners.length === 1 ? [] : ["the finish has no winner"]),
    ...(world.chat2.posted.length > 1 && !isKilled ? ["two recaps"] : []),
  ];
}

const lanes = openGate(4);

/** Of the session's own calls, and of its first job's; what its jobs are cut off at otherwise is tried where jobs are. */
const cuts: Cut[] = [
  ...[1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20].map(
    (nth) => ({ how: "killed after", call: "PUT session", nth }) as const,
  ),
  ...[1, 2, 4].map((nth) => ({ how: "killed after", call: "PUT sessions", nth }) as const),
  ...["PUT job", "PUT picture", "DELETE votes", "DELETE sessions"].map(
    (call) => ({ how: "killed after", call, nth: 1 }) as const,
  ),
  ...[1, 2, 3].map((nth) => ({ how: "killed after", call: "POST table", nth }) as const),
  ...[1, 2, 4, 6, 7, 9, 13].map((nth) => ({ how: "no answer to", call: "PUT session", nth }) as const),
  ...[1, 2, 3, 5].map((nth) => ({ how: "no answer to", call: "PUT sessions", nth }) as const),
  ...["POST table", "PATCH sessions", "DELETE sessions"].map(
    (call) => ({ how: "no answer to", call, nth: 1 }) as const,
  ),
];

describe("a session comes to its end all the same", () => {
  it.concurrent.each(cuts)("$how $call $nth", (cut) => lanes(async () => expect(await play(cut)).toEqual([])), 300_000);
});

/** Votes of many people at once beside as many bare rows; and what a board is edited while they come. */
import { compare, quantile, tally, words } from "./figures.ts";
import type { Call, Part } from "./figures.ts";
import { startSubject } from "./world.ts";
import type { World } from "./world.ts";

const PEOPLE = 200;
const SECONDS = 10;
const TURNS = 3;

/** And not what each process does at its start. */
const VOTING = /POST table|GET session|PATCH session|votes/;

type Taken = { milliseconds: number[]; all: number[]; edits: number; calls: Call[] };

export async function measureVotes(world: World): Promise<Part> {
  const taken = { easel: none(), bare: none() };
  for (let turn = 1; turn <= TURNS; turn += 1)
    for (const mode of ["easel", "bare"] as const) add(taken[mode], await vote(world, { MODE: mode }));
  const spread = await vote(world, { MODE: "easel", SECONDS: String(SECONDS) });
  const { easel, bare } = taken;
  const perSecond = ({ all }: Taken) => (PEOPLE * all.length * 1000) / all.reduce((sum, one) => sum + one, 0);
  return {
    title: "Votes of a brainstorm",
    rows: [
      compare(`${PEOPLE} at once: p50`, quantile(easel.milliseconds, 0.5), quantile(bare.milliseconds, 0.5), "ms"),
      compare(`${PEOPLE} at once: p99`, quantile(easel.milliseconds, 0.99), quantile(bare.milliseconds, 0.99), "ms"),
      compare("in a second", perSecond(easel), perSecond(bare), "votes"),
    ],
    notes: [
      `Easel's calls to storage for a vote: ${tally(
        easel.calls.filter(({ kind }) => VOTING.test(kind)),
        TURNS * PEOPLE,
      )}. The script writes a row, and does nothing else.`,
      `${PEOPLE} people within ${SECONDS} s, beside whoever looks after the session: p99 ${words(quantile(spread.milliseconds, 0.99), "ms")}, and ${spread.edits} edits of the board.`,
    ],
  };
}

function none(): Taken {
  return { milliseconds: [], all: [], edits: 0, calls: [] };
}

function add(taken: Taken, more: Taken): void {
  taken.milliseconds.push(...more.milliseconds);
  taken.all.push(...more.all);
  taken.calls.push(...more.calls);
}

async function vote(world: World, change: Record<string, string>): Promise<Taken> {
  await world.takeCalls();
  const subject = startSubject("bench/cast-votes.ts", {
    ...world.environment("easel"),
    PEOPLE: String(PEOPLE),
    ...change,
  });
  const { milliseconds, all, edits } = JSON.parse(await subject.said(/^\{"milliseconds"/)) as {
    milliseconds: number[];
    all: number;
    edits: number;
  };
  await subject.end();
  return { milliseconds, all: [all], edits, calls: await world.takeCalls() };
}

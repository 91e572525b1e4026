/** What it takes to count money, and to read sums, with few entries in the ledger and with many. */
import { randomUUID } from "node:crypto";
import { median, words } from "./figures.ts";
import type { Part, Row } from "./figures.ts";
import { startSubject } from "./world.ts";
import type { World } from "./world.ts";

/** As many are written by Easel itself, the others are copied beside them. */
const WRITTEN = 100;
const ENTRIES = [WRITTEN, 10_000, 1_000_000];
const TIMES = 50;

const WHAT: Record<string, string> = {
  reserve: "money set aside, judged by a budget",
  settle: "a job settled",
  sum: "a person's month read",
  days: "thirty days read, day by day",
  list: "fifty people's month listed",
};

type Taken = { entries: number; took: Record<string, number[]>; calls: number };

export async function measureSums(world: World): Promise<Part> {
  const container = `e${randomUUID()}`;
  const write = { ...world.environment("easel", container), ENTRIES: String(WRITTEN) };
  const writer = startSubject("bench/count-money.ts", write);
  await writer.said(/^seeded/);
  await writer.end();
  const all: Taken[] = [];
  for (const count of ENTRIES) {
    const entries = await world.copyRows({ container, prefix: "e.", count });
    all.push({ entries, ...(await countMoney(world, container)) });
  }
  return {
    title: "Sums of the ledger",
    rows: Object.entries(WHAT).map(([name, what]) => rowOf(name, what, all)),
    notes: [
      `Calls to storage for these five together, a process's first included: ${all.map(({ calls }) => calls.toFixed(1)).join(", ")}. Azurite goes by the names of rows here, as Azure does; what is written there takes longer beside a million, because with each row it moves its list of their names, which Azure does not.`,
    ],
  };
}

function rowOf(name: string, what: string, all: Taken[]): Row {
  const cells = all.map(({ took }, index) => [
    `${ENTRIES[index]?.toLocaleString("en")} entries`,
    words(median(took[name] ?? []), "ms"),
  ]);
  return { what, ...Object.fromEntries(cells) };
}

async function countMoney(world: World, container: string): Promise<Omit<Taken, "entries">> {
  await world.takeCalls();
  const subject = startSubject("bench/count-money.ts", {
    ...world.environment("easel", container),
    TIMES: String(TIMES),
    RUN: randomUUID(),
  });
  const { took } = JSON.parse(await subject.said(/^\{"took"/)) as Pick<Taken, "took">;
  await subject.end();
  return { took, calls: (await world.takeCalls()).length / TIMES };
}

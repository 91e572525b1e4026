/** What it takes to count money, and to read sums, with few entries in the ledger and with many. */
import { median, words } from "./figures.ts";
import type { Part } from "./figures.ts";
import { startSubject } from "./world.ts";
import type { World } from "./world.ts";

const ENTRIES = [100, 10_000];
const TIMES = 50;

const WHAT: Record<string, string> = {
  reserve: "money set aside, judged by a budget",
  settle: "a job settled",
  sum: "a person's month read",
  days: "thirty days read, day by day",
  list: "fifty people's month listed",
};

type Taken = { took: Record<string, number[]>; calls: number; bytes?: number };

export async function measureSums(world: World): Promise<Part> {
  const taken: Taken[] = [];
  for (const entries of ENTRIES) taken.push(await countMoney(world, entries));
  const [few, many] = taken;
  return {
    title: "Sums of the ledger",
    rows: Object.entries(WHAT).map(([name, what]) => ({
      what,
      ...Object.fromEntries(
        taken.map(({ took }, index) => [
          `${ENTRIES[index]?.toLocaleString("en")} entries`,
          words(median(took[name] ?? []), "ms"),
        ]),
      ),
    })),
    notes: [
      `Calls to storage for these five together: ${few?.calls.toFixed(1)} with ${ENTRIES[0]} entries, ${many?.calls.toFixed(1)} with ${ENTRIES[1]?.toLocaleString("en")}.`,
    ],
  };
}

async function countMoney(world: World, entries: number): Promise<Taken> {
  const subject = startSubject("bench/count-money.ts", {
    ...world.environment("easel"),
    ENTRIES: String(entries),
    TIMES: String(TIMES),
  });
  await subject.said(/^seeded/);
  await world.takeCalls();
  const { took } = JSON.parse(await subject.said(/^\{"took"/)) as Pick<Taken, "took">;
  await subject.end();
  const calls = (await world.takeCalls()).length / TIMES;
  return { took, calls };
}

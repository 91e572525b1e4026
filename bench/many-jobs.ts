/** Accepting a request and showing a history, with few and with very many jobs in storage, all of them the asker's own. */
import { setTimeout as pause } from "node:timers/promises";
import { quantile, tally, words } from "./figures.ts";
import type { Call, Part, Row } from "./figures.ts";
import { PATIENCE_SECONDS, startEasel, startSubject } from "./world.ts";
import type { World } from "./world.ts";

const JOBS = [10, 1000, 100_000];
const ROUNDS = 2;
const TIMES = 12;
const WARM_UP = 4;
const PAGE = 9;

type Taken = { milliseconds: number[]; calls: Call[] };
type Step = (store: Store, world: World) => Promise<Taken>;
type Store = { jobs: number; container: string; taken: Map<string, Taken> };

const steps: Record<string, Step> = {
  "accepting, until the waiting message stands": acceptSome,
  "`/history`, until its sheet stands": showSome,
  "`readHistory`, the first page": (store, world) => readSome(0, store, world),
  "`readHistory`, the hundredth page": (store, world) =>
    readSome(Math.min(99, Math.floor(store.jobs / 2 / PAGE)), store, world),
};

export async function measureManyJobs(world: World): Promise<Part> {
  await world.orderPictures({ size: "1024x1024", seconds: 0 });
  const stores = JOBS.map((jobs): Store => ({ jobs, container: `jobs-${jobs}`, taken: new Map() }));
  const notes: string[] = [];
  for (const store of stores) notes.push(await fill(store, world));
  // All are full before the first is measured, so that the emulator's own growth meets them alike.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, step] of Object.entries(steps)) {
      for (const store of stores) {
        const { milliseconds, calls } = await step(store, world);
        const before = store.taken.get(name) ?? { milliseconds: [], calls: [] };
        store.taken.set(name, {
          milliseconds: [...before.milliseconds, ...milliseconds],
          calls: [...before.calls, ...calls],
        });
      }
    }
  }
  for (const [name, { calls }] of stores.at(-1)?.taken ?? [])
    notes.push(`Calls to storage at ${inWords(stores.at(-1))}, ${name}: ${tally(calls, timesOf(name))}.`);
  return { title: "Many jobs in storage", rows: Object.keys(steps).flatMap((name) => rowsOf(name, stores)), notes };
}

function rowsOf(name: string, stores: Store[]): Row[] {
  return [0.5, 0.9].map((part) => {
    const figures = stores.map(({ taken }) => quantile(taken.get(name)?.milliseconds ?? [], part));
    const cells = stores.map((store, index) => [inWords(store), words(figures[index] ?? 0, "ms")]);
    const ratio = ((figures.at(-1) ?? 0) / (figures[0] ?? 0)).toFixed(2);
    return Object.fromEntries([["what", `${name}: p${part * 100}`], ...cells, ["most over fewest", ratio]]) as Row;
  });
}

function inWords(store: Store | undefined): string {
  return `${store?.jobs.toLocaleString("en")} jobs`;
}

/** A page is read in a process of its own, whose warming up is counted as well. */
function timesOf(name: string): number {
  return ROUNDS * (name.startsWith("`readHistory`") ? TIMES + WARM_UP : TIMES);
}

async function fill({ jobs, container }: Store, world: World): Promise<string> {
  const easel = await startEasel(world, { AZURE_STORAGE_CONTAINER: container });
  const { id } = await drawOne(world);
  await world.untilQuiet();
  await easel.end();
  const { blobs, rows, seconds } = await world.seed({ container, jobId: `discord-${id}`, jobs });
  const [manyBlobs, manyRows] = [blobs, rows].map((count) => count.toLocaleString("en"));
  return `${jobs.toLocaleString("en")} jobs were seeded as ${manyBlobs} blobs and ${manyRows} rows in ${words(seconds, "s")}.`;
}

/** `milliseconds` until the waiting message; comes back when the picture stands. */
async function drawOne({ discord }: World): Promise<{ id: string; milliseconds: number }> {
  const began = performance.now();
  const options = { prompt: "a lighthouse" };
  const sent = await discord.easel.command({ name: "imagine", options, unchecked: true });
  await sent.untilOriginal(({ content, components }) => content !== "" || components.length > 0, PATIENCE_SECONDS);
  const milliseconds = performance.now() - began;
  await sent.untilOriginal(({ attachments }) => attachments.length > 0, PATIENCE_SECONDS);
  return { id: sent.id, milliseconds };
}

/** One after the other, each with an empty line before it. Of the calls only those from its first until it is drawn. */
async function acceptSome(store: Store, world: World): Promise<Taken> {
  const { milliseconds, calls } = await askSome(store, world, async () => (await drawOne(world)).milliseconds);
  const accepted = (each: Call[]) => {
    const kinds = each.map(({ kind }) => kind);
    return each.slice(kinds.indexOf("POST ticket"), kinds.indexOf("PUT pace"));
  };
  return { milliseconds, calls: calls.flatMap(accepted) };
}

async function showSome(store: Store, world: World): Promise<Taken> {
  const { milliseconds, calls } = await askSome(store, world, async () => {
    const began = performance.now();
    const sent = await world.discord.easel.command({ name: "history", unchecked: true });
    await sent.untilOriginal(({ attachments }) => attachments.length > 0, PATIENCE_SECONDS);
    return performance.now() - began;
  });
  return { milliseconds, calls: calls.flat() };
}

async function askSome({ container }: Store, world: World, ask: () => Promise<number>) {
  const easel = await startEasel(world, { AZURE_STORAGE_CONTAINER: container });
  const milliseconds: number[] = [];
  const calls: Call[][] = [];
  for (let time = -WARM_UP; time < TIMES; time += 1) {
    await world.takeCalls();
    const taken = await ask();
    await pause(150);
    if (time < 0) continue;
    milliseconds.push(taken);
    calls.push(await world.takeCalls());
  }
  await easel.end();
  return { milliseconds, calls };
}

async function readSome(page: number, { container }: Store, world: World): Promise<Taken> {
  await world.takeCalls();
  const parameters = { PAGE: String(page), SIZE: String(PAGE), TIMES: String(TIMES), WARM_UP: String(WARM_UP) };
  const environment = { ...world.environment("easel", container), ...parameters, ASKER: world.discord.easel.asker.id };
  const subject = startSubject("bench/history.ts", environment);
  const milliseconds = JSON.parse(await subject.said(/^\[/)) as number[];
  return { milliseconds, calls: await world.takeCalls() };
}

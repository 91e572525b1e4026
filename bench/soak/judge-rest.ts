/** What must be left behind, and what not: in storage, in memory, and of processes that were told to stop. */
import type { Broken, Verdict } from "./judge-answers.ts";
import { wasStarved } from "./evidence.ts";
import type { Evidence } from "./evidence.ts";
import type { Gauge } from "./gauge-mark.ts";
import type { Replica } from "./world.ts";

const LONGEST_STOP_MILLISECONDS = 15_000;
/** What a process may have more after hundreds of commands than after the first. */
const MORE_HEAP = 25 * 2 ** 20;
const MORE_RESOURCES = 25;

export type Measured = { replica: Replica; before: Gauge; after: Gauge; commands: number };

/** Blobs that nobody needs any more, by what they are called. */
export function judgeStorage(evidence: Evidence, ticketsLeft: number): Verdict[] {
  const { blobs, jobs, wishes } = evidence;
  const kept = new Set(
    jobs.flatMap(({ pictures }) => pictures.flatMap(({ id, state }) => (state === "kept" ? id : []))),
  );
  const inputs = new Set(
    jobs.flatMap((job) => {
      const isNeeded = job.pictures.some(({ state }) => state === "kept") || !job.order;
      return isNeeded ? [...(job.inputs?.pictures ?? []), job.inputs?.mask] : [];
    }),
  );
  const idOf = (name: string) => /\/([0-9a-f]{40})/.exec(name)?.[1] ?? "";
  const left: Record<string, string[]> = {
    "no wish is left unseen": wishes,
    "no picture in the making is left": under(blobs, "pictures/").filter((name) => name.includes("-partial")),
    "every picture in storage is one that was kept": under(blobs, "pictures/").filter(
      (name) => /\/[0-9a-f]{40}\./.test(name) && !kept.has(idOf(name)),
    ),
    "nothing sent in is kept for a job without a picture": under(blobs, "inputs/").filter(
      (name) =>
        jobs.some((job) => [...(job.inputs?.pictures ?? []), job.inputs?.mask].includes(name.slice(7))) &&
        !inputs.has(name.slice(7)),
    ),
    "what was sent in belongs to a job": under(blobs, "inputs/").filter(
      (name) => !jobs.some((job) => [...(job.inputs?.pictures ?? []), job.inputs?.mask].includes(name.slice(7))),
    ),
  };
  const stored = new Set(under(blobs, "pictures/").map(idOf));
  const missing = [...kept].filter((id) => !stored.has(id));
  const verdict = (what: string, names: string[], count: number): Verdict => ({
    what,
    count,
    broken: names.map((name) => ({
      promise: what,
      about: name,
      keys: [name, idOf(name), name.replace(/^\w+\/|\.json$/g, "")],
    })),
  });
  return [
    ...Object.entries(left).map(([what, names]) => verdict(what, names, names.length)),
    verdict("every kept picture is in storage", missing, kept.size),
    {
      what: "no ticket is left in the line",
      count: ticketsLeft,
      broken: ticketsLeft ? [{ promise: "no ticket is left in the line", about: String(ticketsLeft), keys: [] }] : [],
    },
  ];
}

function under(blobs: string[], prefix: string): string[] {
  return blobs.filter((name) => name.startsWith(prefix));
}

export function judgeProcesses(evidence: Evidence, measured: Measured[]): Verdict[] {
  const { world } = evidence;
  const stopped = world.replicas.filter(({ end }) => end?.by === "SIGTERM");
  const slow = stopped.filter(
    ({ end }) => end && end.over > LONGEST_STOP_MILLISECONDS && !wasStarved(end.at - 1000, end.at + end.over, evidence),
  );
  const died = world.replicas.filter(({ end, subject }) => !end && !isAlive(subject.pid));
  const loose = world.replicas.flatMap(({ process, subject }) =>
    subject.output
      .filter((line) => /nobody caught it|UnhandledPromise|uncaughtException/.test(line))
      .map((line) => `${process}: ${line.slice(0, 600)}`),
  );
  const broken = (promise: string, abouts: string[]): Broken[] => abouts.map((about) => ({ promise, about, keys: [] }));
  const verdict = (what: string, count: number, abouts: string[], note?: string): Verdict => ({
    what,
    count,
    broken: broken(what, abouts),
    note,
  });
  const longest = Math.max(0, ...stopped.map(({ end }) => end?.over ?? 0));
  return [
    verdict(
      "SIGTERM ends the process within 15 s",
      stopped.length,
      slow.map(
        ({ process, end }) => `${process} took ${end?.over} ms; its last words:\n${lastWords(world.replicas, process)}`,
      ),
      `longest ${longest} ms`,
    ),
    verdict(
      "no process dies by itself",
      world.replicas.length,
      died.map(({ process }) => `${process}; its last words:\n${lastWords(world.replicas, process)}`),
    ),
    verdict("no rejection is caught by nobody", loose.length, loose),
    ...judgeGauges(measured),
  ];
}

function judgeGauges(measured: Measured[]): Verdict[] {
  const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  const heaps = measured.map(({ replica, before, after, commands }) => ({
    grew: after.heap + after.external - before.heap - before.external,
    words: `${replica.process} ${megabytes(before.heap + before.external)} → ${megabytes(after.heap + after.external)} MB (resident ${megabytes(before.resident)} → ${megabytes(after.resident)}) over ${commands} commands`,
  }));
  const names = new Set(
    measured.flatMap(({ before, after }) => Object.keys({ ...before.resources, ...after.resources })),
  );
  const resources = measured.flatMap(({ replica, before, after }) =>
    [...names].map((name) => {
      const [from, to] = [before.resources[name] ?? 0, after.resources[name] ?? 0];
      return { grew: to - from, words: `${replica.process} ${name} ${from} → ${to}` };
    }),
  );
  const flat = (what: string, all: { grew: number; words: string }[], most: number): Verdict => ({
    what,
    count: all.length,
    broken: all.filter(({ grew }) => grew > most).map(({ words }) => ({ promise: what, about: words, keys: [] })),
    note: all.map(({ words }) => words).join("; "),
  });
  return [flat("memory is flat", heaps, MORE_HEAP), flat("handles are flat", resources, MORE_RESOURCES)];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function lastWords(replicas: Replica[], process: string): string {
  const output = replicas.find((replica) => replica.process === process)?.subject.output ?? [];
  return output
    .slice(-15)
    .map((line) => line.slice(0, 500))
    .join("\n");
}

import { readFileSync, writeFileSync } from "node:fs";

/** One line of a table, by the names of its columns. */
export type Row = Record<string, string>;
export type Part = { title: string; rows: Row[]; notes?: string[] };

export function quantile(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export function median(values: number[]): number {
  return quantile(values, 0.5);
}

/** Easel's figure, that of the bare thing beside it, and the first over the second. */
export function compare(what: string, easel: number, bare: number, unit: string): Row {
  const ratio = bare > 0 ? (easel / bare).toFixed(2) : "";
  return { what, easel: words(easel, unit), bare: words(bare, unit), ratio };
}

/** Two digits that mean something. */
export function words(value: number, unit: string): string {
  return `${value.toFixed(value < 20 ? 1 : 0)} ${unit}`;
}

/** A call to storage or image service, and when it arrived, in milliseconds since 1970. */
export type Call = { kind: string; at: number };
/** A call to the image service. */
export const DRAW = "draw";
/** Calls to storage that go on whether anybody asks for a picture or not. */
export const LOOKS =
  /^(GET tickets|GET wishes|GET sessions|GET alerts|GET rules|GET brake|GET privacy|GET ledger|GET durations|PUT durations|GET first-|GET drafts|list )/;

/** Calls to storage by their kind, each as a mean of so many pictures or turns, without those that nobody asked for. */
export function tally(calls: Call[], of: number): string {
  const counts = new Map<string, number>();
  for (const { kind } of calls) if (kind !== DRAW && !LOOKS.test(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const parts = [...counts].map(([kind, count]) => `${Number((count / of).toFixed(1))} × ${kind}`);
  return `${(all / of).toFixed(1)} in all (${parts.join(", ")})`;
}

/** User and system time of a process with all its threads, in milliseconds. The kernel counts in steps of 10 ms. */
export function cpuMilliseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Of the thread that runs the JavaScript, and nothing of the others. */
export function mainThreadMilliseconds(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
}

/** Resident memory in MiB: now, and the most since `forgetPeak`. */
export function memoryMebibytes(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const read = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return { now: read("VmRSS"), peak: read("VmHWM") };
}

export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

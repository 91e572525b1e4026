import { z } from "zod";
import type { Azure } from "../storage/azure.ts";
import { readRow, readRows } from "../storage/table.ts";
import { LEDGER } from "./ledger-rows.ts";
import type { Rows } from "./ledger-rows.ts";
import { keyOfScope } from "./payer.ts";
import type { Scope, Workspace } from "./payer.ts";
import { dayIn, daysOf, monthOf, monthsOf } from "./periods.ts";
import type { Period } from "./periods.ts";

/** What was spent in a scope over a period, and what is set aside there for jobs under way. `pictures` came; a call may have brought none. */
export type Sum = { dollars: number; pictures: number; calls: number; heldDollars: number; heldPictures: number };

/** As it is stored: whole millionths of a dollar, so that nothing is lost by adding up. */
export type Amounts = { micros: number; pictures: number; calls: number; heldMicros: number; heldPictures: number };

const NOTHING: Amounts = { micros: 0, pictures: 0, calls: 0, heldMicros: 0, heldPictures: 0 };

export const MICROS = 1_000_000;

export function microsOf(dollars: number): number {
  return Math.round(dollars * MICROS);
}

/**
 * One row holds a month of a scope, day by day: so a sum over any period is one row or two, however many entries there are, and a
 * list of all people of a month is a range of keys. `within`: only what was spent in that workspace.
 */
export function sumRow(scope: Scope, month: string, within?: Workspace): string {
  return `s.${month}.${within ? keyOfScope(within) : "all"}.${keyOfScope(scope)}`;
}

/** Days of a month by their last two digits, each with its amounts in the order of `Amounts`. */
const Days = z.record(z.string(), z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()]));

function daysIn(values: { days?: unknown } | undefined): z.infer<typeof Days> {
  return typeof values?.days === "string" ? Days.parse(JSON.parse(values.days)) : {};
}

/** Adds to a day of a sum. Adding nothing writes it all the same, so that the write says that it still was so. */
export function addToSum(
  { scope, day, within }: { scope: Scope; day: string; within?: Workspace },
  more: Partial<Amounts>,
  rows: Rows,
): void {
  const name = sumRow(scope, monthOf(day), within);
  const values = rows.read(name);
  const days = daysIn(values);
  const before = amountsOf(days[day.slice(8)]);
  const { micros, pictures, calls, heldMicros, heldPictures } = { ...NOTHING, ...more };
  // What is given back was set aside; a row that somebody has mended by hand does not go below nothing.
  const after: z.infer<typeof Days>[string] = [
    before.micros + micros,
    before.pictures + pictures,
    before.calls + calls,
    Math.max(0, before.heldMicros + heldMicros),
    Math.max(0, before.heldPictures + heldPictures),
  ];
  const all = after.some((amount) => amount !== 0) ? { ...days, [day.slice(8)]: after } : without(day.slice(8), days);
  rows.write(name, { ...values, scope: JSON.stringify(scope), days: JSON.stringify(all) });
}

/** The days of a month on which anything is in its row. */
export function activeDays(month: string, values: { days?: unknown }): string[] {
  return Object.keys(daysIn(values)).map((day) => `${month}-${day}`);
}

/** What is in one person's row of a month comes into another's. */
export function moveSum(from: string, to: string, person: string, rows: Rows): void {
  const [source, target] = [rows.read(from), rows.read(to)];
  if (!source) return;
  const days = daysIn(target);
  for (const [day, amounts] of Object.entries(daysIn(source))) {
    const [micros, pictures, calls, heldMicros, heldPictures] = days[day] ?? [0, 0, 0, 0, 0];
    const { micros: more, ...others } = amountsOf(amounts);
    days[day] = [
      micros + more,
      pictures + others.pictures,
      calls + others.calls,
      heldMicros + others.heldMicros,
      heldPictures + others.heldPictures,
    ];
  }
  rows.write(to, { ...target, scope: JSON.stringify({ kind: "person", person }), days: JSON.stringify(days) });
  rows.remove(from);
}

function without(day: string, days: z.infer<typeof Days>): z.infer<typeof Days> {
  return Object.fromEntries(Object.entries(days).filter(([name]) => name !== day));
}

function amountsOf(stored: z.infer<typeof Days>[string] | undefined): Amounts {
  const [micros = 0, pictures = 0, calls = 0, heldMicros = 0, heldPictures = 0] = stored ?? [];
  return { micros, pictures, calls, heldMicros, heldPictures };
}

type Span = { from: string; to: string };

function sumOver({ from, to }: Span, months: [month: string, values: { days?: unknown } | undefined][]): Sum {
  const sum = { ...NOTHING };
  for (const [month, values] of months)
    for (const [day, stored] of Object.entries(daysIn(values))) {
      const name = `${month}-${day}`;
      if (name < from || name > to) continue;
      for (const [key, amount] of Object.entries(amountsOf(stored))) sum[key as keyof Amounts] += amount;
    }
  const { micros, heldMicros, pictures, calls, heldPictures } = sum;
  return { dollars: micros / MICROS, heldDollars: heldMicros / MICROS, pictures, calls, heldPictures };
}

/** The sum of the period that this day is in, by rows at hand. */
export function sumIn(
  { scope, period, within }: { scope: Scope; period: Period; within?: Workspace },
  day: string,
  rows: Rows,
): Sum {
  const span = daysOf(period, day);
  return sumOver(
    span,
    monthsOf(span).map((month) => [month, rows.read(sumRow(scope, month, within))]),
  );
}

/** What was spent, and is set aside, in the period that `at` is in. */
export async function readSum(
  scope: Scope,
  { period, at, within }: { period: Period; at: Date; within?: Workspace },
  azure: Azure,
  signal?: AbortSignal,
): Promise<Sum> {
  const span = daysOf(period, dayIn(azure.timeZone, at));
  return sumOver(span, await readMonths(scope, span, { within, azure, signal }));
}

/** Day by day, with the days on which nothing was. One row a month. */
export async function readDays(
  scope: Scope,
  span: Span & { within?: Workspace },
  azure: Azure,
  signal?: AbortSignal,
): Promise<{ day: string; sum: Sum }[]> {
  const months = await readMonths(scope, span, { within: span.within, azure, signal });
  return daysBetween(span).map((day) => ({ day, sum: sumOver({ from: day, to: day }, months) }));
}

function daysBetween(span: Span): string[] {
  return monthsOf(span)
    .flatMap((month) => Array.from({ length: 31 }, (_, index) => `${month}-${String(index + 1).padStart(2, "0")}`))
    .filter((day) => day >= span.from && day <= span.to && day <= daysOf("month", day).to);
}

function readMonths(
  scope: Scope,
  span: Span,
  { within, azure, signal }: { within?: Workspace; azure: Azure; signal?: AbortSignal },
): Promise<[string, { days?: unknown } | undefined][]> {
  return Promise.all(
    monthsOf(span).map(async (month): Promise<[string, { days?: unknown } | undefined]> => {
      const row = await readRow(LEDGER, sumRow(scope, month, within), azure, signal);
      return [month, row?.values];
    }),
  );
}

/** More than anybody reads. */
const MOST_LISTED = 20_000;

/**
 * Who or what has spent in the period that `at` is in, the dearest first; `within`: in that workspace alone. What is set aside is
 * among it where a budget may be, so not by channel within a workspace, nor by model.
 */
export async function listSums(
  kind: "person" | "channel" | "workspace" | "model",
  { period, at, within }: { period: Period; at: Date; within?: Workspace },
  azure: Azure,
  signal?: AbortSignal,
): Promise<{ scope: Scope; sum: Sum }[]> {
  const span = daysOf(period, dayIn(azure.timeZone, at));
  const found = new Map<string, { scope: Scope; months: [string, { days?: unknown }][] }>();
  for (const month of monthsOf(span)) {
    const prefix = `s.${month}.${within ? keyOfScope(within) : "all"}.${kind}-`;
    const range = { count: MOST_LISTED, after: prefix, before: `${prefix}~` };
    for (const { name, values } of await readRows(LEDGER, range, azure, signal)) {
      const key = name.slice(prefix.length);
      const entry = found.get(key) ?? { scope: JSON.parse(String(values.scope)) as Scope, months: [] };
      entry.months.push([month, values]);
      found.set(key, entry);
    }
  }
  return [...found.values()]
    .map(({ scope, months }) => ({ scope, sum: sumOver(span, months) }))
    .filter(({ sum }) => sum.calls || sum.heldPictures || sum.heldDollars)
    .toSorted((one, other) => other.sum.dollars - one.sum.dollars || other.sum.calls - one.sum.calls);
}

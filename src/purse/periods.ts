import type { Period } from "../rules.ts";
import { DAY_MILLISECONDS } from "../times.ts";

/** Calendar periods in the installation's time zone. A day is a text, `2026-11-30`, and compares as one. */
export type { Period } from "../rules.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

/** The day that it is there at that time. Throws for a time zone that is none. */
export function dayIn(timeZone: string, at: Date): string {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("en", { timeZone, calendar: "iso8601", year: "numeric", month: "2-digit", day: "2-digit" });
  formats.set(timeZone, format);
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts.get("year")?.padStart(4, "0")}-${parts.get("month")}-${parts.get("day")}`;
}

export function monthOf(day: string): string {
  return day.slice(0, 7);
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(day) + count * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

/** The first and the last day of the period that this day is in. Weeks begin on Monday. */
export function daysOf(period: Period, day: string): { from: string; to: string } {
  if (period === "day") return { from: day, to: day };
  if (period === "week") {
    const from = addDays(day, -((new Date(day).getUTCDay() + 6) % 7));
    return { from, to: addDays(from, 6) };
  }
  const from = `${monthOf(day)}-01`;
  return { from, to: addDays(`${monthOf(addDays(from, 31))}-01`, -1) };
}

/** The months that these days are in, the first one first. */
export function monthsOf({ from, to }: { from: string; to: string }): string[] {
  const months = [monthOf(from)];
  for (let month = months[0] ?? ""; month < monthOf(to); months.push(month))
    month = monthOf(addDays(`${month}-01`, 31));
  return months;
}

/** The name of the period that this day is in: `2026-11-30`, `2026-W49`, `2026-11`. */
export function periodKey(period: Period, day: string): string {
  if (period === "day") return day;
  if (period === "month") return monthOf(day);
  // A week is of the year that its Thursday is in.
  const thursday = addDays(daysOf("week", day).from, 3);
  const before = Date.parse(thursday) - Date.parse(`${thursday.slice(0, 4)}-01-01`);
  const number = Math.floor(before / DAY_MILLISECONDS / 7) + 1;
  return `${thursday.slice(0, 4)}-W${String(number).padStart(2, "0")}`;
}

/** When the next period begins there: the first moment of a day, which is not midnight where a clock is put forward then. */
export function refillsAt(period: Period, at: Date, timeZone: string): Date {
  const next = addDays(daysOf(period, dayIn(timeZone, at)).to, 1);
  // No zone is further than that from the day's beginning in UTC.
  let [before, after] = [Date.parse(next) - DAY_MILLISECONDS, Date.parse(next) + DAY_MILLISECONDS];
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000;
    if (dayIn(timeZone, new Date(middle)) >= next) after = middle;
    else before = middle;
  }
  return new Date(after);
}

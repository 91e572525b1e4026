import type { Prices } from "../prices.ts";
import { log } from "../log.ts";
import type { Azure } from "../storage/azure.ts";
import { readRows } from "../storage/table.ts";
import { tryAFewTimes } from "../storage/until-storage-answers.ts";
import { addEverywhere, entryOf, entryOfValues, modelOf } from "./entry.ts";
import type { Entry } from "./entry.ts";
import { changeRows, LEDGER, rememberRows } from "./ledger-rows.ts";
import type { Rows } from "./ledger-rows.ts";
import { addDays } from "./periods.ts";
import { MICROS } from "./sums.ts";

/** In dollars: of all entries from that day on, by their prices then and by those of today. */
export type Repriced = { entries: number; changed: number; unreadable: number; before: number; after: number };

const PAGE = 500;

/**
 * Derives the money of all entries from a day on anew, from their tokens. An entry and its sums change together, so it may be
 * killed at any moment, run beside the bot, and run again: what is right already stays as it is.
 */
export async function reprice(since: string, { prices }: { prices: Prices }, azure: Azure): Promise<Repriced> {
  const sum = { entries: 0, changed: 0, unreadable: 0, before: 0, after: 0 };
  // Rows are named by the day in UTC, and a zone's may be another.
  for (let after = `e.${addDays(since, -1)}`; ;) {
    const range = { count: PAGE, after, before: "e/" };
    const rows = await tryAFewTimes(() => readRows(LEDGER, range, azure), azure);
    const due = rows.flatMap(({ name, values }) => {
      const entry = readEntry(values);
      if (!entry) sum.unreadable += 1;
      return entry && entry.day >= since ? [{ name, entry, anew: entryOf(entry, prices) }] : [];
    });
    const changed = due.filter(({ entry, anew }) => isChanged(entry, anew));
    const named = new Set(changed.map(({ name }) => name));
    rememberRows(
      rows.filter(({ name }) => named.has(name)),
      azure,
    );
    await Promise.all(changed.map(({ name }) => repriceOne(name, prices, azure)));
    sum.entries += due.length;
    sum.changed += changed.length;
    for (const { entry, anew } of due) {
      sum.before += entry.micros / MICROS;
      sum.after += anew.micros / MICROS;
    }
    if (rows.length < PAGE) return sum;
    after = rows.at(-1)?.name ?? after;
  }
}

function repriceOne(name: string, prices: Prices, azure: Azure): Promise<void> {
  const apply = (rows: Rows) => {
    const values = rows.read(name);
    if (!values) return;
    const entry = entryOfValues(values);
    const anew = entryOf(entry, prices);
    if (!isChanged(entry, anew)) return;
    const { payer, day } = entry;
    rows.write(name, { ...values, micros: anew.micros, isEstimate: anew.isEstimate });
    addEverywhere({ payer, day, model: modelOf(entry) }, { micros: anew.micros - entry.micros }, rows);
  };
  return tryAFewTimes(() => changeRows({ apply }, azure), azure);
}

function isChanged(entry: Entry, anew: Entry): boolean {
  return entry.micros !== anew.micros || entry.isEstimate !== anew.isEstimate;
}

function readEntry(values: Parameters<typeof entryOfValues>[0]): Entry | undefined {
  try {
    return entryOfValues(values);
  } catch (error) {
    log.warn({ error }, "an entry of the ledger cannot be read, and keeps its price");
    return undefined;
  }
}

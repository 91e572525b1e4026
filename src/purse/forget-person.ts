import type { Azure } from "../storage/azure.ts";
import { putRow, readRow, readRows, removeRow } from "../storage/table.ts";
import type { StoredRow } from "../storage/table.ts";
import { changeRows, LEDGER, rememberRows } from "./ledger-rows.ts";
import type { Rows } from "./ledger-rows.ts";
import { keyOfScope } from "./payer.ts";
import { addDays, dayIn, daysOf, monthOf, monthsOf } from "./periods.ts";
import { activeDays, moveSum, sumRow } from "./sums.ts";

/** Whose the entries are of whoever wanted to be forgotten. */
export const FORGOTTEN = "forgotten";

/**
 * Takes a person out of the ledger: the amounts stay, and nobody knows whose they were. The sums of the present week and month stay
 * until these are over, or forgetting would refill a budget, and then go with `forgetLapsed`, which also goes on after a kill.
 */
export async function forgetPersonInLedger(person: string, azure: Azure, signal?: AbortSignal): Promise<void> {
  await putRow(forgettingRow(person), azure, signal);
  await goOnForgetting(person, azure, signal);
}

/** Goes on with all who are not wholly forgotten yet. */
export async function forgetLapsed(azure: Azure, signal?: AbortSignal): Promise<void> {
  const forgetting = await readRows(LEDGER, { count: MOST_FORGETTING, after: "f.", before: "f/" }, azure, signal);
  for (const { name } of forgetting) await goOnForgetting(name.slice("f.".length), azure, signal);
}

const MOST_FORGETTING = 10_000;

/** A person is a hash, which any row may be named by. */
function forgettingRow(person: string) {
  return { partition: LEDGER, name: `f.${person}`, values: {} };
}

async function goOnForgetting(person: string, azure: Azure, signal?: AbortSignal): Promise<void> {
  const today = dayIn(azure.timeZone, new Date());
  const firstKept = monthOf(daysOf("week", today).from);
  let isDone = true;
  for (const month of await monthsSoFar(today, azure, signal)) {
    const row = await readRow(LEDGER, sumRow({ kind: "person", person }, month), azure, signal);
    if (!row) continue;
    for (const day of activeDays(month, row.values)) await forgetDay(person, day, azure, signal);
    if (month >= firstKept) isDone = false;
    else await forgetMonth(person, month, azure, signal);
  }
  if (isDone) await removeRow(forgettingRow(person), azure, signal);
}

async function monthsSoFar(today: string, azure: Azure, signal?: AbortSignal): Promise<string[]> {
  const [first] = await readRows(LEDGER, { count: 1, after: "s.", before: "s/" }, azure, signal);
  const [, from] = first?.name.split(".") ?? [];
  return from ? monthsOf({ from: `${from}-01`, to: today }) : [];
}

/** Rows are named by the day in UTC, and a zone's may be another. */
async function forgetDay(person: string, day: string, azure: Azure, signal?: AbortSignal): Promise<void> {
  const range = { after: `e.${addDays(day, -1)}`, before: `e.${addDays(day, 2)}` };
  await forEachRow(range, azure, signal, (rows) => {
    const theirs = rows.filter(({ values }) => values.person === person);
    rememberRows(theirs, azure);
    return Promise.all(theirs.map(({ name }) => changeRows({ apply: forgetEntry(name, person), signal }, azure)));
  });
}

const forgetEntry = (name: string, person: string) => (rows: Rows) => {
  const values = rows.read(name);
  if (values?.person === person) rows.write(name, { ...values, person: FORGOTTEN });
};

/** Its sums become those of all who are forgotten, the person's part in each workspace too; the one that says that there are any goes last. */
async function forgetMonth(person: string, month: string, azure: Azure, signal?: AbortSignal): Promise<void> {
  const [from, to] = [person, FORGOTTEN].map((one) => keyOfScope({ kind: "person", person: one }));
  const names: string[] = [];
  await forEachRow({ after: `s.${month}.`, before: `s.${month}/` }, azure, signal, async (rows) => {
    names.push(...rows.map(({ name }) => name).filter((name) => name.endsWith(`.${from}`)));
  });
  const ofAll = sumRow({ kind: "person", person }, month);
  for (const name of [...names.filter((one) => one !== ofAll), ofAll]) {
    const target = `${name.slice(0, -String(from).length)}${to}`;
    await changeRows({ apply: (rows) => moveSum(name, target, FORGOTTEN, rows), signal }, azure);
  }
}

const PAGE = 1000;

async function forEachRow(
  range: { after: string; before: string },
  azure: Azure,
  signal: AbortSignal | undefined,
  see: (rows: StoredRow[]) => Promise<unknown>,
): Promise<void> {
  for (let after = range.after; ;) {
    const rows = await readRows(LEDGER, { count: PAGE, ...range, after }, azure, signal);
    await see(rows);
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.name ?? after;
  }
}

import type { Azure } from "../storage/azure.ts";
import { allRows } from "../storage/table.ts";
import type { Row, StoredRow } from "../storage/table.ts";
import { without } from "./person.ts";
import type { Person } from "./person.ts";

/** A row of the table that somebody has, or that names them: `left` is the same without them, and nothing where it is theirs alone. */
export type RowOf = { row: StoredRow; left?: Row["values"] };

/** Kept apart: the ledger has amounts and forgets by itself, and what is asked of us is not yet done. */
const APART = ["ledger", "privacy"];

/** Begun by one person, and theirs as long as it is there. */
const ONE_PERSONS = ["drafts", "sketches"];

/** Everything of theirs in the table, which is read through from end to end: 1,000 rows a call. */
export async function* rowsOf(them: Person, azure: Azure, abortSignal: AbortSignal): AsyncGenerator<RowOf> {
  for await (const row of allRows({ but: APART }, azure, abortSignal)) {
    if (row.partition.includes(them.person) || row.name.includes(them.person)) yield { row };
    else {
      const left = valuesWithout(row, them);
      if (left) yield ONE_PERSONS.includes(row.partition) ? { row } : { row, left };
    }
  }
}

function valuesWithout({ values }: StoredRow, them: Person): Row["values"] | undefined {
  const group = without(values, them);
  const read = Object.entries(group).map(([name, value]) => [name, textWithout(value, them)] as const);
  const isChanged = group !== values || read.some(([name, value]) => value !== values[name]);
  return isChanged ? Object.fromEntries(read) : undefined;
}

/** A value may be a whole record, as JSON. */
function textWithout(value: Row["values"][string], them: Person): Row["values"][string] {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    const parsed: unknown = JSON.parse(value);
    const left = without(parsed, them);
    return left === parsed ? value : JSON.stringify(left);
  } catch {
    return value;
  }
}

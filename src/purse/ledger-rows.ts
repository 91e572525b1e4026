import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Azure } from "../storage/azure.ts";
import { isConflict, isMissing } from "../storage/storage-refusal.ts";
import { readRow, writeTogether } from "../storage/table.ts";
import type { Row, RowWrite, StoredRow } from "../storage/table.ts";

/** One partition, so that one transaction moves the entries of a job and all its sums together. */
export const LEDGER = "ledger";

type Values = Row["values"];

/** Rows as a change of them sees them: as they are in storage, with what it has written so far. */
export type Rows = {
  read(name: string): Values | undefined;
  write(name: string, values: Values): void;
  remove(name: string): void;
};

export type RowsChange<Result> = {
  /**
   * Called again where a row was not at hand, and where somebody else has written meanwhile: it decides by `rows` alone. What it
   * decides holds for the rows that it writes, and for all that it has read where it writes nothing.
   */
  apply(rows: Rows): Result;
  /** Rows that are hardly ever there yet: they are not read unless a write says that they are. */
  likelyNew?: string[];
  signal?: AbortSignal;
};

type Waiting = {
  change: RowsChange<unknown>;
  /** What it has read is read anew: it writes nothing, and nothing else says that what is remembered still is so. */
  isAgain: boolean;
  isOver: boolean;
  end(result: unknown): void;
  fail(error: unknown): void;
};

/** What one process has in hand. All its changes go one after the other, and those that wait go together. */
type Desk = { known: Map<string, { values: Values; etag: string }>; waiting: Waiting[]; isServed: boolean };

const desks = new WeakMap<Azure, Desk>();

/** Azure's own limit. */
const MOST_ROWS = 100;
/** Rows that are remembered with their etags, so that a process that is alone need not read them. */
const MOST_KNOWN = 5000;

/**
 * Changes rows of the ledger in one transaction, all or nothing. It comes to an end as soon as storage answers, however many
 * others write; throws while storage is out of reach, and then it may have been written: the same change again is to be harmless.
 */
export function changeRows<Result>(change: RowsChange<Result>, azure: Azure): Promise<Result> {
  const desk = deskOf(azure);
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const { signal } = change;
  const waiting: Waiting = {
    change,
    isAgain: false,
    isOver: false,
    end: (result) => over(() => resolve(result as Result)),
    fail: (error) => over(() => reject(error)),
  };
  const give = () => waiting.fail(signal?.reason);
  const over = (settle: () => void) => {
    waiting.isOver = true;
    signal?.removeEventListener("abort", give);
    settle();
  };
  if (signal?.aborted) give();
  else {
    signal?.addEventListener("abort", give, { once: true });
    desk.waiting.push(waiting);
    if (!desk.isServed) void serve(desk, azure);
  }
  return promise;
}

/** Rows that were just listed need not be read again to be changed. */
export function rememberRows(rows: StoredRow[], azure: Azure): void {
  const desk = deskOf(azure);
  for (const row of rows) remember(row.name, row, desk.known);
}

function deskOf(azure: Azure): Desk {
  const desk: Desk = desks.get(azure) ?? { known: new Map(), waiting: [], isServed: false };
  desks.set(azure, desk);
  return desk;
}

async function serve(desk: Desk, azure: Azure): Promise<void> {
  desk.isServed = true;
  // Whatever comes in this moment goes along.
  await Promise.resolve();
  while (desk.waiting.length) {
    const together = desk.waiting.splice(0, MOST_ROWS);
    const left = await serveTogether(together, desk, azure).catch((error: unknown) => {
      for (const one of together) one.fail(error);
      desk.known.clear();
      return [];
    });
    desk.waiting.unshift(...left);
  }
  desk.isServed = false;
}

/** What has been read in this round, so that it is sure; nothing where there is no such row. */
type Round = { read: Set<string>; readsAll: boolean };

/** Gives back those that have to come again. */
async function serveTogether(all: Waiting[], desk: Desk, azure: Azure): Promise<Waiting[]> {
  const round: Round = { read: new Set(), readsAll: false };
  for (let tries = 0; ;) {
    const together = all.filter(({ isOver }) => !isOver);
    const draft = applyAll(together, round, desk);
    if (draft.wanted.size) {
      await readAll(draft.wanted, round, desk, azure);
      continue;
    }
    try {
      await write(draft.written, desk, azure);
      return [...endAll(draft.made, round), ...draft.left];
    } catch (error) {
      for (const name of draft.written.keys()) desk.known.delete(name);
      if (!isConflict(error) && !isMissing(error)) throw error;
    }
    [round.readsAll, tries] = [true, tries + 1];
    round.read.clear();
    await pause(randomInt(1, 10 * 2 ** Math.min(tries, 5)));
  }
}

type Written = Map<string, Values | undefined>;
type Made = { waiting: Waiting; result: unknown; hasWritten: boolean; looked: Set<string> };
type Draft = { written: Written; wanted: Set<string>; made: Made[]; left: Waiting[] };

/** One change after the other, each on what those before it have made of the rows, as long as all go into one transaction. */
function applyAll(together: Waiting[], round: Round, { known }: Desk): Draft {
  const draft: Draft = { written: new Map(), wanted: new Set(), made: [], left: [] };
  for (const waiting of together) {
    const { change, isAgain } = waiting;
    const own: Written = new Map();
    const looked = new Set<string>();
    const read = (name: string) => {
      if (own.has(name)) return own.get(name);
      if (draft.written.has(name)) return draft.written.get(name);
      looked.add(name);
      const isSure = round.read.has(name);
      const isSkipped = !round.readsAll && !isAgain && change.likelyNew?.includes(name);
      if (!isSure && !isSkipped && (isAgain || !known.has(name))) draft.wanted.add(name);
      return known.get(name)?.values;
    };
    const rows = {
      read,
      write: (name: string, values: Values) => void own.set(name, values),
      remove: (name: string) => void own.set(name, undefined),
    };
    try {
      const result = change.apply(rows);
      const size = new Set([...draft.written.keys(), ...own.keys()]).size;
      if (size > MOST_ROWS && draft.made.length) draft.left.push(waiting);
      else {
        for (const [name, values] of own) draft.written.set(name, values);
        draft.made.push({ waiting, result, hasWritten: own.size > 0, looked });
      }
    } catch (error) {
      waiting.fail(error);
    }
  }
  return draft;
}

async function readAll(names: Set<string>, { read }: Round, { known }: Desk, azure: Azure): Promise<void> {
  const readOne = async (name: string) => {
    const row = await readRow(LEDGER, name, azure, tryLimit(azure));
    known.delete(name);
    if (row) remember(name, row, known);
    read.add(name);
  };
  await Promise.all([...names].map(readOne));
}

function remember(name: string, { values, etag }: { values: Values; etag: string }, known: Desk["known"]): void {
  known.delete(name);
  known.set(name, { values, etag });
  for (const [oldest] of known) {
    if (known.size <= MOST_KNOWN) break;
    known.delete(oldest);
  }
}

async function write(written: Written, { known }: Desk, azure: Azure): Promise<void> {
  const writes = [...written].flatMap(([name, values]): RowWrite[] => {
    const etag = known.get(name)?.etag;
    if (!values) return etag === undefined ? [] : [{ remove: { partition: LEDGER, name } }];
    const row = { partition: LEDGER, name, values };
    return [etag === undefined ? { add: row } : { replace: { ...row, etag } }];
  });
  if (!writes.length) return;
  const etags = await writeTogether(writes, azure, tryLimit(azure));
  writes.forEach((one, index) => {
    const etag = etags[index];
    const row = "add" in one ? one.add : "replace" in one ? one.replace : undefined;
    const name = row?.name ?? ("remove" in one ? one.remove.name : "");
    known.delete(name);
    // Nobody looks at an entry again.
    if (row && etag && !name.startsWith("e.")) remember(name, { values: row.values, etag }, known);
  });
}

const tryLimit = ({ times }: Azure) => AbortSignal.timeout(times.purse.tryLimitMilliseconds);

/** Whatever has written nothing, and has gone by what was only remembered, goes by what is read for it. */
function endAll(made: Made[], round: Round): Waiting[] {
  return made.flatMap(({ waiting, result, hasWritten, looked }) => {
    if (hasWritten || [...looked].every((name) => round.read.has(name))) {
      waiting.end(result);
      return [];
    }
    waiting.isAgain = true;
    return [waiting];
  });
}

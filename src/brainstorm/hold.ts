import type { Azure } from "../storage/azure.ts";
import { isConflict, isMissing } from "../storage/storage-refusal.ts";
import { readRow, removeRow, replaceRow } from "../storage/table.ts";
import type { StoredRow } from "../storage/table.ts";
import { becauseOf, log } from "../log.ts";
import { isHeld, newMark, SESSIONS } from "./clock.ts";

/** A session that this process looks after, and no other, until it lets go of it. */
export type Hold = {
  session: string;
  /** When the clock's row was made. */
  entered: string;
  /** What whoever looked after it before has left to know. */
  notes: string;
  /** Aborted when another process may have it. */
  lost: AbortSignal;
  /** Lets go of it until `due`. False where it was rung meanwhile: then it is still held, and has to be looked at again. */
  letGo(due: Date, notes: string): Promise<boolean>;
  /** The same for a session that nothing is owed to any more: its row goes. */
  forget(): Promise<boolean>;
  /** Keeps it no longer, and writes nothing: in a while it is anybody's. */
  drop(): void;
};

const MOST_TRIES = 5;

/** Nothing where another process has it, or where there is no row of it. */
export async function takeSession(id: string, azure: Azure, abortSignal?: AbortSignal): Promise<Hold | undefined> {
  const holder = newMark();
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const row = await readRow(SESSIONS, id, azure, abortSignal);
    if (!row) return undefined;
    // Our own write, whose answer was lost.
    if (row.values.holder === holder) return openHold(row, holder, azure);
    if (isHeld(row)) return undefined;
    const values = { ...row.values, holder, holdUntil: holdEnd(azure) };
    const etag = await replaceUnlessChanged({ ...row, values }, azure, abortSignal);
    if (etag !== undefined) return openHold({ ...row, values, etag }, holder, azure);
  }
  return undefined;
}

const holdEnd = ({ times }: Azure) => new Date(Date.now() + times.brainstorm.holdSeconds * 1000).toISOString();

/** Its new mark; nothing where somebody has written the row since. */
async function replaceUnlessChanged(
  row: StoredRow,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<string | undefined> {
  try {
    return await replaceRow(row, azure, abortSignal);
  } catch (error) {
    if (isConflict(error) || isMissing(error)) return undefined;
    throw error;
  }
}

/** `row` is as it was read or written last. What is written of it is written in turn. */
type Held = {
  row: StoredRow;
  holder: string;
  azure: Azure;
  lost: AbortController;
  last: Promise<unknown>;
  renewal?: NodeJS.Timeout;
};

function openHold(row: StoredRow, holder: string, azure: Azure): Hold {
  const held: Held = { row, holder, azure, lost: new AbortController(), last: Promise.resolve() };
  held.renewal = setInterval(() => void renewSafely(held), azure.times.brainstorm.renewalMilliseconds).unref();
  const { entered, notes } = row.values;
  return {
    session: row.name,
    entered: String(entered ?? ""),
    notes: String(notes ?? ""),
    lost: held.lost.signal,
    letGo: (due, newNotes) => inTurn(() => endUnlessRung(() => writeFree(due, newNotes, held), held), held),
    forget: () => inTurn(() => endUnlessRung(() => remove(held), held), held),
    drop: () => clearInterval(held.renewal),
  };
}

function inTurn<Result>(work: () => Promise<Result>, held: Held): Promise<Result> {
  const next = held.last.then(work);
  held.last = next.catch(() => undefined);
  return next;
}

const limitOf = ({ azure }: Held) => AbortSignal.timeout(azure.times.brainstorm.renewalTryMilliseconds);

/** Somebody has written the row: a ring, or whoever has taken it. */
async function isStillOurs(held: Held): Promise<boolean> {
  const present = await readRow(SESSIONS, held.row.name, held.azure, limitOf(held));
  if (!present || present.values.holder !== held.holder) return false;
  held.row = present;
  return true;
}

async function renewSafely(held: Held): Promise<void> {
  try {
    await inTurn(() => renew(held), held);
  } catch (error) {
    const session = held.row.name;
    log.warn({ because: becauseOf(error), session }, "a session's hold could not be renewed, and is tried again");
    if (String(held.row.values.holdUntil) < new Date().toISOString()) lose(held, "it could not be renewed in time");
  }
}

async function renew(held: Held): Promise<void> {
  for (let tries = 1; tries <= MOST_TRIES && !held.lost.signal.aborted; tries += 1) {
    const values = { ...held.row.values, holdUntil: holdEnd(held.azure) };
    const etag = await replaceUnlessChanged({ ...held.row, values }, held.azure, limitOf(held));
    if (etag !== undefined) return void (held.row = { ...held.row, values, etag });
    if (!(await isStillOurs(held))) return lose(held, "another process has it");
  }
}

function lose(held: Held, because: string): void {
  log.warn({ session: held.row.name, because }, "a session is no longer held");
  clearInterval(held.renewal);
  held.lost.abort();
}

/** Where the answer was lost, the row is nobody's by now; and where it was rung, it is still ours. */
async function endUnlessRung(write: () => Promise<boolean>, held: Held): Promise<boolean> {
  if (!held.lost.signal.aborted && !(await write()) && (await isStillOurs(held))) return false;
  clearInterval(held.renewal);
  return true;
}

async function writeFree(due: Date, notes: string, held: Held): Promise<boolean> {
  const { holder: _holder, holdUntil: _holdUntil, ...others } = held.row.values;
  const values = { ...others, due: due.toISOString(), notes };
  return (await replaceUnlessChanged({ ...held.row, values }, held.azure, limitOf(held))) !== undefined;
}

async function remove(held: Held): Promise<boolean> {
  try {
    await removeRow(held.row, held.azure, limitOf(held));
    return true;
  } catch (error) {
    if (isConflict(error)) return false;
    throw error;
  }
}

import { randomBytes } from "node:crypto";
import type { Azure } from "../storage/azure.ts";
import { mergeRow, putRow, readRows } from "../storage/table.ts";
import type { Row } from "../storage/table.ts";
import { becauseOf, log } from "../log.ts";

/** A row for each session that something is owed to: when it is due, and which process is looking after it. */
export const SESSIONS = "sessions";
const MOST_AT_ONCE = 200;

/** Written before the record of a session is, so that none is ever without. */
export async function enterSession(id: string, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  const now = new Date().toISOString();
  await putRow({ partition: SESSIONS, name: id, values: { due: now, entered: now } }, azure, abortSignal);
}

/** What is rung here and not written down yet, by session. */
const rings = new WeakMap<Azure, Set<string>>();

/**
 * Something has changed in a session: whoever looks after it, here or in another process, looks at it now. Rings of one moment are
 * one. One that is lost is made up for by the clock.
 */
export function ringSession(id: string, azure: Azure): void {
  azure.bell.dispatchEvent(new CustomEvent("session", { detail: id }));
  const pending = rings.get(azure) ?? new Set<string>();
  rings.set(azure, pending);
  if (pending.has(id)) return;
  pending.add(id);
  void writeRing(id, azure);
  setTimeout(() => {
    pending.delete(id);
    void writeRing(id, azure);
  }, azure.times.brainstorm.ringMilliseconds).unref();
}

const laterRings = new WeakMap<Azure, Set<string>>();

/** The same in a moment, once for all that ask for it until then. */
export function ringSessionSoon(id: string, azure: Azure): void {
  const pending = laterRings.get(azure) ?? new Set<string>();
  laterRings.set(azure, pending);
  if (pending.has(id)) return;
  pending.add(id);
  setTimeout(() => {
    pending.delete(id);
    ringSession(id, azure);
  }, azure.times.brainstorm.voteRingMilliseconds).unref();
}

async function writeRing(id: string, azure: Azure): Promise<void> {
  const values = { due: new Date().toISOString(), rung: newMark() };
  const limit = AbortSignal.timeout(azure.times.brainstorm.ringLimitMilliseconds);
  await mergeRow({ partition: SESSIONS, name: id, values }, azure, limit).catch((error: unknown) =>
    log.warn({ because: becauseOf(error), session: id }, "a session could not be rung: the clock looks at it"),
  );
}

/** Sessions that nobody looks after, and that are due by then; whenever they are due if no time is given. */
export async function dueSessions(due: Date | undefined, azure: Azure, abortSignal?: AbortSignal): Promise<string[]> {
  const rows = await readRows(SESSIONS, { count: MOST_AT_ONCE, due }, azure, abortSignal);
  return rows.filter((row) => !isHeld(row)).map(({ name }) => name);
}

export function isHeld({ values: { holder, holdUntil } }: Row): boolean {
  return Boolean(holder) && String(holdUntil) > new Date().toISOString();
}

export function newMark(): string {
  return randomBytes(8).toString("hex");
}

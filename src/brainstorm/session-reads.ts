import type { Azure } from "../storage/azure.ts";
import { readSession } from "./session.ts";
import type { Session } from "./session.ts";

/** Many people do something at once, and all of them need the same record: what one reads, the others may look at, and leave as it is. */
type Reads = {
  recent?: { session: Session | undefined; at: number };
  running?: Promise<Session | undefined>;
  /** Begins when the running one has ended. */
  next?: Promise<Session | undefined>;
};

const readsOf = new WeakMap<Azure, Map<string, Reads>>();

/** Sessions that are at their votes at once. */
const MOST_KEPT = 500;

/** As it was within the last second. */
export async function recentSession(id: string, azure: Azure, abortSignal?: AbortSignal): Promise<Session | undefined> {
  const { recent } = readsFor(id, azure);
  const isRecent = recent && performance.now() - recent.at < azure.times.brainstorm.recentMilliseconds;
  return isRecent ? recent.session : freshSession(id, azure, abortSignal);
}

/** As it is now: by a read that begins after this call, one for all who wait for it. */
export function freshSession(id: string, azure: Azure, abortSignal?: AbortSignal): Promise<Session | undefined> {
  const reads = readsFor(id, azure);
  reads.next ??= (reads.running ?? Promise.resolve())
    .catch(() => undefined)
    .then(() => {
      reads.running = reads.next;
      reads.next = undefined;
      return read(id, reads, azure);
    });
  // Whoever waited may have gone.
  reads.next.catch(() => undefined);
  return abortSignal ? untilAborted(reads.next, abortSignal) : reads.next;
}

async function read(id: string, reads: Reads, azure: Azure): Promise<Session | undefined> {
  const at = performance.now();
  const limit = AbortSignal.timeout(azure.times.brainstorm.readLimitMilliseconds);
  const session = (await readSession(id, azure, limit))?.session;
  reads.recent = { session, at };
  return session;
}

function readsFor(id: string, azure: Azure): Reads {
  const all = readsOf.get(azure) ?? new Map<string, Reads>();
  readsOf.set(azure, all);
  const reads = all.get(id) ?? {};
  // The one that was looked at last stands last.
  all.delete(id);
  all.set(id, reads);
  const [oldest] = all.keys();
  if (all.size > MOST_KEPT && oldest !== undefined) all.delete(oldest);
  return reads;
}

async function untilAborted<Result>(waiting: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  const given = Promise.withResolvers<never>();
  const giveUp = () => given.reject(signal.reason as Error);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([waiting, given.promise]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

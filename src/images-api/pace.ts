import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Azure } from "../storage/azure.ts";
import { log } from "../log.ts";
import { untilStorageAnswers } from "../storage/until-storage-answers.ts";
import { readBlob } from "../storage/small-blob.ts";
import { isConflict } from "../storage/storage-refusal.ts";
import type { Times } from "../times.ts";

/** All times in milliseconds since 1970. */
const Turns = z.object({
  /** The next call that nobody has taken yet. */
  nextSlotAt: z.number(),
  /** No call before that: a rate limit said so, and it holds for every replica. */
  notBefore: z.number(),
});

/** What has closed. When `closedUntil` is over, one call looks whether it still has: the first that somebody asks for. */
const Door = z.object({
  closedUntil: z.number(),
  /** How often in a row it turned out to be closed. */
  closings: z.number(),
  /** Until then somebody's call is looking. A worker may die over it, so it ends by itself. */
  probingUntil: z.number(),
  /** In words of ours, for the log. */
  because: z.string(),
});
type Door = z.infer<typeof Door>;

const Pace = z.object({
  deployments: z.record(z.string(), Turns).catch({}),
  /** By deployment, or `RESOURCE`. What is open has none. */
  doors: z.record(z.string(), Door).catch({}),
});
type Pace = z.infer<typeof Pace>;

/** The door of the whole resource with all its deployments, see "suspended" in `meaning.ts`. */
export const RESOURCE = "*";

/** `probes`: doors that this call looks at; what it finds is told by `openDoors`, `closeDoor` or `endProbes`. */
export type Slot =
  | { granted: true; probes: string[] }
  /** `until`: the next call is made then, in milliseconds since 1970. */
  | { granted: false; reason: "busy" | "suspended"; until: number; because: string }
  /** So far off that whoever waits had better go back into the line. */
  | { granted: false; reason: "later"; seconds: number };

/** A turn that was moved while it was waited for, so often in a row, is waited for in line. */
const MOST_MOVES = 20;

/**
 * Waits for this deployment's next turn. The turns of all replicas stand in one blob, changed under its ETag, one call
 * each `60 / requestsPerMinute` seconds: Azure counts in windows of ten seconds or one, and refuses a burst early.
 */
export async function takeSlot(
  deployment: string,
  requestsPerMinute: number,
  azure: Azure,
  signal: AbortSignal,
): Promise<Slot> {
  const { images: times } = azure.times;
  let probes: string[] = [];
  for (let moves = 0; moves < MOST_MOVES; moves++) {
    const { slot, at } = await changePace(azure, signal, (pace): Change<{ slot: Slot; at: number }> => {
      const now = Date.now();
      const turnedAway = turnAway(deployment, { pace, probes, times }, now);
      if (turnedAway) return { result: { slot: turnedAway, at: 0 }, changed: false };
      const turns = turnsOf(deployment, pace, times, now);
      const turn = Math.max(now, turns.nextSlotAt, turns.notBefore);
      if (turn - now > times.longestWaitInPlaceSeconds * 1000)
        return { result: { slot: farOff(turn, times, now), at: 0 }, changed: false };
      turns.nextSlotAt = turn + 60_000 / requestsPerMinute;
      const closed = [RESOURCE, deployment].filter((name) => pace.doors[name]);
      const probingUntil = now + times.probeMinutes * 60_000;
      for (const name of closed) Object.assign(pace.doors[name] ?? {}, { probingUntil });
      return { result: { slot: { granted: true, probes: closed }, at: turn }, changed: true };
    });
    if (!slot.granted) return slot;
    ({ probes } = slot);
    if (at <= Date.now()) return slot;
    await pause(at - Date.now(), undefined, { signal });
    // A rate limit may have come to somebody else while this call waited for its turn.
    const { pace } = await untilStorageAnswers("the pace", () => readPace(azure), azure, signal);
    const now = Date.now();
    const isClosed = turnAway(deployment, { pace, probes, times }, now);
    if (!isClosed && turnsOf(deployment, pace, times, now).notBefore <= now) return slot;
  }
  log.warn({ deployment, moves: MOST_MOVES }, "a turn was moved again and again: it is waited for in line");
  return { granted: false, reason: "later", seconds: times.longestWaitInPlaceSeconds };
}

type ImagesTimes = Times["images"];

function turnAway(
  deployment: string,
  { pace, probes, times }: { pace: Pace; probes: string[]; times: ImagesTimes },
  now: number,
): Slot | undefined {
  for (const name of [RESOURCE, deployment]) {
    const door = pace.doors[name];
    if (!door) continue;
    const { because } = door;
    const until = within(door.closedUntil, times.longestClosedMinutes * 60, times, now);
    if (until > now) return { granted: false, reason: name === RESOURCE ? "suspended" : "busy", until, because };
    const isProbed = within(door.probingUntil, times.probeMinutes * 60, times, now) > now;
    if (isProbed && !probes.includes(name))
      return { granted: false, reason: "later", seconds: times.probedAgainSeconds };
  }
  return undefined;
}

function farOff(turn: number, times: ImagesTimes, now: number): Slot {
  const seconds = (turn - now) / 1000;
  if (seconds <= times.longestWaitSeconds) return { granted: false, reason: "later", seconds };
  return {
    granted: false,
    reason: "busy",
    until: turn,
    because: "more calls wait for their turn than the pace allows",
  };
}

/** A rate limit: no replica calls this deployment before `seconds` are over, at most the longest wait. */
export async function holdBack(deployment: string, seconds: number, azure: Azure, signal: AbortSignal): Promise<void> {
  const { images: times } = azure.times;
  await changePace(azure, signal, (pace) => {
    const now = Date.now();
    const turns = turnsOf(deployment, pace, times, now);
    const notBefore = now + Math.ceil(Math.min(seconds, times.longestWaitSeconds) * 1000);
    const changed = turns.notBefore < notBefore;
    if (changed) turns.notBefore = notBefore;
    return { result: undefined, changed };
  });
}

type Closing = {
  /** What the service asked for, if it did: where that is less, it is enough. */
  seconds?: number;
  because: string;
};

/**
 * Calls to a deployment, or to `RESOURCE`, stop: for longer each time it turns out to be closed still, and then one call looks
 * again. Says when that will be.
 */
export function closeDoor(name: string, closing: Closing, azure: Azure, signal: AbortSignal): Promise<number> {
  const { images: times } = azure.times;
  return changePace(azure, signal, (pace) => {
    const now = Date.now();
    const before = pace.doors[name];
    const until = within(before?.closedUntil ?? 0, times.longestClosedMinutes * 60, times, now);
    if (until > now) return { result: until, changed: false };
    const first = name === RESOURCE ? times.resourceClosedMinutes : times.deploymentClosedMinutes;
    const closings = Math.min(before?.closings ?? 0, 20);
    const minutes = Math.min(times.longestClosedMinutes, first * 2 ** closings);
    const seconds = Math.min(closing.seconds ?? Infinity, 60 * minutes);
    const closedUntil = now + Math.ceil(seconds * 1000);
    pace.doors[name] = { closedUntil, closings: closings + 1, probingUntil: 0, because: closing.because };
    return { result: closedUntil, changed: true };
  });
}

/** A probe has found these open. */
export async function openDoors(names: string[], azure: Azure, signal: AbortSignal): Promise<void> {
  await changePace(azure, signal, (pace) => {
    const open = names.filter((name) => pace.doors[name]);
    for (const name of open) delete pace.doors[name];
    return { result: undefined, changed: open.length > 0 };
  });
}

/** A probe has found out nothing: the next call looks. */
export async function endProbes(names: string[], azure: Azure, signal: AbortSignal): Promise<void> {
  await changePace(azure, signal, (pace) => {
    const doors = names.flatMap((name) => pace.doors[name] ?? []).filter(({ probingUntil }) => probingUntil > 0);
    for (const door of doors) door.probingUntil = 0;
    return { result: undefined, changed: doors.length > 0 };
  });
}

function turnsOf(deployment: string, pace: Pace, times: ImagesTimes, now: number) {
  const turns = (pace.deployments[deployment] ??= { nextSlotAt: 0, notBefore: 0 });
  turns.nextSlotAt = within(turns.nextSlotAt, times.longestWaitSeconds + 60, times, now);
  turns.notBefore = within(turns.notBefore, times.longestWaitSeconds, times, now);
  return turns;
}

/** A time that one of our clocks can have set so far ahead; any other counts for nothing. */
function within(time: number, seconds: number, { clockSeconds }: ImagesTimes, now: number): number {
  return time > now + (seconds + clockSeconds) * 1000 ? 0 : time;
}

type Change<Result> = { result: Result; changed: boolean };

/** Others may be first so often in a row; after that it is tried as after an outage. */
const MOST_LOST_RACES = 40;

class PaceContested extends Error {
  // So it counts as an outage of storage, see `isOutage`.
  override name = "TimeoutError";
}

/** `change` works on the pace as it stands, again on a newer one when somebody else was first. Waits while storage is out of reach, or refuses. */
function changePace<Result>(
  azure: Azure,
  signal: AbortSignal,
  change: (pace: Pace) => Change<Result>,
): Promise<Result> {
  const before = waiters.get(azure);
  const mine = (async () => {
    if (before && !signal.aborted) await Promise.race([before, untilAborted(signal)]);
    return untilStorageAnswers("the pace", () => tryToChange(azure, change), azure, signal);
  })();
  const ended = mine.then(
    () => undefined,
    () => undefined,
  );
  waiters.set(azure, ended);
  return mine;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** In one process they come one after the other: nobody loses a race against their own. */
const waiters = new WeakMap<Azure, Promise<unknown>>();

type Known = { pace: Pace; etag?: string };
/** The pace as this process wrote it last: mostly nobody else has written it since, and then it need not be read. */
const known = new WeakMap<Azure, Known>();

async function tryToChange<Result>(azure: Azure, change: (pace: Pace) => Change<Result>): Promise<Result> {
  for (let races = 0; races < MOST_LOST_RACES; races++) {
    const ours = known.get(azure);
    known.delete(azure);
    const { pace, etag } = ours ? structuredClone(ours) : await readPace(azure);
    const { result, changed } = change(pace);
    // What is to be left as it is has to be seen as it is.
    if (!changed && ours) continue;
    if (!changed) return result;
    // The last two are for replicas of an earlier version, which stop without them.
    const text = JSON.stringify({ ...pace, suspendedUntil: 0, suspensions: 0 });
    try {
      const written = await paceBlob(azure).upload(text, Buffer.byteLength(text), {
        conditions: etag ? { ifMatch: etag } : { ifNoneMatch: "*" },
        blobHTTPHeaders: { blobContentType: "application/json" },
      });
      known.set(azure, { pace, etag: written.etag });
      return result;
    } catch (error) {
      if (!isConflict(error)) throw error;
      await pause(randomInt(5, 60 + 20 * races));
    }
  }
  throw new PaceContested(`others changed pace.json first, ${MOST_LOST_RACES} times in a row`);
}

async function readPace(azure: Azure): Promise<Known> {
  const present = await readBlob(paceBlob(azure), azure);
  return { pace: parsePace(present?.text), etag: present?.etag };
}

/** What cannot be read is begun anew: at worst a call is made that a rate limit refuses. */
function parsePace(text: string | undefined): Pace {
  const none: Pace = { deployments: {}, doors: {} };
  if (text === undefined) return none;
  try {
    return Pace.parse(JSON.parse(text));
  } catch (error) {
    log.warn({ error }, "pace.json cannot be read: the pace is begun anew");
    return none;
  }
}

function paceBlob(azure: Azure) {
  return azure.container.getBlockBlobClient("pace.json");
}

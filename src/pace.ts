import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Azure } from "./azure.ts";
import { readBlob } from "./read-blob.ts";
import { isConflict } from "./storage-answer.ts";

/** All times in milliseconds since 1970. */
const Turns = z.object({
  /** The next call that nobody has taken yet. */
  nextSlotAt: z.number(),
  /** No call before that: a rate limit said so, and it holds for every replica. */
  notBefore: z.number(),
});
const Pace = z.object({
  deployments: z.record(z.string(), Turns),
  /** The whole resource, with all its deployments, is closed to us until then. */
  suspendedUntil: z.number(),
  suspensions: z.number(),
});
type Pace = z.infer<typeof Pace>;

/** `afterSuspension`: the first call after a suspension; when it succeeds, call `endSuspension`. */
export type Slot =
  | { granted: true; afterSuspension: boolean }
  | { granted: false; reason: "busy" | "suspended" }
  /** So far off that whoever waits had better go back into the line. */
  | { granted: false; reason: "later"; seconds: number };

/** A wait up to that is waited for by the worker itself. */
const LONGEST_WAIT_IN_PLACE_SECONDS = 30;

/** Longer than this nobody is left waiting for a turn: the answer is an apology. */
export const LONGEST_WAIT_SECONDS = 900;

const FIRST_SUSPENSION_MINUTES = 15;
const LONGEST_SUSPENSION_MINUTES = 240;

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
  for (;;) {
    const slot = await changePace(azure, (pace): Change<Slot & { at: number }> => {
      if (isSuspended(pace)) return { result: { granted: false, reason: "suspended", at: 0 }, changed: false };
      const turns = turnsOf(deployment, pace);
      const at = Math.max(Date.now(), turns.nextSlotAt, turns.notBefore);
      const seconds = (at - Date.now()) / 1000;
      if (seconds > LONGEST_WAIT_SECONDS) return { result: { granted: false, reason: "busy", at }, changed: false };
      if (seconds > LONGEST_WAIT_IN_PLACE_SECONDS)
        return { result: { granted: false, reason: "later", seconds, at }, changed: false };
      turns.nextSlotAt = at + 60_000 / requestsPerMinute;
      return { result: { granted: true, afterSuspension: pace.suspensions > 0, at }, changed: true };
    });
    if (!slot.granted) return slot;
    await pause(Math.max(0, slot.at - Date.now()), undefined, { signal });
    // A rate limit may have come to somebody else while this call waited for its turn.
    const { pace } = await readPace(azure);
    if (!isSuspended(pace) && turnsOf(deployment, pace).notBefore <= Date.now()) return slot;
  }
}

/** A rate limit: no replica calls this deployment before `seconds` are over. */
export async function holdBack(deployment: string, seconds: number, azure: Azure): Promise<void> {
  const notBefore = Date.now() + Math.ceil(seconds * 1000);
  await changePace(azure, (pace) => {
    const turns = turnsOf(deployment, pace);
    const changed = turns.notBefore < notBefore;
    if (changed) turns.notBefore = notBefore;
    return { result: undefined, changed };
  });
}

/** The resource is suspended: calls stop, for longer each time it turns out to be suspended still. */
export async function suspend(azure: Azure): Promise<void> {
  await changePace(azure, (pace) => {
    if (isSuspended(pace)) return { result: undefined, changed: false };
    const minutes = Math.min(LONGEST_SUSPENSION_MINUTES, FIRST_SUSPENSION_MINUTES * 2 ** pace.suspensions);
    pace.suspendedUntil = Date.now() + minutes * 60_000;
    pace.suspensions += 1;
    return { result: undefined, changed: true };
  });
}

/** The resource answers again. */
export async function endSuspension(azure: Azure): Promise<void> {
  await changePace(azure, (pace) => {
    const changed = pace.suspensions > 0;
    pace.suspendedUntil = 0;
    pace.suspensions = 0;
    return { result: undefined, changed };
  });
}

function isSuspended(pace: Pace): boolean {
  return pace.suspendedUntil > Date.now();
}

function turnsOf(deployment: string, pace: Pace) {
  return (pace.deployments[deployment] ??= { nextSlotAt: 0, notBefore: 0 });
}

type Change<Result> = { result: Result; changed: boolean };

/** `change` works on the pace as it stands, again on a newer one when somebody else was first. */
async function changePace<Result>(azure: Azure, change: (pace: Pace) => Change<Result>): Promise<Result> {
  for (;;) {
    const { pace, etag } = await readPace(azure);
    const { result, changed } = change(pace);
    if (!changed) return result;
    const text = JSON.stringify(pace);
    try {
      await paceBlob(azure).upload(text, Buffer.byteLength(text), {
        conditions: etag ? { ifMatch: etag } : { ifNoneMatch: "*" },
        blobHTTPHeaders: { blobContentType: "application/json" },
      });
      return result;
    } catch (error) {
      if (!isConflict(error)) throw error;
      await pause(randomInt(5, 60));
    }
  }
}

async function readPace(azure: Azure): Promise<{ pace: Pace; etag?: string }> {
  const present = await readBlob(paceBlob(azure));
  if (!present) return { pace: { deployments: {}, suspendedUntil: 0, suspensions: 0 } };
  return { pace: Pace.parse(JSON.parse(present.text)), etag: present.etag };
}

function paceBlob(azure: Azure) {
  return azure.container.getBlockBlobClient("pace.json");
}

import type { Azure } from "../storage/azure.ts";
import type { DrawingFailed, FailureReason } from "../images-api/failure.ts";
import { referenceOf } from "../jobs/job.ts";
import type { Job } from "../jobs/job.ts";
import { log } from "../log.ts";
import { endProbes, openDoors, RESOURCE } from "../images-api/pace.ts";
import { raiseAlert } from "../alerts/raise-alert.ts";
import { noteOpen } from "./alarms.ts";
import type { Slot } from "../images-api/pace.ts";

/** `until`: in milliseconds since 1970. */
export type Closed = { reason: "busy" | "suspended"; until: number; because: string };

/**
 * Each time somebody is turned away without a picture, the operator can see until when, why, and how it ends sooner. Gives
 * back when the next call is made, for whoever was turned away.
 */
export function sayClosed(job: Job, { reason, until, because }: Closed, azure: Azure): string {
  const openAgainAt = new Date(until).toISOString();
  if (reason === "suspended") raiseAlert({ kind: reason, openAgainAt, reference: referenceOf(job.id) }, azure);
  log.warn(
    { reference: referenceOf(job.id), deployment: job.order?.deployment, reason, because, openAgainAt },
    "somebody was turned away: no call is made before openAgainAt, then one looks whether it is open again. " +
      "What closed it is the provider's to end (quota, suspension); to look at once, delete pace.json from the container",
  );
  return openAgainAt;
}

/** These tell nothing of a door; every other failure was an answer of a service that is open. */
const TELLS_NOTHING: FailureReason[] = ["service trouble", "answer lost", "out of reach", "broken"];

/** What a call found out that went ahead to look whether a door is open. */
export async function endProbe(
  slot: Slot | undefined,
  azure: Azure,
  lost: AbortSignal,
  failure?: DrawingFailed,
): Promise<void> {
  if (!slot?.granted || !slot.probes.length) return;
  const open = slot.probes.filter((door) => isOpen(door, failure, azure));
  if (open.length) {
    await openDoors(open, azure, lost);
    noteOpen(open, azure);
  }
  if (open.length < slot.probes.length) await endProbes(slot.probes, azure, lost);
}

function isOpen(door: string, failure: DrawingFailed | undefined, { times }: Azure): boolean {
  if (!failure) return true;
  if (failure.reason === "suspended" || TELLS_NOTHING.includes(failure.reason)) return false;
  return (
    door === RESOURCE || failure.reason !== "busy" || (failure.waitSeconds ?? 0) <= times.images.longestWaitSeconds
  );
}

import type { EndedKind } from "../alerts/alert.ts";
import { endAlert } from "../alerts/outbox.ts";
import { raiseAlert, wasRaisedHere } from "../alerts/raise-alert.ts";
import type { DrawingFailed } from "../images-api/failure.ts";
import { RESOURCE } from "../images-api/pace.ts";
import { referenceOf } from "../jobs/job.ts";
import type { Job } from "../jobs/job.ts";
import { becauseOf, log } from "../log.ts";
import type { Azure } from "../storage/azure.ts";

/** What a failure is to whoever runs Easel. What closes a door is told with the door, see `closed-door.ts`. */
export function alarm({ reason, option }: DrawingFailed, { id, order }: Job, azure: Azure): void {
  const reference = referenceOf(id);
  const about = { deployment: order?.deployment ?? "", reference };
  switch (reason) {
    case "quota":
    case "misconfigured":
    case "not allowed":
    case "guardrail":
      return raiseAlert({ kind: reason, ...about }, azure);
    case "bad request":
      // One that names an option is the asker's to mend.
      return option ? undefined : raiseAlert({ kind: reason, ...about }, azure);
    case "broken":
      return raiseAlert({ kind: reason, reference }, azure);
    case "busy":
    case "suspended":
    case "service trouble":
    case "out of reach":
    case "answer lost":
    case "empty answer":
    case "not downloaded":
      return undefined;
  }
}

const ENDS_WITH_A_PICTURE = ["quota", "misconfigured", "not allowed"] as const;

/** A deployment has drawn: what was told of it is over. Costs nothing where this process has told nothing. */
export function noteDrawn(deployment: string, azure: Azure): void {
  for (const kind of ENDS_WITH_A_PICTURE)
    if (wasRaisedHere({ kind, deployment }, azure)) noteEnd(kind, deployment, azure);
}

/** What was closed is open again, for all replicas. */
export function noteOpen(doors: string[], azure: Azure): void {
  for (const door of doors) noteEnd(door === RESOURCE ? "suspended" : "closed", door, azure);
}

function noteEnd(was: EndedKind, deployment: string, azure: Azure): void {
  const over = was === "suspended" ? undefined : deployment;
  endAlert({ kind: was, deployment }, azure).then(
    (isTold) => isTold && raiseAlert({ kind: "open again", was, deployment: over }, azure),
    (error: unknown) => log.warn({ because: becauseOf(error) }, "an alert that is over could not be taken back"),
  );
}

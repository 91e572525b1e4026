import type { Azure } from "./azure.ts";
import { lineLength, putInLine } from "./line.ts";
import { log } from "./log.ts";
import { isConflict, isMissing } from "./storage-answer.ts";

/** `open/<id>` is an empty blob that exists as long as a job is not finished: the list of what is still owed to people. */
export function openBlob(jobId: string, azure: Azure) {
  return azure.container.getBlockBlobClient(`open/${jobId}`);
}

export async function markOpen(jobId: string, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  try {
    await openBlob(jobId, azure).upload("", 0, { conditions: { ifNoneMatch: "*" }, abortSignal });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

/** Whoever holds the job gives the id of its lease; without it a job that somebody holds stays open. */
export async function markClosed(jobId: string, azure: Azure, leaseId?: string): Promise<void> {
  try {
    await openBlob(jobId, azure).delete({ conditions: { leaseId } });
  } catch (error) {
    if (!isConflict(error) && !isMissing(error)) throw error;
  }
}

/** A job younger than this is perhaps still on its way into the line. */
const YOUNG_MILLISECONDS = 60_000;

/**
 * Puts open jobs back in line that stand in it no longer, as after somebody cleared the queue. The count of messages is
 * never below the truth, so at zero every open job that nobody holds is such a one.
 */
export async function returnStrandedJobs(azure: Azure, now = Date.now()): Promise<void> {
  if ((await lineLength(azure)) > 0) return;
  for await (const { name, properties } of azure.container.listBlobsFlat({ prefix: "open/" })) {
    const young = now - properties.lastModified.getTime() < YOUNG_MILLISECONDS;
    if (young || properties.leaseState === "leased") continue;
    const jobId = name.slice("open/".length);
    log.warn({ job: jobId }, "an open job stood in no line: it is put back");
    await putInLine(jobId, azure);
  }
}

import { z } from "zod";
import type { Azure } from "../storage/azure.ts";
import { Address, record } from "../request/request.ts";
import { readBlob } from "../storage/small-blob.ts";
import { isConflict } from "../storage/storage-refusal.ts";

/**
 * Until December 2026 some of a job stood beside its record, and moves into it with the first write of this version: where
 * the answer goes, if that was learned late (`addresses/<id>.json`), and who cancelled it (`cancels/<id>.json`). Whoever
 * worked on it held a lease on `open/<id>`. Replicas of that time may run beside this one during a deployment.
 */
type OldRecord = { id: string; ticket?: string; write?: string; address: Address };

const OldCancellation = record({ name: z.string(), isAsker: z.boolean() });

/** This version has never written it: each of its writes names a ticket, or leaves a mark. */
export function isFromBefore({ ticket, write }: OldRecord): boolean {
  return ticket === undefined && write === undefined;
}

export async function newestAddress(job: OldRecord, azure: Azure, abortSignal?: AbortSignal): Promise<Address> {
  const beside = isFromBefore(job) && (await readBeside(`addresses/${job.id}.json`, azure, abortSignal));
  return beside ? Address.parse(JSON.parse(beside)) : job.address;
}

/** Who cancelled a job of before, where nobody has seen to that yet. */
export async function oldCancellation(
  jobId: string,
  azure: Azure,
): Promise<z.infer<typeof OldCancellation> | undefined> {
  const beside = await readBeside(`cancels/${jobId}.json`, azure);
  return beside === undefined ? undefined : OldCancellation.parse(JSON.parse(beside));
}

/** Takes a job out of the line of before, unless somebody there is at it. `absent`: it did not stand there. */
export async function leaveOldLine(jobId: string, azure: Azure): Promise<"left" | "absent" | "held"> {
  const abortSignal = AbortSignal.timeout(azure.times.jobs.besideLimitMilliseconds);
  try {
    const { succeeded } = await azure.container.getBlobClient(`open/${jobId}`).deleteIfExists({ abortSignal });
    return succeeded ? "left" : "absent";
  } catch (error) {
    if (isConflict(error)) return "held";
    throw error;
  }
}

async function readBeside(
  name: string,
  azure: Azure,
  abortSignal = AbortSignal.timeout(azure.times.jobs.besideLimitMilliseconds),
): Promise<string | undefined> {
  return (await readBlob(azure.container.getBlockBlobClient(name), azure, abortSignal))?.text;
}

import type { Azure } from "../storage/azure.ts";
import { isMissing } from "../storage/storage-refusal.ts";
import { log } from "../log.ts";
import { changeJob, isFinished } from "./job.ts";
import { findInLine } from "./line.ts";
import { dropTicket, putTicket } from "./tickets.ts";

/**
 * Gives unfinished jobs that nobody works on a new ticket: one that only waited meanwhile goes over to whoever takes that,
 * and is drawn once. One listing of the records: 5,000 a call.
 */
export async function returnStrandedJobs(azure: Azure, now = Date.now()): Promise<void> {
  const { container, times } = azure;
  const { strandedMilliseconds } = times.jobs;
  for await (const { name, metadata, properties } of container.listBlobsFlat({
    prefix: "jobs/",
    includeMetadata: true,
  })) {
    const age = now - properties.lastModified.getTime();
    const id = name.slice("jobs/".length, -".json".length);
    if (metadata?.unfinished && age > strandedMilliseconds && !findInLine(id, azure)) await returnJob(id, azure);
  }
  // Until December 2026 `open/<id>` said which jobs were unfinished.
  for await (const { name, properties } of container.listBlobsFlat({ prefix: "open/" })) {
    if (now - properties.lastModified.getTime() < strandedMilliseconds || properties.leaseState === "leased") continue;
    await returnJob(name.slice("open/".length), azure);
    await container.getBlobClient(name).deleteIfExists();
  }
}

async function returnJob(id: string, azure: Azure): Promise<void> {
  const ticket = await putTicket(id, azure);
  const file = await changeJob(
    id,
    (job) => {
      if (isFinished(job)) return false;
      job.ticket = ticket.messageId;
    },
    azure,
  );
  if (file?.job.ticket === ticket.messageId)
    return log.warn({ job: id }, "an unfinished job stood in no line: it is put back");
  await dropTicket(ticket, azure).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

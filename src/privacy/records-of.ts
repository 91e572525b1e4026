import { readJob, UnreadableJob } from "../jobs/job.ts";
import type { Job, JobMetadata } from "../jobs/job.ts";
import { log } from "../log.ts";
import type { Azure } from "../storage/azure.ts";
import { isOf, without } from "./person.ts";
import type { Person } from "./person.ts";

/** A job that somebody asked for, or in whose record their name stands. */
export type RecordOf = { job: Job; isTheirs: boolean };

/** All of them, by one listing: 5,000 records a call. Only those are read that are theirs, or that do not say whose they are. */
export async function* recordsOf(them: Person, azure: Azure, abortSignal: AbortSignal): AsyncGenerator<RecordOf> {
  const listing = azure.container.listBlobsFlat({ prefix: "jobs/", includeMetadata: true, abortSignal });
  for await (const { name, metadata } of listing) {
    if (!mayBeOf(them, metadata ?? {})) continue;
    const job = await readSafely(name.slice("jobs/".length, -".json".length), azure, abortSignal);
    if (!job) continue;
    const isTheirs = isOf(them, job.request.askedBy);
    if (isTheirs || without(job, them) !== job) yield { job, isTheirs };
  }
}

/** Records of before December 2026 say nothing. */
function mayBeOf({ person }: Person, { person: own, named = "" }: JobMetadata): boolean {
  return own === undefined || own === person || named.split(" ").includes(person);
}

async function readSafely(id: string, azure: Azure, abortSignal: AbortSignal): Promise<Job | undefined> {
  try {
    return (await readJob(id, azure, abortSignal))?.job;
  } catch (error) {
    if (!(error instanceof UnreadableJob)) throw error;
    log.warn({ job: id }, "the record of a job cannot be read: whose it is cannot be seen");
    return undefined;
  }
}

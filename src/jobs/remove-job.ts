import { log } from "../log.ts";
import type { Azure } from "../storage/azure.ts";
import { readRows, removeRow } from "../storage/table.ts";
import { childrenOf, historyOf } from "./history.ts";
import { removeRecord } from "./job.ts";
import type { Job } from "./job.ts";
import { nameInList } from "./picture-lists.ts";

/** A picture has as many children as people draw from it. */
const MOST_CHILDREN = 10_000;

/**
 * A job that is over, and of which no picture is left, goes: what it was made from, where it is listed, and last the record, so
 * that whoever comes after a kill finds what is left to do.
 */
export async function removeJob(job: Job, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  const { parent, askedBy } = job.request;
  for await (const { name } of azure.container.listBlobsFlat({ prefix: `inputs/${job.id}-`, abortSignal }))
    if (isInputOf(job, name)) await azure.container.getBlockBlobClient(name).deleteIfExists({ abortSignal });
  for (const [index] of job.pictures.entries()) {
    const place = index + 1;
    for (const list of [historyOf(askedBy), ...(parent ? [childrenOf(parent)] : [])])
      await removeRow({ partition: list, name: nameInList(job, place) }, azure, abortSignal);
    const children = childrenOf({ job: job.id, place });
    for (const row of await readRows(children, { count: MOST_CHILDREN }, azure, abortSignal))
      await removeRow({ partition: children, name: row.name }, azure, abortSignal);
  }
  await removeRecord(job.id, azure, abortSignal);
  log.info({ job: job.id }, "the record of a job is taken away");
}

/** One job's id may be how another's begins. */
function isInputOf({ id }: Job, name: string): boolean {
  return /^(\d+|mask)\.(png|jpg)$/.test(name.slice(`inputs/${id}-`.length));
}

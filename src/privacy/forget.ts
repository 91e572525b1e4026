import { blobsOfDraft } from "../jobs/drafts.ts";
import { changeJob } from "../jobs/job.ts";
import type { Job } from "../jobs/job.ts";
import { log } from "../log.ts";
import { forgetPersonInLedger } from "../purse/forget-person.ts";
import type { Azure } from "../storage/azure.ts";
import { isConflict, isMissing } from "../storage/storage-refusal.ts";
import { removeRow, replaceRow } from "../storage/table.ts";
import { forgetInSessions } from "./forget-in-sessions.ts";
import { without } from "./person.ts";
import type { Person } from "./person.ts";
import { recordsOf } from "./records-of.ts";
import { BRAKE } from "../purse/blocks.ts";
import { rowsOf } from "./rows-of.ts";
import type { RowOf } from "./rows-of.ts";
import { takeAway } from "./take-away.ts";

/**
 * Forgets somebody: their pictures, words, votes and drafts, and their name wherever it stands. What they ask for after `since` is
 * not meant. True: nothing of theirs is left. False: some of it is on its way out; called again later, it goes on.
 */
export async function forgetPerson(
  them: Person,
  since: Date,
  azure: Azure,
  abortSignal: AbortSignal,
): Promise<boolean> {
  let left = 0;
  for await (const { job, isTheirs } of recordsOf(them, azure, abortSignal)) {
    if (!isTheirs) await forgetIn(job, them, azure, abortSignal);
    else if (Date.parse(job.acceptedAt) <= since.getTime()) {
      const isGone = await takeAway(job, "forgotten", azure, abortSignal);
      if (isGone) await forgetSuggestions(job, azure, abortSignal);
      else left += 1;
    }
  }
  // Their pictures in a brainstorm go by their jobs, and each tells its session.
  if (left) return false;
  await forgetInSessions(them, azure, abortSignal);
  for await (const found of rowsOf(them, azure, abortSignal))
    // When the filter has stopped them goes by itself within days: being forgotten ends no pause.
    if (found.row.partition !== BRAKE && !(await forgetRow(found, azure, abortSignal))) left += 1;
  if (left) return false;
  await forgetPersonInLedger(them.person, azure, abortSignal);
  log.info({ person: them.person }, "somebody is forgotten");
  return true;
}

/** Somebody else's, in which they are named: as whose picture it came from, or as who deleted or cancelled something. */
async function forgetIn(job: Job, them: Person, azure: Azure, abortSignal: AbortSignal): Promise<void> {
  const forget = (present: Job) => {
    const { parent } = present.request;
    const isTheirs = parent && without(parent, them) !== parent;
    const left = without(present, them);
    if (left === present) return false;
    Object.assign(present, left);
    if (isTheirs && present.request.parent) delete present.request.parent.words;
    return undefined;
  };
  await changeJob(job.id, forget, azure, abortSignal);
}

async function forgetSuggestions({ id }: Job, azure: Azure, abortSignal: AbortSignal): Promise<void> {
  for (const name of [id, `idea-${id}`]) await removeRow({ partition: "suggestions", name }, azure, abortSignal);
}

/** False: somebody has written it in this moment, and it is looked at again the next time. */
async function forgetRow({ row, left }: RowOf, azure: Azure, abortSignal: AbortSignal): Promise<boolean> {
  if (row.partition === "drafts")
    for (const name of await blobsOfDraft(row.name, azure))
      await azure.container.getBlockBlobClient(name).deleteIfExists({ abortSignal });
  try {
    await (left ? replaceRow({ ...row, values: left }, azure, abortSignal) : removeRow(row, azure, abortSignal));
    return true;
  } catch (error) {
    if (isMissing(error)) return true;
    if (!isConflict(error)) throw error;
    return false;
  }
}

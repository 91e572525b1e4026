import type { Azure } from "../storage/azure.ts";
import { keptOf, readJob } from "./job.ts";
import type { Job } from "./job.ts";
import { addToList, readNewest } from "./picture-lists.ts";
import type { PictureList } from "./picture-lists.ts";
import { maySee } from "./rights.ts";
import { personOf, textOfRef } from "../request/request.ts";
import type { Asker, PictureRef } from "../request/request.ts";

/** Where a finished job's pictures are to be found again: in the asker's history, and among the children of what they came from. */
export async function listPictures(job: Job, azure: Azure): Promise<void> {
  const places = keptOf(job).map(({ place }) => place);
  const { parent, askedBy } = job.request;
  const lists = [historyOf(askedBy), ...(parent ? [childrenOf(parent)] : [])];
  await Promise.all(lists.map((list) => addToList(list, job, places, azure)));
}

export const historyOf = (by: Asker): PictureList => `history-${personOf(by)}`;
export const childrenOf = (ref: PictureRef): PictureList => `children-${textOfRef(ref)}`;

/** A picture with the job that it is of. Pictures that were deleted are left out wherever there are several. */
export type Member = { ref: PictureRef; job: Job };

export type Family = {
  /** From the oldest on, the picture itself last. */
  line: Member[];
  /** The newest first. */
  children: Member[];
  /** More of either than are given. */
  hasMore: boolean;
};

const MOST_ANCESTORS = 6;
const MOST_CHILDREN = 9;

/** Of the relatives those that `by` may see: somebody may have gone on from it in another chat, or alone. */
export async function readFamily(member: Member, by: Asker, azure: Azure, abortSignal?: AbortSignal): Promise<Family> {
  const [ancestors, children] = await Promise.all([
    readAncestors(member, azure, abortSignal),
    readNewest(childrenOf(member.ref), { skip: 0, count: MOST_CHILDREN }, azure, abortSignal),
  ]);
  const line = ancestors.slice(-MOST_ANCESTORS).filter(({ job }) => maySee(job, by));
  const born = await readMembers(children.entries, azure, abortSignal);
  return {
    line: [...line, member],
    children: born.filter(({ job }) => maySee(job, by)),
    hasMore: children.hasMore || ancestors.length > MOST_ANCESTORS,
  };
}

/** One more than are shown, so that it is known that there are more. */
async function readAncestors(member: Member, azure: Azure, abortSignal?: AbortSignal): Promise<Member[]> {
  const ancestors: Member[] = [];
  for (let { parent } = member.job.request; parent && ancestors.length <= MOST_ANCESTORS;) {
    const file = await readJob(parent.job, azure, abortSignal);
    if (!file) break;
    ancestors.unshift({ ref: { job: parent.job, place: parent.place }, job: file.job });
    parent = file.job.request.parent;
  }
  return ancestors.filter(isThere);
}

/** Pages in a row that may be empty, because all on them was deleted. */
const MOST_EMPTY_PAGES = 5;

/** A picture in somebody's history. Its number counts from 1, the newest; what was deleted leaves a gap in the numbers. */
export type Numbered = Member & { number: number };

/** A page of a person's own pictures, the newest first, counted from 0: the one asked for, or the next that is not empty. */
export async function readHistory(
  by: Asker,
  { page, size }: { page: number; size: number },
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<{ members: Numbered[]; page: number; hasMore: boolean }> {
  for (let present = page; ; present += 1) {
    const skip = present * size;
    const { entries, hasMore } = await readNewest(historyOf(by), { skip, count: size }, azure, abortSignal);
    const read = await readMembers(entries, azure, abortSignal);
    const members = read.map((member) => ({ ...member, number: skip + numberIn(entries, member.ref) }));
    if (members.length || !hasMore || present - page >= MOST_EMPTY_PAGES) return { members, page: present, hasMore };
  }
}

/**
 * The picture that a person names by its number in their history; the newest that is still there where they name none.
 * Nothing where there is no such number.
 */
export async function findInHistory(
  by: Asker,
  number: number | undefined,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<PictureRef | "deleted" | undefined> {
  if (number === undefined) {
    const { members } = await readHistory(by, { page: 0, size: NEWEST }, azure, abortSignal);
    return members[0]?.ref;
  }
  if (number < 1) return undefined;
  const { entries } = await readNewest(historyOf(by), { skip: number - 1, count: 1 }, azure, abortSignal);
  const [member] = await readMembers(entries, azure, abortSignal);
  return member?.ref ?? (entries.length ? "deleted" : undefined);
}

/** As many as a page of the history shows, so that the newest is found behind as many deleted ones. */
const NEWEST = 9;

function numberIn(entries: PictureRef[], ref: PictureRef): number {
  return entries.findIndex((entry) => textOfRef(entry) === textOfRef(ref)) + 1;
}

async function readMembers(refs: PictureRef[], azure: Azure, abortSignal?: AbortSignal): Promise<Member[]> {
  const jobs = new Map(
    await Promise.all(
      [...new Set(refs.map(({ job }) => job))].map(
        async (id) => [id, (await readJob(id, azure, abortSignal))?.job] as const,
      ),
    ),
  );
  return refs
    .flatMap((ref): Member[] => {
      const job = jobs.get(ref.job);
      return job ? [{ ref, job }] : [];
    })
    .filter(isThere);
}

function isThere({ ref, job }: Member): boolean {
  return job.pictures[ref.place - 1]?.state === "kept";
}

import { keptOf } from "../../jobs/job.ts";
import type { KeptPicture } from "../../jobs/job.ts";
import { readWall, wallOfPage } from "../../jobs/wall.ts";
import type { Keeper, WallOrder } from "../../jobs/wall.ts";
import type { Azure } from "../../storage/azure.ts";

export type HungPicture = {
  number: number;
  kept: KeptPicture;
  words: string;
  askedBy: string;
  keepers: Keeper[];
};

/** A page of a wall as everybody sees it who looks just now; `page` counts from 0. */
export type SeenWall = { pictures: HungPicture[]; page: number; hasMore: boolean; isCut: boolean };

export type Look = { order: WallOrder; page: number };

/** Pictures on a page of it. */
const SIZE = 24;

const under = new WeakMap<Azure, Map<string, Promise<SeenWall | undefined>>>();

/** However many look at once, storage is asked once. Nothing where there is no such wall. */
export function seeWall(id: string, look: Look, azure: Azure): Promise<SeenWall | undefined> {
  const looks = under.get(azure) ?? new Map<string, Promise<SeenWall | undefined>>();
  under.set(azure, looks);
  const key = `${id}/${look.order}/${look.page}`;
  const seen = looks.get(key) ?? lookAt(id, look, azure).finally(() => looks.delete(key));
  looks.set(key, seen);
  return seen;
}

async function lookAt(id: string, look: Look, azure: Azure): Promise<SeenWall | undefined> {
  const abortSignal = AbortSignal.timeout(azure.times.web.storageLimitMilliseconds);
  const wall = await wallOfPage(id, azure, abortSignal);
  if (!wall) return undefined;
  // Whoever has the address is nobody in particular: what one person alone may see is never here.
  const asked = { ...look, size: SIZE, maySee: ({ request }: { request: { private: boolean } }) => !request.private };
  const { members, ...rest } = await readWall(wall, asked, azure, abortSignal);
  const pictures = members.flatMap(({ number, ref, job, keepers }) => {
    const kept = keptOf(job).find(({ place }) => place === ref.place)?.kept;
    const { prompt, askedBy } = job.request;
    return kept ? [{ number, kept, words: prompt, askedBy: askedBy.name, keepers }] : [];
  });
  return { ...rest, pictures };
}

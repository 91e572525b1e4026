import { createHash } from "node:crypto";
import type { Azure } from "../../storage/azure.ts";
import { readSession, roundOf, sessionTag } from "../../brainstorm/session.ts";
import { countVotes } from "../../brainstorm/votes.ts";
import { boardFragment, sentencesOf } from "./page.ts";
import type { Recount } from "./recount.ts";

/** A session as everybody sees it who looks just now. */
export type SeenBoard = { told: Recount; etag: string; fragment: string; version: string };

const looks = new WeakMap<Azure, Map<string, Promise<SeenBoard | undefined>>>();

/** However many look at once, storage is asked once. `known` is how it was the last time. Nothing where there is no such session. */
export function seeBoard(id: string, azure: Azure, known?: SeenBoard): Promise<SeenBoard | undefined> {
  const under = looks.get(azure) ?? new Map<string, Promise<SeenBoard | undefined>>();
  looks.set(azure, under);
  const look = under.get(id) ?? lookAt(id, azure, known).finally(() => under.delete(id));
  under.set(id, look);
  return look;
}

async function lookAt(id: string, azure: Azure, known?: SeenBoard): Promise<SeenBoard | undefined> {
  const abortSignal = AbortSignal.timeout(azure.times.web.storageLimitMilliseconds);
  const isAsItWas = known && (await sessionTag(id, azure, abortSignal)) === known.etag;
  const file = isAsItWas
    ? { session: known.told.session, etag: known.etag }
    : await readSession(id, azure, abortSignal);
  if (!file) return undefined;
  const { session, etag } = file;
  const round = roundOf(session);
  const isVoting = round.stage === "voting" && !session.endedAt;
  const ballots = isVoting ? await countVotes(id, round, azure, abortSignal) : undefined;
  const told: Recount = { session, ballots, sentences: sentencesOf(session) };
  const fragment = String(await boardFragment(told));
  return { told, etag, fragment, version: createHash("sha256").update(fragment).digest("hex").slice(0, 16) };
}

import { createHash } from "node:crypto";
import type { Azure } from "../../storage/azure.ts";
import { readSession } from "../../brainstorm/session.ts";
import { boardFragment, sentencesOf } from "./page.ts";
import type { Recount } from "./recount.ts";

/** A session as everybody sees it who looks just now. */
export type SeenBoard = { told: Recount; etag: string; fragment: string; version: string };

const under = new WeakMap<Azure, Map<string, Promise<SeenBoard | undefined>>>();

/** However many look at once, storage is asked once. Nothing where there is no such session. */
export function seeBoard(id: string, azure: Azure): Promise<SeenBoard | undefined> {
  const looks = under.get(azure) ?? new Map<string, Promise<SeenBoard | undefined>>();
  under.set(azure, looks);
  const look = looks.get(id) ?? lookAt(id, azure).finally(() => looks.delete(id));
  looks.set(id, look);
  return look;
}

async function lookAt(id: string, azure: Azure): Promise<SeenBoard | undefined> {
  const abortSignal = AbortSignal.timeout(azure.times.web.storageLimitMilliseconds);
  const file = await readSession(id, azure, abortSignal);
  if (!file) return undefined;
  const { session, etag } = file;
  const told: Recount = { session, sentences: sentencesOf(session) };
  const fragment = String(await boardFragment(told));
  return { told, etag, fragment, version: createHash("sha256").update(fragment).digest("hex").slice(0, 16) };
}

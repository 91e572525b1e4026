import { readJob } from "../jobs/job.ts";
import type { JobMetadata } from "../jobs/job.ts";
import { isOnWall } from "../jobs/wall.ts";
import { log } from "../log.ts";
import type { Azure } from "../storage/azure.ts";
import { readSession, removeSession } from "../brainstorm/session.ts";
import { allSessions } from "./forget-in-sessions.ts";
import { takeAway } from "./take-away.ts";
import { DAY_MILLISECONDS } from "../times.ts";

/** Steps that are begun in one pass: each means a message that changes, and chats take only so many. */
const MOST_STEPS = 500;

/**
 * Takes away what is older than it is to be kept: pictures with their words, and brainstorms that are over. What somebody keeps on
 * a wall stays, with all of its request. A pass takes a bounded number of steps; the next goes on.
 */
export async function takeAwayOld(keepDays: number, azure: Azure, abortSignal: AbortSignal): Promise<void> {
  const before = new Date(Date.now() - keepDays * DAY_MILLISECONDS);
  let steps = 0;
  for await (const id of oldJobs(before, azure, abortSignal)) {
    if (steps >= MOST_STEPS) break;
    steps += await takeAwayJob(id, before, azure, abortSignal);
  }
  for await (const id of allSessions(azure, abortSignal)) await takeAwaySession(id, before, azure, abortSignal);
  if (steps) log.info({ steps, keepDays }, "what is older than it is kept is taken away");
}

async function* oldJobs(before: Date, azure: Azure, abortSignal: AbortSignal): AsyncGenerator<string> {
  const listing = azure.container.listBlobsFlat({ prefix: "jobs/", includeMetadata: true, abortSignal });
  for await (const { name, metadata, properties } of listing) {
    // Records of before December 2026 do not say since when they are there.
    const since = (metadata as JobMetadata | undefined)?.accepted ?? properties.lastModified.toISOString();
    if (since < before.toISOString()) yield name.slice("jobs/".length, -".json".length);
  }
}

/** How many steps it was. A job that cannot be read keeps no other. */
async function takeAwayJob(id: string, before: Date, azure: Azure, abortSignal: AbortSignal): Promise<0 | 1> {
  try {
    const job = (await readJob(id, azure, abortSignal))?.job;
    if (!job || job.acceptedAt >= before.toISOString() || (await isOnWall(job, azure, abortSignal))) return 0;
    await takeAway(job, "days are over", azure, abortSignal);
    return 1;
  } catch (error) {
    if (abortSignal.aborted) throw error;
    log.warn({ error, job: id }, "an old job could not be taken away");
    return 0;
  }
}

/** When its last word was said before that, and none of its pictures is there any more. */
async function takeAwaySession(id: string, before: Date, azure: Azure, abortSignal: AbortSignal): Promise<void> {
  const session = (await readSession(id, azure, abortSignal))?.session;
  if (!session) return;
  const { rounds, beganAt, endedAt } = session;
  const last = [beganAt, endedAt ?? "", ...rounds.map(({ begunAt, closedAt }) => closedAt ?? begunAt)]
    .toSorted()
    .at(-1);
  const isThere = rounds.some(({ ideas, stage }) => stage !== "closed" || ideas.some(({ state }) => state === "drawn"));
  if (last !== undefined && last < before.toISOString() && !isThere) await removeSession(id, azure, abortSignal);
}

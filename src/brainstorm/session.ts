import { randomBytes, randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { Address, Asker, PictureRef, record, StyleUsed } from "../request/request.ts";
import type { Azure } from "../storage/azure.ts";
import { readBlob } from "../storage/small-blob.ts";
import { isConflict, isMissing } from "../storage/storage-refusal.ts";
import { tryAFewTimes } from "../storage/until-storage-answers.ts";
import { REFUSAL_REASONS } from "../images-api/refusal.ts";
import { MODEL_NAMES } from "../models.ts";

/** Rounds of one session. Our own bound: a record stays small, and a board readable. */
export const MOST_ROUNDS = 20;
export const FEWEST_IDEAS = 2;
export const MOST_IDEAS = 8;
export const MOST_MINUTES = 1440;
export const USUAL_MINUTES = 10;
export const MOST_VOTES = 5;
export const MOST_BOARDS = 8;
/** Characters. With as many additions as there may be, an idea fits into the shortest prompt that a model reads. */
export const MOST_TOPIC = 300;
export const MOST_WORDS = 1000;
export const MOST_CLAUSE = 300;
export const MOST_CLAUSES = 5;
/** What one idea is drawn from at most, with the topic before it, and signs between its parts. */
export const LONGEST_PROMPT = MOST_TOPIC + MOST_WORDS + MOST_CLAUSES * MOST_CLAUSE + 2 * (1 + MOST_CLAUSES);
/** How often the words of one idea may be drawn: an idea that was refused before anything was drawn gets other words. */
export const MOST_IDEA_TRIES = 3;

/** Random, and the page's address as well: it gives no right. */
export const SessionId = z.string().regex(/^[0-9a-f]{32}$/);

const Idea = record({
  /** From 1, as people say it. */
  number: z.number(),
  /** Whose it is; none where it is a direction of Easel's. The first had it, the others added to it. */
  by: z.array(Asker),
  /** As the board shows it. */
  words: z.string(),
  /** “Yes, and…”: what others have added. */
  clauses: z.array(record({ by: Asker, words: z.string(), event: z.string().optional() })).optional(),
  /** Of the press that brought it. */
  event: z.string().optional(),
  /** What is drawn from. */
  prompt: z.string(),
  /** The lens that a direction looks through. */
  lens: z.string().optional(),
  /** `open` until its job is made; `waiting` until that has its answer. */
  state: z.enum(["open", "waiting", "drawn", "refused", "failed", "deleted"]),
  job: z.string().optional(),
  /** Of a refused one: what the filter said of it. Absent where its words were outside the limits. */
  refusal: record({ because: z.enum(REFUSAL_REASONS), stage: z.enum(["prompt", "picture", "unknown"]) }).optional(),
  /** What it came to, in US dollars. */
  dollars: z.number().optional(),
  /** How often its words were said anew, and this one more: 1 unless set. */
  tries: z.number().optional(),
  picture: record({
    ref: z.string(),
    name: z.string(),
    preview: z.string().optional(),
    mediaType: z.string(),
    width: z.number(),
    height: z.number(),
    bytes: z.number(),
    revised: z.string().optional(),
  }).optional(),
  /** Pictures that it goes on from. */
  from: z.array(PictureRef).default([]),
});
export type Idea = z.infer<typeof Idea>;

const Result = record({
  /** Dots by the idea's number. */
  votes: z.record(z.string(), z.number()),
  voters: z.number(),
  /** Whose votes were counted, by `personOf`, and of each person which of their last events are in it, as `votes.ts` marks them. */
  counted: z.record(z.string(), z.string()),
  /** Numbers of the ideas with the most votes: several where it is a tie, none where nobody voted. */
  winners: z.array(z.number()),
});
export type Result = z.infer<typeof Result>;

export const ROUND_KINDS = ["first", "next", "combine", "finish", "new", "run-off"] as const;
const Round = record({
  /** From 1. */
  number: z.number(),
  kind: z.enum(ROUND_KINDS),
  begunBy: Asker,
  begunAt: z.iso.datetime(),
  stage: z.enum(["gathering", "drawing", "voting", "counting", "closed"]),
  /** How many pictures it may have at most, as it was told before it began. */
  places: z.number(),
  /** What was told of its price, in US dollars; absent where nobody knows. */
  toldDollars: z.number().optional(),
  /** Under what name money is set aside for it, until its ideas are jobs of their own. */
  hold: z.string().optional(),
  /** What it came to, once that is known. */
  spentDollars: z.number().optional(),
  gatherUntil: z.iso.datetime().optional(),
  votesUntil: z.iso.datetime().optional(),
  closedAt: z.iso.datetime().optional(),
  /** Who ended the votes before their time. */
  closedBy: Asker.optional(),
  ideas: z.array(Idea),
  result: Result.optional(),
});
export type Round = z.infer<typeof Round>;

const BoardPlace = record({
  platform: z.string(),
  workspace: z.string().optional(),
  channel: z.string(),
  address: Address,
  /** Who brought the session here, and by which event. */
  by: Asker,
  event: z.string().optional(),
  /** Nothing can be changed there later: only whoever asked has installed Easel. */
  lastsUntil: z.iso.datetime().optional(),
  /** Why it can be shown there no more. */
  gone: z.string().optional(),
  /** The recap stands there. */
  recapAt: Address.optional(),
  /** A hash of what it shows; absent where the board itself is the recap. */
  recapShows: z.string().optional(),
});
export type BoardPlace = z.infer<typeof BoardPlace>;

export const Session = record({
  version: z.literal(1),
  id: SessionId,
  /** Differs with every write, so that our own is known again when its answer was lost. */
  write: z.string(),
  beganAt: z.iso.datetime(),
  begunBy: Asker,
  topic: z.string(),
  options: record({
    ideas: z.number(),
    minutes: z.number(),
    /** Dots of each person. */
    votes: z.number(),
    results: z.enum(["hidden", "live"]),
    /** Whether others than who began it may add ideas. */
    others: z.boolean(),
    model: z.enum(MODEL_NAMES).optional(),
    style: z.string().optional(),
  }),
  /** The saved style that all of it is drawn in, as it was when the session began; null where it is drawn in none. */
  style: StyleUsed.nullish(),
  boards: z.array(BoardPlace),
  /** What brings its board into another channel. */
  code: record({ code: z.string(), until: z.iso.datetime() }).optional(),
  rounds: z.array(Round),
  endedAt: z.iso.datetime().optional(),
  endedBy: Asker.optional(),
});
export type Session = z.infer<typeof Session>;

export type SessionFile = { session: Session; etag: string };

export function newSessionId(): string {
  return randomBytes(16).toString("hex");
}

/** The round that is under way, or was last. There is always one. */
export function roundOf({ rounds }: Session): Round {
  const last = rounds.at(-1);
  if (!last) throw new Error("a session has no round");
  return last;
}

/** Writes a new record; false where there is one of that id already which is not ours. */
export async function createSession(session: Session, azure: Azure, abortSignal?: AbortSignal): Promise<boolean> {
  try {
    await upload(session, { ifNoneMatch: "*" }, azure, abortSignal);
    return true;
  } catch (error) {
    if (!isConflict(error)) throw error;
    return (await readSession(session.id, azure, abortSignal))?.session.write === session.write;
  }
}

export async function readSession(
  id: string,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<SessionFile | undefined> {
  const present = await readBlob(blobOf(id, azure), azure, abortSignal);
  return present && { session: Session.parse(JSON.parse(present.text)), etag: present.etag };
}

/** The record's ETag alone: as long as it is the same, so is the record. */
export async function sessionTag(id: string, azure: Azure, abortSignal: AbortSignal): Promise<string | undefined> {
  try {
    return (await blobOf(id, azure).getProperties({ abortSignal })).etag;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const MOST_TRIES = 12;

/**
 * Changes a record as it is in storage, again on a newer one when somebody else was quicker, and leaves it alone with `false`.
 * Says how it is then; nothing where there is no such session.
 */
export async function changeSession(
  id: string,
  mutate: (session: Session) => false | void,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<Session | undefined> {
  for (let tries = 1; ; tries += 1) {
    const file = await readSession(id, azure, abortSignal);
    if (!file) return undefined;
    const session = { ...structuredClone(file.session), write: randomBytes(8).toString("hex") };
    if (mutate(session) === false) return file.session;
    try {
      await upload(session, { ifMatch: file.etag }, azure, abortSignal);
      return session;
    } catch (error) {
      if (!isConflict(error)) throw error;
      const present = await readSession(id, azure, abortSignal);
      if (present?.session.write === session.write) return session;
      if (tries === MOST_TRIES)
        throw new Error(`the record of session ${id} is written by others all the time`, { cause: error });
      await pause(randomInt(5, 40 * tries));
    }
  }
}

async function upload(
  session: Session,
  conditions: { ifMatch?: string; ifNoneMatch?: string },
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<void> {
  const text = JSON.stringify(session);
  const options = { conditions, blobHTTPHeaders: { blobContentType: "application/json" }, abortSignal };
  const write = () => blobOf(session.id, azure).upload(text, Buffer.byteLength(text), options);
  await tryAFewTimes(write, azure, abortSignal);
}

/** The record goes for good. */
export async function removeSession(id: string, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  await blobOf(id, azure).deleteIfExists({ abortSignal });
}

function blobOf(id: string, azure: Azure) {
  return azure.container.getBlockBlobClient(`sessions/${SessionId.parse(id)}.json`);
}

/** The board in the channel where somebody is: whoever writes there may vote and add, and nobody else. */
export function boardAt({ boards }: Pick<Session, "boards">, by: Asker): BoardPlace | undefined {
  return boards.find(
    ({ platform, workspace, channel }) =>
      platform === by.platform && workspace === by.workspace && channel === by.channel,
  );
}

import { setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { openGate } from "../gate.ts";
import type { Gate } from "../gate.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { isOutage } from "../storage/storage-refusal.ts";
import { becauseOf, log } from "../log.ts";
import { advance } from "./advance.ts";
import { dueSessions } from "./clock.ts";
import { lookAfterJobs } from "./draw-ideas.ts";
import { takeSession } from "./hold.ts";
import type { Hold } from "./hold.ts";
import { dueAt, isAtItsEnd } from "./rounds.ts";
import { readSession, roundOf } from "./session.ts";
import type { Session } from "./session.ts";
import { postRecaps } from "./post-recaps.ts";
import { earliest, openShows, showBoards, Standings } from "./show-boards.ts";
import type { Gallery, Shows, Standing } from "./show-boards.ts";
import { forgetVotes } from "./votes.ts";

type Room = Gallery & {
  gate: Gate;
  /** Aborted when the process is to end: what is under way is finished, and everything is let go of. */
  stopping: AbortSignal;
  /** Aborted when the process waits for it no longer. */
  stopped: AbortSignal;
};

/** Sessions that are looked at at once in one process. */
const MOST_LOOKS = 16;

export type Sessions = { stop(): Promise<void> };

/** Looks after sessions until it is stopped: those that are rung here at once, and all others when they are due. */
export function startSessions(gallery: Gallery): Sessions {
  const { azure } = gallery;
  const { pollMilliseconds, pollLimitMilliseconds, handBackLimitMilliseconds } = azure.times.brainstorm;
  const [stopping, stopped] = [new AbortController(), new AbortController()];
  setMaxListeners(0, stopping.signal);
  const room: Room = { ...gallery, gate: openGate(MOST_LOOKS), stopping: stopping.signal, stopped: stopped.signal };
  const underWay = new Map<string, UnderWay>();
  const begin = (id: string) => {
    const present = underWay.get(id);
    if (present) return present.ring();
    if (stopping.signal.aborted) return;
    const one = openUnderWay();
    underWay.set(id, one);
    one.work = drive(id, one, room)
      .catch((error: unknown) => {
        log.warn({ error, session: id }, "a session could not be looked after: the clock looks at it");
      })
      .finally(() => {
        underWay.delete(id);
        // Rung when its hold had just ended.
        if (one.isRung()) begin(id);
      });
  };
  const hear = (event: Event) => {
    if (event instanceof CustomEvent) begin(String(event.detail));
  };
  azure.bell.addEventListener("session", hear, { signal: stopping.signal });
  const poll = async () => {
    // Whoever ran here before may have died over a ring: at first each session is looked at.
    let isFirst = true;
    while (!stopping.signal.aborted) {
      try {
        const limit = AbortSignal.any([stopping.signal, AbortSignal.timeout(pollLimitMilliseconds)]);
        const due = await dueSessions(isFirst ? undefined : new Date(), azure, limit);
        isFirst = false;
        for (const id of due) if (!underWay.has(id)) begin(id);
      } catch (error) {
        if (!stopping.signal.aborted)
          log.warn({ because: becauseOf(error) }, "it could not be seen which sessions are due");
      }
      await pause(pollMilliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  void poll();
  return {
    async stop() {
      stopping.abort();
      for (const one of underWay.values()) one.ring();
      const ended = Promise.all([...underWay.values()].map(({ work }) => work));
      await Promise.race([ended, pause(handBackLimitMilliseconds, undefined, { ref: false })]);
      stopped.abort();
      for (const id of underWay.keys())
        log.warn({ session: id }, "a session could not be handed back: it is taken over when its hold is over");
    },
  };
}

/** A session that this process is at. */
type UnderWay = {
  work: Promise<void>;
  /** Rung since it was looked at last. */
  isRung(): boolean;
  ring(): void;
  beginLook(): void;
  /** Comes back at the next ring, or after so many milliseconds. */
  untilRung(milliseconds: number): Promise<void>;
};

function openUnderWay(): UnderWay {
  let isRung = false;
  let hear = () => {};
  return {
    work: Promise.resolve(),
    isRung: () => isRung,
    ring() {
      isRung = true;
      hear();
    },
    beginLook: () => void (isRung = false),
    async untilRung(milliseconds) {
      if (isRung || milliseconds <= 0) return;
      const enough = new AbortController();
      hear = () => enough.abort();
      await pause(milliseconds, undefined, { signal: enough.signal }).catch(() => undefined);
    },
  };
}

/** Takes a session, unless another process has it, and looks at it until nothing is to be done soon. */
async function drive(id: string, one: UnderWay, room: Room): Promise<void> {
  const { azure } = room;
  one.beginLook();
  const hold = await takeSession(id, azure, AbortSignal.timeout(azure.times.brainstorm.recordLimitMilliseconds));
  if (!hold) return;
  try {
    await lookUntilCalm(hold, one, room);
  } finally {
    hold.drop();
  }
}

async function lookUntilCalm(hold: Hold, one: UnderWay, room: Room): Promise<void> {
  const { stopping, azure } = room;
  const { lookPauseMilliseconds, waitInPlaceMilliseconds } = azure.times.brainstorm;
  const notes = readNotes(hold.notes);
  const shows = openShows(notes.standings, () => one.ring());
  const at: At = { hold, notes, shows, ended: AbortSignal.any([hold.lost, stopping]), isFirst: true, room };
  for (; !hold.lost.aborted; at.isFirst = false) {
    one.beginLook();
    const lookedAt = Date.now();
    const look = stopping.aborted ? undefined : await room.gate(() => lookSafely(at), stopping);
    if (!look || stopping.aborted) return handBack(at);
    const wait = look.dueAt - Date.now();
    if (at.shows.underWay.size || (wait <= waitInPlaceMilliseconds && !look.isOver)) await one.untilRung(wait);
    else if (look.isOver ? await hold.forget() : await letGo(look.dueAt, at)) return;
    // However often it is rung, it is looked at no more often than that.
    await pause(Math.max(0, lookedAt + lookPauseMilliseconds - Date.now()), undefined, { signal: stopping }).catch(
      () => undefined,
    );
  }
}

/** Somebody else has it at once, when what is being shown stands. However often it is rung meanwhile, it is let go of. */
async function handBack(at: At): Promise<void> {
  const { azure, stopped } = at.room;
  const { lastShowMilliseconds } = azure.times.brainstorm;
  const shown = Promise.all(at.shows.underWay.values());
  await Promise.race([shown, pause(lastShowMilliseconds, undefined, { ref: false })]);
  while (!stopped.aborted && !(await letGoSafely(at)));
}

async function letGoSafely(at: At): Promise<boolean> {
  const { azure, stopped } = at.room;
  try {
    return await letGo(Date.now(), at);
  } catch (error) {
    if (!isOutage(error)) throw error;
    const { session } = at.hold;
    log.warn({ because: becauseOf(error), session }, "a session could not be handed back yet, and it is tried again");
    await pause(azure.times.brainstorm.lookPauseMilliseconds, undefined, { signal: stopped }).catch(() => undefined);
    return false;
  }
}

function letGo(due: number, { hold, notes, shows }: At): Promise<boolean> {
  return hold.letGo(new Date(due), JSON.stringify({ ...notes, standings: shows.standings }));
}

/** What whoever looks after a session leaves for the next. */
type Notes = {
  standings: Standing[];
  /** Looks in a row that broke off. */
  breaks: number;
  /** Up to this round, who voted for what is forgotten. */
  forgotten: number;
  /** A recap is not tried before, in milliseconds since 1970. */
  recapAgainAt: number;
  /** When the row was looked at first, in milliseconds since 1970. */
  since: number;
};

/** Nobody's but ours: whatever cannot be read is done once more. */
function readNotes(text: string): Notes {
  let read: Partial<Notes> = {};
  try {
    read = JSON.parse(text || "{}") as Partial<Notes>;
  } catch (error) {
    log.warn({ error }, "the notes of a session cannot be read");
  }
  return {
    standings: Standings.parse(read.standings),
    breaks: Number(read.breaks) || 0,
    forgotten: Number(read.forgotten) || 0,
    recapAgainAt: Number(read.recapAgainAt) || 0,
    since: Number(read.since) || Date.now(),
  };
}

/** A session that is looked after. */
type At = {
  hold: Hold;
  notes: Notes;
  shows: Shows;
  /** Aborted when this process is to begin nothing more with it. */
  ended: AbortSignal;
  isFirst: boolean;
  room: Room;
};
type Look = { dueAt: number; isOver?: boolean };

/** A look that breaks off is taken again, after growing pauses. */
async function lookSafely(at: At): Promise<Look> {
  const { hold, notes, room } = at;
  const { againMilliseconds, longestAgainMilliseconds } = room.azure.times.brainstorm;
  try {
    const look = await lookAt(at);
    notes.breaks = 0;
    return look;
  } catch (error) {
    notes.breaks += 1;
    const { breaks } = notes;
    const milliseconds = Math.min(longestAgainMilliseconds, againMilliseconds * 2 ** Math.min(breaks - 1, 10));
    log.warn({ error, session: hold.session, breaks, milliseconds }, "a look at a session broke off");
    return { dueAt: Date.now() + milliseconds };
  }
}

async function lookAt({ hold, notes, shows, ended, isFirst, room }: At): Promise<Look> {
  const { azure, settings } = room;
  const { recordLimitMilliseconds, missingMilliseconds, lookMilliseconds, againMilliseconds } = azure.times.brainstorm;
  const file = await readSession(hold.session, azure, AbortSignal.timeout(recordLimitMilliseconds));
  if (file && isFirst && roundOf(file.session).stage === "drawing") await lookAfterJobs(file.session, room);
  const advanced = file && (await advance(file.session, room, ended));
  if (!advanced) {
    // Whoever begins it writes the row before the record.
    const isOver = !(Date.now() - Date.parse(hold.entered) < missingMilliseconds);
    return { dueAt: Date.now() + lookMilliseconds, isOver };
  }
  const { session, nextAt } = await showBoards(advanced.session, shows, ended, room);
  await forgetCounted(session, notes, azure);
  const isClosed = isAtItsEnd(session);
  if (isClosed && !ended.aborted && notes.recapAgainAt <= Date.now())
    notes.recapAgainAt = (await postRecaps(session, room)) ?? 0;
  const isOver = isClosed && (isPastHope(session, notes, settings) || (nextAt === undefined && !notes.recapAgainAt));
  const due = dueAt(session, new Date(), settings).getTime();
  const again = advanced.isStuck ? Date.now() + againMilliseconds : undefined;
  return { dueAt: earliest([due, nextAt, again, notes.recapAgainAt || undefined]) ?? due, isOver };
}

/** Who voted for what is nowhere any more when it is counted. */
async function forgetCounted(session: Session, notes: Notes, azure: Azure): Promise<void> {
  for (const { number, stage } of session.rounds.slice(notes.forgotten)) {
    if (stage !== "closed") return;
    await forgetVotes(session.id, number, azure, AbortSignal.timeout(azure.times.brainstorm.recordLimitMilliseconds));
    notes.forgotten = number;
  }
}

/**
 * It is over, and what of its boards cannot be shown has been tried for long enough: also where it was rung again when all was
 * told, as by a picture that is deleted next year.
 */
function isPastHope({ endedAt }: Session, { since }: Notes, { times }: Settings): boolean {
  const { longestTroubleMilliseconds } = times.brainstorm;
  return endedAt !== undefined && Date.now() - Math.max(Date.parse(endedAt), since) > longestTroubleMilliseconds;
}

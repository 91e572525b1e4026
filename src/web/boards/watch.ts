import { setTimeout as pause } from "node:timers/promises";
import { isAtItsEnd } from "../../brainstorm/rounds.ts";
import { becauseOf, log } from "../../log.ts";
import type { Azure } from "../../storage/azure.ts";
import { seeBoard } from "./see-board.ts";
import type { SeenBoard } from "./see-board.ts";

/** Streams that are open at once. A page that finds no place asks now and then instead. */
const MOST_STREAMS = 400;
const MOST_OF_SESSION = 100;

type Shown = { version: string; bytes: Uint8Array };
/** A session that is watched here: one look at it is for all. */
type Watched = {
  viewers: Set<() => void>;
  seen?: SeenBoard;
  shown?: Shown;
  /** Nothing more comes: it is over, or is not there (any more). */
  isOver: boolean;
  isInTrouble?: boolean;
};

export type Watch = {
  /** What becomes of a session, as server-sent events; nothing where there is no place. `known` is what the page shows already. */
  join(id: string, known: string | undefined): ReadableStream<Uint8Array> | undefined;
};

/** Follows the sessions whose page somebody has open. */
export function openWatch(azure: Azure, stopping: AbortSignal): Watch {
  const sessions = new Map<string, Watched>();
  const count = () => [...sessions.values()].reduce((sum, { viewers }) => sum + viewers.size, 0);
  return {
    join(id, known) {
      const present = sessions.get(id);
      if (stopping.aborted || count() >= MOST_STREAMS || (present?.viewers.size ?? 0) >= MOST_OF_SESSION)
        return undefined;
      const watched: Watched = present ?? { viewers: new Set(), isOver: false };
      sessions.set(id, watched);
      const stream = openStream(watched, { known, azure, stopping });
      if (!present) void follow(watched, { id, sessions, azure, stopping });
      return stream;
    },
  };
}

const text = new TextEncoder();
const BEAT = text.encode(":\n\n");
const OVER = text.encode("event: over\ndata: .\n\n");

type Place = { known: string | undefined; azure: Azure; stopping: AbortSignal };

/**
 * It makes the next event when the last one is taken, and then of the newest: whoever reads slowly misses what was between,
 * and nothing heaps up.
 */
function openStream(watched: Watched, { known, azure, stopping }: Place): ReadableStream<Uint8Array> {
  const { times } = azure;
  let shows = known;
  let isFirst = true;
  let news = Promise.withResolvers<void>();
  const wake = () => news.resolve();
  watched.viewers.add(wake);
  const leave = () => watched.viewers.delete(wake);
  const next = async (): Promise<Uint8Array | undefined> => {
    for (;;) {
      news = Promise.withResolvers();
      const { shown, isOver } = watched;
      if (stopping.aborted) return undefined;
      if (shown && shown.version !== shows) {
        shows = shown.version;
        return shown.bytes;
      }
      if (isOver) return OVER;
      if (await isQuietFor(news.promise, times.web.beatMilliseconds)) return BEAT;
    }
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const bytes = isFirst ? text.encode(`retry: ${times.web.returnMilliseconds}\n\n`) : await next();
        isFirst = false;
        if (bytes) controller.enqueue(bytes);
        if (bytes && bytes !== OVER) return;
        leave();
        controller.close();
      },
      cancel() {
        leave();
        wake();
      },
    },
    { highWaterMark: 0 },
  );
}

async function isQuietFor(news: Promise<void>, milliseconds: number): Promise<boolean> {
  const quiet = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => quiet.resolve(true), milliseconds);
  void news.then(() => quiet.resolve(false));
  return quiet.promise.finally(() => clearTimeout(timer));
}

type Following = { id: string; sessions: Map<string, Watched>; azure: Azure; stopping: AbortSignal };

/** Looks as long as somebody else does: now and then, and soon where this process has changed something. */
async function follow(watched: Watched, { id, sessions, azure, stopping }: Following): Promise<void> {
  const { lookMilliseconds, joinedMilliseconds } = azure.times.web;
  let rung = Promise.withResolvers<void>();
  const wakeAll = () => watched.viewers.forEach((wake) => wake());
  const hear = (event: Event) => {
    if (event instanceof CustomEvent && event.detail === id) rung.resolve();
  };
  const stop = () => {
    rung.resolve();
    wakeAll();
  };
  azure.bell.addEventListener("session", hear);
  stopping.addEventListener("abort", stop);
  while (watched.viewers.size && !watched.isOver && !stopping.aborted) {
    rung = Promise.withResolvers();
    if (await look(id, watched, azure)) wakeAll();
    // What is rung many times within a moment is one change to look at.
    await pause(joinedMilliseconds);
    await isQuietFor(rung.promise, lookMilliseconds - joinedMilliseconds);
  }
  sessions.delete(id);
  azure.bell.removeEventListener("session", hear);
  stopping.removeEventListener("abort", stop);
}

/** Whether there is anything to tell. */
async function look(id: string, watched: Watched, azure: Azure): Promise<boolean> {
  try {
    const seen = await seeBoard(id, azure, watched.seen);
    const isNew = seen !== undefined && seen.version !== watched.shown?.version;
    if (isNew) watched.shown = { version: seen.version, bytes: eventOf(seen) };
    watched.isOver = !seen || isAtItsEnd(seen.told.session);
    watched.seen = seen;
    watched.isInTrouble = false;
    return isNew || watched.isOver;
  } catch (error) {
    if (!watched.isInTrouble) log.warn({ because: becauseOf(error) }, "a brainstorm that is watched could not be read");
    watched.isInTrouble = true;
    return false;
  }
}

function eventOf({ version, fragment }: SeenBoard): Uint8Array {
  const lines = fragment.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return text.encode(`event: board\nid: ${version}\n${lines.join("")}\n`);
}

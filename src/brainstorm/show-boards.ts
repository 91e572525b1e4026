import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Delivery } from "../replies/delivery.ts";
import type { Address } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { becauseOf, log } from "../log.ts";
import type { Boards } from "./board.ts";
import { composeBoard } from "./compose-board.ts";
import { changeSession, roundOf } from "./session.ts";
import type { BoardPlace, Session } from "./session.ts";
import { countVotes } from "./votes.ts";

export type Gallery = { settings: Settings; azure: Azure; boards: Boards };

/** How one board stands: what was shown last, when, and since when it could not be shown. */
const Standing = z.object({
  hash: z.string().optional(),
  /** In milliseconds since 1970, as the others. */
  at: z.number(),
  againAt: z.number(),
  troubleSince: z.number().optional(),
});
export type Standing = z.infer<typeof Standing>;

/** What whoever looks after a session leaves for the next: by the places of its boards in the record. */
export const Standings = z.array(Standing).catch([]);

/** The boards of a session while one process looks after it. */
export type Shows = {
  standings: Standing[];
  /** Boards that are being shown, by their places in the record: a platform that is slow keeps nobody else waiting. */
  underWay: Map<number, Promise<void>>;
  /** What was learned by it and is not in the record yet. */
  news: Map<number, News>;
  /** Called when one that was not waited for is shown. */
  ring: () => void;
};
type News = { address: Address } | { gone: string };

export function openShows(standings: Standing[], ring: () => void): Shows {
  return { standings: [...standings], underWay: new Map(), news: new Map(), ring };
}

/**
 * Shows every board that does not stand as it should: each no more often than its platform bears, the same board once, and one
 * that has trouble after growing pauses. Says when the next one can be shown.
 */
export async function showBoards(
  session: Session,
  shows: Shows,
  ended: AbortSignal,
  gallery: Gallery,
): Promise<{ session: Session; nextAt?: number }> {
  const { azure, settings } = gallery;
  const round = roundOf(session);
  const limit = AbortSignal.timeout(azure.times.brainstorm.recordLimitMilliseconds);
  const votes = round.stage === "voting" ? await countVotes(session.id, round, azure, limit) : round.result;
  const tried: number[] = [];
  const waits = session.boards.flatMap((place, index): number[] => {
    if (!isShowable(place) || shows.underWay.has(index)) return [];
    const board = composeBoard(session, place, votes, settings);
    const hash = createHash("sha256").update(JSON.stringify(board)).digest("base64url");
    const standing = shows.standings[index] ?? { at: 0, againAt: 0 };
    if (standing.hash === hash) return [];
    const notBefore = Math.max(standing.at + settings.times.brainstorm.editPauseMilliseconds, standing.againAt);
    if (ended.aborted || Date.now() < notBefore) return [notBefore];
    const showing = deliver(place.platform, gallery, (platform) => platform.show(place.address, board))
      .then((delivery) => settle(delivery, { place, index, hash }, shows, settings))
      .finally(() => {
        shows.underWay.delete(index);
        shows.ring();
      });
    shows.underWay.set(index, showing);
    tried.push(index);
    return [];
  });
  await someTime(shows, ended, settings);
  // The other boards say which is gone.
  const gone = [...shows.news.values()].flatMap((one) => ("gone" in one ? Date.now() : []));
  const newest = await noteNews(session, shows, gallery);
  const troubled = tried.flatMap((index) => shows.standings[index]?.againAt || []);
  return { session: newest, nextAt: earliest([...waits, ...troubled, ...gone]) };
}

async function someTime({ underWay }: Shows, ended: AbortSignal, { times }: Settings): Promise<void> {
  const enough = new AbortController();
  const signal = AbortSignal.any([enough.signal, ended]);
  const late = pause(times.brainstorm.showPatienceMilliseconds, undefined, { signal });
  await Promise.race([Promise.all(underWay.values()), late.catch(() => undefined)]);
  enough.abort();
}

export function earliest(times: (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length ? Math.min(...known) : undefined;
}

/** Nothing can be changed any more where only whoever asked has installed Easel, nor where Easel is gone from. */
export function isShowable({ gone, lastsUntil }: BoardPlace): boolean {
  return gone === undefined && (lastsUntil === undefined || lastsUntil > new Date().toISOString());
}

/** A platform that breaks or hangs has trouble; what hangs may still come to stand, and the same board is one message. */
export async function deliver(
  name: string,
  { boards, settings }: Gallery,
  send: (platform: Boards[string]) => Promise<Delivery>,
): Promise<Delivery> {
  const { brokenAgainSeconds, hangingAgainSeconds, notSetUpAgainSeconds } = settings.times.work;
  const { boardLimitMilliseconds } = settings.times.brainstorm;
  const platform = boards[name];
  const trouble = (because: string, againInSeconds: number): Delivery => ({
    delivered: false,
    because,
    againInSeconds,
  });
  if (!platform) return trouble(`${name} is not set up in this process`, notSetUpAgainSeconds);
  const ended = new AbortController();
  const late = pause(boardLimitMilliseconds, undefined, { signal: ended.signal }).then(() =>
    trouble(`${name} came to no end within ${boardLimitMilliseconds / 1000} s`, hangingAgainSeconds),
  );
  late.catch(() => undefined);
  try {
    return await Promise.race([send(platform), late]);
  } catch (error) {
    log.error({ error, platform: name }, "showing a board broke");
    return trouble(`sending broke: ${becauseOf(error)}`, brokenAgainSeconds);
  } finally {
    ended.abort();
  }
}

type ShownBoard = { place: BoardPlace; index: number; hash: string };

function settle(delivery: Delivery, { place, index, hash }: ShownBoard, shows: Shows, settings: Settings): void {
  const before = shows.standings[index] ?? { at: 0, againAt: 0 };
  const { platform, channel } = place;
  const at = Date.now();
  if (delivery.delivered) {
    if (delivery.address) shows.news.set(index, { address: delivery.address });
    shows.standings[index] = { hash, at, againAt: 0 };
    return;
  }
  log.warn({ platform, channel, ...delivery }, "a board could not be shown");
  if (delivery.againInSeconds === undefined) {
    shows.news.set(index, { gone: delivery.because });
    shows.standings[index] = { at, againAt: 0 };
    return;
  }
  const troubleSince = before.troubleSince ?? at;
  const { longestPauseSeconds, longestAskedPauseSeconds } = settings.times.work;
  const grown = Math.min(longestPauseSeconds, (at - troubleSince) / 4000);
  const seconds = Math.min(longestAskedPauseSeconds, Math.max(delivery.againInSeconds, grown));
  shows.standings[index] = { ...before, at, troubleSince, againAt: at + seconds * 1000 };
}

/** Where a board stands by now, and which can be shown no more: the others say so. */
async function noteNews(session: Session, { news }: Shows, { azure }: Gallery): Promise<Session> {
  if (!news.size) return session;
  const noted = [...news];
  const write = (newest: Session) => {
    for (const [index, one] of noted) Object.assign(newest.boards[index] ?? {}, one);
  };
  const limit = AbortSignal.timeout(azure.times.brainstorm.recordLimitMilliseconds);
  const written = await changeSession(session.id, write, azure, limit);
  for (const [index, one] of noted) if (news.get(index) === one) news.delete(index);
  return written ?? session;
}

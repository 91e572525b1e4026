import { acceptRequest } from "../ask/accept.ts";
import { startInLine } from "../jobs/line.ts";
import { NO_STYLE, styleNamed } from "../request/named-style.ts";
import { paidBy } from "../purse/paid-ideas.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { readStyle } from "../styles/style-book.ts";
import { giveRoundBack } from "./admit-round.ts";
import { directionsFor } from "./directions.ts";
import type { Direction } from "./directions.ts";
import { requestOfIdea } from "./idea-request.ts";
import type { IdeaAt, SessionStyle } from "./idea-request.ts";
import { closeRound, nextStep } from "./rounds.ts";
import { outcomeNow, tellSession } from "./session-sender.ts";
import { changeSession, roundOf } from "./session.ts";
import type { Idea, Round, Session } from "./session.ts";
import { mergedPrompts } from "./yes-and.ts";

type Room = { settings: Settings; azure: Azure };

const recordLimit = ({ times }: Azure) => AbortSignal.timeout(times.brainstorm.recordLimitMilliseconds);

/**
 * Free places are filled with directions, which are in the record before any of them is drawn. Where the session was ended
 * meanwhile, nothing is drawn.
 */
export async function endGathering(present: Session, { settings, azure }: Room): Promise<Session | undefined> {
  const { number } = roundOf(present);
  const [directions, merged] = await Promise.all([
    directionsOf(present, { settings, azure }),
    present.endedAt ? [] : mergedPrompts(present, settings, azure),
  ]);
  const now = new Date();
  if (present.endedAt) giveRoundBack(roundOf(present).hold, azure);
  const fill = (session: Session) => {
    const round = roundOf(session);
    if (round.number !== number || nextStep(session, now, settings) !== "end gathering") return false;
    if (session.endedAt) {
      for (const idea of round.ideas) idea.state = "failed";
      return closeRound(round, { votes: {}, voters: 0, counted: {}, winners: [] }, now);
    }
    for (const idea of round.ideas)
      idea.prompt = merged.find(({ before }) => before === idea.prompt)?.prompt ?? idea.prompt;
    fillPlaces(round, directions);
    round.stage = "drawing";
    return undefined;
  };
  return changeSession(present.id, fill, azure, recordLimit(azure));
}

function directionsOf(session: Session, { settings, azure }: Room): Promise<Direction[]> {
  const { number, places, ideas } = roundOf(session);
  const asked = {
    topic: session.topic,
    count: session.endedAt ? 0 : Math.max(0, places - ideas.length),
    seed: `${session.id}/${number}`,
    taken: session.rounds.flatMap((round) => round.ideas.flatMap(({ lens }) => lens ?? [])),
    model: session.options.model,
    by: session.begunBy,
    signal: AbortSignal.timeout(settings.times.brainstorm.directionsLimitMilliseconds),
    onPaid: paidBy(session.begunBy, settings, azure),
  };
  return asked.count ? directionsFor(asked, settings, azure) : Promise.resolve([]);
}

function fillPlaces({ ideas, places }: Round, directions: Direction[]): void {
  for (const { words, prompt, lens } of directions.slice(0, Math.max(0, places - ideas.length)))
    ideas.push({ number: ideas.length + 1, by: [], words, prompt, lens, state: "open", from: [] });
}

/** Makes a job of each open idea. What storage did not take stays open, for the next look. */
export async function drawIdeas(present: Session, room: Room): Promise<Session | undefined> {
  const round = roundOf(present);
  const open = round.ideas.filter(({ state }) => state === "open");
  const style = await styleOf(present, room.azure);
  // All at once, in this order: so the turns are in the order of the board.
  const made = await Promise.all(open.map((idea) => makeJob({ session: present, round, idea }, style, room)));
  const note = (session: Session) => {
    const news = made.flatMap((one) => {
      const idea = session.rounds.at(round.number - 1)?.ideas.find(({ number }) => number === one?.number);
      const isSame = idea?.state === "open" && (idea.tries ?? 1) === one?.tries;
      return one && isSame ? [{ idea, one }] : [];
    });
    for (const { idea, one } of news) Object.assign(idea, { state: one.state, job: one.job });
    return news.length ? undefined : false;
  };
  const after = await changeSession(present.id, note, room.azure, recordLimit(room.azure));
  // By now each has its own money set aside.
  if (made.every(Boolean)) giveRoundBack(round.hold, room.azure);
  return after;
}

/** What was told of the price was told with it. One of before that is as in the book of whoever began it, and if it was dropped since, none. */
async function styleOf({ style, options, begunBy }: Session, azure: Azure): Promise<SessionStyle> {
  if (style !== undefined) return style;
  const named = styleNamed({ style: options.style });
  if (named === undefined) return undefined;
  if (named.toLowerCase() === NO_STYLE) return null;
  return (await readStyle(named, begunBy, azure, recordLimit(azure))) ?? null;
}

type Made = { number: number; tries: number; job: string; state: Idea["state"] };

/** Nothing where storage is away. The same idea twice is one job. */
async function makeJob(at: IdeaAt, style: SessionStyle, { settings, azure }: Room): Promise<Made | undefined> {
  const request = requestOfIdea(at, style, settings);
  const { number, tries = 1 } = at.idea;
  const accepted = await acceptRequest(request, settings, azure);
  if (accepted.outcome === "declined" && accepted.because !== "limits") return undefined;
  if (accepted.outcome === "accepted") await startInLine(request.id, azure);
  return { number, tries, job: request.id, state: accepted.outcome === "declined" ? "refused" : "waiting" };
}

/** What a job could not tell, as after it was given up, is read from its record. */
export async function lookAfterJobs(session: Session, { azure, settings }: Room): Promise<void> {
  const round = roundOf(session);
  const waiting = round.ideas.filter(({ state }) => state === "waiting");
  await Promise.all(
    waiting.map(async ({ number, job = "" }) => {
      const outcome = await outcomeNow(job, settings, azure, recordLimit(azure));
      const place = { session: session.id, round: round.number, idea: number, job };
      if (outcome) await tellSession(place, outcome, azure, recordLimit(azure));
    }),
  );
}

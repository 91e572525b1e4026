import type { Azure } from "../storage/azure.ts";
import type { Said } from "../words/said.ts";
import { brainstormAnswers } from "../words/sentences.ts";
import { shorten } from "../words/shorten.ts";
import { inTheWay, lookAtBoard, refused, showAgain } from "./change-board.ts";
import type { BoardOutcome, BoardPress } from "./change-board.ts";
import { votesEach } from "./rounds.ts";
import { roundOf } from "./session.ts";
import type { Session } from "./session.ts";
import { freshSession, recentSession } from "./session-reads.ts";
import { castVote, votesOf } from "./votes.ts";
import type { Cast, Vote } from "./votes.ts";

const ANYBODY = { leads: false };

/** Votes: all of somebody's at once (`vote`), or one given or taken back (`toggle`). */
export async function pressVote(press: BoardPress, azure: Azure): Promise<BoardOutcome> {
  const { session: id, signal } = press;
  const recent = await recentSession(id, azure, signal);
  // What was in the way a second ago need not be any more.
  const session = recent && !faultOf(recent, press) ? recent : await freshSession(id, azure, signal);
  if (session) showAgain(session, press, azure);
  const fault = session ? faultOf(session, press) : brainstormAnswers.gone;
  if (!session || fault) return refused(fault ?? brainstormAnswers.gone);
  const most = votesEach(session, roundOf(session));
  const vote: Vote = {
    session: id,
    round: press.round,
    by: press.by,
    says: saidBy(press),
    most,
    at: timeOf(press, azure),
    event: press.event,
  };
  const cast = await castVote(vote, azure, signal);
  return answerTo(cast, most);
}

/** What the presser has voted so far, for them alone. */
export async function tellVotes(press: BoardPress, azure: Azure): Promise<BoardOutcome> {
  const looked = await lookAtBoard(press, ANYBODY, azure);
  if ("outcome" in looked) return looked.outcome;
  const { session } = looked;
  const round = roundOf(session);
  if (round.stage !== "voting") return refused(brainstormAnswers.notVoting);
  const given = await votesOf({ session: session.id, round: round.number, by: press.by }, azure, press.signal);
  const there = given.filter((one) => round.ideas.some(({ number, state }) => number === one && state === "drawn"));
  return { word: standingSaid(there, votesEach(session, round), round.votesUntil) };
}

function standingSaid(ideas: number[], most: number, votesUntil?: string): Said {
  const minutes = votesUntil ? Math.max(0, (Date.parse(votesUntil) - Date.now()) / 60_000) : 0;
  if (!ideas.length) return brainstormAnswers.withdrawn({ minutes });
  return brainstormAnswers.voted({ numbers: ideas.map(String), left: most - ideas.length, minutes });
}

function saidBy({ values = {} }: BoardPress): Vote["says"] {
  const [toggles] = values.toggle ?? [];
  return toggles === undefined ? { ideas: numbersIn(values.vote) } : { toggles: Number(toggles) };
}

function numbersIn(values: string[] = []): number[] {
  return [...new Set(values.map(Number))].toSorted((one, other) => one - other);
}

function faultOf(session: Session, press: BoardPress): Said | undefined {
  const { values = {} } = press;
  const word = inTheWay(session, press, ANYBODY);
  if (word) return word;
  const round = roundOf(session);
  const { stage, ideas } = round;
  // A count that is under way is waited for: the vote may have come in time on another way.
  if (stage !== "voting" && stage !== "counting") return brainstormAnswers.notVoting;
  if (!values.vote && !values.toggle?.length) return brainstormAnswers.pick;
  const picked = [...new Set([...(values.vote ?? []), ...(values.toggle ?? []).slice(0, 1)])];
  const most = votesEach(session, round);
  if (picked.length > most) return brainstormAnswers.tooManyVotes({ count: picked.length, most });
  const missing = picked.filter(
    (value) => !ideas.some(({ number, state }) => String(number) === value && state === "drawn"),
  );
  return missing.length
    ? brainstormAnswers.noSuchNumber({ numbers: missing.slice(0, most).map((value) => shorten(value, MOST_SHOWN)) })
    : undefined;
}

/** What is no number of ours may be any text. */
const MOST_SHOWN = 20;

/** No event is later than now: clocks differ, and one that runs ahead would keep all later words of somebody out. */
function timeOf({ at }: BoardPress, { times }: Azure): string {
  const latest = Date.now() + times.brainstorm.clockMilliseconds;
  const time = Date.parse(at);
  return new Date(Number.isNaN(time) ? Date.now() : Math.min(time, latest)).toISOString();
}

function answerTo(cast: Cast, most: number): BoardOutcome {
  switch (cast.is) {
    case "counted":
      return { word: standingSaid(cast.ideas, most, cast.votesUntil) };
    case "in time":
      return {
        word: cast.ideas.length
          ? brainstormAnswers.votedInTime({ numbers: cast.ideas.map(String) })
          : brainstormAnswers.withdrawnInTime,
      };
    case "outdated":
      return { word: brainstormAnswers.laterVoteCounts({ numbers: cast.ideas.map(String) }) };
    case "all given":
      return refused(brainstormAnswers.allGiven({ numbers: cast.ideas.map(String) }));
    case "late":
      return refused(cast.earlierCounts ? brainstormAnswers.tooLateButEarlier : brainstormAnswers.tooLate);
    case "being counted":
      return refused(brainstormAnswers.stillCounting);
    case "gone":
      return refused(brainstormAnswers.gone);
  }
}

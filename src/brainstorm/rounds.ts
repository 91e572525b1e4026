import { editorsOf } from "../request/check.ts";
import type { Asker } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import { MOST_ROUNDS, roundOf, USUAL_MINUTES } from "./session.ts";
import type { Idea, Round, Session } from "./session.ts";
import { combinedIdea, finishedIdeas, tiedIdeas, variedIdeas } from "./ideas-from-pictures.ts";

/** A round that somebody wants to begin when another is over. */
export type NewRound = {
  kind: Exclude<Round["kind"], "first">;
  /** The number of the round that is to be over: a press of an older board means an older round. */
  after: number;
  /** Numbers of its ideas to go on from, for `combine` the look first and then the composition; for the others the winners, unless said. */
  picks: number[];
  by: Asker;
  now: Date;
  /** What was told of its price, in US dollars. */
  toldDollars?: number;
  hold?: string;
};

export type RoundFault =
  /** Another round has been begun since. */
  | "outdated"
  | "not closed"
  | "ended"
  | "too many rounds"
  | "no winner"
  | "needs two"
  | "no tie"
  /** A picture to go on from is not there (any more). */
  | "not drawn"
  | "no editing";

type Picked = Pick<NewRound, "kind" | "after" | "picks">;

/** Why a round cannot begin; nothing where it can. */
export function roundFault(session: Session, picked: Picked, settings: Settings): RoundFault | undefined {
  const last = roundOf(session);
  const { kind, after, picks } = picked;
  if (last.number !== after) return "outdated";
  if (session.endedAt) return "ended";
  if (last.stage !== "closed") return "not closed";
  if (session.rounds.length >= MOST_ROUNDS) return "too many rounds";
  if (kind === "new") return undefined;
  const chosen = chosenOf(last, picks);
  if (kind === "run-off") return (last.result?.winners.length ?? 0) > 1 && chosen.length > 1 ? undefined : "no tie";
  if (kind === "combine" && new Set(picks).size !== 2) return "needs two";
  if (!picks.length && !chosen.length) return "no winner";
  if (picks.some((number) => !chosen.some((idea) => idea.number === number))) return "not drawn";
  return kind === "combine" && !editorsOf(settings).length ? "no editing" : undefined;
}

/** The drawn ideas that are picked, in that order; without picks those that won. */
function chosenOf({ ideas, result }: Round, picks: number[]): Idea[] {
  const numbers = picks.length ? picks : (result?.winners ?? []);
  return numbers.flatMap((number) => ideas.find((idea) => idea.number === number && idea.picture) ?? []);
}

/** How many pictures a round may have at most. */
export function placesFor(session: Session, kind: Round["kind"], picks: number[] = []): number {
  switch (kind) {
    case "first":
    case "new":
    case "next":
      return session.options.ideas;
    case "combine":
      return 1;
    case "finish":
      return chosenOf(roundOf(session), picks).length;
    case "run-off":
      return 0;
  }
}

type Begun = Pick<NewRound, "by" | "now" | "toldDollars" | "hold">;

export function firstRound(
  options: Session["options"],
  { by, now, toldDollars, hold }: Begun,
  settings: Settings,
): Round {
  return {
    number: 1,
    kind: "first",
    begunBy: by,
    begunAt: now.toISOString(),
    stage: "gathering",
    places: options.ideas,
    toldDollars,
    hold,
    gatherUntil: gatherEnd(options, now, settings),
    ideas: [],
  };
}

/** Whoever gives people a day to vote gives them more than two minutes to bring ideas. */
function gatherEnd({ minutes }: Session["options"], now: Date, { times }: Settings): string {
  const share = Math.max(1, minutes / USUAL_MINUTES);
  return new Date(now.getTime() + share * times.brainstorm.gatherMilliseconds).toISOString();
}

export function beginRound(session: Session, begin: NewRound, settings: Settings): false | void {
  if (roundFault(session, begin, settings)) return false;
  const { kind, picks, by, now, toldDollars, hold } = begin;
  const last = roundOf(session);
  const chosen = chosenOf(last, picks);
  const places = placesFor(session, kind, picks);
  const round: Round = {
    number: last.number + 1,
    kind,
    begunBy: by,
    begunAt: now.toISOString(),
    stage: "drawing",
    places,
    toldDollars,
    hold,
    ideas: [],
  };
  if (kind === "new")
    Object.assign(round, { stage: "gathering", gatherUntil: gatherEnd(session.options, now, settings) });
  if (kind === "next") round.ideas = variedIdeas(session, chosen, places, settings);
  if (kind === "finish") round.ideas = finishedIdeas(chosen);
  if (kind === "run-off")
    Object.assign(round, { ideas: tiedIdeas(chosen), stage: "voting", votesUntil: votesEnd(session, now, settings) });
  const [look, composition] = chosen;
  if (kind === "combine" && look && composition) round.ideas = [combinedIdea(look, composition, settings)];
  session.rounds.push(round);
}

/** Where no board can be changed for long, the votes end while the last of them still can. */
function votesEnd({ options, boards }: Session, now: Date, { times }: Pick<Settings, "times">): string {
  const lasting = boards.filter(({ gone }) => gone === undefined).map(({ lastsUntil }) => lastsUntil);
  const lasts = Math.max(...lasting.map((until) => (until === undefined ? Infinity : Date.parse(until))));
  const end = now.getTime() + options.minutes * 60_000;
  return new Date(Math.min(end, lasts - times.brainstorm.lastWordMilliseconds)).toISOString();
}

/** How many votes each person has: no more than there are pictures, and one where a tie is run off, which all of them would only repeat. */
export function votesEach({ options }: Session, { kind, ideas }: Round): number {
  const drawn = ideas.filter(({ state }) => state === "drawn").length;
  return Math.min(kind === "run-off" ? 1 : options.votes, drawn);
}

/** Whether ideas are still taken. */
export function isGathering(round: Round, now = new Date()): boolean {
  return round.stage === "gathering" && !isGatheringOver(round, now);
}

function isGatheringOver({ gatherUntil, ideas, places }: Round, now: Date): boolean {
  return ideas.length >= places || (gatherUntil ?? "") <= now.toISOString();
}

/** No idea is taken any more; what places are free is filled, and all is drawn. */
export function drawNow(session: Session, number: number, now: Date): false | void {
  const round = roundOf(session);
  if (round.number !== number || round.stage !== "gathering") return false;
  round.gatherUntil = now.toISOString();
}

export function closeVotes(session: Session, close: { round: number; by: Asker; now: Date }): false | void {
  const round = roundOf(session);
  if (round.number !== close.round || round.stage !== "voting") return false;
  round.stage = "counting";
  round.closedBy = close.by;
}

/** Whatever its last round is at comes to its end first. */
export function endSession(session: Session, { by, now }: { by?: Asker; now: Date }): false | void {
  if (session.endedAt) return false;
  session.endedAt = now.toISOString();
  session.endedBy = by;
}

/** It is ended, and what its last round was at has come to its end as well: nothing will change any more. */
export function isAtItsEnd(session: Session): boolean {
  return session.endedAt !== undefined && roundOf(session).stage === "closed";
}

/** What the clock has to do next in a session; nothing while people, or pictures, have to come first. */
export type Step = "end gathering" | "draw" | "end drawing" | "end voting" | "count" | "end";

export function nextStep(session: Session, now: Date, { times }: Settings): Step | undefined {
  const round = roundOf(session);
  const isEnded = session.endedAt !== undefined;
  switch (round.stage) {
    case "gathering":
      return isEnded || isGatheringOver(round, now) ? "end gathering" : undefined;
    case "drawing":
      if (!round.ideas.some(({ state }) => state === "open" || state === "waiting")) return "end drawing";
      return round.ideas.some(({ state }) => state === "open") ? "draw" : undefined;
    case "voting":
      return isEnded || (round.votesUntil ?? "") <= now.toISOString() ? "end voting" : undefined;
    case "counting":
      return "count";
    case "closed":
      return !isEnded && Date.parse(endsAt(round, { times })) <= now.getTime() ? "end" : undefined;
  }
}

/** When a session ends by itself. */
function endsAt({ closedAt, begunAt }: Round, { times }: Pick<Settings, "times">): string {
  return new Date(Date.parse(closedAt ?? begunAt) + times.brainstorm.endsMilliseconds).toISOString();
}

/** When a session is to be looked at again, if nobody rings it. */
export function dueAt(session: Session, now: Date, { times }: Pick<Settings, "times">): Date {
  const { lookMilliseconds, closedLookMilliseconds } = times.brainstorm;
  const round = roundOf(session);
  const isClosed = round.stage === "closed";
  const look = now.getTime() + (isClosed ? closedLookMilliseconds : lookMilliseconds);
  const until = {
    gathering: round.gatherUntil,
    drawing: undefined,
    voting: round.votesUntil,
    counting: now.toISOString(),
    closed: endsAt(round, { times }),
  }[round.stage];
  return new Date(Math.min(look, until ? Date.parse(until) : Infinity));
}

/** Every idea has its picture or its word: the votes begin, unless there is nothing to choose from. */
export function endDrawing(
  session: Session,
  number: number,
  now: Date,
  settings: Pick<Settings, "times">,
): false | void {
  const round = roundOf(session);
  if (round.number !== number || round.stage !== "drawing") return false;
  if (round.ideas.some(({ state }) => state === "open" || state === "waiting")) return false;
  const drawn = round.ideas.filter(({ state }) => state === "drawn").map((idea) => idea.number);
  round.spentDollars = round.ideas.reduce((sum, { dollars = 0 }) => sum + dollars, 0);
  const isChoice = drawn.length > 1 && round.kind !== "finish" && !session.endedAt;
  if (isChoice) Object.assign(round, { stage: "voting", votesUntil: votesEnd(session, now, settings) });
  else closeRound(round, { votes: {}, voters: 0, counted: {}, winners: isWonBy(round, drawn) }, now);
}

/** Several that nobody could choose from, because the session was ended, have no winner. */
function isWonBy({ kind }: Round, drawn: number[]): number[] {
  return drawn.length === 1 || kind === "finish" ? drawn : [];
}

export function closeRound(round: Round, result: Round["result"], now: Date): void {
  round.stage = "closed";
  round.closedAt = now.toISOString();
  round.result = result;
}

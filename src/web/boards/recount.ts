import { roundOf } from "../../brainstorm/session.ts";
import type { Idea, Result, Round, Session } from "../../brainstorm/session.ts";
import { personOf, textOfRef } from "../../request/request.ts";
import type { Asker, PictureRef } from "../../request/request.ts";
import { lensName } from "../../words/lenses.ts";
import { speak } from "../../words/said.ts";
import type { Sentences } from "../../words/said.ts";
import { prices } from "../../words/sentences.ts";

/** What was counted so far of the round under way, where all may know of it: never whose votes they are. */
export type Ballots = Pick<Result, "votes" | "voters">;

/** A session as it is read aloud: by its page, and by its slides. */
export type Recount = { session: Session; ballots?: Ballots; sentences: Sentences };

export function nameOf({ name }: Asker, { labels }: Sentences): string {
  return name || labels.somebody;
}

/** Whoever began it or brought an idea, each once. Who voted is nobody's business. */
export function peopleOf({ session, sentences }: Recount): string[] {
  const { boards, begunBy, rounds } = session;
  const isOnSeveral = new Set(boards.map(({ platform }) => platform)).size > 1;
  const all = [begunBy, ...rounds.flatMap(({ ideas }) => ideas.flatMap(({ by }) => by))];
  const people = new Map(all.map((person) => [personOf(person), person]));
  return [...people.values()].map((person) => {
    const name = nameOf(person, sentences);
    const platform = platformName(person.platform, sentences);
    return isOnSeveral ? sentences.boardPage.onPlatform({ name, platform }) : name;
  });
}

export function platformName(platform: string, { boardPage }: Sentences): string {
  return platform === "discord" ? boardPage.discord : platform === "teams" ? boardPage.teams : platform;
}

export function authorsOf({ by, lens }: Idea, sentences: Sentences): string {
  const { boardPage } = sentences;
  const [name, ...others] = by.map((person) => nameOf(person, sentences));
  if (name === undefined)
    return lens ? boardPage.suggestedAs({ lens: speak(lensName(lens), sentences) }) : boardPage.suggested;
  return others.length ? boardPage.byWith({ name, others }) : boardPage.by({ name });
}

export function roundTitle({ number, kind }: Round, { boardPage }: Sentences): string {
  const kinds: Record<Round["kind"], string> = {
    first: boardPage.firstRound,
    next: boardPage.nextRound,
    combine: boardPage.combineRound,
    finish: boardPage.finishRound,
    new: boardPage.newRound,
    "run-off": boardPage.runOffRound,
  };
  return boardPage.roundTitle({ number, kind: kinds[kind] });
}

/** Who decided that there should be this round, and what it came to. */
export function roundStory({ kind, begunBy, result }: Round, sentences: Sentences): string[] {
  const { boardPage } = sentences;
  const begun: Record<Round["kind"], (values: { name: string }) => string> = {
    first: boardPage.firstBegun,
    next: boardPage.nextBegun,
    combine: boardPage.combineBegun,
    finish: boardPage.finishBegun,
    new: boardPage.newBegun,
    "run-off": boardPage.runOffBegun,
  };
  const said = [begun[kind]({ name: nameOf(begunBy, sentences) })];
  if (result?.voters) said.push(boardPage.voted(result));
  return said;
}

/** Nothing as long as it is a secret. */
export function votesOf({ number, state }: Idea, round: Round, { session, ballots }: Recount): number | undefined {
  if (state !== "drawn") return undefined;
  if (round.result) return round.result.voters ? (round.result.votes[number] ?? 0) : undefined;
  const isLive = session.options.results === "live" && round.stage === "voting" && round === roundOf(session);
  return isLive ? (ballots?.votes[number] ?? 0) : undefined;
}

/** Where else in this session a picture stands. */
export function placeOf(ref: PictureRef, { rounds }: Session): { round: number; number: number } | undefined {
  const text = textOfRef(ref);
  const round = rounds.find(
    ({ kind, ideas }) => kind !== "run-off" && ideas.some((idea) => idea.picture?.ref === text),
  );
  const idea = round?.ideas.find(({ picture }) => picture?.ref === text);
  return round && idea && { round: round.number, number: idea.number };
}

export function originsOf({ from }: Idea, { session, sentences }: Recount): { said: string; id: string }[] {
  return from
    .map((ref) => placeOf(ref, session))
    .filter((place) => place !== undefined)
    .map((place) => ({ said: sentences.boardPage.from(place), id: `idea-${place.round}-${place.number}` }));
}

/** What everything came to: of the last round that has a winner. Several where they are level. */
export function decisionOf({ rounds }: Session): { round: Round; ideas: Idea[] } | undefined {
  const round = rounds.findLast(({ result }) => result && result.winners.length > 0);
  const ideas = round?.ideas.filter(({ number }) => round.result?.winners.includes(number));
  return round && ideas && { round, ideas };
}

export function decisionSaid({ session, sentences }: Recount): string {
  const { boardPage } = sentences;
  const { round, ideas: [idea, ...others] = [] } = decisionOf(session) ?? {};
  if (!round || !idea) return boardPage.noDecision;
  if (others.length) return outcomeOf(round, sentences);
  return boardPage.decided({ number: idea.number, round: round.number, count: round.result?.votes[idea.number] ?? 0 });
}

/** What rounds came to, and what was told before them. */
export function costOf(rounds: Round[], sentences: Sentences): { spent?: string; told?: string } {
  const sum = (amounts: (number | undefined)[]) => {
    const known = amounts.filter((amount) => amount !== undefined);
    if (!known.length) return undefined;
    return speak(prices.about({ dollars: known.reduce((total, amount) => total + amount, 0) }), sentences);
  };
  return {
    spent: sum(rounds.map(({ spentDollars }) => spentDollars)),
    told: sum(rounds.map(({ toldDollars }) => toldDollars)),
  };
}

export function stageOf({ session, ballots, sentences }: Recount): string {
  const { boardPage } = sentences;
  if (session.endedAt) return boardPage.over;
  const round = roundOf(session);
  const { stage, ideas, places } = round;
  if (stage === "gathering") return boardPage.gathering({ count: ideas.length, all: places });
  if (stage === "drawing") {
    const count = ideas.filter(({ state }) => state !== "open" && state !== "waiting").length;
    return boardPage.drawing({ count, all: ideas.length });
  }
  if (stage === "voting") return boardPage.voting({ voters: ballots?.voters });
  if (stage === "counting") return boardPage.counting;
  return outcomeOf(round, sentences);
}

export function outcomeOf({ result, ideas }: Round, { boardPage }: Sentences): string {
  const [number, ...others] = result?.winners ?? [];
  if (number === undefined)
    return ideas.some(({ state }) => state === "drawn") ? boardPage.nobodyVoted : boardPage.noPicture;
  const count = result?.votes[number] ?? 0;
  return others.length ? boardPage.tied({ numbers: [number, ...others], count }) : boardPage.won({ number, count });
}

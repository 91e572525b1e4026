import { authorOf } from "../../brainstorm/compose-board.ts";
import { shownWords } from "../../brainstorm/idea-words.ts";
import { nameOfPerson } from "../../brainstorm/people.ts";
import { decidedRound, stageSaid } from "../../brainstorm/board-stage.ts";
import { roundOf } from "../../brainstorm/session.ts";
import type { Idea, Result, Round, Session } from "../../brainstorm/session.ts";
import { personOf, textOfRef } from "../../request/request.ts";
import type { Asker, PictureRef } from "../../request/request.ts";
import { speak } from "../../words/said.ts";
import type { Sentences, Text } from "../../words/said.ts";
import { brainstorm, prices } from "../../words/sentences.ts";

/** What was counted so far of the round under way: never whose votes they are. */
export type Ballots = Pick<Result, "votes" | "voters">;

/** A session as it is read aloud: by its page, and by its slides. */
export type Recount = { session: Session; ballots?: Ballots; sentences: Sentences };

export function nameOf(person: Asker, sentences: Sentences): string {
  return speak(nameOfPerson(person), sentences);
}

/** Whoever brought an idea, each once. Who voted is nobody's business. */
export function peopleOf({ session, sentences }: Recount): string[] {
  const { boards, rounds } = session;
  const isOnSeveral = new Set(boards.map(({ platform }) => platform)).size > 1;
  const all = rounds.flatMap(({ ideas }) => ideas.flatMap(({ by }) => by));
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

export function authorsOf(idea: Idea, sentences: Sentences): string {
  return speak(authorOf(idea), sentences);
}

/** Whole, with what others have added; without the topic where that stands above them. */
export function wordsOf(idea: Idea, sentences: Sentences, topic?: string): string {
  return speak(shownWords(idea, { most: Infinity, topic }), sentences);
}

export function altTextOf(idea: Idea, { ideas, places }: Round, sentences: Sentences): string {
  const count = Math.max(ideas.length, places);
  return speak(brainstorm.altText({ number: idea.number, count, words: wordsOf(idea, sentences) }), sentences);
}

/** Why there is no picture. */
export function stateOf({ state }: Idea, sentences: Sentences): string {
  if (state === "open") return sentences.boardPage.notYet;
  return state === "drawn" ? sentences.boardPage.isGone : speak(brainstorm[state], sentences);
}

export function roundTitle({ number, kind }: Round, { boardPage, roundKinds }: Sentences): string {
  return boardPage.roundTitle({ number, kind: roundKinds[kind] });
}

/** Who decided that there should be this round, and how many voted in it. */
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
  const said = begun[kind]({ name: nameOf(begunBy, sentences) });
  return result?.voters ? [said, boardPage.voted(result)] : [said];
}

/** Nothing as long as it is a secret. */
export function votesOf({ number, state }: Idea, round: Round, told: Recount): string | undefined {
  const { session, ballots, sentences } = told;
  const isLive = session.options.results === "live" && round.stage === "voting" && round === roundOf(session);
  const counted = round.result ?? (isLive ? ballots : undefined);
  if (state !== "drawn" || !counted?.voters) return undefined;
  return speak(brainstorm.votesOf({ count: counted.votes[number] ?? 0 }), sentences);
}

export function isWinner({ number }: Idea, { result }: Round): boolean {
  return result?.winners.includes(number) ?? false;
}

/** What marks a picture that people chose. */
export function markOf(idea: Idea, round: Round, { boardPage }: Sentences): string | undefined {
  if (!isWinner(idea, round) || !round.result?.voters) return undefined;
  return round.result.winners.length === 1 ? boardPage.winner : boardPage.isLevel;
}

/** Where in this session a picture came first. */
function placeOf(ref: PictureRef, { rounds }: Session): { round: number; number: number } | undefined {
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
export function decisionOf(session: Session): { round: Round; ideas: Idea[] } | undefined {
  const round = decidedRound(session);
  return round && { round, ideas: round.ideas.filter((idea) => isWinner(idea, round)) };
}

export function decisionSaid({ session, sentences }: Recount): string {
  const { boardPage } = sentences;
  const { round, ideas = [] } = decisionOf(session) ?? {};
  const numbers = ideas.map(({ number }) => number);
  const [number, ...others] = numbers;
  if (!round || number === undefined) return boardPage.noDecision;
  const place = { round: round.number, count: round.result?.votes[number] ?? 0 };
  return others.length ? boardPage.level({ numbers, ...place }) : boardPage.decided({ number, ...place });
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

/** The same words as on the board in the chat. */
export function stageOf({ session, ballots, sentences }: Recount): string {
  const round = roundOf(session);
  return speak(stageSaid(session, round, (round.result ?? ballots)?.voters ?? 0), sentences);
}

export function untilOf({ session }: Recount): { label: Text; at: string } | undefined {
  const { stage, gatherUntil, votesUntil } = roundOf(session);
  if (session.endedAt) return undefined;
  if (stage === "gathering" && gatherUntil) return { label: brainstorm.ideasUntil, at: gatherUntil };
  return stage === "voting" && votesUntil ? { label: brainstorm.votesUntil, at: votesUntil } : undefined;
}

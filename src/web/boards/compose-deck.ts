import type { Idea, Round } from "../../brainstorm/session.ts";
import { shorten } from "../../words/shorten.ts";
import * as recount from "./recount.ts";
import type { Recount } from "./recount.ts";

/** A session as slides, in plain values: nothing in it knows how a slide is written. */
export type Deck = {
  title: string;
  facts: Fact[];
  slides: Slide[];
  decision: { title: string; said: string; pictures: DeckPicture[]; facts: Fact[] };
};
export type Fact = { name: string; value: string };
export type Slide = {
  round: string;
  idea: string;
  words: string;
  /** All of them, where there are more than stand on a slide. */
  notes?: string;
  lines: string[];
  mark?: string;
  /** Why there is no picture. */
  instead: string;
  picture?: DeckPicture;
};
/** `name` and `preview` are blob names under `pictures/`. */
export type DeckPicture = { name: string; preview?: string; altText: string };

const MOST_TITLE = 250;
const MOST_WORDS = 420;

/** One slide for each idea that was drawn, in the order in which it went. */
export function composeDeck(told: Recount): Deck {
  const { session, sentences } = told;
  const { boardPage: texts } = sentences;
  const decided = recount.decisionOf(session);
  const cost = recount.costOf(session.rounds, sentences);
  return {
    title: shorten(session.topic, MOST_TITLE),
    facts: known([
      [texts.begunBy, recount.nameOf(session.begunBy, sentences)],
      [texts.begunAt, session.beganAt.slice(0, 10)],
      [texts.ideasFrom, texts.names({ all: recount.peopleOf(told) })],
    ]),
    slides: session.rounds.flatMap((round) =>
      round.ideas.filter(({ picture }) => picture).map((idea) => slideOf(idea, round, told)),
    ),
    decision: {
      title: texts.decision,
      said: session.endedAt || decided ? recount.decisionSaid(told) : recount.stageOf(told),
      pictures: decided?.ideas.map((idea) => pictureOf(idea, decided.round, told)).filter(isThere) ?? [],
      facts: known([
        [texts.cost, cost.spent],
        [texts.endedBy, session.endedBy && recount.nameOf(session.endedBy, sentences)],
        [texts.endedAt, session.endedAt?.slice(0, 10)],
      ]),
    },
  };
}

function slideOf(idea: Idea, round: Round, told: Recount): Slide {
  const { sentences } = told;
  const words = recount.wordsOf(idea, sentences);
  const origins = recount.originsOf(idea, told).map(({ said }) => said);
  const votes = recount.votesOf(idea, round, told);
  return {
    round: recount.roundTitle(round, sentences),
    idea: sentences.boardPage.idea(idea),
    words: shorten(words, MOST_WORDS),
    notes: words.length > MOST_WORDS ? words : undefined,
    lines: [recount.authorsOf(idea, sentences), ...origins, votes].filter(isThere),
    mark: recount.markOf(idea, round, sentences),
    instead: idea.state === "drawn" ? sentences.boardPage.isGone : recount.stateOf(idea, sentences),
    picture: pictureOf(idea, round, told),
  };
}

function pictureOf(idea: Idea, round: Round, { sentences }: Recount): DeckPicture | undefined {
  const { state, picture } = idea;
  if (state !== "drawn" || !picture) return undefined;
  const { name, preview } = picture;
  return { name, preview, altText: recount.altTextOf(idea, round, sentences) };
}

function known(pairs: [name: string, value: string | undefined][]): Fact[] {
  return pairs.flatMap(([name, value]) => (value ? { name, value } : []));
}

function isThere<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}

import { MODELS } from "../models.ts";
import { oneOf } from "../replies/form.ts";
import type { ChatForm, FormField } from "../replies/form.ts";
import type { Settings } from "../settings.ts";
import { priceSaid } from "../words/price-sentences.ts";
import type { Said, Text } from "../words/said.ts";
import { boardForms, brainstorm, together } from "../words/sentences.ts";
import { oneLine } from "../words/one-line.ts";
import { shorten } from "../words/shorten.ts";
import { draftOf } from "./idea-request.ts";
import { shownWords } from "./idea-words.ts";
import { priceOfRound } from "./price-of-round.ts";
import { placesFor } from "./rounds.ts";
import {
  FEWEST_IDEAS,
  MOST_CLAUSE,
  MOST_IDEAS,
  MOST_MINUTES,
  MOST_TOPIC,
  MOST_VOTES,
  MOST_WORDS,
  roundOf,
} from "./session.ts";
import type { Idea, Round, Session } from "./session.ts";
import { USUAL } from "./session-options.ts";
import type { AskedTopic } from "./session-options.ts";

type Choice = { value: string; name: Text };

/** For a brainstorm without a topic; its fields are named like the options. */
export function beginForm({ models }: Settings): ChatForm {
  const numbers = (least: number, most: number) =>
    Array.from({ length: most - least + 1 }, (_, index) => own(String(least + index)));
  const others = [
    { value: "yes", name: boardForms.othersYes },
    { value: "no", name: boardForms.othersNo },
  ];
  const results = [
    { value: "hidden", name: boardForms.resultsHidden },
    { value: "live", name: boardForms.resultsLive },
  ];
  const minutes = boardForms.minutes({ most: MOST_MINUTES });
  const named = models.map(({ name }) => ({ value: name, name: MODELS[name].label }));
  return {
    title: boardForms.beginTitle,
    send: boardForms.begin,
    fields: [
      {
        id: "topic",
        kind: "line",
        label: boardForms.topic,
        hint: boardForms.topicHint,
        most: MOST_TOPIC,
        isRequired: true,
      },
      oneOf("ideas", boardForms.ideas, numbers(FEWEST_IDEAS, MOST_IDEAS), String(USUAL.ideas)),
      { id: "minutes", kind: "line", label: minutes, value: String(USUAL.minutes), most: 5, isRequired: false },
      oneOf("votes", boardForms.votes, numbers(1, MOST_VOTES), String(USUAL.votes)),
      oneOf("others", boardForms.others, others, USUAL.others),
      oneOf("results", boardForms.results, results, USUAL.results),
      ...(models.length > 1 ? [oneOf("model", boardForms.model, named, models[0].name)] : []),
      { id: "style", kind: "line", label: boardForms.style, most: 60, isRequired: false },
    ],
  };
}

/** What was sent with it. A field that is left empty is not there. */
export function askedByForm(values: Record<string, string[]>): AskedTopic {
  const given = Object.entries(values).flatMap(([name, [value = ""]]) =>
    value.trim() ? [[name, value] as const] : [],
  );
  const { topic = "", ...options } = Object.fromEntries(given);
  return { topic, options };
}

export function addForm(): ChatForm {
  return {
    title: boardForms.addTitle,
    send: boardForms.add,
    fields: [wordsField(boardForms.words, { hint: boardForms.wordsHint })],
  };
}

/** Nothing where there is no idea yet. */
export function yesAndForm(session: Session): ChatForm | undefined {
  const choices = ideasToGoOnFrom(session).map(({ value, name }) => ({ value, name }));
  if (!choices.length) return undefined;
  const clause = wordsField(boardForms.clause, { hint: boardForms.clauseHint, most: MOST_CLAUSE });
  return {
    title: boardForms.yesAndTitle,
    send: boardForms.yesAnd,
    fields: [
      oneOf("idea", boardForms.whichIdea, choices, choices.length === 1 ? choices[0]?.value : undefined),
      clause,
    ],
  };
}

/** A platform's list holds no more. */
const MOST_CHOICES = 25;

/** What can be added to: ideas of this round, the newest pictures of the rounds before it. */
export function ideasToGoOnFrom(session: Session): { value: string; name: Said; round: number; idea: Idea }[] {
  const { number: last } = roundOf(session);
  // A run-off's pictures are those of the round before it.
  const rounds = session.rounds.filter(({ kind }) => kind !== "run-off").toReversed();
  const all = rounds.flatMap(({ number: round, ideas }) =>
    ideas
      .filter(({ state }) => (round === last ? state === "open" : state === "drawn"))
      .map((idea) => ({
        value: `${round}.${idea.number}`,
        name: nameOfIdea(idea, { topic: session.topic, round: round === last ? undefined : round }),
        round,
        idea,
      })),
  );
  return all.slice(0, MOST_CHOICES);
}

/** For everybody where `ideas` are of several people; for one person with their own words in it, and with others to pick from. */
export function rewordForm(ideas: Idea[], topic: string, why?: Said, suggestions: string[] = []): ChatForm {
  const [only] = ideas;
  const value = ideas.length === 1 ? only?.words : undefined;
  const others = suggestions.map((words, index) => ({
    value: String(index + 1),
    name: shorten(oneLine(words), MOST_NAME),
  }));
  return {
    title: boardForms.rewordTitle,
    explanation: why,
    send: boardForms.reword,
    fields: [
      oneOf(
        "idea",
        boardForms.whichIdea,
        ideas.map((idea) => choiceOf(idea, topic)),
        only && String(only.number),
      ),
      wordsField(boardForms.otherWords, { value }),
      ...(others.length ? [{ ...oneOf("suggestion", boardForms.suggestions, others), isRequired: false }] : []),
    ],
  };
}

export function nextForm(session: Session, settings: Settings): ChatForm {
  const { most, choices, winners } = drawnOf(session);
  return {
    title: boardForms.nextTitle,
    explanation: costSaid(session, "next", settings),
    send: boardForms.draw,
    fields: [
      {
        id: "ideas",
        kind: "choice",
        label: boardForms.nextFrom,
        choices,
        least: 1,
        most: Math.min(most, session.options.ideas),
        chosen: winners.slice(0, session.options.ideas).map(String),
        isRequired: true,
      },
    ],
  };
}

export function combineForm(session: Session, settings: Settings): ChatForm {
  const { choices, winners } = drawnOf(session);
  const [first, second] = [...winners.map(String), ...choices.map(({ value }) => value)].filter(
    (value, index, all) => all.indexOf(value) === index,
  );
  return {
    title: boardForms.combineTitle,
    explanation: costSaid(session, "combine", settings),
    send: boardForms.draw,
    fields: [
      oneOf("look", boardForms.lookOf, choices, first),
      oneOf("composition", boardForms.compositionOf, choices, second),
    ],
  };
}

export function finishForm(session: Session, settings: Settings): ChatForm {
  const { choices, winners } = drawnOf(session);
  const { isEdit } = draftOf(session, "finish", true, settings);
  return {
    title: boardForms.finishTitle,
    explanation: together([
      isEdit ? boardForms.finishes : boardForms.finishesFromWords,
      costSaid(session, "finish", settings),
    ]),
    send: boardForms.finish,
    fields: [oneOf("idea", boardForms.finishWhich, choices, winners[0] === undefined ? undefined : String(winners[0]))],
  };
}

/** A question, and no fields. */
export function endForm(): ChatForm {
  return { title: boardForms.endTitle, explanation: boardForms.endsForAll, send: boardForms.end, fields: [] };
}

/** One picture at a time is finished. */
export function pricedRound(session: Session, kind: Round["kind"]) {
  const { topic, options, style } = session;
  return { topic, options, style, kind, places: kind === "finish" ? 1 : placesFor(session, kind) };
}

function costSaid(session: Session, kind: Round["kind"], settings: Settings): Said {
  const round = pricedRound(session, kind);
  return boardForms.costs({ count: round.places, price: priceSaid(priceOfRound(round, settings)) });
}

function drawnOf(session: Session): { most: number; choices: Choice[]; winners: number[] } {
  const { ideas, result } = roundOf(session);
  const drawn = ideas.filter(({ state }) => state === "drawn");
  const winners = (result?.winners ?? []).filter((number) => drawn.some((idea) => idea.number === number));
  return { most: drawn.length, choices: drawn.map((idea) => choiceOf(idea, session.topic)), winners };
}

function choiceOf(idea: Idea, topic: string): Choice {
  return { value: String(idea.number), name: nameOfIdea(idea, { topic }) };
}

/** In a list a line is short. */
const MOST_NAME = 80;

export function nameOfIdea(idea: Idea, { topic, round }: { topic: string; round?: number }): Said {
  const words = shownWords(idea, { most: MOST_NAME, topic });
  return round === undefined
    ? brainstorm.choice({ number: idea.number, words })
    : brainstorm.choiceOfRound({ round, number: idea.number, words });
}

function own(value: string): Choice {
  return { value, name: value };
}

type Words = { value?: string; hint?: Said; most?: number };

function wordsField(label: Said, { most = MOST_WORDS, ...others }: Words): FormField {
  return { id: "words", kind: "words", label, most, isRequired: true, ...others };
}

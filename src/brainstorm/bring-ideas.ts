import { checkRequest } from "../request/check.ts";
import { optionsTyped, readOptionsIn } from "../request/read-words.ts";
import { personOf, readRef } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { sentenceOfFault } from "../words/fault-sentences.ts";
import type { Said } from "../words/said.ts";
import { brainstormAnswers, filterSaw, filterStopped, together } from "../words/sentences.ts";
import { shorten } from "../words/shorten.ts";
import { addForm, ideasToGoOnFrom, rewordForm, yesAndForm } from "./board-forms.ts";
import { changeBoard, lookAtBoard, refused } from "./change-board.ts";
import type { BoardOutcome, BoardPress } from "./change-board.ts";
import { draftOf } from "./idea-request.ts";
import { wholeWords, withTopic } from "./idea-words.ts";
import { nameOfPerson, namesOf, withPerson } from "./people.ts";
import { drawNow, isGathering } from "./rounds.ts";
import { MOST_CLAUSE, MOST_CLAUSES, MOST_IDEA_TRIES, MOST_WORDS, roundOf } from "./session.ts";
import type { Idea, Round, Session } from "./session.ts";
import { isBegunBy } from "./session-options.ts";
import { suggestionOf, suggestionsFor } from "./suggest-words.ts";

const ANYBODY = { leads: false };

/** An idea of somebody's own takes one of the places. */
export async function addIdea(press: BoardPress, settings: Settings, azure: Azure): Promise<BoardOutcome> {
  if (!press.values) return formWhileGathering(press, addForm, azure);
  const words = typedIn(press) ?? "";
  return changeBoard(
    press,
    ANYBODY,
    (session, round) => {
      const known = round.ideas.find(({ event }) => event === press.event);
      if (known) return { done: brainstormAnswers.added({ number: known.number }), isAsBefore: true };
      const fault =
        notTaken(session, round, press.by) ?? fullSaid(round) ?? wordsFault(words, MOST_WORDS, session, settings);
      if (fault) return { refused: fault };
      const number = putIdea(session, round, { by: [press.by], words, from: [], event: press.event });
      return { done: addedSaid(round, number) };
    },
    azure,
  );
}

/** “Yes, and…”: an idea of this round takes the words in; of a picture of an earlier round comes an idea anew. */
export async function yesAnd(press: BoardPress, settings: Settings, azure: Azure): Promise<BoardOutcome> {
  if (!press.values) return formWhileGathering(press, yesAndForm, azure);
  const clause = typedIn(press) ?? "";
  const [picked] = press.values.idea ?? [];
  return changeBoard(
    press,
    ANYBODY,
    (session, round) => {
      const known = round.ideas.find(({ event, clauses }) =>
        clausesEvents(clauses)
          .concat(event ?? [])
          .includes(press.event),
      );
      if (known) return { done: yesAndedSaid(known), isAsBefore: true };
      const fault = notTaken(session, round, press.by) ?? clauseFault(picked, clause, session, settings);
      if (fault) return { refused: fault };
      const chosen = ideasToGoOnFrom(session).find(({ value }) => value === picked);
      if (!chosen) return { refused: brainstormAnswers.noSuchIdea };
      const { idea } = chosen;
      const clauses = [...(idea.clauses ?? []), { by: press.by, words: clause, event: press.event }];
      if (clauses.length > MOST_CLAUSES) return { refused: brainstormAnswers.tooManyClauses({ most: MOST_CLAUSES }) };
      const by = withPerson(idea.by, press.by);
      if (chosen.round === round.number) {
        Object.assign(idea, { clauses, by, prompt: promptOf(session, { words: idea.words, clauses }) });
        return { done: yesAndedSaid(idea) };
      }
      const full = fullSaid(round);
      if (full) return { refused: full };
      const ref = readRef(idea.picture?.ref ?? "");
      const number = putIdea(session, round, {
        by,
        words: idea.words,
        clauses,
        from: ref ? [ref] : [],
        event: press.event,
      });
      return { done: addedSaid(round, number) };
    },
    azure,
  );
}

/**
 * Other words for an idea that was refused. It is drawn once more only where the filter stopped the words alone: then nothing has
 * been drawn of it, and the round costs no more than was told.
 */
export async function rewordIdea(press: BoardPress, settings: Settings, azure: Azure): Promise<BoardOutcome> {
  const typed = typedIn(press);
  const [picked] = press.values?.idea ?? [];
  const [suggested] = press.values?.suggestion ?? [];
  if (typed === undefined && suggested === undefined) return formOfOtherWords(press, settings, azure);
  const words = (suggested && (await suggestedWords(press, suggested, azure))) ?? typed;
  if (words === undefined) return refused(brainstormAnswers.pick);
  return changeBoard(
    press,
    ANYBODY,
    (session, round) => {
      const known = round.ideas.find(({ event }) => event === press.event);
      if (known) return { done: brainstormAnswers.reworded({ number: known.number }), isAsBefore: true };
      const idea = ideaToReword(round, press.by, picked);
      if (!idea || idea.state !== "refused") return { refused: brainstormAnswers.nothingToReword };
      if (!refusedIdeasOf(round, press.by).includes(idea))
        return { refused: brainstormAnswers.notYourIdea({ names: namesOf(idea.by) }) };
      if (!mayBeReworded(round, idea)) return { refused: brainstormAnswers.rewordLater };
      const fault = wordsFault(words, MOST_WORDS, session, settings);
      if (fault) return { refused: fault };
      const prompt = promptOf(session, { words });
      Object.assign(idea, { state: "open", words, clauses: [], prompt, event: press.event });
      Object.assign(idea, { job: undefined, refusal: undefined, tries: (idea.tries ?? 1) + 1 });
      return { done: brainstormAnswers.reworded({ number: idea.number }) };
    },
    azure,
  );
}

async function formOfOtherWords(press: BoardPress, settings: Settings, azure: Azure): Promise<BoardOutcome> {
  const looked = await lookAtBoard(press, ANYBODY, azure);
  if ("outcome" in looked) return looked.outcome;
  const own = refusedIdeasOf(roundOf(looked.session), press.by);
  if (!own.length) return refused(brainstormAnswers.nothingToReword);
  const whys = own.map(whySaid);
  const round = roundOf(looked.session);
  const open = own.filter((idea) => mayBeReworded(round, idea));
  const [only, ...others] = open;
  if (!only) return { word: together([...whys, brainstormAnswers.rewordLater]), isToKeep: true };
  const suggestions = others.length ? [] : await suggestionsFor(only, settings, azure);
  return { form: rewordForm(open, looked.session.topic, together(whys), suggestions) };
}

async function suggestedWords(press: BoardPress, suggested: string, azure: Azure): Promise<string | undefined> {
  const looked = await lookAtBoard(press, ANYBODY, azure);
  const idea = "session" in looked && ideaToReword(roundOf(looked.session), press.by, press.values?.idea?.[0]);
  return idea ? suggestionOf(idea, suggested, azure, press.signal) : undefined;
}

function ideaToReword(round: Round, by: Asker, picked?: string): Idea | undefined {
  if (picked === undefined) return refusedIdeasOf(round, by)[0];
  return round.ideas.find(({ number }) => String(number) === picked);
}

/** Ideas whose authors may give them other words now. */
export function mayBeReworded({ stage }: Round, { state, refusal, tries = 1, by }: Idea): boolean {
  const isFree = refusal === undefined || refusal.stage === "prompt";
  return stage === "drawing" && state === "refused" && by.length > 0 && isFree && tries < MOST_IDEA_TRIES;
}

/** One of Easel's own directions has nobody to be told. */
export function isRefusedToPeople({ state, by }: Idea): boolean {
  return state === "refused" && by.length > 0;
}

function refusedIdeasOf({ ideas }: Round, by: Asker): Idea[] {
  const isTheirs = (idea: Idea) => idea.by.some((one) => personOf(one) === personOf(by));
  return ideas.filter((idea) => idea.state === "refused" && isTheirs(idea));
}

function whySaid({ number, refusal }: Idea): Said {
  const why = refusal
    ? together([filterStopped[refusal.stage], filterSaw[refusal.because]])
    : brainstormAnswers.outsideTheLimits;
  return brainstormAnswers.whyRefused({ number, why });
}

async function formWhileGathering(
  press: BoardPress,
  formOf: (session: Session) => ReturnType<typeof addForm> | undefined,
  azure: Azure,
): Promise<BoardOutcome> {
  const looked = await lookAtBoard(press, ANYBODY, azure);
  if ("outcome" in looked) return looked.outcome;
  const { session } = looked;
  const fault = notTaken(session, roundOf(session), press.by);
  if (fault) return refused(fault);
  const form = formOf(session);
  return form ? { form } : refused(brainstormAnswers.noIdeaYet);
}

function notTaken(session: Session, round: Round, by: Asker): Said | undefined {
  if (round.stage === "gathering" && !session.options.others && !isBegunBy(session, by))
    return brainstormAnswers.onlyTheirIdeas({ name: nameOfPerson(session.begunBy) });
  return isGathering(round) ? undefined : (fullSaid(round) ?? brainstormAnswers.notGathering);
}

function fullSaid({ stage, ideas, places }: Round): Said | undefined {
  return stage === "gathering" && ideas.length >= places ? brainstormAnswers.full({ places }) : undefined;
}

type NewIdea = Pick<Idea, "by" | "words" | "clauses" | "from" | "event">;

/** The last one to come ends the gathering. */
function putIdea(session: Session, round: Round, idea: NewIdea): number {
  const number = round.ideas.length + 1;
  round.ideas.push({ ...idea, number, prompt: promptOf(session, idea), state: "open" });
  if (round.ideas.length >= round.places) drawNow(session, round.number, new Date());
  return number;
}

function addedSaid({ ideas, places }: Round, number: number): Said {
  return ideas.length >= places ? brainstormAnswers.addedLast({ number }) : brainstormAnswers.added({ number });
}

function yesAndedSaid({ number, by }: Idea): Said {
  return brainstormAnswers.yesAnded({ number, names: namesOf(by) });
}

function clausesEvents(clauses: Idea["clauses"] = []): (string | undefined)[] {
  return clauses.map(({ event }) => event);
}

/** What is drawn from: the topic, and what somebody made of it. */
function promptOf({ topic }: Session, { words, clauses }: Pick<Idea, "words" | "clauses">): string {
  return withTopic(topic, wholeWords({ words, clauses }));
}

function typedIn({ values }: BoardPress): string | undefined {
  return values?.words?.[0]?.trim();
}

/** The same checks as a command's, by the way in which drafts are drawn. */
function wordsFault(words: string, most: number, session: Session, settings: Settings): Said | undefined {
  const { size, quality, model } = draftOf(session, "first", false, settings);
  const { options, unknownOptions } = readOptionsIn(words);
  const typed = Object.entries(options).map(([name, value]) =>
    optionsTyped({ prompt: "", options: { [name]: value }, unknownOptions: [] }),
  );
  const given = [...typed, ...unknownOptions].map((option) => shorten(option, MOST_OPTION));
  const asked = { prompt: words, options: { size, quality, model }, unknownOptions: [], sources: [] };
  const checked = checkRequest(asked, settings);
  const faults = [
    ...(words.length > most ? [brainstormAnswers.wordsTooLong({ length: words.length, most })] : []),
    ...(given.length ? [brainstormAnswers.optionsInWords({ options: given })] : []),
    ...("faults" in checked
      ? checked.faults.filter(({ fault }) => fault !== "prompt too long").map(sentenceOfFault)
      : []),
  ];
  return faults.length ? together([brainstormAnswers.notAdded, ...faults]) : undefined;
}

function clauseFault(picked: string | undefined, clause: string, session: Session, settings: Settings) {
  const fault = wordsFault(clause, MOST_CLAUSE, session, settings);
  return picked === undefined ? together([brainstormAnswers.pickIdea, fault]) : fault;
}

const MOST_OPTION = 61;

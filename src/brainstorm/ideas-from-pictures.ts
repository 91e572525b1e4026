import { editorsOf } from "../request/check.ts";
import { personOf, readRef } from "../request/request.ts";
import type { Asker, PictureRef } from "../request/request.ts";
import type { ModelName } from "../models.ts";
import type { Settings } from "../settings.ts";
import { shorten } from "../words/shorten.ts";
import { MOST_BOARD_WORDS, promptLimit } from "./directions.ts";
import { wholeWords, withTopic } from "./idea-words.ts";
import { lensesFor } from "./lenses.ts";
import { LONGEST_PROMPT } from "./session.ts";
import type { Session, Idea } from "./session.ts";

/** More than a lens, or what is said of a picture to go on from, adds to an idea's words. */
const ADDED_CHARACTERS = 400;

/** What was told of the price was reckoned with no more. */
function longestPrompt(settings: Settings, model?: ModelName): number {
  return Math.min(promptLimit(settings, model), LONGEST_PROMPT);
}

/** Winners seen through other lenses, as many as there are places, each winner about as often. */
export function variedIdeas(session: Session, winners: Idea[], places: number, settings: Settings): Idea[] {
  const taken = session.rounds.flatMap(({ ideas }) => ideas.flatMap(({ lens }) => lens ?? []));
  const lenses = lensesFor(places, `${session.id}/${session.rounds.length + 1}`, taken);
  const most = longestPrompt(settings, session.options.model) - ADDED_CHARACTERS;
  const isEdit = editorsOf(settings).length > 0;
  return lenses.flatMap((lens, index) => {
    const winner = winners[index % winners.length];
    if (!winner) return [];
    const seen = lens.says(shorten(withTopic(session.topic, wholeWords(winner)), most));
    const prompt = isEdit ? `${seen}. a variation of this picture that keeps its subject and its idea` : seen;
    return [ideaFrom([winner], { number: index + 1, ...saidOf(winner), prompt, lens: lens.name })];
  });
}

/** What they were drawn from, in the best quality: where the model edits, the very same picture. */
export function finishedIdeas(winners: Idea[]): Idea[] {
  return winners.map((winner, index) => {
    const { prompt, lens } = winner;
    return ideaFrom([winner], { number: index + 1, ...saidOf(winner), prompt, lens });
  });
}

export function combinedIdea(look: Idea, composition: Idea, settings: Settings): Idea {
  const half = Math.floor((MOST_BOARD_WORDS - 3) / 2);
  const most = Math.floor((longestPrompt(settings) - ADDED_CHARACTERS) / 2);
  // What it shows comes first: a history has room for a few words.
  const prompt = [
    `${shorten(wholeWords(composition), most)} + ${shorten(wholeWords(look), most)}.`,
    "one new picture out of these two, in this order: the first gives the composition, its layout and what is where;",
    "the second gives the look, its palette, light and technique. keep to both.",
  ].join(" ");
  const words = `${shorten(wholeWords(composition), half)} + ${shorten(wholeWords(look), half)}`;
  return ideaFrom([composition, look], { number: 1, words, prompt });
}

/** For a run-off: the same pictures, and nothing is drawn. */
export function tiedIdeas(tied: Idea[]): Idea[] {
  return tied.map((idea, index) => {
    const { prompt, lens, job, picture } = idea;
    return { ...ideaFrom([idea], { number: index + 1, ...saidOf(idea), prompt, lens }), state: "drawn", job, picture };
  });
}

/** With what others have added; by which press is the business of the round in which they did. */
function saidOf({ words, clauses }: Idea): Pick<Idea, "words" | "clauses"> {
  return { words, clauses: clauses?.map((clause) => ({ by: clause.by, words: clause.words })) };
}

function ideaFrom(parents: Idea[], own: Pick<Idea, "number" | "words" | "clauses" | "prompt" | "lens">): Idea {
  return { ...own, by: peopleOf(parents), state: "open", from: parents.flatMap((idea) => refOf(idea) ?? []) };
}

function peopleOf(ideas: Idea[]): Asker[] {
  const people = new Map(ideas.flatMap(({ by }) => by.map((one) => [personOf(one), one])));
  return [...people.values()];
}

function refOf({ picture }: Idea): PictureRef | undefined {
  return picture && readRef(picture.ref);
}

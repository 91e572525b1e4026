import { english } from "./english.ts";
import type { Said, Sentences, SentenceName, Text } from "./said.ts";

/** All that can be said, as values: `waiting.placeInLine({ before: 3 })`. What stands in a sentence may be said itself. */

type Sayable<Value> = Value extends string
  ? Text
  : Value extends readonly (infer Member)[]
    ? readonly Sayable<Member>[]
    : Value;

type Maker<Entry> = Entry extends (values: infer Values) => string
  ? (values: { [Name in keyof Values]: Sayable<Values[Name]> }) => Said
  : Said;

type Makers = { [Group in keyof Sentences]: { [Name in keyof Sentences[Group]]: Maker<Sentences[Group][Name]> } };

function makerOf(say: SentenceName, entry: unknown) {
  return typeof entry === "function" ? (values: Record<string, unknown>): Said => ({ say, with: values }) : { say };
}

const makers = Object.fromEntries(
  Object.entries(english).map(([group, entries]) => [
    group,
    Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => [name, makerOf(`${group}.${name}` as SentenceName, entry)]),
    ),
  ]),
) as unknown as Makers;

export const {
  joined,
  labels,
  commandTexts,
  actionLabels,
  changeNames,
  origins,
  shapeNames,
  sizes,
  waiting,
  finished,
  cancelled,
  family,
  history,
  edit,
  declined,
  faults,
  foreign,
  choiceNames,
  refused,
  filterStopped,
  filterSaw,
  failed,
  failedBecause,
  failedAndTold,
  notAccepted,
  help,
  report,
  welcome,
  notUnderstood,
  inserted,
  form,
  closedTitles,
  closedPages,
  editAnswers,
  lensNames,
  suggestions,
  descriptions,
  sketches,
  prices,
  privacyAnswers,
  recap,
  discordBoard,
  styles,
  brainstorm,
  boardActions,
  boardForms,
  roundKinds,
  brainstormAnswers,
  teamsBoard,
  denied,
  fits,
  warned,
  wall,
  wallPage,
  alerts,
  alertKinds,
  usage,
  easelPanels,
  ruleFaults,
  brake,
} = makers;

/** Several sentences as one. */
export function together(texts: readonly (Text | undefined)[]): Said {
  const all = texts.filter((text) => text !== undefined);
  const [first, ...others] = all;
  return typeof first === "object" && !others.length ? first : joined.sentences({ all });
}

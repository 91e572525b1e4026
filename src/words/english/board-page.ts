const and = (names: readonly string[]) => new Intl.ListFormat("en", { type: "conjunction" }).format(names);

const votes = (count: number) => (count === 1 ? "1 vote" : `${count.toLocaleString("en")} votes`);
const people = (count: number) => (count === 1 ? "1 person" : `${count.toLocaleString("en")} people`);

type Name = { name: string };
type OfAll = { count: number; all: number };
type Numbers = { numbers: readonly number[] };
const ideas = (numbers: readonly number[]) => and(numbers.map(String));

/** The page of a brainstorm, for a screen in the room and for whoever reads it later. */
export const boardPage = {
  brainstorm: "Brainstorm",
  now: "What is going on",
  apart: "This page is out of touch just now. It goes on by itself.",
  slides: "Slides (.pptx)",

  /** Names of what stands beside them. */
  begunBy: "Begun by",
  begunAt: "Begun",
  endedBy: "Ended by",
  endedAt: "Ended",
  closedBy: "Votes closed by",
  closedAt: "Closed",
  ideasFrom: "Ideas from",
  rules: "Votes",
  cost: "Cost",
  costTold: "Cost as it was told",
  place: "Where",
  discord: "Discord",
  teams: "Microsoft Teams",
  onPlatform: ({ name, platform }: { name: string; platform: string }) => `${name} (${platform})`,
  names: ({ all }: { all: readonly string[] }) => and(all),
  dots: ({ count, isLive }: { count: number; isLive: boolean }) =>
    `${votes(count)} each, ${isLive ? "counted for all to see" : "secret until the close"}`,
  gathering: ({ count, all }: OfAll) =>
    count === 0 ? `Ideas are welcome: there is room for ${all}.` : `Ideas are coming in: ${count} of ${all} so far.`,
  drawing: ({ count, all }: OfAll) =>
    count === 0 ? "The ideas are being drawn." : `The ideas are being drawn: ${count} of ${all} are here.`,
  voting: ({ voters }: { voters?: number }) =>
    voters ? `Votes are open in the chat. ${people(voters)} voted so far.` : "Votes are open in the chat.",
  counting: "The votes are being counted.",
  won: ({ number, count }: { number: number; count: number }) =>
    count ? `Idea ${number} has won, with ${votes(count)}.` : `Idea ${number} it is.`,
  tied: ({ numbers, count }: Numbers & { count: number }) =>
    `Ideas ${ideas(numbers)} are level, with ${votes(count)} each.`,
  nobodyVoted: "Nobody voted in this round.",
  noPicture: "No picture came of this round.",
  over: "This brainstorm is over.",
  ideasUntil: "Ideas until",
  votesUntil: "Votes until",

  decision: "The decision",
  noDecision: "It ended without a decision.",
  decided: ({ round, number, count }: { round: number; number: number; count: number }) =>
    count ? `Idea ${number} of round ${round}, with ${votes(count)}.` : `Idea ${number} of round ${round}.`,

  roundTitle: ({ number, kind }: { number: number; kind: string }) => `Round ${number}: ${kind}`,
  firstRound: "the first ideas",
  nextRound: "on from the winners",
  combineRound: "two become one",
  finishRound: "finished in high quality",
  newRound: "new ideas",
  runOffRound: "the run-off",
  firstBegun: ({ name }: Name) => `${name} began.`,
  nextBegun: ({ name }: Name) => `${name} went on from the winners.`,
  combineBegun: ({ name }: Name) => `${name} put two together.`,
  finishBegun: ({ name }: Name) => `${name} had the winner finished.`,
  newBegun: ({ name }: Name) => `${name} asked for new ideas.`,
  runOffBegun: ({ name }: Name) => `${name} asked for a run-off.`,
  voted: ({ voters }: { voters: number }) => (voters ? `${people(voters)} voted.` : "Nobody voted."),

  idea: ({ number }: { number: number }) => `Idea ${number}`,
  alternative: ({ number, all, words }: { number: number; all: number; words: string }) =>
    `Idea ${number} of ${all}: ${words}`,
  by: ({ name }: Name) => `by ${name}`,
  byWith: ({ name, others }: { name: string; others: readonly string[] }) => `by ${name}, with ${and(others)}`,
  suggested: "suggested by Easel",
  suggestedAs: ({ lens }: { lens: string }) => `suggested by Easel: ${lens}`,
  winner: "Winner",
  level: "Level",
  votes: ({ count }: { count: number }) => votes(count),
  from: ({ number, round }: { number: number; round: number }) => `from idea ${number} of round ${round}`,
  open: "Not drawn yet",
  waiting: "Being drawn",
  refused: "This idea needs other words.",
  failed: "This one could not be drawn.",
  deleted: "This picture was deleted.",
};

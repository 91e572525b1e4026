const and = (names: readonly string[]) => new Intl.ListFormat("en", { type: "conjunction" }).format(names);

const votes = (count: number) => (count === 1 ? "1 vote" : `${count.toLocaleString("en")} votes`);
const people = (count: number) => (count === 1 ? "1 person" : `${count.toLocaleString("en")} people`);

type Name = { name: string };
type Place = { number: number; round: number };

/** The page of a brainstorm, for a screen in the room and for whoever reads it later; and its slides. */
export const boardPage = {
  brainstorm: "Brainstorm",
  now: "What is going on",
  apart: "This page is out of touch just now. It goes on by itself.",
  slides: "Slides (.pptx)",
  slidesBusyTitle: "One moment, please",
  slidesBusy: "I am making other slides just now. Please load this page once more in a quarter of a minute.",

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

  decision: "The decision",
  noDecision: "It ended without a decision.",
  decided: ({ number, round, count }: Place & { count: number }) =>
    count ? `Idea ${number} of round ${round}, with ${votes(count)}.` : `Idea ${number} of round ${round}.`,
  level: ({ numbers, round, count }: { numbers: readonly number[]; round: number; count: number }) =>
    `Ideas ${and(numbers.map(String))} of round ${round}, with ${votes(count)} each.`,

  roundTitle: ({ number, kind }: { number: number; kind: string }) => `Round ${number}: ${kind}`,
  firstBegun: ({ name }: Name) => `${name} began.`,
  nextBegun: ({ name }: Name) => `${name} went on from the winners.`,
  combineBegun: ({ name }: Name) => `${name} put two together.`,
  finishBegun: ({ name }: Name) => `${name} had it finished.`,
  newBegun: ({ name }: Name) => `${name} asked for new ideas.`,
  runOffBegun: ({ name }: Name) => `${name} asked for a run-off.`,
  voted: ({ voters }: { voters: number }) => `${people(voters)} voted.`,

  idea: ({ number }: { number: number }) => `Idea ${number}`,
  winner: "Winner",
  isLevel: "Level",
  from: ({ number, round }: Place) => `from idea ${number} of round ${round}`,
  notYet: "not drawn yet",
  isGone: "this picture is not there any more",
};

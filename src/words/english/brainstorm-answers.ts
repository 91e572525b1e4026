/** What Easel says of a brainstorm to one person alone: whoever pressed, or asked for one. */

const and = (names: readonly string[]) => new Intl.ListFormat("en", { type: "conjunction" }).format(names);
const or = (names: readonly string[]) => new Intl.ListFormat("en", { type: "disjunction" }).format(names);

function span(minutes: number): string {
  if (minutes < 1) return "less than a minute";
  if (minutes < 90) return minutes < 1.5 ? "about a minute" : `about ${Math.round(minutes)} minutes`;
  return minutes < 36 * 60 ? `about ${Math.round(minutes / 60)} hours` : `about ${Math.round(minutes / 1440)} days`;
}

type Named = { name: string };
type Typed = { value: string };

export const brainstormAnswers = {
  /** To a `/brainstorm` that cannot be begun as it is. */
  notBegun: "The brainstorm has not begun yet. Here is what to change:",
  topicMissing: "It has no topic. Say what it is about, for example: a logo for our bakery.",
  topicTooLong: ({ length, most }: { length: number; most: number }) =>
    `The topic is ${length.toLocaleString("en")} characters long; up to ${most} fit on a board. Say it shorter: details go into the ideas.`,
  ideasRefused: ({ value, least, most }: Typed & { least: number; most: number }) =>
    `“${value}” ideas do not fit on a board: say ${least} to ${most}.`,
  minutesRefused: ({ value, most }: Typed & { most: number }) =>
    `“${value}” minutes cannot be kept: say 1 to ${most.toLocaleString("en")}, which is a day.`,
  votesRefused: ({ value, most }: Typed & { most: number }) =>
    `“${value}” votes for each person cannot be counted: say 1 to ${most}.`,
  choiceRefused: ({ option, value, allowed }: Typed & { option: string; allowed: readonly string[] }) =>
    `The option “${option}” takes ${or(allowed)}, not “${value}”.`,
  optionUnknown: ({ option, options }: { option: string; options: readonly string[] }) =>
    `A brainstorm has no option “${option}”. There are: ${and(options)}.`,
  optionMeant: ({ option, meant, options }: { option: string; meant: string; options: readonly string[] }) =>
    `A brainstorm has no option “${option}”. Did you mean “${meant}”? There are: ${and(options)}.`,
  noTimeLeft:
    "I am no member here, so I can show a board for a quarter of an hour only, and that is too short by now. Please ask once more, or add Easel to this place.",

  /** What is in the way of a press. */
  gone: "I no longer have that brainstorm.",
  notHere:
    "Only people in a channel with its board can take part. “Join from another channel” brings a board to yours.",
  over: "This brainstorm is over. You are welcome to begin another.",
  movedOn: ({ number }: { number: number }) =>
    `It has gone on since: round ${number} is under way, and its board shows how it stands.`,
  notYoursToLead: ({ name }: Named) =>
    `Only ${name}, who began it, or a moderator of the channel where it began can do that. You are welcome to take part.`,
  onlyTheirIdeas: ({ name }: Named) => `${name} brings the ideas here. You can vote as soon as they are drawn.`,

  /** Ideas. */
  added: ({ number }: { number: number }) => `Your idea is number ${number}. It will be drawn with the others.`,
  addedLast: ({ number }: { number: number }) =>
    `Your idea is number ${number}, and that was the last free place: I begin to draw.`,
  yesAnded: ({ number, names }: { number: number; names: readonly string[] }) =>
    `Number ${number} goes on with your words now, and names ${and(names)}.`,
  reworded: ({ number }: { number: number }) => `I am drawing number ${number} in your other words.`,
  notAdded: "That idea is not in yet. Here is what to change:",
  optionsInWords: ({ options }: { options: readonly string[] }) =>
    `The drafts of a round are all drawn alike, so ${and(options)} would change nothing. Leave ${options.length > 1 ? "them" : "it"} out, or say it in words.`,
  wordsTooLong: ({ length, most }: { length: number; most: number }) =>
    `It is ${length.toLocaleString("en")} characters long; up to ${most.toLocaleString("en")} are read. Say it shorter.`,
  full: ({ places }: { places: number }) =>
    `All ${places} places are taken, so I am getting ready to draw. You can bring yours with “New ideas” after this round.`,
  notGathering: "This round takes no more ideas. You can bring yours with “New ideas” after it.",
  noIdeaYet: "There is no idea yet to add to. Bring the first one.",
  pickIdea: "Please pick whose idea you add to.",
  noSuchIdea: "That idea is not there any more. Please look at the board once more.",
  tooManyClauses: ({ most }: { most: number }) =>
    `That idea has ${most} additions already. Bring yours as an idea of its own.`,
  nothingToReword: "None of your ideas needs other words just now.",
  notYourIdea: ({ names }: { names: readonly string[] }) =>
    `That is an idea of ${and(names)}, who can give it other words.`,
  rewordLater:
    "It cannot be drawn again in this round, so that it costs no more than was said. Bring it in other words with “New ideas”.",
  outsideTheLimits: "Its words did not fit into what the model reads.",
  whyRefused: ({ number, why }: { number: number; why: string }) => `Number ${number}: ${why}`,

  /** Votes. */
  voted: ({ numbers, left, minutes }: { numbers: readonly string[]; left: number; minutes: number }) =>
    [
      `Your ${numbers.length === 1 ? "vote" : "votes"}: ${and(numbers)}.`,
      ...(left > 0 ? [left === 1 ? "One more is left." : `${left} more are left.`] : []),
      `You can change ${numbers.length === 1 ? "it" : "them"} until the close in ${span(minutes)}.`,
    ].join(" "),
  allGiven: ({ numbers }: { numbers: readonly string[] }) =>
    `All your votes are given: ${and(numbers)}. Press one of them once more to take it back, then choose another.`,
  votedInTime: ({ numbers }: { numbers: readonly string[] }) =>
    `Your ${numbers.length === 1 ? "vote" : "votes"}: ${and(numbers)}. That was just in time, and is counted.`,
  withdrawn: ({ minutes }: { minutes: number }) =>
    `You have no vote in this round now. You can still vote until the close in ${span(minutes)}.`,
  withdrawnInTime: "You have withdrawn your votes, just in time.",
  laterVoteCounts: ({ numbers }: { numbers: readonly string[] }) =>
    numbers.length
      ? `Your later word counts: ${and(numbers)}.`
      : "Your later word counts: you have no vote in this round.",
  tooLate: "The votes were closed just before yours came, so it is not counted.",
  tooLateButEarlier: "The votes were closed just before that came, so what you had voted before counts.",
  stillCounting:
    "The votes are being counted just now, and I cannot say yet whether yours came in time. Vote once more in a moment, and I will tell you.",
  notVoting: "There is nothing to vote on just now.",
  tooManyVotes: ({ count, most }: { count: number; most: number }) =>
    `You picked ${count}; everybody has ${most === 1 ? "one vote" : `up to ${most} votes`}. Nothing has changed: pick again.`,
  noSuchNumber: ({ numbers }: { numbers: readonly string[] }) =>
    `There is no picture to vote for under ${or(numbers)}. Nothing has changed: pick again.`,

  /** What whoever began it does. */
  drawsNow: "I begin to draw.",
  closing: "I am closing the votes. The result stands on the board in a moment.",
  begins: ({ number }: { number: number }) => `Round ${number} begins.`,
  ends: "It is over now. The board stays as it is.",
  nothingToClose: "No votes are under way.",
  nothingToDraw: "There is nothing to draw just now.",
  pick: "Please pick which one.",
  pickTwo: "Please pick two different ones.",
  notClosed: "This round is still going on. That is for when it is over.",
  tooManyRounds: ({ most }: { most: number }) =>
    `A brainstorm has up to ${most} rounds. You are welcome to begin another.`,
  noWinner: "There is no winner to go on from. Pick one.",
  needsTwo: "It takes two pictures for that.",
  noTie: "There is no tie to run off.",
  notDrawn: "There is no picture of that one to go on from.",

  /** A board in another channel. */
  code: ({ code, hours }: { code: string; hours: number }) =>
    `In the other channel, type /brainstorm join:${code} on Discord, or brainstorm join ${code} on Teams. The code holds for ${hours === 1 ? "about an hour" : `${hours} hours`}. Whoever is in that channel can then add ideas and vote.`,
  codeMissing: "Type the code behind it: whoever began the brainstorm gets it under “Join from another channel”.",
  codeUnknown:
    "I do not know that code. It has eight letters and digits, and whoever began the brainstorm can get it anew under “Join from another channel”.",
  codeOld: "That code has run out. Whoever began the brainstorm can get a new one under “Join from another channel”.",
  tooManyTries: "Those were many codes at once. Please wait a minute, then try again.",
  hereAlready: "The board of that brainstorm stands in this channel already.",
  anotherHere: ({ topic }: { topic: string }) =>
    `Another brainstorm is under way in this channel: “${topic}”. When it is over, the code brings this one here.`,
  tooManyBoards: ({ most }: { most: number }) =>
    `That brainstorm has boards in ${most} channels, and no more are possible.`,
};

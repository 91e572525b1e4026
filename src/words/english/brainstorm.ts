/** What the board of a brainstorm says to everybody in its channel. */

const and = (names: readonly string[]) => new Intl.ListFormat("en", { type: "conjunction" }).format(names);
const plural = (count: number, one: string, several: string) => (count === 1 ? `one ${one}` : `${count} ${several}`);

/** As people call a chat platform. */
const placeName = (platform: string) => ({ discord: "Discord", teams: "Microsoft Teams" })[platform] ?? platform;

const votedSoFar = (voters: number) => `${voters === 1 ? "one person has" : `${voters} people have`} voted so far.`;

type Named = { name: string };

export const brainstorm = {
  title: ({ topic }: { topic: string }) => `Brainstorm: ${topic}`,

  /** Who began it, and how it is done. */
  begunBy: ({ name, platform }: { name: string; platform: string }) => `${name} began this on ${placeName(platform)}.`,
  alsoOn: ({ name, platform }: { name: string; platform: string }) =>
    `${name} brought it to ${placeName(platform)} as well; both boards show the same.`,
  alsoInChannel: ({ name }: Named) => `${name} brought it to another channel as well; both boards show the same.`,
  alsoInChannels: ({ names, count }: { names: readonly string[]; count: number }) =>
    `${and(names)} brought it to ${count} other channels as well; all boards show the same.`,
  alsoOnSeveral: ({
    names,
    count,
    platforms,
  }: {
    names: readonly string[];
    count: number;
    platforms: readonly string[];
  }) =>
    `${and(names)} brought it to ${count} other channels as well, on ${and(platforms.map(placeName))}; all boards show the same.`,
  goneOn: ({ platform }: { platform: string }) =>
    `The board on ${placeName(platform)} can be shown there no more. It goes on here.`,
  secret: ({ votes }: { votes: number }) =>
    `Everybody has ${plural(votes, "vote", "votes")}. Who votes for what stays secret, and the result comes at the close.`,
  live: ({ votes }: { votes: number }) =>
    `Everybody has ${plural(votes, "vote", "votes")}. Who votes for what stays secret; the numbers show as they come.`,
  round: ({ number, kind }: { number: number; kind: string }) => `Round ${number}: ${kind}.`,
  priceTold: ({ count, price }: { count: number; price: string }) =>
    count === 1 ? `Its picture costs ${price}.` : `Up to ${count} drafts cost ${price} in all.`,
  spent: ({ price }: { price: string }) => `This round came to ${price}.`,
  spentInAll: ({ price }: { price: string }) => `All of it came to ${price}.`,
  /** Nothing can be changed there after a quarter of an hour: the bot is not a member. */
  lasts: "I am no member here, so I can show this board for a quarter of an hour. All of it ends before that.",
  style: ({ style }: { style: string }) => `All of it is drawn in the style “${style}”.`,

  /** What is going on. */
  gathering: ({ count, places }: { count: number; places: number }) =>
    count ? `Ideas are welcome: ${count} of ${places} are here.` : `Ideas are welcome: there is room for ${places}.`,
  gatheringFrom: ({ name, count, places }: Named & { count: number; places: number }) =>
    `${name} brings the ideas: ${count} of ${places} are here.`,
  drawing: ({ drawn, count }: { drawn: number; count: number }) =>
    drawn
      ? `I am drawing: ${drawn} of ${count} are here.`
      : count === 1
        ? "I am drawing it now."
        : `I am drawing ${count} drafts.`,
  finding: "The ideas are in. I am getting ready to draw.",
  voting: ({ voters }: { voters: number }) =>
    voters === 0 ? "Vote for what you like. Nobody has voted so far." : `Vote for what you like: ${votedSoFar(voters)}`,
  runningOff: ({ voters }: { voters: number }) =>
    voters === 0
      ? "It was a tie, so vote once more, between these alone. Nobody has voted so far."
      : `It was a tie, so vote once more, between these alone: ${votedSoFar(voters)}`,
  counting: "The votes are in, and I am counting them.",
  won: ({ number, by, votes, voters }: { number: number; by?: string; votes: number; voters: number }) =>
    `Number ${number}${by ? `, by ${by},` : ""} has won, with ${plural(votes, "vote", "votes")}; ${plural(voters, "person", "people")} voted.`,
  tied: ({ numbers, votes }: { numbers: readonly string[]; votes: number }) =>
    `${and(numbers)} have ${plural(votes, "vote", "votes")} each. Run it off, or go on from ${numbers.length === 2 ? "both" : "all of them"}.`,
  nobodyVoted: "Nobody has voted, so there is no winner. You can go on from any of them.",
  onlyOne: ({ number }: { number: number }) =>
    `Number ${number} is the one that came, so there was nothing to vote on.`,
  noneCame: "No picture came of this round. New ideas may fare better.",
  finished: "Here it is, finished.",
  combined: "Here is what came of the two.",
  endedWith: ({ number, by }: { number: number; by?: string }) =>
    `This brainstorm is over. It was decided for number ${number}${by ? `, by ${by}` : ""}.`,
  endedTied: ({ numbers }: { numbers: readonly string[] }) =>
    `This brainstorm is over. ${and(numbers)} share the first place.`,
  ended: "This brainstorm is over.",
  decidedIn: ({ number }: { number: number }) => `That was in round ${number}.`,
  endedBy: ({ name }: Named) => `${name} has ended it.`,
  closedBy: ({ name }: Named) => `${name} has closed the votes.`,

  ideasUntil: "Ideas until",
  votesUntil: "Votes until",

  /** How to join in. */
  howToGather: "Add an idea of your own. What stays free, I fill with directions of mine.",
  howToGatherAndAdd:
    "Add an idea of your own, or say “Yes, and…” to somebody’s. What stays free, I fill with directions of mine.",
  howToGatherOrGoOn:
    "Add an idea of your own, or say “Yes, and…” to a picture of an earlier round. What stays free, I fill with directions of mine.",
  howToGatherFrom: ({ name }: Named) => `${name} adds the ideas here. What stays free, I fill with directions of mine.`,
  howToWait: "Each picture stands here as soon as it is drawn. Then everybody can vote.",
  howToVote: ({ votes }: { votes: number }) =>
    votes === 1
      ? "Pick the number that you like best. Nobody sees what you pick, and you can change it until the close."
      : `Pick up to ${votes} numbers. Nobody sees what you pick, and you can change it until the close.`,
  howToGoOn: ({ name }: Named) => `${name} or a moderator can go on from here.`,

  /** Beside an idea. */
  by: ({ names }: { names: readonly string[] }) => and(names),
  direction: ({ lens }: { lens: string }) => `Easel · ${lens}`,
  ofEasel: "Easel",
  withClauses: ({ words, clauses }: { words: string; clauses: readonly string[] }) =>
    [words, ...clauses.map((clause) => `yes, and ${clause}`)].join(" · "),
  /** The same words as others', looked at in another way. */
  throughLens: ({ lens, words }: { lens: string; words: string }) => `${lens}: ${words}`,
  waiting: "on its way",
  refused: "needs other words",
  failed: "did not come",
  leftOut: "was not drawn",
  deleted: "was deleted",
  votesOf: ({ count }: { count: number }) => (count === 1 ? "1 vote" : `${count} votes`),
  altText: ({ number, count, words }: { number: number; count: number; words: string }) =>
    `Idea ${number} of ${count}: ${words}`,

  /** What else everybody should know. */
  needsOtherWords: ({ numbers, others }: { numbers: readonly string[]; others: string }) =>
    numbers.length === 1
      ? `Number ${and(numbers)} needs other words. Whoever brought it sees why under “${others}”.`
      : `${and(numbers)} need other words. Whoever brought them sees why under “${others}”.`,
  notDrawn: ({ numbers }: { numbers: readonly string[] }) =>
    numbers.length === 1
      ? `Number ${and(numbers)} could not be drawn this time.`
      : `${and(numbers)} could not be drawn this time.`,

  voteLabel: ({ most }: { most: number }) => (most === 1 ? "Your vote" : `Your votes, up to ${most}`),
  choice: ({ number, words }: { number: number; words: string }) => `${number}. ${words}`,
  choiceOfRound: ({ round, number, words }: { round: number; number: number; words: string }) =>
    `${number}. ${words} (round ${round})`,
  page: "Open the board",
};

/** The buttons of the board. */
export const boardActions = {
  add: "Add an idea",
  "yes-and": "Yes, and…",
  draw: "Draw now",
  votes: "My votes",
  close: "Close the votes",
  next: "Next round",
  combine: "Combine two",
  finish: "Finish one",
  new: "New ideas",
  "run-off": "Run it off",
  code: "Join from another channel",
  end: "End",
  reword: "Other words",
};

/** What a round is about. */
export const roundKinds = {
  first: "first ideas",
  next: "variations of the winner",
  combine: "two become one",
  finish: "in full quality",
  new: "new ideas",
  "run-off": "the run-off",
};

/** The forms. */
export const boardForms = {
  beginTitle: "Begin a brainstorm",
  topic: "What is it about?",
  topicHint: "A logo for our bakery",
  ideas: "How many pictures a round",
  minutes: ({ most }: { most: number }) => `Minutes for the votes, up to ${most}`,
  votes: "Votes for each person",
  results: "The result",
  resultsHidden: "At the close",
  resultsLive: "As the votes come",
  others: "Who may add ideas",
  othersYes: "Everybody here",
  othersNo: "Only me",
  model: "Model",
  style: "Style",
  begin: "Begin",
  addTitle: "Add an idea",
  words: "Your idea",
  wordsHint: "What the picture shows: a croissant that is a crescent moon",
  add: "Add it",
  yesAndTitle: "Yes, and…",
  whichIdea: "Whose idea",
  clause: "… and",
  clauseHint: "it glows in the dark",
  yesAnd: "Add it",
  rewordTitle: "Other words",
  otherWords: "In other words",
  suggestions: "Or one of these, which a model suggests",
  reword: "Draw it",
  nextTitle: "Next round",
  nextFrom: "Go on from",
  draw: "Draw",
  combineTitle: "Combine two",
  lookOf: "Colours and look of",
  compositionOf: "Composition of",
  finishTitle: "Finish one",
  finishWhich: "Which one",
  finish: "Finish it",
  endTitle: "End this brainstorm?",
  endsForAll: "It ends for everybody, on every board. The boards stay as they are.",
  end: "End it",
  costs: ({ count, price }: { count: number; price: string }) =>
    count === 1 ? `One picture, for ${price}.` : `Up to ${count} drafts, for ${price} in all.`,
  finishes: "It is drawn once more from its draft, in the best quality.",
  finishesFromWords: "The model here draws from words alone, so the finished picture will differ from the draft.",
};

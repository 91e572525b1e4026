/** A brainstorm on Discord, where that differs from Teams. */
export const discordBoard = {
  command: "Think up pictures together: ideas, quick drafts, votes, and on from the winner",
  topic: "What it is about. Without it, a form asks",
  ideas: "How many pictures a round has: 2 to 8, and 6 unless given",
  minutes: "For how many minutes you vote, after about a fifth of it for ideas: 1 to 1440, 10 unless given",
  votes: "How many votes each of you has: 1 to 5, and 3 unless given",
  results: "When the votes are shown: at the close unless given",
  hidden: "At the close",
  live: "All the time",
  others: "Whether others may add ideas: they may unless given",
  thread: "Gives it a thread of its own",
  join: "The code of a brainstorm elsewhere: puts its board here, too",

  /** “Votes until 15:40, in 10 minutes” */
  until: ({ label, left, clock }: { label: string; left: string; clock: string }) => `${label} ${clock}, ${left}`,
  untitled: "A brainstorm",
  ideaNumber: ({ number }: { number: number }) => `Idea ${number}`,

  inThread: ({ topic }: { topic: string }) => `We are brainstorming in the thread below: ${topic}`,
  comesHere: "The board will stand here in a moment.",
  noThread: "I may not open a thread here, so the board stands right here.",
  onlyForYou:
    "Whatever I say here, you alone would see it, and a brainstorm needs company. In a server that has added Easel, or in a direct message with me, it works.",
  readsOnly: "You can read here, but not write, so a brainstorm here is not for you to begin or to take part in.",
  tooSlow: "That took me a moment too long to open a form. Please press the button once more.",
  notBegun: "Something went wrong on my side, and your brainstorm was not begun. Please try again in a minute.",
  notJoined: "Something went wrong on my side, and the board was not put here. Please try again in a minute.",
  notDone:
    "Something went wrong on my side, and I do not know whether that was noted. If nothing changes on the board in a minute, please try again.",
};

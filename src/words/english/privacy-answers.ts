/** What is kept of one person: what they are told of it in the chat. */

function day(at: string): string {
  return new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export const privacyAnswers = {
  title: "What I keep of you",
  kept: "Of each thing you ask for: your words, the options, when and where, your name here, and the pictures that came of it. Of a brainstorm: your ideas and what you added. And what you saved or began: styles, pictures you keep on a wall, edits you have not sent.",
  forEver: "It stays until it is deleted.",
  forDays: ({ days }: { days: number }) =>
    days === 1
      ? "It stays for one day, and then it is deleted; what somebody keeps on a wall stays longer."
      : `It stays for ${days} days, and then it is deleted; what somebody keeps on a wall stays longer.`,
  runBy: ({ name }: { name: string }) => `${name} runs Easel here and answers for it.`,
  writeTo: ({ contact }: { contact: string }) => `For anything else, write to ${contact}.`,
  show: "Show me all of it",
  showAgain: "Make a new copy",
  forget: "Forget me",
  page: "The whole notice",
  look: "Look again",
  making: "I am putting a copy of all of it together. That takes a minute or so, longer where there are many pictures.",
  ready: ({ bytes, until }: { bytes: number; until: string }) =>
    `Your copy is ready: a ZIP of ${size(bytes)}, there until ${day(until)}. Whoever has its address can read it, so keep that to yourself.`,
  readyElsewhere: ({ bytes, until, copy }: { bytes: number; until: string; copy: string }) =>
    `Your copy is ready, a ZIP of ${size(bytes)}, there until ${day(until)}. I have no address here from which you could get it: ask whoever runs Easel for the copy ${copy}.`,
  download: "Get the copy",
  askForget:
    "Shall I forget you for good? All pictures that you asked for are deleted, from their messages too, with your words, ideas, votes and drafts, and your name goes out of everything else. Nothing can be brought back, and a copy that I made for you goes too: fetch it first. What others made stays theirs, styles that you saved stay for your team without your name, what was spent is kept as an amount without you, and when a safety filter has stopped you in the last two days is kept until those are over.",
  sure: "Yes, forget me",
  forgetting: ({ since }: { since: string }) =>
    `I am forgetting you, as you asked on ${day(since)}: it takes some minutes, longer where there are many pictures. You need do nothing more, and what you ask for from now on is new.`,
  askedLate: "That was a while ago: once more, to be sure.",
  away: "I cannot look at it right now. Please try again in a minute.",
  copyExplained:
    "This is everything that Easel keeps of you. requests.json has what you asked for and what came of it; pictures and sent-along hold the files. brainstorms.json has your part in brainstorms, where-you-are-named.json the places where your name stands beside what others asked for, and lists-drafts-and-styles.json the rest. Where a file of more than four gigabytes would come of it, some pictures are left out.",
};

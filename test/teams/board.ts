import type { Board, BoardIdea } from "../../src/brainstorm/board.ts";
import type { ReplyPicture } from "../../src/replies/reply.ts";
import type { Said } from "../../src/words/said.ts";
import { joined, together } from "../../src/words/sentences.ts";

export const session = "0123456789abcdef0123456789abcdef";

export const said = (text: string): Said => joined.sentences({ all: [text] });

const draft = (number: number): ReplyPicture => ({
  name: `${number}.png`,
  mediaType: "image/png",
  width: 1536,
  height: 1024,
  bytes: 2_000_000,
  url: `https://easel.example/pictures/${number}.png`,
  previewUrl: `https://easel.example/pictures/${number}-preview.jpg`,
  altText: `Idea ${number} of 6: a bakery seen from above`,
});

export function idea(number: number, change: Partial<BoardIdea> = {}): BoardIdea {
  return { number, words: `a bakery on a hill, number ${number}`, by: "Ada", isWinner: false, ...change };
}

export const drawnIdea = (number: number, change: Partial<BoardIdea> = {}) =>
  idea(number, { picture: draft(number), ...change });

/** A board that is being voted on, with six drafts. */
export function boardOf(change: Partial<Board> = {}): Board {
  const ideas = [1, 2, 3, 4, 5, 6].map((number) => drawnIdea(number));
  return {
    session,
    round: 1,
    mood: "waiting",
    title: said("Brainstorm: a logo for our bakery"),
    facts: [said("Ada began it."), said("Six drafts for about 3 cents.")],
    stage: said("Vote for what you like."),
    until: { label: said("Votes are counted at"), at: "2026-12-01T14:30:00.123Z" },
    ideas,
    notes: [said("Three people have voted.")],
    vote: {
      label: said("Up to three votes each"),
      most: 3,
      choices: ideas.map(({ number, words }) => ({ value: String(number), name: words })),
    },
    actions: [
      { does: "close", label: said("Count now"), tone: "main" },
      { does: "code", label: said("Join from another channel"), tone: "usual" },
      { does: "end", label: said("End"), tone: "danger" },
    ],
    page: { label: together([said("The page")]), url: `https://easel.example/boards/${session}` },
    ...change,
  };
}

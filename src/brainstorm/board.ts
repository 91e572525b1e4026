import type { Delivery } from "../replies/delivery.ts";
import type { ChatForm } from "../replies/form.ts";
import type { ChatReply, ReplyPicture } from "../replies/reply.ts";
import type { Address } from "../request/request.ts";
import type { Said, Spoken, Text } from "../words/said.ts";

/** What can be done on a board. `vote` is a select or a choice of numbers, `votes` says what somebody has chosen; all but `vote` are buttons. */
export const BOARD_VERBS = [
  "vote",
  "votes",
  "add",
  "yes-and",
  "reword",
  "draw",
  "close",
  "next",
  "combine",
  "finish",
  "new",
  "run-off",
  "code",
  "end",
] as const;
export type BoardVerb = (typeof BOARD_VERBS)[number];

/**
 * A session as everybody in its channel sees it, in terms that no platform owns and in no language yet. Every text is plain
 * text, rendered literally. What stands in it is all that somebody knows who opens the channel an hour later.
 */
export type Board = {
  session: string;
  /** The number of its round: a press of an older board's button means that round. */
  round: number;
  mood: "waiting" | "finished";
  title: Said;
  /** Who began it, how it is done, and what was told of the price. */
  facts: Said[];
  /** What is going on. */
  stage: Said;
  /** An instant, shown in each reader's own time zone where the platform can. */
  until?: { label: Said; at: string };
  /** How to join in. */
  howTo?: Said;
  ideas: BoardIdea[];
  /** What else everybody should know, such as that an idea needs other words. */
  notes: Said[];
  vote?: { label: Said; most: number; choices: { value: string; name: Text }[] };
  actions: BoardAction[];
  /** The page of it, where the bot has a public address. */
  page?: { label: Said; url: string };
};

export type BoardIdea = {
  number: number;
  /** Whose words they are, or a direction of ours. */
  words: Text;
  by: Text;
  /** What has come of it so far, unless that is its picture. */
  state?: Said;
  /** The dots, once all may know. */
  votes?: Said;
  isWinner: boolean;
  /** With `altText` “Idea 3 of 6: …”. */
  picture?: ReplyPicture;
};

export type BoardAction = {
  does: Exclude<BoardVerb, "vote">;
  label: Said;
  tone: "main" | "usual" | "danger";
  /** What is asked first. */
  form?: ChatForm;
};

export type SpokenBoard = Spoken<Board>;

/**
 * Shows a board in the message at `address`, or in a new one where there is none (any more), which the delivery then names. The
 * same board twice is one message. Without `againInSeconds` it can be shown there no more: the channel or the bot in it is gone.
 */
export type ShowBoard = (address: Address, board: Board) => Promise<Delivery>;

/**
 * Posts a message of its own in the channel of the board at `address`, and says in the delivery where. `once`, of at most 25
 * characters, is the same with every repeat.
 */
export type PostBeside = (address: Address, reply: ChatReply, once: string) => Promise<Delivery>;

/** Puts another reply into a message that was posted beside a board; where somebody has deleted that, none comes in its place. */
export type ChangeBeside = (address: Address, reply: ChatReply) => Promise<Delivery>;

/** By the platform's name, like `Senders`. */
export type Boards = Record<string, { show: ShowBoard; post: PostBeside; change: ChangeBeside }>;

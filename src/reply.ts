import type { Asker } from "./request.ts";

/**
 * An answer in terms that no platform owns. Every text in it is plain text: an adapter renders it literally, and nothing
 * in it may ping, link or format, whoever wrote it.
 */
export type ChatReply = {
  /** What kind of message it is: the adapters choose their colours by it. */
  mood: "waiting" | "finished" | "declined" | "sorry" | "help";
  title?: string;
  paragraphs: string[];
  /** Somebody's words at length. An adapter may shorten them, and then says so with an ellipsis. */
  quotes: { label: string; words: string }[];
  pictures: ReplyPicture[];
  facts: { name: string; value: string }[];
  actions: ReplyAction[];
  /** Only the asker should see it, wherever the platform can do that. */
  forAskerOnly: boolean;
  askedBy?: Asker;
  /** Short, to be read out to the operator; the log carries it too. */
  reference?: string;
};

/** `name` and `preview` are blob names under `pictures/`, and the addresses are made of them. */
export type ReplyPicture = {
  name: string;
  mediaType: string;
  width: number;
  height: number;
  /** Size of the original in bytes. */
  bytes: number;
  /** JPEG, at most 1024×1024 pixels and 1 MB. */
  preview?: string;
  /** Durable addresses; absent on a bot without `PUBLIC_URL`. */
  url?: string;
  previewUrl?: string;
  altText: string;
};

export type ReplyAction =
  | { do: "open"; label: string; url: string }
  /** Opens the asker's words for a change; sending them is a new request. `job` is the id that brings back words and options. */
  | { do: "revise"; label: string; job: string; words: string };

import type { ChatReply } from "./reply.ts";
import type { Address, Source } from "../request/request.ts";
import type { SourceFault } from "../pixels/read-source-picture.ts";

export type Delivery =
  /** It stands in the chat. `address` is set where the platform has learned a better one, such as a new message's id. */
  | { delivered: true; address?: Address }
  /**
   * With `againInSeconds` worth another try then: trouble, for a day. `isRefused` beside it: refused, by an answer that is not
   * known to be final; tried for half an hour. Without it never: known to be final on every way. `because` names status, code and way.
   */
  | { delivered: false; because: string; againInSeconds?: number; isRefused?: true };

/**
 * Puts a reply where `address` points, in place of what stands there, from any process. Sending the same reply again
 * must leave one message. Throws only what nobody foresaw; that is tried again too. `isLast`: its time is over, and what
 * the platform does not take this time is given up.
 * With `isLast` it is not tried again after this, so that the last way is taken now.
 */
export type Send = (address: Address, reply: ChatReply, how?: { isLast?: boolean }) => Promise<Delivery>;

/** One `Send` for each platform that is set up, by the platform's name. */
export type Senders = Record<string, Send>;

/**
 * Fetches a picture from where a chat keeps it: the platform's own hosts alone, each with what it asks for, no redirect to
 * another. Throws `SourceNotFetched`; a fault in it is the person's to hear, without one it is worth another try.
 */
export type FetchSource = (source: ChatSource, address: Address, signal: AbortSignal) => Promise<Buffer>;
export type ChatSource = Extract<Source, { from: "chat" }>;

/** By the platform's name, like `Senders`. */
export type Fetchers = Record<string, FetchSource>;

export class SourceNotFetched extends Error {
  override name = "SourceNotFetched";
  readonly fault?: SourceFault;

  constructor(message: string, fault?: SourceFault, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

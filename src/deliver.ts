import type { ChatReply } from "./reply.ts";
import type { Address } from "./request.ts";

export type Delivery =
  /** It stands in the chat. `address` is set where the platform has learned a better one, such as a new message's id. */
  | { delivered: true; address?: Address }
  /** With `againInSeconds` worth another try then; without it, never: removed, blocked or deleted. */
  | { delivered: false; because: string; againInSeconds?: number };

/**
 * Puts a reply where `address` points, in place of what stands there, from any process. Sending the same reply again
 * must leave one message. Throws only what nobody foresaw; that is tried again too.
 */
export type Send = (address: Address, reply: ChatReply) => Promise<Delivery>;

/** One `Send` for each platform that is set up, by the platform's name. */
export type Senders = Record<string, Send>;

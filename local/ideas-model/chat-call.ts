import type { Chat } from "./chat-parameters.ts";

/** One chat completion as the service saw it. */
export type ChatCall = {
  path: string;
  deployment: string;
  /** The JSON of the user's message. */
  given: Record<string, unknown>;
  chat?: Chat;
  status: number;
};

import { createHash } from "node:crypto";
import { RequestMethod, Routes } from "discord.js";
import type { RouteLike } from "discord.js";
import type { ChatReply } from "../../../src/replies/reply.ts";
import type { DiscordAddress } from "../address.ts";
import type { Authority } from "./faults.ts";

/** One place where a message can be written. */
export type Place = {
  method: RequestMethod.Patch | RequestMethod.Post;
  path: RouteLike;
  authority: Authority;
  /** For the log. */
  way: string;
  fields?: Record<string, unknown>;
  ephemeral?: boolean;
  /** Discord does not say by itself who asked. */
  namesAsker?: boolean;
};

const LONGEST_NONCE = 25;

/** What an edit needs to turn an ordinary message into one of components. */
const cleared = { content: null, embeds: [] };

/** Within the token's life: the answer, or the follow-up that stands beside it. */
export function standingOf(address: DiscordAddress): Place {
  return {
    method: RequestMethod.Patch,
    path: routeOf(address),
    authority: "interaction",
    way: "edit by key",
    fields: cleared,
  };
}

export function routeOf({ applicationId, token, followUp, messageId }: DiscordAddress): RouteLike {
  return Routes.webhookMessage(applicationId, token, followUp && messageId ? messageId : "@original");
}

export function followUpTo({ applicationId, token }: DiscordAddress, ephemeral: boolean): Place {
  return {
    method: RequestMethod.Post,
    path: Routes.webhook(applicationId, token),
    authority: "interaction",
    way: "follow-up",
    ephemeral,
  };
}

export function messageIn(channelId: string, messageId: string): Place {
  return {
    method: RequestMethod.Patch,
    path: Routes.channelMessage(channelId, messageId),
    authority: "bot",
    way: "edit by the bot",
    fields: cleared,
  };
}

/** Posting again within some minutes finds the first message: the nonce says what is answered, and which answer it is. */
export function newMessageIn(channelId: string, address: DiscordAddress, reply: ChatReply): Place {
  const fields = { nonce: nonceOf(address, reply), enforce_nonce: true };
  return {
    method: RequestMethod.Post,
    path: Routes.channelMessages(channelId),
    authority: "bot",
    way: channelId === address.channelId ? "new message" : "direct message",
    fields,
    namesAsker: true,
  };
}

/** One event may have several follow-ups; its own answer is one, whatever it says. */
function nonceOf({ interactionId, followUp }: DiscordAddress, reply: ChatReply): string {
  if (!followUp) return interactionId;
  return createHash("sha256")
    .update(`${interactionId}/${JSON.stringify(reply)}`)
    .digest("hex")
    .slice(0, LONGEST_NONCE);
}

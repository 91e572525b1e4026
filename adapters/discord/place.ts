import { RequestMethod, Routes } from "discord.js";
import type { RouteLike } from "discord.js";
import type { DiscordAddress } from "./address.ts";
import type { Authority } from "./faults.ts";

/** One place where a message can be written. */
export type Place = {
  method: RequestMethod.Patch | RequestMethod.Post;
  path: RouteLike;
  authority: Authority;
  fields?: Record<string, unknown>;
  ephemeral?: boolean;
  /** Discord does not say by itself who asked. */
  namesAsker?: boolean;
};

/** What an edit needs to turn an ordinary message into one of components. */
const cleared = { content: null, embeds: [] };

export function originalOf({ applicationId, token }: DiscordAddress): Place {
  return {
    method: RequestMethod.Patch,
    path: Routes.webhookMessage(applicationId, token, "@original"),
    authority: "interaction",
    fields: cleared,
  };
}

export function privateFollowUpTo({ applicationId, token }: DiscordAddress): Place {
  return {
    method: RequestMethod.Post,
    path: Routes.webhook(applicationId, token),
    authority: "interaction",
    ephemeral: true,
  };
}

export function messageIn(channelId: string, messageId: string): Place {
  return {
    method: RequestMethod.Patch,
    path: Routes.channelMessage(channelId, messageId),
    authority: "bot",
    fields: cleared,
  };
}

/** Posting again within some minutes finds the first message: the nonce is the id of the event that is answered. */
export function newMessageIn(channelId: string, { interactionId }: DiscordAddress): Place {
  const fields = { nonce: interactionId, enforce_nonce: true };
  return {
    method: RequestMethod.Post,
    path: Routes.channelMessages(channelId),
    authority: "bot",
    fields,
    namesAsker: true,
  };
}

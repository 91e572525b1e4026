import { z } from "zod";
import { AT_EVENT, record } from "../../src/request/request.ts";
import type { Asker } from "../../src/request/request.ts";
import { chatOf } from "./door/activity.ts";
import type { TeamsActivity } from "./door/activity.ts";

const Person = record({ id: z.string(), name: z.string().nullable(), aadObjectId: z.string().nullable() });

/** A conversation reference in plain JSON: where an answer goes on Teams, and all that `send` needs in any process. */
export const TeamsAddress = record({
  platform: z.literal("teams"),
  channelId: z.literal("msteams"),
  serviceUrl: z.string(),
  /** In a channel with `;messageid=`, or the answer would stand at top level. */
  conversationId: z.string(),
  /** `personal`, `groupChat` or `channel`. */
  conversationType: z.string().nullable(),
  tenantId: z.string().nullable(),
  bot: Person,
  user: Person,
  locale: z.string().nullable(),
  /** The message of ours that the answer replaces; null where none stands. */
  activityId: z.string().nullable(),
  /** What is written there, and what stands there, `user` alone sees. Teams keeps it for 24 hours. */
  targeted: z.boolean().default(false),
  /** The answer stands in a card that a person sent, which only a look can renew: there is nothing to write. */
  inserted: z.boolean().default(false),
  /** The job that an inserted card shows by now, where its asker has changed the words. */
  nowJob: z.string().nullable().default(null),
});
export type TeamsAddress = z.infer<typeof TeamsAddress>;

/** Where an activity came from. Undefined if it names no place or nobody who could be answered. */
export function addressOf(activity: TeamsActivity): TeamsAddress | undefined {
  const { conversation, serviceUrl, from, recipient } = activity;
  if (!conversation || !serviceUrl || !from || !recipient) return undefined;
  const person = ({ id, name, aadObjectId }: typeof from) => ({
    id,
    name: name ?? null,
    aadObjectId: aadObjectId ?? null,
  });
  return {
    platform: "teams",
    channelId: "msteams",
    serviceUrl,
    conversationId: conversation.id,
    conversationType: conversation.conversationType ?? null,
    tenantId: tenantOf(activity) ?? null,
    bot: person(recipient),
    user: person(from),
    locale: activity.locale ?? null,
    activityId: null,
    targeted: recipient.isTargeted === true && conversation.conversationType !== "personal",
    inserted: false,
    nowJob: null,
  };
}

/** For a message of its own in the same place, targeted to whoever asked where it is for them alone. */
export function newMessageAt(address: TeamsAddress, isPrivate: boolean): TeamsAddress {
  return { ...address, activityId: null, targeted: isPrivate && isAmongOthers(address), inserted: false, nowJob: null };
}

/** Where others read along, and where Teams takes targeted messages. */
export function isAmongOthers({ conversationType }: Pick<TeamsAddress, "conversationType">): boolean {
  return conversationType === "groupChat" || conversationType === "channel";
}

export function askerOf(address: TeamsAddress): Asker {
  return {
    platform: "teams",
    workspace: address.tenantId ?? undefined,
    channel: chatOf(address.conversationId),
    user: personOf(address.user),
    name: address.user.name ?? "",
    locale: address.locale ?? undefined,
    [AT_EVENT]: { isDirect: address.conversationType === "personal" },
  };
}

/** The same in all chats of a tenant; `id` alone differs from bot to bot. */
export function personOf({ id, aadObjectId }: TeamsAddress["user"]): string {
  return aadObjectId ?? id;
}

export function tenantOf({ conversation, channelData }: TeamsActivity): string | undefined {
  return conversation?.tenantId || channelData?.tenant?.id || undefined;
}

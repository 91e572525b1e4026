import { z } from "zod";
import type { TeamsActivity } from "./activity.ts";

const Person = z.object({ id: z.string(), name: z.string().nullable(), aadObjectId: z.string().nullable() });

/** A conversation reference in plain JSON: where an answer goes on Teams, and all that `send` needs in any process. */
export const TeamsAddress = z.object({
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
  };
}

export function tenantOf({ conversation, channelData }: TeamsActivity): string | undefined {
  return conversation?.tenantId ?? channelData?.tenant?.id;
}

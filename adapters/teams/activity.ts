import { z } from "zod";

const Account = z.object({
  id: z.string(),
  name: z.string().nullish(),
  aadObjectId: z.string().nullish(),
});
export type Account = z.infer<typeof Account>;

const Mention = z.object({ type: z.literal("mention"), mentioned: Account, text: z.string().nullish() });

/** The members of an activity that Easel reads. Everything that Teams sends comes through here. */
export const TeamsActivity = z.object({
  type: z.string().min(1),
  id: z.string().nullish(),
  timestamp: z.string().nullish(),
  channelId: z.string().nullish(),
  serviceUrl: z.string().nullish(),
  from: Account.nullish(),
  recipient: Account.nullish(),
  conversation: z
    .object({ id: z.string(), conversationType: z.string().nullish(), tenantId: z.string().nullish() })
    .nullish(),
  text: z.string().nullish(),
  value: z.unknown().optional(),
  name: z.string().nullish(),
  replyToId: z.string().nullish(),
  locale: z.string().nullish(),
  action: z.string().nullish(),
  membersAdded: z.array(Account).nullish(),
  entities: z.array(z.unknown()).nullish(),
  channelData: z
    .object({ tenant: z.object({ id: z.string() }).nullish(), team: z.object({ id: z.string().nullish() }).nullish() })
    .nullish(),
});
export type TeamsActivity = z.infer<typeof TeamsActivity>;

/** Every mention in a message, whoever is meant. */
export function mentionsIn({ entities }: Pick<TeamsActivity, "entities">): z.infer<typeof Mention>[] {
  return (entities ?? []).flatMap((entity) => {
    const mention = Mention.safeParse(entity);
    return mention.success ? [mention.data] : [];
  });
}

/** A channel's thread is named after the chat it is in: `19:…@thread.tacv2;messageid=1700000000000`. */
export function chatOf(conversationId: string): string {
  return conversationId.replace(/;messageid=.*$/, "");
}

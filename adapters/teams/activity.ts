import { z } from "zod";
import { CARD_TYPE } from "./card.ts";
import { member } from "./member.ts";

const Account = z.object({
  id: z.string(),
  name: z.string().nullish(),
  aadObjectId: z.string().nullish(),
});
export type Account = z.infer<typeof Account>;

/** `isTargeted`: only the person and the bot see this message, as after a slash command. */
const Recipient = Account.extend({ isTargeted: z.boolean().nullish() });

const Mention = z.object({ type: z.literal("mention"), mentioned: Account, text: z.string().nullish() });

/** The members of an activity that Easel reads. Everything that Teams sends comes through here. */
export const TeamsActivity = z.object({
  type: z.string().min(1),
  id: z.string().nullish(),
  timestamp: z.string().nullish(),
  channelId: z.string().nullish(),
  serviceUrl: z.string().nullish(),
  from: Account.nullish(),
  recipient: Recipient.nullish(),
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
  attachments: z.array(z.unknown()).nullish(),
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

const Attached = z.object({
  contentType: z.string(),
  contentUrl: z.string().nullish(),
  content: z.unknown().optional(),
});
const FILE_TYPE = "application/vnd.microsoft.teams.file.download.info";

function attachmentsOf({ attachments }: Pick<TeamsActivity, "attachments">): z.infer<typeof Attached>[] {
  return (attachments ?? []).flatMap((attachment) => {
    const attached = Attached.safeParse(attachment);
    return attached.success ? [attached.data] : [];
  });
}

/**
 * Where the pictures and files lie that a person sent along. Beside them Teams sends the message's HTML as an attachment,
 * whose addresses are not for bots.
 */
export function sentAlong(activity: Pick<TeamsActivity, "attachments">): string[] {
  return attachmentsOf(activity).flatMap(({ contentType, contentUrl, content }) => {
    const address = contentType === FILE_TYPE ? member(content, "downloadUrl") : contentUrl;
    const isSent = contentType === FILE_TYPE || contentType.startsWith("image/");
    return isSent && typeof address === "string" ? [address] : [];
  });
}

/** Whether it is nothing but cards, as when somebody sends one from the message extension in the bot's own chat. */
export function isCardAlone(activity: Pick<TeamsActivity, "attachments" | "text">): boolean {
  return !activity.text?.trim() && attachmentsOf(activity).some(({ contentType }) => contentType === CARD_TYPE);
}

/** A channel's thread is named after the chat it is in: `19:…@thread.tacv2;messageid=1700000000000`. */
export function chatOf(conversationId: string): string {
  return conversationId.replace(/;messageid=.*$/, "");
}

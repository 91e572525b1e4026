import { z } from "zod";
import { member } from "./own-member.ts";

export const CARD_TYPE = "application/vnd.microsoft.card.adaptive";

/** Far beyond any id or name of Teams'. */
const LONGEST_ID = 2000;
/** Teams' own largest message is 100 KB. */
const LONGEST_TEXT = 100_000;
/** Of mentions, attachments, members: what is beyond is not looked at. */
const MOST_ELEMENTS = 100;

const id = z.string().max(LONGEST_ID);
const name = z.string().transform((text) => text.slice(0, LONGEST_ID).trim());

/** Cut before an element of it is looked at. */
function listOf<Element extends z.ZodType>(element: Element) {
  const cut = (list: unknown) => (Array.isArray(list) ? list.slice(0, MOST_ELEMENTS) : list);
  return z.preprocess(cut, z.array(element).nullish());
}

const Account = z.object({ id, name: name.nullish(), aadObjectId: id.nullish() });
export type Account = z.infer<typeof Account>;

/** `isTargeted`: only the person and the bot see this message, as after a slash command. */
const Recipient = Account.extend({ isTargeted: z.boolean().nullish() });

const Mention = z.object({
  type: z.literal("mention"),
  mentioned: Account,
  text: z.string().max(LONGEST_ID).nullish(),
});

/** The members of an activity that Easel reads. Everything that Teams sends comes through here. */
export const TeamsActivity = z.object({
  type: id.min(1),
  id: id.nullish(),
  timestamp: id.nullish(),
  channelId: id.nullish(),
  serviceUrl: id.nullish(),
  from: Account.nullish(),
  recipient: Recipient.nullish(),
  conversation: z.object({ id, conversationType: id.nullish(), tenantId: id.nullish() }).nullish(),
  text: z
    .string()
    .transform((text) => text.slice(0, LONGEST_TEXT))
    .nullish(),
  value: z.unknown().optional(),
  name: id.nullish(),
  replyToId: id.nullish(),
  locale: id.nullish(),
  action: id.nullish(),
  membersAdded: listOf(Account),
  entities: listOf(z.unknown()),
  attachments: listOf(z.unknown()),
  channelData: z
    .object({ tenant: z.object({ id: id.nullish() }).nullish(), team: z.object({ id: id.nullish() }).nullish() })
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

const PICTURE_IN_HTML = /<img\b[^>]{0,2000}>/gi;

/** Whether a picture stands in the message that Teams does not hand to bots, as in a channel. What stands for a face is none. */
export function showsOutOfReach(activity: Pick<TeamsActivity, "attachments">): boolean {
  const pages = attachmentsOf(activity).flatMap(({ contentType, content }) =>
    contentType === "text/html" && typeof content === "string" ? [content.slice(0, LONGEST_TEXT)] : [],
  );
  return pages.some((page) =>
    [...page.matchAll(PICTURE_IN_HTML)].some(([picture]) => !/schema\.skype\.com\/emoji/i.test(picture)),
  );
}

/** Whether it is nothing but cards, as when somebody sends one from the message extension in the bot's own chat. */
export function isCardAlone(activity: Pick<TeamsActivity, "attachments" | "text">): boolean {
  return !activity.text?.trim() && attachmentsOf(activity).some(({ contentType }) => contentType === CARD_TYPE);
}

/** A channel's thread is named after the chat it is in: `19:…@thread.tacv2;messageid=1700000000000`. */
export function chatOf(conversationId: string): string {
  return conversationId.split(";messageid=", 1)[0] ?? "";
}

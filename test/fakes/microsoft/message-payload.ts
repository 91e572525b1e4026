/** A message as a message extension gets it that is used on it ("act on this message"). */
import { randomUUID } from "node:crypto";
import type { Account, Conversations } from "./conversations.ts";
import { placeOf } from "./conversations.ts";

/** Throws where no message with this id stands or was written in this chat. */
export function messagePayload(conversations: Conversations, conversationId: string, id: string, bot: Account) {
  const { chatId, thread } = placeOf(conversationId);
  const about = {
    id,
    replyToId: thread === undefined || thread === id ? null : thread,
    linkToMessage: `https://teams.microsoft.com/l/message/${chatId}/${id}`,
    createdDateTime: new Date(Number(id) || conversations.now()).toISOString(),
    lastModifiedDateTime: null,
    deleted: false,
    subject: null,
    summary: null,
    importance: "normal",
    locale: "en-us",
    reactions: [],
    mentions: [],
  };
  const said = conversations.said(conversationId, id);
  if (said) {
    const body = { contentType: "html", content: `<div>${said.html}</div>` };
    return { ...about, body, from: fromPerson(said.from), attachments: [] };
  }
  const standing = conversations.find(id);
  if (!standing || placeOf(standing.conversationId).chatId !== chatId) throw new Error(`No message ${id} in ${chatId}`);
  const attachments = (standing.attachments ?? []).map(({ contentType, content, contentUrl, name }) => ({
    id: randomUUID().replaceAll("-", ""),
    contentType,
    contentUrl: contentUrl ?? null,
    content: content === undefined ? null : JSON.stringify(content),
    name: name ?? null,
    thumbnailUrl: null,
  }));
  const places = attachments.map((attachment) => `<attachment id="${attachment.id}"></attachment>`).join("");
  return {
    ...about,
    body: { contentType: "html", content: `${standing.text ?? ""}${places}` },
    from: standing.author ? fromPerson(standing.author) : fromBot(bot),
    attachments,
  };
}

function fromPerson(account: Account | undefined) {
  const user = { userIdentityType: "aadUser", id: account?.aadObjectId, displayName: account?.name };
  return { device: null, conversation: null, user, application: null };
}

function fromBot({ id, name }: Account) {
  const application = { applicationIdentityType: "bot", id: id.replace(/^28:/, ""), displayName: name };
  return { device: null, conversation: null, user: null, application };
}

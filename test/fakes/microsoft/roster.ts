/** Who is in a conversation, as the connector tells it. It does not tell who owns a team. */
import type { Account, Chat } from "./conversations.ts";
import type { Answer, ReceivedRequest } from "./exchange.ts";
import { refusals } from "./refusals.ts";

/** Members on a page: what is asked for is brought within these. */
const pageSizes = { smallest: 50, usual: 200, largest: 500 };

/** One member, by the bot's id for the person or by the directory's. */
export function answerMember(chat: Chat | undefined, id: string): Answer {
  const member = rosterOf(chat).find(({ id: own, aadObjectId }) => own === id || aadObjectId === id);
  return member ? { status: 200, body: member } : refusals.memberNotFound;
}

export function answerMembers(chat: Chat | undefined): Answer {
  return { status: 200, body: rosterOf(chat) };
}

/** A channel's in pages; a chat's all at once. */
export function answerPagedMembers(chat: Chat | undefined, { query }: ReceivedRequest): Answer {
  const members = rosterOf(chat);
  if (chat?.kind !== "channel") return { status: 200, body: { members } };
  const asked = Number(query.pageSize ?? pageSizes.usual) || pageSizes.usual;
  const size = Math.min(Math.max(asked, pageSizes.smallest), pageSizes.largest);
  const start = query.continuationToken === undefined ? 0 : readToken(query.continuationToken);
  const next = start + size;
  const continuationToken = next < members.length ? Buffer.from(`page ${next}`).toString("base64") : undefined;
  return { status: 200, body: { continuationToken, members: members.slice(start, next) } };
}

function rosterOf(chat: Chat | undefined): (Account & { objectId?: string; tenantId?: string })[] {
  return [...(chat?.members.values() ?? [])].map((member) => ({
    ...member,
    objectId: member.aadObjectId,
    userRole: member.userRole ?? "user",
    tenantId: chat?.tenant,
  }));
}

function readToken(token: string): number {
  return Number(/^page (\d+)$/.exec(Buffer.from(token, "base64").toString("utf8"))?.[1] ?? 0);
}

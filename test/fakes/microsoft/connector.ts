/** smba.trafficmanager.net: where a bot writes to Teams. */
import { adaptiveCard } from "./card-parts.ts";
import { cardFaults } from "./card-rules.ts";
import { placeOf, type Conversations, type StandingActivity, type WireActivity } from "./conversations.ts";
import type { Answer, ReceivedRequest } from "./exchange.ts";
import type { Directory } from "./login.ts";
import { refuseMessage } from "./message-rules.ts";
import type { Pace } from "./pace.ts";
import { badRequest, refusals } from "./refusals.ts";
import { answerMember, answerMembers, answerPagedMembers } from "./roster.ts";
import { checkEntraToken, connectorAudience } from "./tokens.ts";
import type { Violation } from "./violations.ts";

export const connectorHost = "smba.trafficmanager.net";

export type Reaction = { conversationId: string; activityId: string; type: string };

export type Connector = {
  directory: Directory;
  conversations: Conversations;
  pace?: Pace;
  reactions: Reaction[];
  violations: Violation[];
};

type Call = { conversationId: string; activityId?: string; request: ReceivedRequest; targeted: boolean };

export async function answerConnector(connector: Connector, request: ReceivedRequest): Promise<Answer> {
  const [, version, collection, conversationId, what, activityId, detail, type] = request.segments;
  if (!(await isOurBot(connector.directory, request))) return refusals.unauthorized;
  if (version !== "v3" || collection !== "conversations" || !conversationId) return { status: 404 };
  const refusal = refusePlace(connector, conversationId);
  if (refusal) return refusal;

  const call: Call = { conversationId, activityId, request, targeted: request.query.isTargetedActivity === "true" };
  if (what === "members" || what === "pagedmembers") return answerRoster(connector, call, what);
  if (what !== "activities") return { status: 404 };
  if (detail === "reactions" && activityId && type)
    return react(connector, { conversationId, activityId, type }, request);
  if (request.method === "POST") return post(connector, call);
  if (request.method === "PUT") return put(connector, call);
  if (request.method === "DELETE") return remove(connector, call);
  return { status: 405 };
}

/** Whether a request to the connector bears this bot's own token, for the connector. */
export async function isOurBot(directory: Directory, request: ReceivedRequest): Promise<boolean> {
  const expected = { audience: connectorAudience, tenant: directory.tenant };
  const checked = await checkEntraToken(directory.keys, request.headers.authorization, expected);
  return "claims" in checked && checked.claims.appid === directory.appId;
}

function refusePlace({ conversations }: Connector, conversationId: string): Answer | undefined {
  const chat = conversations.chat(conversationId);
  if (!chat || !conversations.isKnownPlace(conversationId)) return refusals.conversationNotFound;
  return chat.hasBot ? undefined : refusals.botNotInConversationRoster;
}

function post(connector: Connector, call: Call): Answer {
  const { conversations, pace } = connector;
  const { conversationId, activityId, targeted } = call;
  const activity = readActivity(call.request.body);
  if (!activity) return badRequest("BadSyntax", "Invalid or missing activity.");
  const throttled = pace?.("sending", conversationId);
  if (throttled) return throttled;
  const refusal =
    refuseMessage(activity) ?? (targeted ? refuseRecipient(conversations, conversationId, activity) : undefined);
  if (refusal) return refusal;
  if (activity.type !== "message") return { status: 202, body: { id: conversations.nextId() } };
  const { id } = conversations.stand(
    conversationId,
    { ...activity, ...(activityId && { replyToId: activityId }) },
    targeted,
  );
  judge(connector, `message ${id}`, conversationId, activity);
  return { status: 201, body: { id } };
}

function put(connector: Connector, call: Call): Answer {
  const { conversations } = connector;
  const activity = readActivity(call.request.body);
  if (!activity) return badRequest("BadSyntax", "Invalid or missing activity.");
  const standing = findStanding(conversations, call);
  if (!standing) return refusals.activityNotFound;
  if (standing.author) return refusals.notYours;
  if (call.targeted && activity.recipient) return badRequest("BadArgument", "Recipient cannot be set on an edit.");
  const refusal = refuseMessage(activity);
  if (refusal) return refusal;
  conversations.replace(standing, activity);
  judge(connector, `message ${standing.id}`, call.conversationId, activity);
  return { status: 200, body: { id: standing.id } };
}

function remove({ conversations }: Connector, call: Call): Answer {
  const standing = findStanding(conversations, call);
  if (!standing) return refusals.activityNotFound;
  if (standing.author) return refusals.notYours;
  conversations.remove(standing);
  return { status: 200 };
}

/** Writes down what Teams takes and does not show. */
function judge({ conversations, violations }: Connector, where: string, place: string, activity: WireActivity): void {
  const cards = (activity.attachments ?? []).filter(({ contentType }) => contentType === adaptiveCard);
  for (const what of cards.flatMap(({ content }) => cardFaults(content)))
    violations.push({ about: "card", where, what });
  // What a notification, a list of chats and a client without cards would show.
  if (!activity.text && !activity.summary)
    violations.push({ about: "message", where, what: "nothing tells it in short" });
  for (const { content } of cards) {
    if ((content as { fallbackText?: string }).fallbackText) continue;
    violations.push({ about: "card", where, what: "no fallbackText" });
  }
  for (const { type, messageId } of activity.entities ?? []) {
    if (type !== "targetedMessageInfo" || conversations.said(place, String(messageId))?.targeted) continue;
    const what = `targetedMessageInfo names ${String(messageId)}, which nobody wrote here for the bot alone`;
    violations.push({ about: "message", where, what });
  }
}

/** A targeted message can only be changed as such, and another only as it is. */
function findStanding(conversations: Conversations, call: Call): StandingActivity | undefined {
  const standing = conversations.find(call.activityId ?? "");
  if (!standing || standing.targeted !== call.targeted) return undefined;
  const isHere = placeOf(standing.conversationId).chatId === placeOf(call.conversationId).chatId;
  return isHere ? standing : undefined;
}

function refuseRecipient(
  conversations: Conversations,
  conversationId: string,
  activity: WireActivity,
): Answer | undefined {
  const chat = conversations.chat(conversationId);
  if (!activity.recipient?.id) return badRequest("BadArgument", "Recipient is required for a targeted activity.");
  if (chat?.kind === "personal")
    return badRequest("BadArgument", "Targeted activities are not supported in one-on-one chats.");
  return chat?.members.has(activity.recipient.id) ? undefined : refusals.botNotInConversationRoster;
}

function react({ conversations, pace, reactions }: Connector, reaction: Reaction, request: ReceivedRequest): Answer {
  const throttled = pace?.("reacting", reaction.conversationId);
  if (throttled) return throttled;
  if (!conversations.isKnownMessage(reaction.conversationId, reaction.activityId)) return refusals.activityNotFound;
  const { activityId, type } = reaction;
  const index = reactions.findIndex((other) => other.activityId === activityId && other.type === type);
  if (request.method === "PUT" && index === -1) reactions.push(reaction);
  if (request.method === "DELETE" && index !== -1) reactions.splice(index, 1);
  return { status: request.method === "PUT" || request.method === "DELETE" ? 200 : 405 };
}

function answerRoster({ conversations, pace }: Connector, call: Call, what: "members" | "pagedmembers"): Answer {
  const throttled = pace?.("reading", call.conversationId);
  if (throttled) return throttled;
  if (call.request.method !== "GET") return { status: 405 };
  const chat = conversations.chat(call.conversationId);
  if (what === "pagedmembers") return answerPagedMembers(chat, call.request);
  return call.activityId ? answerMember(chat, call.activityId) : answerMembers(chat);
}

function readActivity(body: unknown): WireActivity | undefined {
  if (typeof body !== "object" || body === null || !("type" in body) || typeof body.type !== "string") return undefined;
  return body as WireActivity;
}

/** smba.trafficmanager.net: where a bot writes to Teams. */
import { placeOf, type Conversations, type StandingActivity, type WireActivity } from "./conversations.ts";
import type { Answer, ReceivedRequest } from "./exchange.ts";
import type { Directory } from "./login.ts";
import { refuseMessage } from "./message-rules.ts";
import type { Pace } from "./pace.ts";
import { badRequest, refusals } from "./refusals.ts";
import { checkEntraToken, connectorAudience } from "./tokens.ts";

export const connectorHost = "smba.trafficmanager.net";

export type Reaction = { conversationId: string; activityId: string; type: string };

export type Connector = { directory: Directory; conversations: Conversations; pace?: Pace; reactions: Reaction[] };

type Call = { conversationId: string; activityId?: string; request: ReceivedRequest; targeted: boolean };

export async function answerConnector(connector: Connector, request: ReceivedRequest): Promise<Answer> {
  const [, version, collection, conversationId, what, activityId, detail, type] = request.segments;
  if (!(await isOurBot(connector.directory, request))) return refusals.unauthorized;
  if (version !== "v3" || collection !== "conversations" || !conversationId) return { status: 404 };
  const refusal = refusePlace(connector, conversationId);
  if (refusal) return refusal;

  const call: Call = { conversationId, activityId, request, targeted: request.query.isTargetedActivity === "true" };
  if (what === "members" || what === "pagedmembers") return answerMembers(connector, call, what);
  if (what !== "activities") return { status: 404 };
  if (detail === "reactions" && activityId && type)
    return react(connector, { conversationId, activityId, type }, request);
  if (request.method === "POST") return post(connector, call);
  if (request.method === "PUT") return put(connector, call);
  if (request.method === "DELETE") return remove(connector, call);
  return { status: 405 };
}

async function isOurBot(directory: Directory, request: ReceivedRequest): Promise<boolean> {
  const expected = { audience: connectorAudience, tenant: directory.tenant };
  const checked = await checkEntraToken(directory.keys, request.headers.authorization, expected);
  return "claims" in checked && checked.claims.appid === directory.appId;
}

function refusePlace({ conversations }: Connector, conversationId: string): Answer | undefined {
  const chat = conversations.chat(conversationId);
  if (!chat || !conversations.isKnownPlace(conversationId)) return refusals.conversationNotFound;
  return chat.hasBot ? undefined : refusals.botNotInConversationRoster;
}

function post({ conversations, pace }: Connector, call: Call): Answer {
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
  return { status: 201, body: { id } };
}

function put({ conversations }: Connector, call: Call): Answer {
  const activity = readActivity(call.request.body);
  if (!activity) return badRequest("BadSyntax", "Invalid or missing activity.");
  const standing = findStanding(conversations, call);
  if (!standing) return refusals.activityNotFound;
  if (call.targeted && activity.recipient) return badRequest("BadArgument", "Recipient cannot be set on an edit.");
  const refusal = refuseMessage(activity);
  if (refusal) return refusal;
  conversations.replace(standing, activity);
  return { status: 200, body: { id: standing.id } };
}

function remove({ conversations }: Connector, call: Call): Answer {
  const standing = findStanding(conversations, call);
  if (!standing) return refusals.activityNotFound;
  conversations.remove(standing);
  return { status: 200 };
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
  if (!activity.recipient?.id) return badRequest("BadArgument", "Recipient is required for a targeted activity.");
  const isMember = conversations.chat(conversationId)?.members.has(activity.recipient.id);
  return isMember ? undefined : refusals.botNotInConversationRoster;
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

function answerMembers({ conversations, pace }: Connector, call: Call, what: string): Answer {
  const throttled = pace?.("reading", call.conversationId);
  if (throttled) return throttled;
  const chat = conversations.chat(call.conversationId);
  const members = [...(chat?.members.values() ?? [])].map((member) => ({
    ...member,
    objectId: member.aadObjectId,
    userRole: "user",
    tenantId: chat?.tenant,
  }));
  if (what === "pagedmembers") return { status: 200, body: { members } };
  if (!call.activityId) return { status: 200, body: members };
  const member = members.find(({ id, aadObjectId }) => id === call.activityId || aadObjectId === call.activityId);
  return member ? { status: 200, body: member } : refusals.conversationNotFound;
}

function readActivity(body: unknown): WireActivity | undefined {
  if (typeof body !== "object" || body === null || !("type" in body) || typeof body.type !== "string") return undefined;
  return body as WireActivity;
}

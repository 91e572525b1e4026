/** What the connector of Teams says when it says no. */
import type { Answer } from "./exchange.ts";

export const refusals = {
  unauthorized: { status: 401, body: { message: "Authorization has been denied for this request." } },
  botNotInConversationRoster: refuse(
    403,
    "BotNotInConversationRoster",
    "The bot is not part of the conversation roster.",
  ),
  conversationBlockedByUser: refuse(403, "ConversationBlockedByUser", "User blocked the conversation with the bot."),
  botDisabledByAdmin: refuse(403, "BotDisabledByAdmin", "The tenant admin disabled this bot"),
  conversationNotFound: refuse(404, "ConversationNotFound", "Conversation not found."),
  activityNotFound: refuse(404, "ActivityNotFoundInConversation", "Activity not found in conversation."),
  memberNotFound: refuse(404, "MemberNotFoundInConversation", "The member was not found in the conversation."),
  /** Another's message; Microsoft says no more than that. */
  notYours: refuse(403, "ServiceError", "Unknown"),
  preconditionFailed: refuse(412, "PreconditionFailed", "Precondition failed, please try again."),
  messageSizeTooBig: refuse(413, "MessageSizeTooBig", "Message size too large."),
  internalError: refuse(500, "ServiceError", "Internal error."),
  badGateway: { status: 502 },
  serviceUnavailable: refuse(503, "ServiceUnavailable", "Service unavailable."),
  gatewayTimeout: { status: 504 },
  /** A person blocked or removed the bot. As Microsoft prints it: another form than all others. */
  messageWritesBlocked: {
    status: 403,
    body: {
      errorCode: 209,
      message: JSON.stringify(
        {
          subCode: "MessageWritesBlocked",
          details: "Thread is blocked from message writes.",
          errorCode: null,
          errorSubCode: null,
        },
        null,
        2,
      ).replaceAll("\n", "\r\n"),
    },
  },
} satisfies Record<string, Answer>;

export function throttled(retryAfterSeconds?: number): Answer {
  const answer = refuse(429, "Throttled", "Too many requests.");
  return retryAfterSeconds === undefined
    ? answer
    : { ...answer, headers: { "retry-after": String(retryAfterSeconds) } };
}

export function badRequest(code: "BadArgument" | "BadSyntax", message: string): Answer {
  return refuse(400, code, message);
}

/** With a code of its own, or one that nobody has heard of. */
export function refuse(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

/** What a proxy or a firewall in front of Microsoft says instead: no word of it is Microsoft's. */
export function page(status: number): Answer {
  const html = `<html><head><title>${status}</title></head><body><h1>Please try again</h1></body></html>`;
  return { status, headers: { "content-type": "text/html" }, page: html };
}

import type { ConnectorAnswer } from "./connector.ts";
import { member } from "../door/own-member.ts";

/**
 * What an answer of the connector decides. `trouble` decides nothing, and neither does `refused`: the difference is that a
 * refusal may last, so that another way is worth a try.
 */
export type Verdict = "done" | "gone" | "missing" | "unfit" | "refused" | "trouble";

/**
 * The connector's own codes that are final, from "Status codes from bot conversational APIs" and, for `MessageWritesBlocked`,
 * "Send proactive messages". All others are not: `ConversationNotFound` is said of chats that exist, `ServiceError` of
 * anything.
 */
const FINAL = new Map<string, { verdict: Verdict; statuses: number[] }>([
  // Removed, blocked or forbidden: nobody can write there any more.
  ["BotNotInConversationRoster", { verdict: "gone", statuses: [403, 404] }],
  ["MessageWritesBlocked", { verdict: "gone", statuses: [403] }],
  ["ConversationBlockedByUser", { verdict: "gone", statuses: [403] }],
  ["BotDisabledByAdmin", { verdict: "gone", statuses: [403] }],
  ["ForbiddenOperationException", { verdict: "gone", statuses: [403] }],
  // The message, or whom it is for, is not there. A new message may be.
  ["ActivityNotFoundInConversation", { verdict: "missing", statuses: [404] }],
  ["ActivityNotFound", { verdict: "missing", statuses: [404] }],
  ["MessageNotFound", { verdict: "missing", statuses: [404] }],
  ["MemberNotFoundInConversation", { verdict: "missing", statuses: [404] }],
  // The card itself.
  ["MessageSizeTooBig", { verdict: "unfit", statuses: [400, 413] }],
  ["RequestEntityTooLarge", { verdict: "unfit", statuses: [400, 413] }],
  ["BadArgument", { verdict: "unfit", statuses: [400] }],
  ["Bad Argument", { verdict: "unfit", statuses: [400] }],
  ["BadSyntax", { verdict: "unfit", statuses: [400] }],
]);

/** Refused for the moment, and Microsoft's list of what is worth another try. */
const BUSY = [408, 412, 425, 429, 502, 503, 504];

export type Way = "POST" | "PUT" | "DELETE";

export function verdictOn(answer: ConnectorAnswer, way: Way): Verdict {
  if (!("status" in answer)) return "trouble";
  const { status, json, isEmpty } = answer;
  if (status >= 200 && status < 300) {
    // A proxy's page comes with 200 too. A new message has an id; the other two may be answered with nothing.
    const isConnectors = way === "POST" ? idIn(answer) !== undefined : isEmpty || isObject(json);
    return isConnectors ? "done" : "trouble";
  }
  const final = FINAL.get(codeOf(json));
  if (final?.statuses.includes(status)) return final.verdict;
  return status >= 400 && status < 500 && !BUSY.includes(status) ? "refused" : "trouble";
}

/** Whether the same call is worth another try soon. Not where the answer is lost: the message may stand already, and would then stand twice. */
export function isWorthAnotherTry(answer: ConnectorAnswer, way: Way): boolean {
  if (!("status" in answer)) return !answer.sent;
  const verdict = verdictOn(answer, way);
  return (
    verdict === "refused" || (verdict === "trouble" && (BUSY.includes(answer.status) || isPageOfSuccess(answer, way)))
  );
}

/** Nothing is lost by changing or deleting a message once more. */
function isPageOfSuccess({ status }: { status: number }, way: Way): boolean {
  return way !== "POST" && status < 300;
}

/** Status, code and way, for the log. */
export function describe(answer: ConnectorAnswer, way: Way): string {
  if (!("status" in answer)) return `${way}: ${answer.lost}`;
  const { status, json, isEmpty } = answer;
  const said = codeOf(json) || (isEmpty ? "without a body" : isObject(json) ? "without a code" : "with a page");
  return `${way} ${status} ${said}`;
}

export function idIn(answer: ConnectorAnswer): string | undefined {
  const id = "status" in answer ? member(answer.json, "id") : undefined;
  return typeof id === "string" && id ? id : undefined;
}

function isObject(json: unknown): boolean {
  return typeof json === "object" && json !== null;
}

/** Teams says it in two forms: `error.code`, and a `subCode` in a message that is JSON itself. */
function codeOf(json: unknown): string {
  const code = member(member(json, "error"), "code");
  if (typeof code === "string") return code.slice(0, 80);
  return /"subCode"\s*:\s*"(\w{1,80})"/.exec(String(member(json, "message")).slice(0, 4000))?.[1] ?? "";
}

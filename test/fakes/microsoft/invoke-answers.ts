/** What Teams makes of a bot's answer to an invoke, and what is wrong with it. */
import { adaptiveCard } from "./card-parts.ts";
import { cardFaults } from "./card-rules.ts";
import type { Attachment, WireActivity } from "./conversations.ts";
import type { Delivery } from "./delivery.ts";

export type Fields = Record<string, unknown>;

/** What a dialog shows, or the words that end it. */
export type TaskAnswer = { card: unknown; title: string } | { words: string };

const words = "application/vnd.microsoft.activity.message";

/** All that is wrong with the answer, over all its deliveries; nothing about invokes that are not known here. */
export function invokeFaults({ name = "" }: WireActivity, deliveries: Delivery[]): string[] {
  const judge = judges[name];
  const last = deliveries.at(-1);
  // A bot that is not running has no answer to be judged.
  if (!judge || !last || last.status === 502) return [];
  const late = deliveries.filter(({ status }) => status === 504).map(() => "was not answered in time");
  if (last.status === 504) return late;
  if (last.status !== 200) return [...late, `was answered with HTTP ${last.status}`];
  return [...late, ...judge(fieldsOf(last.body), last.body)];
}

/** The card that takes the pressed one's place. */
export function replacementCard(body: unknown): Attachment | undefined {
  const { type, value } = fieldsOf(body);
  return type === adaptiveCard ? { contentType: adaptiveCard, content: value } : undefined;
}

export function taskIn(body: unknown): TaskAnswer | undefined {
  const { type, value } = fieldsOf(fieldsOf(body).task);
  if (type === "message") return { words: String(value) };
  if (type !== "continue") return undefined;
  const { card, title } = fieldsOf(value);
  return { card: fieldsOf(card).content, title: typeof title === "string" ? title : "" };
}

/** The cards that a message extension hands to the person, to be sent or thrown away. */
export function resultsIn(body: unknown): Attachment[] {
  const { type, attachments } = fieldsOf(fieldsOf(body).composeExtension);
  return type === "result" && Array.isArray(attachments) ? (attachments as Attachment[]) : [];
}

/** The message that the bot will send itself, once the person has looked at it. */
export function previewIn(body: unknown): WireActivity | undefined {
  const { type, activityPreview } = fieldsOf(fieldsOf(body).composeExtension);
  return type === "botMessagePreview" ? (activityPreview as WireActivity) : undefined;
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

type Judge = (body: Fields, whole: unknown) => string[];

const judges: Record<string, Judge | undefined> = {
  "adaptiveCard/action": judgeAction,
  "task/fetch": ({ task }) => judgeTask(task),
  "task/submit": (body, whole) => (isNothing(whole) ? [] : judgeTask(body.task)),
  "composeExtension/fetchTask": ({ task, composeExtension }) =>
    composeExtension === undefined ? judgeTask(task) : judgeResult(composeExtension, "action"),
  "composeExtension/submitAction": ({ task, composeExtension }, whole) => {
    if (isNothing(whole)) return [];
    return composeExtension === undefined ? judgeTask(task) : judgeResult(composeExtension, "action");
  },
  "composeExtension/query": ({ composeExtension }) => judgeResult(composeExtension, "query"),
  "message/submitAction": (_, whole) => (isNothing(whole) ? [] : ["was answered with more than {}"]),
};

function judgeAction({ statusCode, type, value }: Fields): string[] {
  if (statusCode !== 200) return [`has the statusCode ${JSON.stringify(statusCode)}: a person reads an error`];
  if (type === adaptiveCard) return cardFaults(value);
  if (type !== words) return [`has the type ${JSON.stringify(type)}`];
  return typeof value === "string" && value.trim() ? [] : ["says nothing"];
}

function judgeTask(task: unknown): string[] {
  const { type, value } = fieldsOf(task);
  if (type === "message") return typeof value === "string" && value.trim() ? [] : ["says nothing"];
  if (type !== "continue") return [`has the task type ${JSON.stringify(type)}`];
  const { title, height, width, card, url } = fieldsOf(value);
  const isSize = (size: unknown) => typeof size === "number" || ["small", "medium", "large"].includes(String(size));
  const faults = [
    ...(typeof title === "string" && title ? [] : ["has no title"]),
    ...(isSize(height) && isSize(width) ? [] : ["has no height and width"]),
  ];
  if (typeof url === "string") return faults;
  const { contentType, content } = fieldsOf(card);
  if (contentType !== adaptiveCard) return [...faults, "has no card as an attachment"];
  return [...faults, ...cardFaults(content, "dialog")];
}

function judgeResult(composeExtension: unknown, to: "action" | "query"): string[] {
  const { type, attachmentLayout, attachments, text, activityPreview } = fieldsOf(composeExtension);
  if (type === "message") return typeof text === "string" && text.trim() ? [] : ["says nothing"];
  if (type === "botMessagePreview" && to === "action")
    return judgeAttachments(fieldsOf(activityPreview).attachments, 1);
  if (type !== "result") return [`has the type ${JSON.stringify(type)}`];
  return [
    ...(["list", "grid"].includes(String(attachmentLayout)) ? [] : ["has no attachmentLayout"]),
    ...judgeAttachments(attachments, to === "action" ? 1 : undefined),
    ...(to === "query" && Array.isArray(attachments) && !attachments.every((one) => fieldsOf(one).preview)
      ? ["has a result without a preview"]
      : []),
  ];
}

function judgeAttachments(attachments: unknown, count?: number): string[] {
  if (!Array.isArray(attachments)) return ["has no attachments"];
  if (count !== undefined && attachments.length !== count) return [`has ${attachments.length} cards, not ${count}`];
  return attachments.flatMap((attachment) => {
    const { contentType, content } = fieldsOf(attachment);
    return contentType === adaptiveCard ? cardFaults(content) : [];
  });
}

/** No body, or an empty object. */
function isNothing(body: unknown): boolean {
  return body === undefined || body === "" || (Object.keys(fieldsOf(body)).length === 0 && typeof body === "object");
}

/** What Teams refuses in the body of a message. */
import { adaptiveCard } from "./card-parts.ts";
import { cardLimit } from "./card-rules.ts";
import type { WireActivity } from "./conversations.ts";
import type { Answer } from "./exchange.ts";
import { badRequest, refusals } from "./refusals.ts";

/** Bytes. Teams counts a message as UTF-16; the limit of a card is the lowest of those reported. */
export const messageLimits = { message: 100 * 1024, card: cardLimit };

export function refuseMessage(activity: WireActivity): Answer | undefined {
  const attachments = activity.attachments ?? [];
  if (activity.type === "message" && !activity.text && attachments.length === 0) {
    return badRequest("BadSyntax", "Activity must have a text or an attachment.");
  }
  const labels = (activity.entities ?? []).filter(({ type }) => type === "https://schema.org/Message");
  if (labels.length > 1)
    return badRequest("BadArgument", "Only one root entity of type https://schema.org/Message is allowed.");

  const cards = attachments.filter(({ contentType }) => contentType === adaptiveCard).map(({ content }) => content);
  if (!cards.every(isCard))
    return badRequest("BadArgument", "Bot Service cannot render the card: it is no Adaptive Card.");
  if (cards.some((card) => Buffer.byteLength(JSON.stringify(card)) > messageLimits.card))
    return refusals.messageSizeTooBig;
  return sizeOf(activity) > messageLimits.message ? refusals.messageSizeTooBig : undefined;
}

function isCard(content: unknown): boolean {
  return typeof content === "object" && content !== null && "type" in content && content.type === "AdaptiveCard";
}

/** A picture in base64 counts inside a card, but not as an attachment of its own. */
function sizeOf(activity: WireActivity): number {
  const attachments = activity.attachments?.map((attachment) =>
    attachment.contentUrl?.startsWith("data:") ? { ...attachment, contentUrl: "" } : attachment,
  );
  return JSON.stringify({ ...activity, attachments }).length * 2;
}

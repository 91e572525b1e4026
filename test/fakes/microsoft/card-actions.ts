/** Buttons of an Adaptive Card, as a person finds them. */
import type { StandingActivity } from "./conversations.ts";

export type CardAction = { type: string; title?: string; verb?: string; data?: unknown; url?: string; id?: string };

/** Every action anywhere in the cards of a message, in the order in which they stand; fallbacks are not shown. */
export function actionsOf(activity: StandingActivity): CardAction[] {
  const cards = (activity.attachments ?? []).map(({ content }) => content);
  return cards.flatMap(collect);
}

export function findAction(activity: StandingActivity, title: string): CardAction {
  const actions = actionsOf(activity);
  const action = actions.find((action) => action.title === title);
  if (action) return action;
  const titles = actions.map((action) => action.title ?? action.type).join(", ");
  throw new Error(`No action "${title}" on message ${activity.id}; there are: ${titles || "none"}`);
}

/** What arrives of an action: its data with the card's inputs laid into it. */
export function submittedData(action: CardAction, inputs: Record<string, unknown>): unknown {
  if (typeof action.data === "string") return action.data;
  return { ...(action.data as Record<string, unknown> | undefined), ...inputs };
}

function collect(part: unknown): CardAction[] {
  if (Array.isArray(part)) return part.flatMap(collect);
  if (typeof part !== "object" || part === null) return [];
  const own =
    "type" in part && typeof part.type === "string" && part.type.startsWith("Action.") ? [part as CardAction] : [];
  const inside = Object.entries(part).filter(([name]) => name !== "fallback" && name !== "data");
  return [...own, ...inside.flatMap(([, value]) => collect(value))];
}

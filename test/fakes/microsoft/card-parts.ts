/** An Adaptive Card, taken apart. */

export type Part = { type: string; id?: string; [member: string]: unknown };

/** A part, and what it is in: the message's card first. `path` is empty for that card itself. */
export type Placed = { part: Part; path: Part[] };

export const adaptiveCard = "application/vnd.microsoft.card.adaptive";

/** What is in these is no part of the card: shown in place of a part, sent, or read by the client alone. */
const notShown = ["fallback", "data", "refresh", "authentication", "msteams", "metadata"];

/** Every part with a type, in the order in which it stands, the card itself and the cards in its Action.ShowCards too. */
export function partsOf(card: unknown, path: Part[] = []): Placed[] {
  if (Array.isArray(card)) return card.flatMap((item) => partsOf(item, path));
  if (typeof card !== "object" || card === null) return [];
  const own = isPart(card) ? [{ part: card, path }] : [];
  const within = isPart(card) ? [...path, card] : path;
  const inside = Object.entries(card).filter(([name]) => !notShown.includes(name));
  return [...own, ...inside.flatMap(([, value]) => partsOf(value, within))];
}

export function isAction({ type }: Part): boolean {
  return type.startsWith("Action.");
}

export function isInput({ type }: Part): boolean {
  return type.startsWith("Input.");
}

/** What stands there as text; nothing for what is no text. */
export function textOf(part: Part, name: string): string {
  const text = part[name];
  return typeof text === "string" ? text : "";
}

/** The card that a part stands in by itself: the message's, or that of the innermost Action.ShowCard. */
export function cardOf(path: Part[]): Part | undefined {
  return path.findLast(({ type }) => type === "AdaptiveCard");
}

/** The ids of what an Action.ToggleVisibility shows and hides. */
export function targetsOf(toggle: Part): string[] {
  const targets = Array.isArray(toggle.targetElements) ? (toggle.targetElements as unknown[]) : [];
  return targets.flatMap((target) => {
    const id = typeof target === "string" ? target : (target as { elementId?: unknown } | null)?.elementId;
    return typeof id === "string" ? [id] : [];
  });
}

function isPart(value: object): value is Part {
  return "type" in value && typeof value.type === "string";
}

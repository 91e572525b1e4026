/** Buttons of an Adaptive Card, as a person finds them. */
import { isNamed } from "../button-name.ts";
import { cardOf, isAction, partsOf, targetsOf, textOf, type Part, type Placed } from "./card-parts.ts";
import { fillIn, inputsFor, type Filled } from "./card-inputs.ts";
import type { WireActivity } from "./conversations.ts";

export type CardAction = Part & { title?: string; verb?: string; data?: unknown; url?: string; fallback?: unknown };

/** A message's cards, or any other thing with attachments that are cards. */
export type WithCards = Pick<WireActivity, "attachments"> & { id?: string };

/** Which of several buttons with the same title. */
export type Which = {
  /** The first is 1. */
  nth?: number;
  /** The one that belongs to the nth picture of the message: that stands with it and with no other. */
  picture?: number;
  /** The one in the card of the Action.ShowCard with this title. */
  within?: string;
};

/** Every action anywhere in the cards of a message, in the order in which they stand; fallbacks are not shown. */
export function actionsOf(activity: WithCards): CardAction[] {
  return placedIn(activity).flatMap(({ part }) => (isAction(part) ? [part as CardAction] : []));
}

/** Throws where a person could not press it: not there, disabled, or hidden with nothing that shows it. */
export function findAction(activity: WithCards, title: string, which: Which = {}): CardAction {
  return findPlaced(placedIn(activity), title, which, activity.id).part;
}

/** A button, and what is sent when it is pressed: its data with the inputs laid into it that belong to it. */
export function pressed(
  activity: WithCards,
  title: string,
  how: Which & { inputs?: Filled; asSubmit?: boolean },
): { action: CardAction; data: unknown } {
  const { inputs = {}, asSubmit, ...which } = how;
  const parts = placedIn(activity);
  const button = findPlaced(parts, title, which, activity.id);
  const action = asSubmit ? fallbackOf(button.part) : button.part;
  const filled = fillIn(inputsFor(button, parts), inputs, title);
  if (typeof action.data === "string") return { action, data: action.data };
  return { action, data: { ...(action.data as Record<string, unknown> | undefined), ...filled } };
}

/** What a client shows that knows no Action.Execute. */
function fallbackOf(action: CardAction): CardAction {
  if (action.type !== "Action.Execute") return action;
  if (!action.fallback) throw new Error(`"${action.title}" has no fallback: such a client does not show it`);
  return action.fallback as CardAction;
}

function findPlaced(parts: Placed[], title: string, which: Which, messageId = "?"): Placed {
  const region = which.picture === undefined ? parts : besidePicture(parts, which.picture);
  const titled = region.filter(
    ({ part, path }) => isNamed(textOf(part, "title"), title) && isAction(part) && isIn(path, which.within),
  );
  const button = titled[(which.nth ?? 1) - 1];
  if (!button) {
    const titles = region.flatMap(({ part }) => (isAction(part) ? [textOf(part, "title") || part.type] : []));
    const asked = Object.entries(which).flatMap(([name, value]) =>
      value !== undefined ? [` (${name} ${String(value)})`] : [],
    );
    throw new Error(
      `No action "${title}"${asked.join("")} on message ${messageId}; there are: ${titles.join(", ") || "none"}`,
    );
  }
  if (button.part.isEnabled === false) throw new Error(`"${title}" is disabled`);
  const hidden = hiddenPart(button, parts);
  if (hidden) throw new Error(`"${title}" is hidden in "${hidden.id ?? hidden.type}", and nothing there shows it`);
  return button;
}

function placedIn({ attachments = [] }: WithCards): Placed[] {
  return attachments.flatMap(({ content }) => partsOf(content));
}

/** What is in the largest part that has this picture in it and no other. */
function besidePicture(parts: Placed[], number: number): Placed[] {
  const pictures = parts.filter(({ part }) => part.type === "Image");
  const picture = pictures[number - 1];
  if (!picture) throw new Error(`No picture ${number}; there are ${pictures.length}`);
  const room =
    picture.path.find((part) => pictures.filter(({ path }) => path.includes(part)).length === 1) ?? picture.part;
  return parts.filter(({ part, path }) => part === room || path.includes(room));
}

function isIn(path: Part[], title: string | undefined): boolean {
  return title === undefined || path.some((part) => part.type === "Action.ShowCard" && part.title === title);
}

/** The part that keeps the button from being seen, unless another button of the same card shows it. */
function hiddenPart(button: Placed, parts: Placed[]): Part | undefined {
  const isShownBy = ({ part, path }: Placed, hidden: Part) =>
    part.type === "Action.ToggleVisibility" &&
    targetsOf(part).includes(hidden.id ?? "") &&
    !path.includes(hidden) &&
    cardOf(path) !== undefined;
  return [...button.path, button.part].find(
    (part) => part.isVisible === false && !parts.some((other) => isShownBy(other, part)),
  );
}

/**
 * What is wrong with an Adaptive Card for Teams. The connector takes most of it (see message-rules.ts) and clients then
 * show a blank, drop a part, or show the card to nobody.
 */
import { isDeepStrictEqual } from "node:util";
import { isAction, isInput, partsOf, targetsOf, textOf, type Part, type Placed } from "./card-parts.ts";
import { choicesOf } from "./card-inputs.ts";

/** Bytes: the lowest ceiling that was reported. */
export const cardLimit = 28 * 1024;
const actionLimit = 6;
const refreshLimit = 60;

/** All that version 1.5 knows. */
const known = new Set(
  [
    "AdaptiveCard TextBlock RichTextBlock TextRun Image ImageSet Media Container ColumnSet Column FactSet ActionSet",
    "Table TableRow TableCell Input.Text Input.Number Input.Date Input.Time Input.Toggle Input.ChoiceSet",
    "Action.OpenUrl Action.Submit Action.Execute Action.ShowCard Action.ToggleVisibility",
  ].flatMap((names) => names.split(" ")),
);

/** Every fault in words; none for a card that is as it should be. A `dialog`'s card sends by Action.Submit alone. */
export function cardFaults(content: unknown, where: "message" | "dialog" = "message"): string[] {
  const parts = partsOf(content);
  const card = parts[0]?.part;
  if (card?.type !== "AdaptiveCard") return ["it is no Adaptive Card"];
  return [
    ...(card.version === "1.5" ? [] : [`its version is ${String(card.version)}, not 1.5`]),
    ...(Buffer.byteLength(JSON.stringify(card)) > cardLimit ? [`it is larger than ${cardLimit} bytes`] : []),
    ...parts.flatMap((placed) => partFaults(placed, where)),
    ...idFaults(parts),
    ...refreshFaults(card),
  ];
}

function partFaults({ part, path }: Placed, where: "message" | "dialog"): string[] {
  const faults: string[] = [];
  const name = `${part.type} ${JSON.stringify(part.title ?? part.id ?? part.label ?? part.url ?? "")}`;
  if (!known.has(part.type) && part.fallback === undefined)
    faults.push(`${name} is newer than 1.5 and has no fallback`);
  const actions = part.actions;
  if (Array.isArray(actions) && actions.length > actionLimit)
    faults.push(`${part.type} has ${actions.length} actions, not up to ${actionLimit}`);
  if (part.type === "Image") faults.push(...addressFaults(textOf(part, "url"), name));
  if (part.type === "Input.ChoiceSet") faults.push(...choiceFaults(part, name));
  if (isInput(part) && !part.id) faults.push(`${name} has no id, so nothing of it is sent`);
  if (isAction(part)) faults.push(...actionFaults(part, name, where));
  if (isAction(part) && part.type === "Action.ShowCard" && path.at(-1)?.selectAction === part)
    faults.push(`${name} cannot be a selectAction`);
  return faults;
}

/** Microsoft's image proxy fetches it, for everybody: no login, no signature, no private network. */
function addressFaults(address: string, name: string): string[] {
  if (!URL.canParse(address)) return [`${name} has no address`];
  const { protocol, hostname, search, username } = new URL(address);
  const faults = [
    ...(protocol === "https:" ? [] : ["is not https"]),
    ...(search === "" ? [] : ["has a query"]),
    ...(username === "" ? [] : ["has a login"]),
    ...(isPrivate(hostname) ? ["is on a private network"] : []),
  ];
  return faults.map((fault) => `${name.slice(0, 200)} ${fault}`);
}

function isPrivate(hostname: string): boolean {
  return /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[)/.test(hostname);
}

function choiceFaults(input: Part, name: string): string[] {
  const values = choicesOf(input).map(({ value }) => value);
  const present = typeof input.value === "string" && input.value !== "" ? input.value : undefined;
  const several = input.isMultiSelect === true;
  const chosen = several ? (present?.split(",") ?? []) : [present ?? values[0]];
  return [
    ...(values.length ? [] : [`${name} has no choices`]),
    ...(new Set(values).size === values.length ? [] : [`${name} has a value twice`]),
    ...(values.every((value) => typeof value === "string" && value !== "")
      ? []
      : [`${name} has a choice without value`]),
    ...(several && values.some((value) => value.includes(",")) ? [`${name} has a comma in a value`] : []),
    ...(chosen.some((one) => one !== undefined && !values.includes(one)) ? [`${name} shows what is no choice`] : []),
  ];
}

function actionFaults(action: Part, name: string, where: "message" | "dialog"): string[] {
  if (action.type === "Action.OpenUrl") {
    const address = textOf(action, "url");
    return /^(https:\/\/|mailto:)/.test(address) && URL.canParse(address) ? [] : [`${name} does not open https`];
  }
  if (action.type !== "Action.Execute") return [];
  if (where === "dialog") return [`${name} does nothing in a dialog, where Action.Submit alone is sent`];
  const fallback = action.fallback as Part | undefined;
  if (fallback?.type !== "Action.Submit") return [`${name} has no Action.Submit as its fallback`];
  const isSame = isDeepStrictEqual(fallback.data, action.data) && fallback.title === action.title;
  return isSame ? [] : [`${name} has a fallback with another title or other data`];
}

function idFaults(parts: Placed[]): string[] {
  const ids = parts.flatMap(({ part }) => (typeof part.id === "string" && !isAction(part) ? [part.id] : []));
  const twice = [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
  const targets = parts.flatMap(({ part }) => (part.type === "Action.ToggleVisibility" ? targetsOf(part) : []));
  return [
    ...twice.map((id) => `the id "${id}" stands there more than once`),
    ...targets.filter((id) => !ids.includes(id)).map((id) => `a toggle shows "${id}", which is not there`),
  ];
}

function refreshFaults({ refresh }: Part): string[] {
  if (refresh === undefined) return [];
  const { action, userIds } = refresh as { action?: Part; userIds?: unknown[] };
  return [
    ...(action?.type === "Action.Execute" ? [] : ["its refresh is no Action.Execute"]),
    ...((userIds?.length ?? 0) <= refreshLimit
      ? []
      : [`it refreshes for ${userIds?.length}, not up to ${refreshLimit}`]),
  ];
}

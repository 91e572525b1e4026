import type { Scope, Workspace } from "../purse/payer.ts";
import { isOperator } from "../purse/rule-book.ts";
import type { Settings } from "../settings.ts";
import { notForYou } from "./not-for-you.ts";
import type { MakePanel, PanelOutcome, Rooms, Visit } from "./panel.ts";

/** How far somebody looks: the place where they press, or all places of this installation. */
export const WHERE = ["here", "bot"] as const;
export type Where = (typeof WHERE)[number];

export type Sight = { where: "here"; within: Workspace } | { where: "bot"; within?: undefined };

/**
 * Whoever runs a server or tenant sees and rules that one alone; whoever the operator lists sees and rules everything. Nothing for
 * everybody else, however they came by the button.
 */
export function sightOf(
  where: string | undefined,
  { by, runsWorkspace }: Visit,
  settings: Settings,
): Sight | undefined {
  const isOne = isOperator(by, settings);
  if (where === "bot") return isOne ? { where } : undefined;
  const { platform, workspace } = by;
  if (where !== "here" || workspace === undefined || !(runsWorkspace || isOne)) return undefined;
  return { where, within: { kind: "workspace", platform, id: workspace } };
}

/** The widest that is of use where they press: their own place first. */
export function usualSight(visit: Visit, settings: Settings): Sight | undefined {
  return sightOf("here", visit, settings) ?? sightOf("bot", visit, settings);
}

/** From where somebody looks at a panel, and with what it is made. */
export type Stand = { sight: Sight; visit: Visit; rooms: Rooms };

/** A panel for whoever runs a place or everything; its name says first which of the two. For everybody else it says whose it is. */
export function forAdmins(make: (words: string[], stand: Stand) => Promise<PanelOutcome>): MakePanel {
  return async ([where, ...words], visit, rooms) => {
    const sight = sightOf(where, visit, rooms.settings);
    return sight ? make(words, { sight, visit, rooms }) : notForYou();
  };
}

export function scopeOfSight({ within }: Sight): Scope {
  return within ?? { kind: "bot" };
}

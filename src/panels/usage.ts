import { privateWordReply } from "../replies/compose-reply.ts";
import type { ChatReply, ReplyAction } from "../replies/reply.ts";
import { budgetsOn } from "../purse/budgets-on.ts";
import type { BudgetOn } from "../purse/budgets-on.ts";
import { isOperator } from "../purse/rule-book.ts";
import { personOf } from "../request/request.ts";
import { readSum } from "../purse/sums.ts";
import type { Sum } from "../purse/sums.ts";
import type { Said } from "../words/said.ts";
import { easelPanels, usage } from "../words/sentences.ts";
import type { MakePanel, Rooms, Visit } from "./panel.ts";
import { usualSight } from "./rights.ts";
import type { Sight } from "./rights.ts";

/** What a panel is made of that says something and can be gone on from. */
export function panelOf(title: Said, paragraphs: ChatReply["paragraphs"], actions: ReplyAction[]): ChatReply {
  return { ...privateWordReply(title), mood: "help", title, paragraphs, actions };
}

export function toPanel(label: Said, panel: string, tone?: "main" | "danger"): ReplyAction {
  return { do: "panel", label, panel, ...(tone && { tone }) };
}

/** What somebody spent and what is left to them; for whoever runs the place, the ways on. */
export const usagePanel: MakePanel = async (_, visit, rooms) => {
  const { settings, azure } = rooms;
  const scope = { kind: "person", person: personOf(visit.by) } as const;
  const at = new Date();
  const [today, month, left] = await Promise.all([
    readSum(scope, { period: "day", at }, azure, visit.signal),
    readSum(scope, { period: "month", at }, azure, visit.signal),
    leftSaid(visit, at, rooms),
  ]);
  const lines = [
    today.pictures || today.dollars ? usage.today(spentIn(today)) : usage.nothingToday,
    month.pictures || month.dollars ? usage.month(spentIn(month)) : usage.nothingThisMonth,
    ...(month.heldDollars > 0 ? [usage.held({ dollars: month.heldDollars, pictures: month.heldPictures })] : []),
    ...(left.length ? left : [usage.noLimits]),
    usage.zone({ timeZone: azure.timeZone }),
  ];
  const sight = usualSight(visit, settings);
  return { show: panelOf(usage.title, lines, [...ownWays(), ...(sight ? adminsWays(sight) : [])]) };
};

export function spentIn({ dollars, pictures }: Sum): { dollars: number; pictures: number } {
  return { dollars, pictures };
}

function ownWays(): ReplyAction[] {
  return [toPanel(usage.ownLimit, "own-limit"), toPanel(usage.myDays, "usage-days.mine")];
}

function adminsWays({ where }: Sight): ReplyAction[] {
  return [
    toPanel(usage.byKind({ kind: "person" }), `usage-by.${where}.person.month`),
    toPanel(usage.byKind({ kind: "channel" }), `usage-by.${where}.channel.month`),
    toPanel(usage.byKind({ kind: "model" }), `usage-by.${where}.model.month`),
    toPanel(usage.days, `usage-days.${where}`),
    toPanel(usage.csv, `usage-csv.${where}.month`),
    toPanel(easelPanels.rules, `easel.${where}`),
  ];
}

/**
 * Every budget that binds somebody where they are, with what is left of it. What all places together have spent is nobody's to know but
 * the operator's, until nothing is left of it.
 */
async function leftSaid(visit: Visit, at: Date, { settings, azure }: Rooms): Promise<Said[]> {
  const { timeZone } = azure;
  const all = await budgetsOn(visit.by, at, { settings, azure, signal: visit.signal });
  const isOne = isOperator(visit.by, settings);
  const isUsedUp = ({ left: { dollars = 1, pictures = 1 } }: BudgetOn) => dollars <= 0 || pictures <= 0;
  const shown = all.filter((one) => one.binding.kind !== "bot" || isOne || isUsedUp(one));
  return shown.map(({ binding: { kind, isOwn, period: per, most: of, isSoft }, left, refillsAt }) => {
    const whose = isOwn ? usage.ofOwnLimit : whoseSaid(kind, visit);
    return usage.left({ whose, per, left, of, refillsAt, timeZone, isSoft });
  });
}

function whoseSaid(scope: string, { by }: Visit): Said {
  if (scope === "bot") return usage.ofBot;
  if (scope === "workspace") return usage.ofWorkspace({ platform: by.platform });
  return scope === "channel" ? usage.ofChannel : usage.ofYou;
}

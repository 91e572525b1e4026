import { randomBytes } from "node:crypto";
import { privateWordReply } from "../replies/compose-reply.ts";
import type { ChatReply } from "../replies/reply.ts";
import { personOf } from "../request/request.ts";
import { putRow, readRow } from "../storage/table.ts";
import { z } from "zod";
import { easelPanels, ruleFaults } from "../words/sentences.ts";
import { accessFormPanel, accessPanel, channelPanel } from "./access.ts";
import { auditPanel } from "./audit-panel.ts";
import { budgetFormPanel, budgetPanel, budgetsPanel } from "./budgets.ts";
import { easelPanel } from "./easel.ts";
import { keepingPanel } from "./keeping-panel.ts";
import { limitFormPanel, limitPanel, limitsPanel } from "./limits.ts";
import { ownLimitPanel } from "./own-limit.ts";
import type { MakePanel, PanelForm, PanelOutcome, Rooms, Visit } from "./panel.ts";
import { raiseByPanel, raisePanel } from "./raise-panels.ts";
import { ruleOffPanel } from "./rule-off.ts";
import { stylePanel } from "./style-panel.ts";
import { panelOf, toPanel, usagePanel } from "./usage.ts";
import { usageByPanel } from "./usage-by.ts";
import { usageCsvPanel } from "./usage-csv.ts";
import { usageDaysPanel } from "./usage-days.ts";

/** By the first word of a panel's name. */
const panels: Record<string, MakePanel> = {
  usage: usagePanel,
  "usage-by": usageByPanel,
  "usage-days": usageDaysPanel,
  "usage-csv": usageCsvPanel,
  "own-limit": ownLimitPanel,
  easel: easelPanel,
  budgets: budgetsPanel,
  budget: budgetPanel,
  "budget-form": budgetFormPanel,
  raise: raisePanel,
  "raise-by": raiseByPanel,
  "rule-off": ruleOffPanel,
  limits: limitsPanel,
  limit: limitPanel,
  "limit-form": limitFormPanel,
  access: accessPanel,
  "access-form": accessFormPanel,
  channel: channelPanel,
  styles: stylePanel,
  keeping: keepingPanel,
  audit: auditPanel,
};

/** Shows the next panel, or asks for what it needs. Who may is asked by each panel itself. Throws where storage is away. */
export async function openPanel(visit: Visit, rooms: Rooms): Promise<PanelOutcome> {
  const [name = "", ...words] = visit.panel.split(".");
  if (name === AGAIN) return openAgain(words[0] ?? "", visit, rooms);
  const make = Object.hasOwn(panels, name) ? panels[name] : undefined;
  // A button of a version that knew more.
  if (!make) return usagePanel([], visit, rooms);
  return make(words, visit, rooms);
}

const AGAIN = "again";
/** What was typed into a form that could not be taken, for as long as somebody may go on with it. */
const TYPED = "typed";
const Typed = z.object({ panel: z.string(), values: z.record(z.string(), z.array(z.string())) });

/** A form, for where it cannot be shown: all that is wrong, what was typed, and a button that brings it back as it was. */
export async function comeBack(
  { form, panel, back, typed = {} }: PanelForm,
  visit: Visit,
  { azure }: Rooms,
): Promise<ChatReply> {
  const id = randomBytes(12).toString("hex");
  const json = JSON.stringify({ panel, values: typed });
  await putRow(
    { partition: TYPED, name: `${personOf(visit.by)}-${id}`, values: { json: json.slice(0, 30_000) } },
    azure,
    visit.signal,
  );
  const written = form.fields.flatMap(({ id: field, label, kind }) => {
    const words = typed[field]?.[0]?.trim();
    return words && (kind === "line" || kind === "words") ? [{ label, words }] : [];
  });
  const title = visit.values ? ruleFaults.title : form.title;
  const reply = panelOf(title, form.explanation ? [form.explanation] : [], [
    toPanel(easelPanels.changeTyped, `${AGAIN}.${id}`, "main"),
    toPanel(easelPanels.back, back),
  ]);
  return { ...reply, mood: "declined", quotes: written };
}

async function openAgain(id: string, visit: Visit, rooms: Rooms): Promise<PanelOutcome> {
  const row = /^[0-9a-f]{24}$/.test(id)
    ? await readRow(TYPED, `${personOf(visit.by)}-${id}`, rooms.azure, visit.signal)
    : undefined;
  const kept = Typed.safeParse(row && JSON.parse(String(row.values["json"])));
  if (!kept.success) return { show: privateWordReply(easelPanels.typedGone) };
  const { panel, values } = kept.data;
  const outcome = await openPanel({ ...visit, panel, values: undefined }, rooms);
  return "form" in outcome ? { ...outcome, typed: values } : outcome;
}

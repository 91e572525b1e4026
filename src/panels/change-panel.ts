import { changeRules } from "../purse/change-rules.ts";
import type { RuleChange } from "../purse/rule-faults.ts";
import type { ChatReply } from "../replies/reply.ts";
import type { Said } from "../words/said.ts";
import { easelPanels, ruleFaults, together } from "../words/sentences.ts";
import { sentenceOfRuleFault } from "./fault-words.ts";
import type { PanelForm, PanelOutcome } from "./panel.ts";
import type { Stand } from "./rights.ts";
import { changerOf } from "./standing-rules.ts";
import { panelOf, toPanel } from "./usage.ts";

/** What was typed comes back in its form, with all that is wrong with it. */
export function refusedForm(asked: PanelForm, faults: readonly Said[]): PanelOutcome {
  return { ...asked, form: { ...asked.form, explanation: together([...faults]) } };
}

/** Changes a rule, and goes on where that is done; or says all that is in the way, in the form that it came from if it came from one. */
export async function changePanel(
  change: RuleChange,
  { asked, back = "easel" }: { asked?: PanelForm; back?: string },
  stand: Stand,
  goOn: (done: Said) => Promise<ChatReply>,
): Promise<PanelOutcome> {
  const changed = await changeRules(change, changerOf(stand), { ...stand.rooms, signal: stand.visit.signal });
  if (changed.outcome === "changed") return { show: await goOn(doneSaid(change)) };
  const faults = changed.faults.map(sentenceOfRuleFault);
  if (asked) return refusedForm(asked, faults);
  return { show: { ...panelOf(easelPanels.notTaken, faults, [toPanel(easelPanels.back, back)]), mood: "declined" } };
}

/** Somebody has taken it away meanwhile, or the button is older than it. */
export function goneRule(back: string): PanelOutcome {
  const panel = panelOf(easelPanels.notTaken, [ruleFaults.gone], [toPanel(easelPanels.back, back)]);
  return { show: { ...panel, mood: "declined" } };
}

function doneSaid(change: RuleChange): Said {
  if ("remove" in change) return easelPanels.removed;
  return "set" in change && change.set === "raise" ? easelPanels.raisedNow : easelPanels.saved;
}

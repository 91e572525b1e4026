import type { AnyBooked } from "../purse/rule-book.ts";
import { easelPanels, together, usage } from "../words/sentences.ts";
import { changePanel, goneRule } from "./change-panel.ts";
import { notForYou } from "./not-for-you.ts";
import { forAdmins } from "./rights.ts";
import type { Stand } from "./rights.ts";
import { accessSaid, budgetSaid, limitSaid, tellingOf, whoseSaid } from "./rule-words.ts";
import { findRule, rulesNow } from "./standing-rules.ts";
import { panelOf, toPanel } from "./usage.ts";

const LIST_OF = { budget: "budgets", limit: "limits", access: "access", raise: "budgets" } as const;
type Kind = keyof typeof LIST_OF;

function isKind(word: string | undefined): word is Kind {
  return word !== undefined && Object.hasOwn(LIST_OF, word);
}

/** `rule-off.here.budget.<key>` asks whether it is to go; with `.sure` behind, it goes. */
export const ruleOffPanel = forAdmins(async ([kind, key, sure], stand) => {
  const { sight } = stand;
  if (!isKind(kind)) return notForYou();
  const list = `${LIST_OF[kind]}.${sight.where}`;
  const booked = findRule(key, kind, stand, await rulesNow(stand));
  if (!booked) return goneRule(list);
  const rule = await saidOf(booked, stand);
  if (sure === "sure")
    return changePanel({ remove: booked.key }, { back: list }, stand, async (done) =>
      panelOf(easelPanels.rules, [done, rule], [toPanel(easelPanels.back, list)]),
    );
  return {
    show: panelOf(
      easelPanels.remove,
      [easelPanels.removeQuestion({ rule })],
      [
        toPanel(easelPanels.removeSure, `rule-off.${sight.where}.${kind}.${booked.key}.sure`, "danger"),
        toPanel(easelPanels.back, list),
      ],
    ),
  };
});

async function saidOf(booked: AnyBooked, stand: Stand) {
  const telling = await tellingOf([booked], stand);
  switch (booked.kind) {
    case "budget":
      return budgetSaid(booked.rule, telling);
    case "limit":
      return limitSaid(booked.rule, telling);
    case "access":
      return together(accessSaid(booked.rule, telling));
    case "raise": {
      const { rule } = booked;
      const amount = usage.amount(rule);
      const whose = whoseSaid(rule, telling);
      return easelPanels.raised({ amount, whose, until: rule.until, timeZone: stand.rooms.azure.timeZone });
    }
  }
}

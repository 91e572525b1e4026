import { addDays, dayIn, daysOf } from "../purse/periods.ts";
import type { Booked } from "../purse/rule-book.ts";
import { oneOf } from "../replies/form.ts";
import type { ChatForm, FormField } from "../replies/form.ts";
import type { Budget, Raise } from "../rules.ts";
import type { Said } from "../words/said.ts";
import { easelPanels } from "../words/sentences.ts";
import { showBudget } from "./budgets.ts";
import { changePanel, goneRule, refusedForm } from "./change-panel.ts";
import { endOf, nextFriday } from "./raises.ts";
import { idsIn, readAmount, textIn } from "./read-fields.ts";
import { forAdmins } from "./rights.ts";
import type { Stand } from "./rights.ts";
import { budgetSaid, tellingOf } from "./rule-words.ts";
import { knownIds, pickField } from "./scope-fields.ts";
import { findRule, rulesNow } from "./standing-rules.ts";

type BookedBudget = Booked<"budget">;

/** `raise-by.here.<key>.dollars.5`: so much more until the end of the next Friday. */
export const raiseByPanel = forAdmins(async ([key, unit, step], stand) => {
  const { sight, rooms } = stand;
  const booked = findRule(key, "budget", stand, await rulesNow(stand));
  const amount = Number(step?.replace("_", "."));
  if (!booked || !(amount > 0) || (unit !== "dollars" && unit !== "pictures"))
    return goneRule(`budgets.${sight.where}`);
  const { timeZone } = rooms.azure;
  const until = endOf(nextFriday(dayIn(timeZone, new Date())), timeZone).toISOString();
  const { scope, platform, id, per } = booked.rule;
  const rule: Raise = { scope, platform, id, per, [unit]: amount, until };
  const back = `budget.${sight.where}.${booked.key}`;
  return changePanel({ set: "raise", rule }, { back }, stand, (done) => shown(booked, done, stand));
});

async function shown(booked: BookedBudget, done: Said, stand: Stand) {
  return showBudget(booked, await rulesNow(stand), stand, [done]);
}

/** `raise.here.<key>`: a form for any raise of that budget; with values what was sent. */
export const raisePanel = forAdmins(async ([key], stand) => {
  const { sight, visit, rooms } = stand;
  const booked = findRule(key, "budget", stand, await rulesNow(stand));
  if (!booked) return goneRule(`budgets.${sight.where}`);
  const panel = `raise.${sight.where}.${booked.key}`;
  const asked = {
    form: await raiseForm(booked.rule, stand),
    panel,
    back: `budget.${sight.where}.${booked.key}`,
    typed: visit.values,
  };
  if (!visit.values) return asked;
  const read = readAmount(textIn(visit.values, "amount"));
  if ("faults" in read) return refusedForm(asked, read.faults);
  const { scope, per, platform, id } = booked.rule;
  const [picked] = idsIn(visit.values, "who");
  const whose =
    picked && id === undefined ? { platform: visit.by.platform as Budget["platform"], id: picked } : { platform, id };
  const until = untilOf(textIn(visit.values, "until"), rooms.azure.timeZone).toISOString();
  const rule: Raise = { scope, per, ...whose, ...read.amount, until };
  return changePanel({ set: "raise", rule }, { asked }, stand, (done) => shown(booked, done, stand));
});

const ENDS = {
  today: easelPanels.raiseUntilToday,
  friday: easelPanels.raiseUntilFriday,
  week: easelPanels.raiseUntilWeek,
  month: easelPanels.raiseUntilMonth,
};

function untilOf(word: string, timeZone: string): Date {
  const today = dayIn(timeZone, new Date());
  if (word === "today") return endOf(today, timeZone);
  if (word === "week") return endOf(addDays(today, 7), timeZone);
  return endOf(word === "month" ? daysOf("month", today).to : nextFriday(today), timeZone);
}

async function raiseForm(budget: Budget, stand: Stand): Promise<ChatForm> {
  const { scope, id } = budget;
  const rule = budgetSaid(budget, await tellingOf([], stand));
  const isOfMany = id === undefined && (scope === "person" || scope === "channel");
  const known = isOfMany ? await knownIds(stand) : undefined;
  const who: FormField[] = known
    ? [
        scope === "person"
          ? pickField("people", { id: "who", label: easelPanels.raiseWhoPerson, most: 1, known: known.people })
          : pickField("channels", { id: "who", label: easelPanels.raiseWhoChannel, most: 1, known: known.channels }),
      ]
    : [];
  const ends = Object.entries(ENDS).map(([value, name]) => ({ value, name }));
  const hint = easelPanels.budgetAmountHint;
  return {
    title: easelPanels.raiseTitle,
    explanation: easelPanels.raiseExplanation({ rule }),
    send: easelPanels.save,
    fields: [
      { id: "amount", kind: "line", label: easelPanels.raiseAmount, hint, most: 100, isRequired: true },
      oneOf("until", easelPanels.raiseUntil, ends, "friday"),
      ...who,
    ],
  };
}

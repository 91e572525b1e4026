import { readSum } from "../purse/sums.ts";
import { PERIODS } from "../rules.ts";
import type { Booked, RuleBook } from "../purse/rule-book.ts";
import { oneOf } from "../replies/form.ts";
import type { ChatForm, FormValues } from "../replies/form.ts";
import type { Budget } from "../rules.ts";
import type { Said, Text } from "../words/said.ts";
import { easelPanels, usage } from "../words/sentences.ts";
import { changePanel, refusedForm } from "./change-panel.ts";
import { MOST_CHOICES } from "./panel.ts";
import type { PanelOutcome } from "./panel.ts";
import { raiseButtons, raiseEndings, raisesSaid } from "./raises.ts";
import { readAmount, textIn, writtenAmount } from "./read-fields.ts";
import { forAdmins } from "./rights.ts";
import type { Stand } from "./rights.ts";
import { budgetSaid, tellingOf } from "./rule-words.ts";
import { knownIds, readScope, scopeFields } from "./scope-fields.ts";
import { findRule, isInSight, isToChange, rulesNow } from "./standing-rules.ts";
import { panelOf, toPanel } from "./usage.ts";

type BookedBudget = Booked<"budget">;

/** All budgets in sight, with a way to each: `budgets.here`. */
export const budgetsPanel = forAdmins(async (_, stand) => ({ show: await listOf(stand) }));

async function listOf(stand: Stand, before: Said[] = []) {
  const { sight } = stand;
  const { where } = sight;
  const book = await rulesNow(stand);
  const shown = book.budgets.filter((booked) => isInSight(booked, stand));
  const said = await saidOf(shown, stand);
  const lines: Text[] = said.map((rule, index) => easelPanels.numbered({ number: index + 1, rule }));
  const isHidden = sight.within && book.budgets.some((one) => one.source === "file" && !isInSight(one, stand));
  return panelOf(
    easelPanels.budgetsTitle,
    [
      ...before,
      ...(lines.length ? lines : [easelPanels.budgetsNone]),
      ...(await raisesSaid(book, stand)),
      ...(isHidden ? [easelPanels.budgetsHidden] : []),
    ],
    [
      ...(shown.length
        ? [
            {
              do: "panels" as const,
              menu: "budget",
              label: easelPanels.openBudget,
              choices: shown
                .slice(0, MOST_CHOICES)
                .map(({ key }, index) => ({ panel: `budget.${where}.${key}`, name: said[index] ?? "" })),
            },
          ]
        : []),
      toPanel(easelPanels.newBudget, `budget-form.${where}`, "main"),
      toPanel(easelPanels.back, `easel.${where}`),
    ],
  );
}

async function saidOf(budgets: readonly BookedBudget[], stand: Stand): Promise<Said[]> {
  const telling = await tellingOf(budgets, stand);
  return budgets.map((booked) => {
    const rule = budgetSaid(booked.rule, telling);
    if (booked.source === "file") return easelPanels.fromFile({ rule });
    return stand.sight.within && !booked.within ? easelPanels.fromOperator({ rule }) : rule;
  });
}

/** One budget, with what can be done with it: `budget.here.<key>`. */
export const budgetPanel = forAdmins(async ([key], stand) => {
  const book = await rulesNow(stand);
  const booked = findRule(key, "budget", stand, book);
  return { show: booked ? await showBudget(booked, book, stand) : await listOf(stand) };
});

export async function showBudget(booked: BookedBudget, book: RuleBook, stand: Stand, before: Said[] = []) {
  const { sight, rooms } = stand;
  const { key, setBy, setAt } = booked;
  const { where } = sight;
  const { azure } = rooms;
  const [rule] = await saidOf([booked], stand);
  const paragraphs = [
    ...before,
    ...(rule ? [rule] : []),
    ...(setAt ? [easelPanels.setBy({ name: setBy ?? "", at: setAt, timeZone: azure.timeZone })] : []),
    ...(await spentSaid(booked.rule, stand)),
    ...(await raisesSaid(book, stand, booked)),
  ];
  const mayChange = isToChange(booked, stand);
  return panelOf(easelPanels.budgetTitle, paragraphs, [
    ...(mayChange || !sight.within ? raiseButtons(booked, where) : []),
    ...(await raiseEndings(book, stand, booked)),
    ...(mayChange
      ? [
          toPanel(easelPanels.change, `budget-form.${where}.${key}`),
          toPanel(easelPanels.remove, `rule-off.${where}.budget.${key}`, "danger"),
        ]
      : []),
    toPanel(easelPanels.back, `budgets.${where}`),
  ]);
}

/** Of a budget that is one sum: what is spent of it in its present period. */
async function spentSaid({ scope, id, platform, per }: Budget, { sight: { within }, visit, rooms: { azure } }: Stand) {
  const at = { period: per, at: new Date() };
  const sumOf = () => {
    if (scope === "bot" && !within) return readSum({ kind: "bot" }, at, azure, visit.signal);
    if (scope === "workspace" && within) return readSum(within, at, azure, visit.signal);
    const isOne = scope === "channel" && id !== undefined && platform !== undefined;
    return isOne ? readSum({ kind: "channel", platform, id }, at, azure, visit.signal) : undefined;
  };
  const sum = await sumOf();
  return sum ? [usage.spentOfBudget({ per, dollars: sum.dollars, pictures: sum.pictures })] : [];
}

/** A form for a new budget, or to change one: `budget-form.here`, `budget-form.here.<key>`; with values what was sent. */
export const budgetFormPanel = forAdmins(async ([key], stand) => {
  const { sight, visit } = stand;
  const present = key ? findRule(key, "budget", stand, await rulesNow(stand)) : undefined;
  if (key && (!present || !isToChange(present, stand))) return { show: await listOf(stand) };
  const panel = key ? `budget-form.${sight.where}.${key}` : `budget-form.${sight.where}`;
  const back = key ? `budget.${sight.where}.${key}` : `budgets.${sight.where}`;
  const form = await budgetForm(present?.rule, stand);
  if (!visit.values) return { form, panel, back };
  return takeBudget(visit.values, { form, panel, back, typed: visit.values }, key, stand);
});

async function budgetForm(present: Budget | undefined, stand: Stand): Promise<ChatForm> {
  const known = await knownIds(stand);
  const periods = PERIODS.flatMap((per) => {
    const name = { day: easelPanels.perDay, week: easelPanels.perWeek, month: easelPanels.perMonth }[per];
    return [
      { value: per, name },
      { value: `${per}-soft`, name: easelPanels.perSoft({ per: name }) },
    ];
  });
  const hard = periods.filter(({ value }) => !value.endsWith("-soft"));
  const soft = periods.filter(({ value }) => value.endsWith("-soft"));
  const chosen = present ? `${present.per}${present.isSoft ? "-soft" : ""}` : "month";
  return {
    title: easelPanels.budgetTitle,
    send: easelPanels.save,
    fields: [
      ...scopeFields({ label: easelPanels.budgetScope, present, known }, stand),
      oneOf("per", easelPanels.budgetPer, [...hard, ...soft], chosen),
      {
        id: "amount",
        kind: "line",
        label: easelPanels.budgetAmount,
        hint: easelPanels.budgetAmountHint,
        most: 100,
        isRequired: true,
        ...(present && { value: writtenAmount(present) }),
      },
    ],
  };
}

type Asked = Parameters<typeof refusedForm>[0];

async function takeBudget(
  values: FormValues,
  asked: Asked,
  key: string | undefined,
  stand: Stand,
): Promise<PanelOutcome> {
  const faults: Said[] = [];
  const scoped = readScope(values, stand.visit, faults);
  const read = readAmount(textIn(values, "amount"));
  if ("faults" in read) faults.push(...read.faults);
  const [perWord = "", softWord] = textIn(values, "per").split("-");
  const per = PERIODS.find((each) => each === perWord) ?? "month";
  if (faults.length || "faults" in read) return refusedForm(asked, faults);
  const rule: Budget = { ...scoped, per, ...read.amount, ...(softWord && { isSoft: true }) };
  return changePanel({ set: "budget", rule, key }, { asked }, stand, (done) => listOf(stand, [done]));
}

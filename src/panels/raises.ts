import { addDays, dayIn, refillsAt } from "../purse/periods.ts";
import type { Booked, RuleBook } from "../purse/rule-book.ts";
import type { ReplyAction } from "../replies/reply.ts";
import type { Budget } from "../rules.ts";
import type { Said } from "../words/said.ts";
import { easelPanels, usage } from "../words/sentences.ts";
import { MOST_CHOICES } from "./panel.ts";
import type { Stand } from "./rights.ts";
import { tellingOf, whoseSaid } from "./rule-words.ts";
import { isInSight, isToChange } from "./standing-rules.ts";
import { toPanel } from "./usage.ts";

type BookedBudget = Booked<"budget">;

/** Five, a quarter of the budget, and as much again, in round numbers. */
export function raiseSteps({ dollars, pictures }: Budget): number[] {
  const of = dollars ?? pictures ?? 0;
  const isWhole = dollars === undefined;
  const steps = of >= 10 ? [5, of / 4, of] : [Math.max(of / 4, isWhole ? 1 : 0.1), of, 5];
  const round = steps.map((step) => roundNumber(step, isWhole));
  return [...new Set(round)].filter((step) => step > 0).toSorted((one, other) => one - other);
}

function roundNumber(number: number, isWhole: boolean): number {
  if (number <= 0) return 0;
  const power = 10 ** Math.floor(Math.log10(number));
  const first = [1, 2, 5, 10].find((each) => each * power >= number * 0.99) ?? 10;
  const round = Number((first * power).toPrecision(3));
  return isWhole ? Math.max(1, Math.round(round)) : round;
}

/** One press each, and a form for anything else. A soft one stops nothing, so there is nothing to raise. */
export function raiseButtons({ key, rule }: BookedBudget, where: string): ReplyAction[] {
  if (rule.isSoft) return [];
  const unit = rule.dollars === undefined ? "pictures" : "dollars";
  return [
    ...raiseSteps(rule).map((step) =>
      toPanel(
        easelPanels.raiseBy({ amount: usage.amount({ [unit]: step }) }),
        // An amount may have a point, which parts words in a panel's name.
        `raise-by.${where}.${key}.${unit}.${String(step).replace(".", "_")}`,
        "main",
      ),
    ),
    toPanel(easelPanels.raiseOther, `raise.${where}.${key}`),
  ];
}

/** The next Friday that is not today: pressed on a Friday it is for the week to come. */
export function nextFriday(today: string): string {
  const days = (5 - new Date(today).getUTCDay() + 7) % 7;
  return addDays(today, days || 7);
}

/** The moment after that day. */
export function endOf(day: string, timeZone: string): Date {
  // One of these is in it, whatever the zone is.
  const hours = ["00", "12", "18"].map((hour) => new Date(`${day}T${hour}:00:00Z`));
  return refillsAt("day", hours.find((at) => dayIn(timeZone, at) === day) ?? new Date(day), timeZone);
}

/** Raises that hold now: of one budget, or of all in sight. */
function presentRaises({ raises }: RuleBook, stand: Stand, of?: BookedBudget): Booked<"raise">[] {
  const now = Date.now();
  return raises.filter(
    (booked) =>
      Date.parse(booked.rule.until) > now &&
      isInSight(booked, stand) &&
      (!of ||
        (of.rule.scope === booked.rule.scope &&
          of.rule.per === booked.rule.per &&
          (of.rule.id ?? booked.rule.id) === booked.rule.id)),
  );
}

export async function raisesSaid(book: RuleBook, stand: Stand, of?: BookedBudget): Promise<Said[]> {
  const present = presentRaises(book, stand, of);
  const telling = await tellingOf(present, stand);
  const { timeZone } = stand.rooms.azure;
  return present.map(({ rule }) =>
    easelPanels.raised({ amount: usage.amount(rule), whose: whoseSaid(rule, telling), until: rule.until, timeZone }),
  );
}

/** A way to end each of those that are whoever looks' to end. */
export async function raiseEndings(book: RuleBook, stand: Stand, of: BookedBudget): Promise<ReplyAction[]> {
  const present = presentRaises(book, stand, of).filter((booked) => isToChange(booked, stand));
  const telling = await tellingOf(present, stand);
  const { timeZone } = stand.rooms.azure;
  const choices = present.slice(0, MOST_CHOICES).map(({ key, rule }) => ({
    panel: `rule-off.${stand.sight.where}.raise.${key}`,
    name: easelPanels.raised({
      amount: usage.amount(rule),
      whose: whoseSaid(rule, telling),
      until: rule.until,
      timeZone,
    }),
  }));
  return choices.length ? [{ do: "panels", menu: "raise", label: easelPanels.endRaise, choices }] : [];
}

import type { ImageOrder } from "../request/check.ts";
import type { Settings } from "../settings.ts";
import type { Binding } from "./bindings.ts";
import { needsOf } from "./bindings.ts";
import type { Amount, Denial, Fit } from "./denial.ts";
import { fitsOf } from "./fits.ts";
import type { Ordered } from "./fits.ts";
import type { Judge, Need } from "./ledger.ts";
import { A_MILLIONTH, brokenLimits } from "./limits.ts";
import { refillsAt } from "./periods.ts";
import type { Scope } from "./payer.ts";
import type { Price } from "./prices.ts";
import type { Booked } from "./rule-book.ts";
import type { Sum } from "./sums.ts";

/** All that bind somebody. */
export type Rules = { bindings: Binding[]; limits: Booked<"limit">[] };

/** `person`: whose pictures under way are counted. */
export type Judged = Ordered & { person: Scope; at: Date; price: Price };

const UNITS = ["dollars", "pictures"] as const;
type Unit = (typeof UNITS)[number];

/** A budget, and what is spent and set aside of it. `isFull`: not even the least is left of it. */
export type Use = { binding: Binding; unit: Unit; used: number; most: number; isFull: boolean };

export type Bench = {
  needs: Need[];
  judge: Judge<Denial>;
  /** What of the rules needs no look at sums. */
  withoutSums(): Denial | undefined;
  /** As `judge` saw it last, with what was asked where it was let pass. */
  uses(): Use[];
};

type Where = { settings: Settings; timeZone: string };

/** Judges by sums alone, so that it may be asked as often as somebody else has written meanwhile. */
export function judgeOf(judged: Judged, rules: Rules, where: Where): Bench {
  let uses: Use[] = [];
  const isCounted = rules.limits.some(({ rule }) => rule.mostAtOnce !== undefined);
  // Of the longest period, for at the end of one what is under way is counted in the next.
  const underWayNeed: Need = { scope: judged.person, period: "month" };
  return {
    needs: [...needsOf(rules.bindings), ...(isCounted ? [underWayNeed] : [])],
    judge(sumOf) {
      const underWay = isCounted ? sumOf(underWayNeed.scope, underWayNeed.period).heldPictures : 0;
      const present = rules.bindings.flatMap((binding) =>
        usesOf(binding, sumOf(binding.scope, binding.period, binding.within)),
      );
      const denial = denialBy(judged, { rules, underWay, present }, where);
      const isFull = denial !== undefined && !("fits" in denial && denial.fits.length);
      uses = present.map((use) => {
        const asked = askedOf(judged.order, judged.price)[use.unit];
        return denial ? { ...use, isFull: isFull && isOver(use, asked) } : { ...use, used: use.used + asked };
      });
      return denial;
    },
    withoutSums: () => denialBy(judged, { rules, underWay: 0, present: [] }, where),
    uses: () => uses,
  };
}

/** The same for a call that brings no picture: no limit of a request is about it. */
export function judgeOfCall(
  { dollars, at }: { dollars: number; at: Date },
  bindings: Binding[],
  timeZone: string,
): Pick<Bench, "needs" | "judge"> {
  return {
    needs: needsOf(bindings),
    judge(sumOf) {
      const present = bindings.flatMap((binding) =>
        usesOf(binding, sumOf(binding.scope, binding.period, binding.within)),
      );
      const hard = present.filter(({ binding }) => !binding.isSoft);
      const asked = { dollars, pictures: 0 };
      return budgetDenial({ over: overBy(hard, asked), hard, asked, fits: [] }, at, timeZone);
    },
  };
}

export function usesOf(binding: Binding, sum: Sum): Use[] {
  const used = { dollars: sum.dollars + sum.heldDollars, pictures: sum.pictures + sum.heldPictures };
  return UNITS.flatMap((unit) => {
    const most = binding.most[unit];
    return most === undefined ? [] : [{ binding, unit, used: used[unit], most, isFull: false }];
  });
}

function isOver({ used, most }: Use, asked: number): boolean {
  return used + asked > most + A_MILLIONTH / 2;
}

function askedOf({ count: pictures }: Pick<ImageOrder, "count">, { dollars }: Price): Required<Amount> {
  return { dollars, pictures };
}

type Seen = { rules: Rules; underWay: number; present: Use[] };

function denialBy(judged: Judged, seen: Seen, where: Where): Denial | undefined {
  const { order, price, at } = judged;
  const { rules, underWay, present } = seen;
  const hard = present.filter(({ binding }) => !binding.isSoft);
  const broken = brokenLimits({ ...order, price, underWay }, rules.limits);
  const over = overBy(hard, askedOf(order, price));
  if (!broken.breaks.length && !over.length) return undefined;
  const passes = (other: ImageOrder, priced: Price) =>
    !brokenLimits({ ...other, price: priced, underWay }, rules.limits).breaks.length &&
    !overBy(hard, askedOf(other, priced)).length;
  const fits = fitsOf(judged, passes, where.settings);
  if (broken.breaks.length) return { denied: "limit", ...broken, fits };
  return budgetDenial({ over, hard, asked: askedOf(order, price), fits }, at, where.timeZone);
}

type Over = { over: Use[]; hard: Use[]; asked: Required<Amount>; fits: Fit[] };

/** Of those that leave too little, the one that leaves least. */
function budgetDenial({ over, hard, asked, fits }: Over, at: Date, timeZone: string): Denial | undefined {
  const [first] = over.toSorted((one, other) => fraction(one, asked) - fraction(other, asked) || later(one, other));
  if (!first) return undefined;
  const { binding } = first;
  const { kind: scope, period: per, most: budget, isOwn, raiser } = binding;
  const refills = refillsAt(per, at, timeZone).toISOString();
  return {
    denied: "budget",
    scope,
    per,
    budget,
    isOwn,
    asked,
    left: leftOf(binding, hard),
    refillsAt: refills,
    raiser,
    fits,
  };
}

function overBy(hard: Use[], asked: Required<Amount>): Use[] {
  return hard.filter((use) => isOver(use, asked[use.unit]));
}

/** How much of what is asked would be left for it: the tightest answers. */
function fraction({ used, most, unit }: Use, asked: Required<Amount>): number {
  return Math.max(0, most - used) / Math.max(A_MILLIONTH, asked[unit]);
}

const LENGTHS = { day: 1, week: 2, month: 3 };

/** Of two that leave the same, the one that lasts. */
function later(one: Use, other: Use): number {
  return LENGTHS[other.binding.period] - LENGTHS[one.binding.period];
}

/** What is left of each unit that the budget counts. */
export function leftOf(binding: Binding, uses: Use[]): Amount {
  const left = uses
    .filter((use) => use.binding === binding)
    .map(({ unit, used, most }): [Unit, number] => [unit, Math.max(0, most - used)]);
  return Object.fromEntries(left);
}

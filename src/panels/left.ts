import { readSum } from "../purse/sums.ts";
import { payerOf, workspaceOf } from "../purse/payer.ts";
import type { Payer, Scope } from "../purse/payer.ts";
import { refillsAt } from "../purse/periods.ts";
import { presentRules } from "../purse/rule-book.ts";
import type { AnyBooked } from "../purse/rule-book.ts";
import { personOf } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import type { Budget, OwnLimit, Period } from "../rules.ts";
import type { Rooms } from "./panel.ts";

export type Left = {
  scope: Budget["scope"];
  isOwn: boolean;
  isSoft: boolean;
  per: Period;
  of: { dollars?: number; pictures?: number };
  left: { dollars?: number; pictures?: number };
  refillsAt: Date;
};

/** Every budget that binds somebody where they are, what they allow themselves among it, and what is left of it. */
export async function leftOf(by: Asker, at: Date, { settings, azure }: Rooms, signal: AbortSignal): Promise<Left[]> {
  const payer = payerOf(by);
  const { budgets, ownLimits } = await presentRules(settings, azure, signal);
  const binding = budgets.filter((booked) => binds(booked, payer, by)).map(({ rule }) => ({ ...rule, isOwn: false }));
  const own = (ownLimits.get(payer.person) ?? []).map((limit: OwnLimit) => ({
    ...limit,
    scope: "person" as const,
    isOwn: true,
    isSoft: false,
  }));
  return Promise.all(
    [...binding, ...own].map(async ({ scope, per, dollars, pictures, isSoft = false, isOwn }) => {
      const sum = await readSum(scopeOf(scope, payer), { period: per, at }, azure, signal);
      const rest = (of: number | undefined, spent: number) => (of === undefined ? undefined : Math.max(0, of - spent));
      return {
        scope,
        isOwn,
        isSoft,
        per,
        of: { dollars, pictures },
        left: {
          dollars: rest(dollars, sum.dollars + sum.heldDollars),
          pictures: rest(pictures, sum.pictures + sum.heldPictures),
        },
        refillsAt: refillsAt(per, at, azure.timeZone),
      };
    }),
  );
}

function binds({ rule, within }: AnyBooked & { kind: "budget" }, payer: Payer, by: Asker): boolean {
  const { scope, platform, id } = rule;
  if (within && (within.platform !== payer.platform || within.id !== payer.workspace)) return false;
  if (platform !== undefined && platform !== payer.platform) return false;
  if (scope === "bot") return true;
  if (scope === "workspace") return payer.workspace !== undefined && (id === undefined || id === payer.workspace);
  if (scope === "channel") return id === undefined || id === payer.channel;
  return id === undefined || personOf({ ...by, user: id }) === payer.person;
}

function scopeOf(scope: Budget["scope"], payer: Payer): Scope {
  if (scope === "bot") return { kind: "bot" };
  if (scope === "workspace") return workspaceOf(payer) ?? { kind: "bot" };
  if (scope === "channel") return { kind: "channel", platform: payer.platform, id: payer.channel };
  return { kind: "person", person: payer.person };
}

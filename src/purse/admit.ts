import { raiseAlert } from "../alerts/raise-alert.ts";
import { becauseOf, log } from "../log.ts";
import type { Asker, ImageRequest } from "../request/request.ts";
import type { ImageOrder } from "../request/check.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { isOutage } from "../storage/storage-refusal.ts";
import { accessDenial } from "./access.ts";
import { bindingsOn, nearest } from "./bindings.ts";
import type { Binding } from "./bindings.ts";
import type { Denial } from "./denial.ts";
import { judgeOf } from "./judge.ts";
import type { Rules, Use } from "./judge.ts";
import { reserve } from "./ledger.ts";
import { payerOf } from "./payer.ts";
import { dayIn, periodKey, refillsAt } from "./periods.ts";
import type { Price } from "./prices.ts";
import { presentRules, refreshedRules } from "./rule-book.ts";
import type { RuleBook } from "./rule-book.ts";
import { priceOfJob } from "./spent.ts";

/** What somebody wants drawn. `job` names what is set aside for it. */
export type Asking = {
  job: string;
  asker: Asker;
  request: Pick<ImageRequest, "options" | "sources" | "brainstorm">;
  order: ImageOrder;
  at: Date;
  /** Of a whole round; of a request its order says it. */
  price?: Price;
};

/** `holds`: money is set aside; else nothing limits it, and that can be done while nobody waits. */
export type Admission = { admitted: true; holds: boolean; warnings: Warning[] } | { admitted: false; denial: Denial };

/** A soft budget is used up: nothing is stopped by it. */
export type Warning = {
  binding: Binding;
  spent: number;
  unit: "dollars" | "pictures";
  refillsAt: string;
  period: string;
};

export type Room = { settings: Settings; azure: Azure; signal?: AbortSignal };

/**
 * Asks every rule there is whether something may be drawn, and sets aside what it may come to. With no rule nothing is asked. A no
 * is looked up once more before it counts. Never throws for storage: whether anything is drawn then is a rule as well.
 */
export async function admit(asking: Asking, room: Room): Promise<Admission> {
  try {
    const admission = await admitBy(await presentRules(room.settings, room.azure, room.signal), asking, room);
    if (admission.admitted) return admission;
    const book = await refreshedRules(room.settings, room.azure, room.signal).catch(unlessBroken);
    return book ? await admitBy(book, asking, room) : admission;
  } catch (error) {
    if (!isOutage(error)) throw error;
    log.warn({ because: becauseOf(error), job: asking.job }, "the rules could not be read");
    return withoutLedger(asking.job, room.settings);
  }
}

/** Then what was seen before goes on. */
export function unlessBroken(error: unknown): undefined {
  if (!isOutage(error)) throw error;
}

/** Without a look at what is left. Where the file has no rule and chat's cannot be seen, money may be limited all the same. */
export function withoutLedger(job: string, settings: Settings): Admission {
  const isOpen = settings.configuration.present.whenLedgerIsAway === "open";
  log.warn({ job, isOpen }, "what is left of a budget cannot be seen");
  return isOpen
    ? { admitted: true, holds: false, warnings: [] }
    : { admitted: false, denial: { denied: "ledger away" } };
}

async function admitBy(book: RuleBook, asking: Asking, room: Room): Promise<Admission> {
  const { asker, at, order, request } = asking;
  const kept = accessDenial(asker, book.access);
  if (kept) return { admitted: false, denial: kept };
  const payer = payerOf(asker);
  const rules: Rules = { bindings: bindingsOn(asker, book, at), limits: nearest(book.limits, payer) };
  if (!rules.bindings.length && !rules.limits.length) return { admitted: true, holds: false, warnings: [] };
  const price = { ...priceOfJob({ order, request }, room.settings), ...asking.price };
  const person = { kind: "person", person: payer.person } as const;
  const where = { settings: room.settings, timeZone: room.azure.timeZone };
  const bench = judgeOf({ order, request, person, at, price }, rules, where);
  const { dollars } = price;
  const hold = { job: asking.job, payer, model: order.model, pictures: order.count, dollars, at };
  try {
    const reserved = await reserve(hold, bench, room.azure, room.signal);
    tellOperators(bench.uses(), asking, room);
    if (reserved.outcome === "denied") return { admitted: false, denial: reserved.denial };
    return { admitted: true, holds: true, warnings: warningsOf(bench.uses(), asking, room) };
  } catch (error) {
    if (!isOutage(error)) throw error;
    // What limits a single request needs no look at what was spent.
    const denial = bench.withoutSums();
    if (denial) return { admitted: false, denial };
    const isLimited = rules.bindings.some(({ isSoft }) => !isSoft);
    return isLimited ? withoutLedger(asking.job, room.settings) : { admitted: true, holds: false, warnings: [] };
  }
}

function warningsOf(uses: Use[], { at }: Asking, { azure }: Room): Warning[] {
  return uses
    .filter(({ binding, used, most }) => binding.isSoft && used > most)
    .map(({ binding, unit, used }) => ({ binding, unit, spent: used, ...periodOf(binding, at, azure) }));
}

function periodOf({ period }: Binding, at: Date, { timeZone }: Azure): { period: string; refillsAt: string } {
  const refills = refillsAt(period, at, timeZone).toISOString();
  return { period: periodKey(period, dayIn(timeZone, at)), refillsAt: refills };
}

/** Of each budget but people's own limits, at 80 and at 100 in a hundred: each is told once a period, however often it is said. */
function tellOperators(uses: Use[], { at }: Asking, { azure }: Room): void {
  for (const { binding, unit, used: spent, most, isFull } of uses) {
    const percent = isFull || spent >= most ? 100 : spent >= 0.8 * most ? 80 : undefined;
    if (percent === undefined || binding.isOwn) continue;
    const { kind: scope, scope: of, period: per, isSoft } = binding;
    const id = of.kind === "person" ? of.person : "id" in of ? of.id : undefined;
    const alert = { percent, scope, id, per, unit, spent, most, isSoft, ...periodOf(binding, at, azure) } as const;
    raiseAlert({ kind: "budget", ...alert }, azure);
  }
}

import type { Changer } from "../purse/rule-faults.ts";
import { refreshedRules } from "../purse/rule-book.ts";
import type { AnyBooked, RuleBook } from "../purse/rule-book.ts";
import type { Asker } from "../request/request.ts";
import type { Stand } from "./rights.ts";

/** The rules as they are now. */
export function rulesNow({ visit, rooms }: Omit<Stand, "sight">): Promise<RuleBook> {
  return refreshedRules(rooms.settings, rooms.azure, visit.signal);
}

/**
 * Whether a rule is to be seen from there. Of those that the operator set for single people and channels nothing is told in a
 * place, but of the channel itself: they may be of another.
 */
export function isInSight(booked: AnyBooked, { sight: { within }, visit: { by } }: Omit<Stand, "rooms">): boolean {
  if (!within) return true;
  if (booked.within) return booked.within.platform === within.platform && booked.within.id === within.id;
  if (booked.kind === "access") return false;
  const { scope, platform, id } = booked.rule;
  if (platform !== undefined && platform !== within.platform) return false;
  if (id === undefined) return true;
  return (scope === "workspace" && id === within.id) || (scope === "channel" && id === channelOf(by));
}

/** What was set in chat for the place in sight, or everywhere by whoever sees everything. */
export function isToChange({ source, within }: AnyBooked, { sight }: Pick<Stand, "sight">): boolean {
  if (source === "file") return false;
  return sight.within ? within !== undefined : true;
}

export function findRule<Kind extends AnyBooked["kind"]>(
  key: string | undefined,
  kind: Kind,
  stand: Stand,
  book: RuleBook,
): Extract<AnyBooked, { kind: Kind }> | undefined {
  const all: AnyBooked[] = [...book.budgets, ...book.limits, ...book.access, ...book.raises];
  return all.find(
    (booked): booked is Extract<AnyBooked, { kind: Kind }> =>
      booked.key === key && booked.kind === kind && isInSight(booked, stand),
  );
}

/** Whoever sees everything still rules a place alone where that is what they look at. */
export function changerOf({ visit: { by, runsWorkspace }, sight }: Stand): Changer {
  return { asker: by, isAdmin: runsWorkspace, ...(sight.where === "here" && { asAdmin: true }) };
}

/** A thread is a part of its channel, whose rules and money it has. */
export function channelOf(by: Asker): string {
  return by.parentChannel ?? by.channel;
}

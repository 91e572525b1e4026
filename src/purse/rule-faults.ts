import type { z } from "zod";
import type { Workspace } from "../audit/audit.ts";
import { personOf } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import { OwnLimit } from "../rules.ts";
import type { Access, Budget, Limit, Raise } from "../rules.ts";
import type { Settings } from "../settings.ts";
import { RULE_SCHEMAS } from "./rule-book.ts";
import type { AnyBooked, ChatRules } from "./rule-book.ts";

/** What somebody wants otherwise. With a `key` it takes the place of what stands under that. */
export type RuleChange =
  | { set: "budget"; rule: Budget; key?: string }
  | { set: "limit"; rule: Limit; key?: string }
  | { set: "access"; rule: Access; key?: string }
  | { set: "raise"; rule: Raise; key?: string }
  | { remove: string }
  /** Nobody's but their own: what is named of a period takes the place of what was, and one without an amount is none. */
  | { own: OwnLimit };

/** Who wants it. `isAdmin`: of the place where they are; whoever runs the bot is known from the settings. */
export type Changer = {
  asker: Asker;
  isAdmin: boolean;
  /** Whoever runs the bot means the place where they are, as its admin would. */
  asAdmin?: true;
};

/** A change and its place: `within` is where an admin's own rules bind. */
export type Change = { change: RuleChange; by: Changer; isOperator: boolean; within?: Workspace; now: Date };

/** Why a rule cannot be set so. The words are in `src/words/`. */
export type RuleFault =
  | { fault: "no admin" }
  /** Of the whole bot, or of another place than the admin's own. */
  | { fault: "beyond your place" }
  | { fault: "set in the file" }
  | { fault: "set by the operator" }
  | { fault: "gone" }
  | { fault: "amount"; unit: "dollars" | "pictures"; most: number }
  | { fault: "no amount" }
  | { fault: "not understood"; field: string }
  /** A raise that is over before it begins, or lasts too long. */
  | { fault: "ends then"; isPast: boolean; mostDays: number }
  /** No budget is there that it could raise, or only one that is not theirs to raise. */
  | { fault: "nothing to raise" }
  | { fault: "above the rule"; unit: "dollars" | "pictures"; most: number };

/** A raise is for a while: what is to last is another budget. */
const MOST_RAISE_DAYS = 92;

/** All that is wrong with a change at once; nothing where it can be written. */
export function faultsOfChange(wanted: Change, chat: ChatRules, settings: Settings): RuleFault[] {
  const { change } = wanted;
  if ("own" in change) return ownFaults(change.own, wanted, chat, settings);
  if (!wanted.isOperator && !wanted.by.isAdmin) return [{ fault: "no admin" }];
  const key = "remove" in change ? change.remove : change.key;
  const standing = chat.rules.find((booked) => booked.key === key);
  const taken = key === undefined ? [] : keyFaults(key, standing, wanted);
  if (taken.length || "remove" in change) return taken;
  const read = (RULE_SCHEMAS[change.set] as z.ZodType).safeParse(change.rule);
  if (!read.success) return shapeFaults(change.rule, read.error);
  if (change.set === "access") return [];
  const place = placeFaults(change.rule, wanted);
  if (place.length) return place;
  return change.set === "raise" ? raiseFaults(change.rule, wanted, chat, settings) : [];
}

function keyFaults(key: string, standing: AnyBooked | undefined, { isOperator, within }: Change): RuleFault[] {
  if (/^(budgets-\d+|limits-\d+|access)$/.test(key)) return [{ fault: "set in the file" }];
  if (!standing) return [{ fault: "gone" }];
  if (isOperator) return [];
  const { platform, id } = standing.within ?? {};
  const isTheirs = within !== undefined && platform === within.platform && id === within.id;
  return isTheirs ? [] : [{ fault: "set by the operator" }];
}

const MOST = { dollars: 1_000_000, pictures: 1_000_000 };

function shapeFaults(rule: unknown, { issues }: z.ZodError): RuleFault[] {
  const given = new Map(Object.entries(Object(rule) as Record<string, unknown>));
  return issues.map(({ path: [field = ""] }): RuleFault => {
    if (field !== "dollars" && field !== "pictures") return { fault: "not understood", field: String(field) };
    return given.get(field) === undefined
      ? { fault: "no amount" }
      : { fault: "amount", unit: field, most: MOST[field] };
  });
}

type Scoped = Pick<Budget, "scope" | "platform" | "id">;

/** An admin rules their own place and no other; which channels are in it, their panel knows. */
function placeFaults({ scope, platform, id }: Scoped, { isOperator, within }: Change): RuleFault[] {
  if (isOperator) return [];
  const isElsewhere =
    within === undefined ||
    scope === "bot" ||
    (platform !== undefined && platform !== within.platform) ||
    (scope === "workspace" && id !== undefined && id !== within.id);
  return isElsewhere ? [{ fault: "beyond your place" }] : [];
}

/** In the file stands the operator's word: an admin raises what was set in chat for their place. */
function raiseFaults(
  raise: Raise,
  { isOperator, within, now }: Change,
  chat: ChatRules,
  settings: Settings,
): RuleFault[] {
  const days = (Date.parse(raise.until) - now.getTime()) / (24 * 3_600_000);
  const fits = ({ scope, per, isSoft, id, platform }: Budget) =>
    scope === raise.scope &&
    per === raise.per &&
    !isSoft &&
    (id === undefined || id === raise.id) &&
    (platform === undefined || raise.platform === undefined || platform === raise.platform);
  const inChat = chat.rules.some(
    (booked) => booked.kind === "budget" && fits(booked.rule) && (isOperator || booked.within?.id === within?.id),
  );
  const inFile = isOperator && (settings.configuration.present.budgets ?? []).some(fits);
  return [
    ...(days <= 0 || days > MOST_RAISE_DAYS
      ? [{ fault: "ends then" as const, isPast: days <= 0, mostDays: MOST_RAISE_DAYS }]
      : []),
    ...(inChat || inFile ? [] : [{ fault: "nothing to raise" as const }]),
  ];
}

/** One's own is lower than what one has anyway, or it would say what is not so. */
function ownFaults(own: OwnLimit, { by: { asker } }: Change, chat: ChatRules, settings: Settings): RuleFault[] {
  const read = OwnLimit.safeParse(own);
  if (!read.success) return shapeFaults(own, read.error);
  const person = personOf(asker);
  const budgets = [
    ...(settings.configuration.present.budgets ?? []),
    ...chat.rules.flatMap((booked) => (booked.kind === "budget" && !booked.within ? [booked.rule] : [])),
  ].filter((budget) => budget.scope === "person" && !budget.isSoft && budget.per === own.per && isFor(budget, asker));
  const named = budgets.filter(({ id }) => id !== undefined);
  const theirs = named.length ? named : budgets.filter(({ id }) => id === undefined);
  return (["dollars", "pictures"] as const).flatMap((unit): RuleFault[] => {
    const most = Math.min(...theirs.map((budget) => budget[unit] ?? Infinity));
    return (own[unit] ?? 0) > most ? [{ fault: "above the rule", unit, most }] : [];
  });

  function isFor({ platform, id }: Scoped, { platform: on }: typeof asker): boolean {
    if (platform !== undefined && platform !== on) return false;
    return id === undefined || personOf({ ...asker, user: id.toLowerCase() }) === person;
  }
}

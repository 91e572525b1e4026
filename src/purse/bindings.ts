import { atEvent, personOf } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import type { Budget, OwnLimit, Period, ScopeKind } from "../rules.ts";
import type { Amount, Raiser } from "./denial.ts";
import type { Need } from "./ledger.ts";
import { payerOf } from "./payer.ts";
import type { Payer, Scope, Workspace } from "./payer.ts";
import type { Booked, RuleBook, RuleKind } from "./rule-book.ts";

/** A budget as it binds somebody: for which sum, and with what it is raised by at present. */
export type Binding = {
  /** Of the rule; of one's own limit, the person. */
  key: string;
  kind: ScopeKind;
  scope: Scope;
  period: Period;
  most: Amount;
  /** The raise that ends first, as an ISO time. */
  raisedUntil?: string;
  isSoft: boolean;
  isOwn: boolean;
  source: "file" | "chat" | "own";
  /** Of a rule for each person that an admin has set: what they spend in other places is none of it. */
  within?: Workspace;
  raiser: Raiser;
};

type Scoped = Pick<Budget, "scope" | "platform" | "id">;

/** Entra writes its ids in small letters, and people copy them as they find them; other ids of Teams mean their letters as they are. */
export function plainId(id: string): string {
  return /^[0-9a-f-]{36}$/i.test(id) ? id.toLowerCase() : id;
}

function isFor({ scope, platform, id }: Scoped, payer: Payer): boolean {
  if (platform !== undefined && platform !== payer.platform) return false;
  const isSame = (other: string) => id === undefined || plainId(id) === plainId(other);
  switch (scope) {
    case "bot":
      return true;
    case "workspace":
      return payer.workspace !== undefined && isSame(payer.workspace);
    case "channel":
      return isSame(payer.channel);
    case "person":
      return id === undefined || personOf({ platform: payer.platform, user: plainId(id) }) === payer.person;
  }
}

/** Of those that bind somebody, the one that names them is meant for them in place of the one for each; and of both it says where. */
export function nearest<Kind extends Extract<RuleKind, "budget" | "limit">>(
  rules: Booked<Kind>[],
  payer: Payer,
): Booked<Kind>[] {
  const binding = rules.filter(({ rule, within }) => isFor(rule, payer) && isWithin(within, payer));
  return binding.filter((one) => !binding.some((other) => isSameKind(one, other) && nameOf(other) > nameOf(one)));
}

export function isWithin(
  within: { platform: string; id: string } | undefined,
  { platform, workspace }: Pick<Payer, "platform" | "workspace">,
): boolean {
  return !within || (within.platform === platform && within.id === workspace);
}

function isSameKind(one: Booked<"budget" | "limit">, other: Booked<"budget" | "limit">): boolean {
  const of = ({ source, within, rule }: Booked<"budget" | "limit">) =>
    JSON.stringify([source, within?.id, rule.scope, "per" in rule && [rule.per, rule.isSoft === true]]);
  return of(one) === of(other);
}

/** How closely a rule says whom it means. */
function nameOf({ rule: { platform, id } }: Booked<"budget" | "limit">): number {
  return id === undefined ? (platform === undefined ? 0 : 1) : 2;
}

/** All that bind somebody there, hard and soft: all apply. */
export function bindingsOn(asker: Asker, book: RuleBook, at: Date): Binding[] {
  const payer = payerOf(asker);
  const budgets = nearest(book.budgets, payer).map((booked): Binding => {
    const { key, rule, source, within } = booked;
    const raises = book.raises.filter((raise) => isRaised(booked, raise, payer, at));
    const raised = (unit: "dollars" | "pictures") => {
      const most = rule[unit];
      return most === undefined ? undefined : raises.reduce((sum, raise) => sum + (raise.rule[unit] ?? 0), most);
    };
    return {
      key,
      kind: rule.scope,
      scope: scopeOf(rule.scope, payer),
      period: rule.per,
      most: { dollars: raised("dollars"), pictures: raised("pictures") },
      raisedUntil: raises.map((raise) => raise.rule.until).toSorted((one, other) => one.localeCompare(other))[0],
      isSoft: rule.isSoft === true,
      isOwn: false,
      source,
      within: within && rule.scope === "person" ? { kind: "workspace", ...within } : undefined,
      raiser: within ? "admin" : "operator",
    };
  });
  return [...budgets, ...(book.ownLimits.get(payer.person) ?? []).map((own) => ownBinding(own, payer))];
}

function ownBinding({ per, dollars, pictures }: OwnLimit, payer: Payer): Binding {
  return {
    key: payer.person,
    kind: "person",
    scope: scopeOf("person", payer),
    period: per,
    most: { dollars, pictures },
    isSoft: false,
    isOwn: true,
    source: "own",
    raiser: "you",
  };
}

/** An admin's raise raises what was set for their place; whoever runs the bot raises anything. */
function isRaised({ rule, within }: Booked<"budget">, raise: Booked<"raise">, payer: Payer, at: Date): boolean {
  const isTheirs = !raise.within || (within !== undefined && within.id === raise.within.id);
  return (
    isTheirs &&
    isWithin(raise.within, payer) &&
    raise.rule.scope === rule.scope &&
    raise.rule.per === rule.per &&
    isFor(raise.rule, payer) &&
    Date.parse(raise.rule.until) > at.getTime()
  );
}

function scopeOf(kind: ScopeKind, { platform, workspace = "", channel, person }: Payer): Scope {
  if (kind === "bot") return { kind };
  if (kind === "person") return { kind, person };
  return { kind, platform, id: kind === "workspace" ? workspace : channel };
}

/** The sums that bindings are judged by, each once. */
export function needsOf(bindings: Binding[]): Need[] {
  const needs = bindings.map(({ scope, period, within }) => ({ scope, period, within }));
  return [...new Map(needs.map((need) => [JSON.stringify(need), need])).values()];
}

/** Where somebody is, for lists of who may: a thread is in its channel. */
export function placesOf(asker: Asker): { workspace?: string; channels: string[]; person: string; roles: string[] } {
  const { roles = [] } = atEvent(asker);
  const { platform, workspace, channel, parentChannel, user } = asker;
  const named = (id: string) => `${platform}/${plainId(id)}`;
  return {
    workspace: workspace === undefined ? undefined : named(workspace),
    channels: [channel, ...(parentChannel === undefined ? [] : [parentChannel])].map(named),
    person: named(user),
    roles: roles.map(named),
  };
}

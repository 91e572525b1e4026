import { z } from "zod";
import { MODEL_NAMES } from "./models.ts";

/** What an id looks like there, so that a slip shows when it is written and not when it is missed. */
const PLATFORMS = {
  discord: { workspace: /^\d{15,21}$/, channel: /^\d{15,21}$/, role: /^\d{15,21}$/, person: /^\d{15,21}$/ },
  teams: {
    workspace: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    channel: /^(19|a):[^\s/\\#?]{5,300}$/,
    role: undefined,
    person: /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|29:[^\s/\\#?]{5,300})$/i,
  },
} as const;
const PLATFORM_NAMES = ["discord", "teams"] as const;
type Platform = (typeof PLATFORM_NAMES)[number];
type Kind = keyof (typeof PLATFORMS)["discord"];

export const SCOPES = ["bot", "workspace", "channel", "person"] as const;
/** Whose money it is: of all together, of a Discord server or a Teams tenant, of a channel, of a person. */
export type ScopeKind = (typeof SCOPES)[number];
export const PERIODS = ["day", "week", "month"] as const;
/** Of the calendar, in the installation's time zone; a week begins on Monday. */
export type Period = (typeof PERIODS)[number];

/** More than either is a slip of the hand. */
export const MOST_DOLLARS = 1_000_000;
export const MOST_COUNTED = 1_000_000;
const Dollars = z.number().min(0).max(MOST_DOLLARS);
const Pictures = z.int().min(0).max(MOST_COUNTED);

const scoping = {
  scope: z.enum(SCOPES),
  platform: z.enum(PLATFORM_NAMES).optional(),
  /** Absent: each one for itself, but those that have a rule of their own. */
  id: z.string().optional(),
  /** For whoever reads the file. */
  note: z.string().max(500).optional(),
};
/** Beside whatever else is wrong: all faults are told at once. */
const always = { when: ({ value }: { value: unknown }) => typeof value === "object" && value !== null };
type Scoped = { scope: ScopeKind; platform?: Platform; id?: string };

function checkScope({ scope, platform, id }: Scoped, context: z.core.$RefinementCtx): void {
  const say = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
  if (scope === "bot") {
    if (platform ?? id) say("scope", "“bot” is everybody together and takes neither platform nor id");
    return;
  }
  if (id === undefined) return;
  if (!platform) return say("platform", `an id needs its platform: ${PLATFORM_NAMES.join(" or ")}`);
  // Of what is no platform or no scope it is said already.
  if (!isPlatform(platform) || !SCOPES.includes(scope)) return;
  if (!PLATFORMS[platform][scope].test(id)) say("id", `“${id}” is no id of a ${scope} on ${platform}`);
}

/** A bound on what is spent in a period. A soft one warns, and stops nothing. */
export const Budget = z
  .strictObject({
    ...scoping,
    per: z.enum(PERIODS),
    dollars: Dollars.optional(),
    pictures: Pictures.optional(),
    isSoft: z.boolean().optional(),
  })
  .superRefine((budget, context) => {
    checkScope(budget, context);
    if (budget.dollars === undefined && budget.pictures === undefined)
      context.addIssue({ code: "custom", path: ["dollars"], message: "say dollars, or pictures, or both" });
  }, always);
export type Budget = z.infer<typeof Budget>;

const SIZE = /^([1-9]\d{1,4}x[1-9]\d{1,4}|square|wide|tall|auto)$/;
const some = <Value extends z.ZodType>(value: Value) => z.array(value).min(1).max(50);

/** A bound on a single request. Of lists, what is in them is allowed and nothing else. */
export const Limit = z
  .strictObject({
    ...scoping,
    /** Pictures of one person that are under way together. */
    mostAtOnce: Pictures.optional(),
    /** In one request. */
    mostPictures: Pictures.optional(),
    mostDollars: Dollars.optional(),
    models: some(z.enum(MODEL_NAMES)).optional(),
    qualities: some(z.string().min(1).max(20)).optional(),
    sizes: some(z.string().regex(SIZE, "a size is 1024x1024, square, wide, tall or auto")).optional(),
  })
  .superRefine((limit, context) => {
    checkScope(limit, context);
    if (!LIMITED.some((name) => limit[name] !== undefined))
      context.addIssue({ code: "custom", path: [], message: `say what is limited: ${LIMITED.join(", ")}` });
  }, always);
export type Limit = z.infer<typeof Limit>;
export const LIMITED = ["mostAtOnce", "mostPictures", "mostDollars", "models", "qualities", "sizes"] as const;

/** `discord/80351110224678912`: what it is in is said by its list. */
const idOf = (kind: Kind) =>
  z.string().superRefine((text, context) => {
    const [platform = "", ...rest] = text.split("/");
    const shape = isPlatform(platform) ? PLATFORMS[platform][kind] : undefined;
    if (shape?.test(rest.join("/"))) return;
    const known = PLATFORM_NAMES.filter((name) => PLATFORMS[name][kind]);
    const message = `“${text}” names no ${kind}: write it as ${known.map((name) => `${name}/<id>`).join(" or ")}`;
    context.addIssue({ code: "custom", message });
  });

function isPlatform(name: string): name is Platform {
  return Object.hasOwn(PLATFORMS, name);
}

export const PersonId = idOf("person");

const lists = {
  workspaces: z.array(idOf("workspace")).max(1000).optional(),
  channels: z.array(idOf("channel")).max(1000).optional(),
  roles: z.array(idOf("role")).max(1000).optional(),
  people: z.array(PersonId).max(10_000).optional(),
  /** Where only the person and Easel are, and no workspace's admin looks. */
  directMessages: z.boolean().optional(),
  /** On Discord, where a person has installed Easel and the server has not. */
  userInstalls: z.boolean().optional(),
};
export const ACCESS_LISTS = ["workspaces", "channels", "roles", "people"] as const;

/** Of what may be no list at all. */
function entries(list: string[] | undefined): string[] {
  return Array.isArray(list) ? list : [];
}

/**
 * Who may use it. `allow` asks where (workspaces, channels) and who (roles, people): of each that has a list one entry has to
 * fit. Whatever of `deny` fits says no.
 */
export const Access = z
  .strictObject({ allow: z.strictObject(lists).optional(), deny: z.strictObject(lists).optional() })
  .superRefine(({ allow, deny }, context) => {
    for (const list of ACCESS_LISTS)
      for (const both of entries(allow?.[list]).filter((id) => entries(deny?.[list]).includes(id)))
        context.addIssue({ code: "custom", path: ["deny", list], message: `“${both}” is allowed and denied` });
    for (const place of ["directMessages", "userInstalls"] as const)
      if (allow?.[place] && deny?.[place])
        context.addIssue({ code: "custom", path: ["deny", place], message: "it is allowed and denied" });
  }, always);
export type Access = z.infer<typeof Access>;

/** What the file says of rules. */
export const ruleSections = {
  budgets: z.array(Budget).max(1000).optional(),
  limits: z.array(Limit).max(1000).optional(),
  access: Access.optional(),
  /** Whether is drawn while it cannot be seen what is left; `closed` unless said, and only where something is limited. */
  whenLedgerIsAway: z.enum(["closed", "open"]).optional(),
  /** Whoever may rule everything, in chat as well. */
  admins: z.array(PersonId).max(1000).optional(),
};
export type RuleSections = z.infer<z.ZodObject<typeof ruleSections>>;

/** What rules say against each other, with the place of the second: nobody could follow both. */
export function contradictions({
  budgets = [],
  limits = [],
  access,
}: RuleSections): { path: PropertyKey[]; message: string }[] {
  return [...softAbove(budgets), ...forbiddenThoughAllowed(budgets, access), ...closedLimits(limits)];
}

function isSame(one: Scoped, other: Scoped): boolean {
  return one.scope === other.scope && one.platform === other.platform && one.id === other.id;
}

function softAbove(budgets: Budget[]) {
  return budgets.flatMap((soft, index) => {
    if (!soft.isSoft) return [];
    const hard = budgets.filter((other) => !other.isSoft && isSame(soft, other) && other.per === soft.per);
    return (["dollars", "pictures"] as const).flatMap((unit) => {
      const above = hard.find((other) => (soft[unit] ?? -1) > (other[unit] ?? Infinity));
      const message = `a soft budget of ${soft[unit]} never warns above the hard one of ${above?.[unit]}`;
      return above ? [{ path: ["budgets", index, unit], message }] : [];
    });
  });
}

const LIST_OF = { workspace: "workspaces", channel: "channels", person: "people" } as const;

function forbiddenThoughAllowed(budgets: Budget[], access: Access | undefined) {
  return budgets.flatMap(({ scope, platform, id, isSoft, dollars, pictures }, index) => {
    if (scope === "bot" || isSoft || id === undefined || (dollars !== 0 && pictures !== 0)) return [];
    const list = LIST_OF[scope];
    const isAllowed = access?.allow?.[list]?.includes(`${platform}/${id}`);
    const message = `it leaves nothing to ${platform}/${id}, which access → allow → ${list} lets in`;
    return isAllowed ? [{ path: ["budgets", index], message }] : [];
  });
}

function closedLimits(limits: Limit[]) {
  return limits.flatMap(({ mostPictures, mostAtOnce }, index) => {
    const message = `${mostPictures} pictures in one request do not fit into ${mostAtOnce} at once`;
    return (mostPictures ?? 0) > (mostAtOnce ?? Infinity) ? [{ path: ["limits", index, "mostPictures"], message }] : [];
  });
}

/** More of a budget until then: it ends by itself. What is raised for the day is raised for each day until then. */
export const Raise = z
  .strictObject({
    ...scoping,
    per: z.enum(PERIODS),
    dollars: Dollars.positive().optional(),
    pictures: Pictures.positive().optional(),
    until: z.iso.datetime(),
  })
  .superRefine((raise, context) => {
    checkScope(raise, context);
    if (raise.dollars === undefined && raise.pictures === undefined)
      context.addIssue({ code: "custom", path: ["dollars"], message: "say dollars, or pictures, or both" });
  }, always);
export type Raise = z.infer<typeof Raise>;

/** What a person allows themselves. */
export const OwnLimit = z.strictObject({
  per: z.enum(PERIODS),
  dollars: Dollars.optional(),
  pictures: Pictures.optional(),
});
export type OwnLimit = z.infer<typeof OwnLimit>;

import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { RULES_PARTITION } from "../audit/audit.ts";
import type { Workspace } from "../audit/audit.ts";
import { becauseOf, log } from "../log.ts";
import type { Asker } from "../request/request.ts";
import { Access, Budget, Limit, OwnLimit, Raise } from "../rules.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { readRow, readRows } from "../storage/table.ts";

type Kinds = { budget: Budget; limit: Limit; access: Access; raise: Raise };
export type RuleKind = keyof Kinds;
export const RULE_SCHEMAS: { [Kind in RuleKind]: z.ZodType<Kinds[Kind]> } = {
  budget: Budget,
  limit: Limit,
  access: Access,
  raise: Raise,
};

/** A rule, and where it stands. `key` is its own, and of the file's counts its place there. */
export type Booked<Kind extends RuleKind> = {
  kind: Kind;
  key: string;
  rule: Kinds[Kind];
  source: "file" | "chat";
  /** It binds there alone: whoever set it is an admin of that place and of no other. */
  within?: Workspace;
  /** Of one that was set in chat. */
  setBy?: string;
  setAt?: string;
};
export type AnyBooked = { [Kind in RuleKind]: Booked<Kind> }[RuleKind];

/** Every rule that stands, wherever it was set. */
export type RuleBook = {
  budgets: Booked<"budget">[];
  limits: Booked<"limit">[];
  access: Booked<"access">[];
  /** Those of before may be among them: see `until`. */
  raises: Booked<"raise">[];
  /** By `personOf`. */
  ownLimits: ReadonlyMap<string, OwnLimit[]>;
};

/** What is set in chat, as it was read last. */
export type ChatRules = {
  /** Differs with each change; empty before the first. */
  write: string;
  etag?: string;
  rules: AnyBooked[];
  ownLimits: Map<string, OwnLimit[]>;
};

type Book = { chat?: ChatRules; reading?: Promise<ChatRules> };
/** Of each process that has opened one. */
const books = new WeakMap<Azure, Book>();

/** Keeps what is set in chat in memory, so that nobody waits for it. Without it the file alone rules. */
export function openRuleBook(azure: Azure, stopping: AbortSignal): void {
  const { rulesPauseMilliseconds, rulesLimitMilliseconds } = azure.times.purse;
  books.set(azure, {});
  const keepFresh = async () => {
    while (!stopping.aborted) {
      await refreshRules(azure, AbortSignal.timeout(rulesLimitMilliseconds)).catch((error: unknown) =>
        log.warn(
          { because: becauseOf(error) },
          "the rules that are set in chat could not be read: those of before go on",
        ),
      );
      await pause(rulesPauseMilliseconds, undefined, { signal: stopping, ref: false }).catch(() => undefined);
    }
  };
  void keepFresh();
}

/** The rules as they were seen last; waits only for the very first look. Throws where storage does not let it. */
export async function presentRules(settings: Settings, azure: Azure, signal?: AbortSignal): Promise<RuleBook> {
  const book = books.get(azure);
  return bookOf(settings, book && (book.chat ?? (await readOnce(book, azure, signal))));
}

/** The rules as they are now: for a panel, and before somebody hears a no. */
export async function refreshedRules(settings: Settings, azure: Azure, signal?: AbortSignal): Promise<RuleBook> {
  return bookOf(settings, await refreshRules(azure, signal));
}

async function refreshRules(azure: Azure, signal?: AbortSignal): Promise<ChatRules | undefined> {
  const book = books.get(azure);
  if (!book) return undefined;
  const version = await readRow(RULES_PARTITION, VERSION, azure, signal);
  if (book.chat && book.chat.write === String(version?.values.write ?? "")) return book.chat;
  return readOnce(book, azure, signal);
}

/** Several who need it at once read it once. */
function readOnce(book: Book, azure: Azure, signal?: AbortSignal): Promise<ChatRules> {
  book.reading ??= readChatRules(azure, signal)
    .then((chat) => (book.chat = chat))
    .finally(() => delete book.reading);
  return book.reading;
}

/** Row that every change of a rule writes over: whoever changes one on top of what is no more has to look again. */
export const VERSION = "version";
export const RULE = "rule-";
export const OWN = "own-";
const MOST_RULES = 100_000;

const StoredRule = z.object({
  kind: z.enum(["budget", "limit", "access", "raise"]),
  rule: z.unknown(),
  within: z.object({ platform: z.string(), id: z.string() }).optional(),
  setBy: z.string(),
  setAt: z.string(),
});
export type StoredRule = z.infer<typeof StoredRule>;

/** The version first: what is written meanwhile is then read once more, and never missed. */
export async function readChatRules(azure: Azure, signal?: AbortSignal): Promise<ChatRules> {
  const version = await readRow(RULES_PARTITION, VERSION, azure, signal);
  const chat: ChatRules = {
    write: String(version?.values.write ?? ""),
    etag: version?.etag,
    rules: [],
    ownLimits: new Map(),
  };
  if (!version) return chat;
  const rows = await readRows(RULES_PARTITION, { count: MOST_RULES, after: OWN, before: VERSION }, azure, signal);
  for (const { name, values } of rows) {
    const json: unknown = JSON.parse(String(values.json));
    if (name.startsWith(OWN)) chat.ownLimits.set(name.slice(OWN.length), z.array(OwnLimit).catch([]).parse(json));
    else chat.rules.push(...readRule(name.slice(RULE.length), json));
  }
  return chat;
}

/** One that a newer version wrote may be more than is understood here: it is said, and the others go on. */
function readRule(key: string, json: unknown): AnyBooked[] {
  const stored = StoredRule.safeParse(json);
  const rule = stored.success && RULE_SCHEMAS[stored.data.kind].safeParse(stored.data.rule);
  if (!stored.success || !rule || !rule.success) {
    log.error({ rule: key }, "a rule that was set in chat cannot be read and is left out");
    return [];
  }
  const { kind, within, setBy, setAt } = stored.data;
  return [{ kind, key, rule: rule.data, source: "chat", within, setBy, setAt } as AnyBooked];
}

function bookOf(settings: Pick<Settings, "configuration">, chat: ChatRules | undefined): RuleBook {
  const { budgets = [], limits = [], access } = settings.configuration.present;
  const ofChat = <Kind extends RuleKind>(kind: Kind) =>
    (chat?.rules ?? []).filter((booked): booked is Extract<AnyBooked, { kind: Kind }> => booked.kind === kind);
  const file = { source: "file" } as const;
  return {
    budgets: [
      ...budgets.map((rule, index) => ({ ...file, kind: "budget" as const, key: `budgets-${index + 1}`, rule })),
      ...ofChat("budget"),
    ],
    limits: [
      ...limits.map((rule, index) => ({ ...file, kind: "limit" as const, key: `limits-${index + 1}`, rule })),
      ...ofChat("limit"),
    ],
    access: [
      ...(access ? [{ ...file, kind: "access" as const, key: "access", rule: access }] : []),
      ...ofChat("access"),
    ],
    raises: ofChat("raise"),
    ownLimits: chat?.ownLimits ?? new Map(),
  };
}

/** Whoever runs this installation: the file names them. */
export function isOperator({ platform, user }: Pick<Asker, "platform" | "user">, settings: Settings): boolean {
  const id = `${platform}/${user}`.toLowerCase();
  return (settings.configuration.present.admins ?? []).some((admin) => admin.toLowerCase() === id);
}

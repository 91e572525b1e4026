import { randomBytes, randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { RULES_PARTITION, rowsOfLine } from "../audit/audit.ts";
import type { Audited } from "../audit/audit.ts";
import { log } from "../log.ts";
import { personOf } from "../request/request.ts";
import type { OwnLimit } from "../rules.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { isConflict, isMissing } from "../storage/storage-refusal.ts";
import { readRow, writeTogether } from "../storage/table.ts";
import type { RowWrite } from "../storage/table.ts";
import { faultsOfChange } from "./rule-faults.ts";
import type { Change, Changer, RuleChange, RuleFault } from "./rule-faults.ts";
import { isOperator, OWN, readChatRules, refreshedRules, RULE, VERSION } from "./rule-book.ts";
import type { AnyBooked, ChatRules, StoredRule } from "./rule-book.ts";

export type Changed = { outcome: "changed"; key: string } | { outcome: "refused"; faults: RuleFault[] };

const MOST_TRIES = 12;

/**
 * Sets, changes or removes a rule, with its line in the audit, all at once or not at all; on top of what others have written
 * meanwhile. Throws where storage does not take it: then nothing has changed, or it is seen when it is looked at again.
 */
export async function changeRules(
  change: RuleChange,
  by: Changer,
  { settings, azure, signal }: { settings: Settings; azure: Azure; signal?: AbortSignal },
): Promise<Changed> {
  const { platform, workspace } = by.asker;
  const isRunning = isOperator(by.asker, settings);
  const operates = isRunning && !by.asAdmin;
  const within = operates || workspace === undefined ? undefined : { platform, id: workspace };
  const wanted: Change = {
    change,
    by: { ...by, isAdmin: by.isAdmin || isRunning },
    isOperator: operates,
    within,
    now: new Date(),
  };
  const write = randomBytes(8).toString("hex");
  const key = keyOf(change, by);
  for (let tries = 1; ; tries += 1) {
    const chat = await readChatRules(azure, signal);
    if (chat.write === write) return { outcome: "changed", key };
    const faults = faultsOfChange(wanted, chat, settings);
    if (faults.length) return { outcome: "refused", faults };
    try {
      await writeTogether(writesOf(wanted, { key, write }, chat), azure, signal);
      await refreshedRules(settings, azure, signal).catch((error: unknown) =>
        log.warn({ error }, "a changed rule is seen here a little later"),
      );
      log.info({ rule: key, platform }, "a rule was changed");
      return { outcome: "changed", key };
    } catch (error) {
      const isLost = isConflict(error) || isMissing(error);
      const isOurs = async () => (await readRow(RULES_PARTITION, VERSION, azure, signal))?.values.write === write;
      if (!isLost && (await isOurs())) return { outcome: "changed", key };
      if (!isLost || tries === MOST_TRIES) throw error;
      await pause(randomInt(5, 40 * tries));
    }
  }
}

function keyOf(change: RuleChange, { asker }: Changer): string {
  if ("remove" in change) return change.remove;
  if ("own" in change) return personOf(asker);
  return change.key ?? randomBytes(8).toString("hex");
}

function writesOf(wanted: Change, { key, write }: { key: string; write: string }, chat: ChatRules): RowWrite[] {
  const { change, by, now } = wanted;
  const row = { partition: RULES_PARTITION };
  const version = { ...row, name: VERSION, values: { write } };
  const audited = { by: by.asker, of: key };
  return [
    chat.etag === undefined ? { add: version } : { replace: { ...version, etag: chat.etag } },
    ...("own" in change ? ownWrites(change.own, audited, wanted, chat) : ruleWrites(key, audited, wanted, chat)),
    ...lapsed(chat, now, key),
  ];
}

type Line = Pick<Audited, "by" | "of">;

function ruleWrites(key: string, audited: Line, { change, by, within, now }: Change, chat: ChatRules): RowWrite[] {
  const before = chat.rules.find((booked) => booked.key === key);
  const name = `${RULE}${key}`;
  const line = (did: Audited["did"], after?: unknown): RowWrite[] =>
    rowsOfLine({ ...audited, did, before: before?.rule, after }, now).map((row) => ({ add: row }));
  if ("remove" in change)
    return [{ remove: { partition: RULES_PARTITION, name } }, ...line("removed a rule", undefined)];
  if ("own" in change) return [];
  const stored: StoredRule = {
    kind: change.set,
    rule: change.rule,
    within: before ? before.within : within,
    setBy: by.asker.name,
    setAt: now.toISOString(),
  };
  const values = { json: JSON.stringify(stored) };
  return [
    { put: { partition: RULES_PARTITION, name, values } },
    ...line(change.set === "raise" ? "raised a budget" : "set a rule", change.rule),
  ];
}

function ownWrites(own: OwnLimit, audited: Line, { now }: Change, chat: ChatRules): RowWrite[] {
  const before = chat.ownLimits.get(audited.of) ?? [];
  const isNone = own.dollars === undefined && own.pictures === undefined;
  const after = [...before.filter(({ per }) => per !== own.per), ...(isNone ? [] : [own])];
  const values = { json: JSON.stringify(after) };
  const line = rowsOfLine({ ...audited, did: "set an own limit", before, after }, now);
  return [
    { put: { partition: RULES_PARTITION, name: `${OWN}${audited.of}`, values } },
    ...line.map((row): RowWrite => ({ add: row })),
  ];
}

const LAPSED_MILLISECONDS = 30 * 24 * 3_600_000;
const MOST_LAPSED = 20;

/** What has ended long ago goes with the next change. */
function lapsed({ rules }: ChatRules, now: Date, key: string): RowWrite[] {
  const isOver = (booked: AnyBooked) =>
    booked.kind === "raise" &&
    booked.key !== key &&
    Date.parse(booked.rule.until) < now.getTime() - LAPSED_MILLISECONDS;
  return rules
    .filter(isOver)
    .slice(0, MOST_LAPSED)
    .map((booked) => ({ remove: { partition: RULES_PARTITION, name: `${RULE}${booked.key}` } }));
}

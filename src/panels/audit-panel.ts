import { readAudit } from "../audit/audit.ts";
import type { AuditLine } from "../audit/audit.ts";
import { RULE_SCHEMAS } from "../purse/rule-book.ts";
import type { AnyBooked, RuleKind } from "../purse/rule-book.ts";
import type { Azure } from "../storage/azure.ts";
import { shorten } from "../words/shorten.ts";
import type { Text } from "../words/said.ts";
import { easelPanels, joined, together, usage } from "../words/sentences.ts";
import { forAdmins } from "./rights.ts";
import { accessSaid, budgetSaid, limitSaid, tellingOf, whoseSaid } from "./rule-words.ts";
import type { Telling } from "./rule-words.ts";
import { panelOf, toPanel } from "./usage.ts";

const PAGE = 10;
const LONGEST_VALUE = 160;

/** Who changed what, the newest first: `audit.here`, and further pages behind a mark of the last line. */
export const auditPanel = forAdmins(async ([after], stand) => {
  const { sight, visit, rooms } = stand;
  const { azure } = rooms;
  const { where } = sight;
  const { lines, next } = await readAudit({ count: PAGE, after, workspace: sight.within }, azure, visit.signal);
  const rules = lines.flatMap(({ before, after: later }) =>
    [asRule(before), asRule(later)].flatMap((one) => one ?? []),
  );
  const telling = await tellingOf(rules, stand);
  const said = lines.map((line) => lineSaid(line, telling, azure));
  return {
    show: panelOf(easelPanels.auditTitle, said.length ? said : [easelPanels.auditEmpty], [
      ...(after ? [toPanel(easelPanels.newest, `audit.${where}`)] : []),
      ...(next ? [toPanel(easelPanels.older, `audit.${where}.${next}`)] : []),
      toPanel(easelPanels.back, `easel.${where}`),
    ]),
  };
});

function lineSaid({ at, by, did, of, before, after }: AuditLine, telling: Telling, { timeZone }: Azure) {
  const was = valueSaid(before, telling);
  const is = valueSaid(after, telling);
  const line = easelPanels.auditLine({ at, timeZone, name: by.name, did, before: was, after: is });
  // What is no rule has nothing but its name to tell it by.
  return was === undefined && is === undefined && of ? joined.pair({ name: line, value: shorten(of, 60) }) : line;
}

/** A rule as a sentence; anything else as it was written down. */
function valueSaid(value: unknown, telling: Telling): Text | undefined {
  if (value === undefined || value === null) return undefined;
  const rule = asRule(value);
  if (rule) {
    switch (rule.kind) {
      case "budget":
        return budgetSaid(rule.rule, telling);
      case "limit":
        return limitSaid(rule.rule, telling);
      case "access":
        return together(accessSaid(rule.rule, telling));
      case "raise":
        return joined.pair({ name: whoseSaid(rule.rule, telling), value: usage.amount(rule.rule) });
    }
  }
  return shorten(typeof value === "string" ? value : JSON.stringify(value), LONGEST_VALUE);
}

/** A line says what a rule was, and not of which kind: its members tell. */
function asRule(value: unknown): AnyBooked | undefined {
  const kinds: RuleKind[] = ["raise", "budget", "limit", "access"];
  for (const kind of kinds) {
    const read = RULE_SCHEMAS[kind].safeParse(value);
    const isNothing = typeof value !== "object" || value === null || !Object.keys(value).length;
    if (read.success && !isNothing) return { kind, key: "", rule: read.data, source: "chat" } as AnyBooked;
  }
  return undefined;
}

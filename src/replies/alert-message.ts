import type { AlertSettings } from "../alert-settings.ts";
import type { Alert } from "../alerts/alert.ts";
import { sentenceOfAlert } from "../words/alert-sentences.ts";
import { sentencesFor, speak } from "../words/said.ts";
import { alertKinds, alerts } from "../words/sentences.ts";
import type { Delivery } from "./delivery.ts";

/** What whoever runs Easel reads: plain text, of which nothing may ping, link or format. */
export type AlertMessage = {
  title: string;
  lines: string[];
  /** The same for a program: those that have a line, and how many have none. */
  alerts: (Alert & { raisedAt: string })[];
  more: number;
};

/** Tells whoever runs Easel by one way, at the place that `to` names for it. The same `once` again soon is one message, where the way knows how. */
export type TellOperator = (message: AlertMessage, how: How) => Promise<Delivery>;
type How = { to: AlertSettings; once: string; signal: AbortSignal };

/** The ways that this process has. */
export type Operators = Partial<
  Record<keyof AlertSettings & ("webhook" | "discordChannel" | "teamsConversation"), TellOperator>
>;

/** Each with a line of its own; the others are counted. */
const MOST_LINES = 6;

/** However many there are, it is one message: of each kind the first has a line before a second of any has. */
export function alertMessage(all: { alert?: Alert; raisedAt: string }[], more = 0): AlertMessage {
  const sentences = sentencesFor();
  const shown = [...all].sort((one, other) => rankIn(all, one) - rankIn(all, other)).slice(0, MOST_LINES);
  const others = all.filter((one) => !shown.includes(one));
  const things = all.reduce((sum, { alert }) => sum + (alert?.kind === "many more" ? alert.count : 1), more);
  const count = others.length + more;
  const lines = shown.map(({ alert }) => (alert ? sentenceOfAlert(alert) : alerts.unknown));
  const rest = count ? [alerts.andMore({ count, kinds: kindsOf(others) })] : [];
  return {
    title: speak(alerts.title({ count: things }), sentences),
    lines: [...lines, ...rest].map((line) => speak(line, sentences)),
    alerts: shown.flatMap(({ alert, raisedAt }) => (alert ? [{ ...alert, raisedAt }] : [])),
    more: count,
  };
}

/** How many of its kind stand before it. */
function rankIn(all: { alert?: Alert }[], one: { alert?: Alert }): number {
  const ofKind = all.filter(({ alert }) => alert?.kind === one.alert?.kind);
  return ofKind.findIndex((other) => other === one);
}

function kindsOf(all: { alert?: Alert }[]) {
  const counts = new Map<Alert["kind"], number>();
  for (const { alert } of all) if (alert) counts.set(alert.kind, (counts.get(alert.kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => alerts.ofKind({ count, kind: alertKinds[kind] }));
}

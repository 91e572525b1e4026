import { log } from "../log.ts";
import type { Azure } from "../storage/azure.ts";
import { keyOf, quietMilliseconds } from "./alert.ts";
import type { Alert, Ended } from "./alert.ts";

/** An alert that is not in storage yet. */
export type Raised = {
  alert: Alert;
  key: string;
  at: Date;
  /** By a clock that does not jump. */
  since: number;
  /** Who was told of it already, while storage was away. */
  told: string[];
};

/** What this process has raised and storage does not have yet; nobody waits for it. */
type Tray = {
  raised: Map<string, Raised>;
  /** When this process raised a key last: until it may be raised again it costs nothing. */
  known: Map<string, number>;
  /** What came when the tray was full. */
  beyond: number;
};

/** More at once are a storm, and counted. */
const MOST_RAISED = 200;
const MOST_KNOWN = 2000;

const trays = new WeakMap<Azure, Tray>();

function trayOf(azure: Azure): Tray {
  const tray = trays.get(azure) ?? { raised: new Map(), known: new Map(), beyond: 0 };
  trays.set(azure, tray);
  return tray;
}

/**
 * Has whoever runs Easel told, once for each key over all replicas. Never throws and never waits: it is written into the outbox and
 * told from there, by `src/work/tell-operator.ts`. What happened stands in the log by a line of whoever raises it.
 */
export function raiseAlert(alert: Alert, azure: Azure): void {
  const tray = trayOf(azure);
  const key = keyOf(alert);
  const now = performance.now();
  const last = tray.known.get(key);
  if (last !== undefined && now - last < quietMilliseconds(alert)) return;
  tray.known.delete(key);
  tray.known.set(key, now);
  const [oldest] = tray.known.keys();
  if (tray.known.size > MOST_KNOWN && oldest !== undefined) tray.known.delete(oldest);
  if (tray.raised.size >= MOST_RAISED && !tray.raised.has(key)) {
    tray.beyond += 1;
    return;
  }
  tray.raised.set(key, { alert, key, at: new Date(), since: now, told: [] });
  azure.bell.dispatchEvent(new Event("alert"));
}

/** There is nobody to tell: what was raised stands in the log alone. */
export function emptyTray(azure: Azure): void {
  trays.delete(azure);
}

/** What is not in storage yet, the oldest first. What was beyond the tray is one of them. */
export function raisedIn(azure: Azure): Raised[] {
  const tray = trayOf(azure);
  if (tray.beyond && tray.raised.size < MOST_RAISED) {
    const count = tray.beyond;
    tray.beyond = 0;
    log.warn({ count }, "more alerts came than can be told one by one");
    raiseAlert({ kind: "many more", count, mark: `${Date.now()}` }, azure);
  }
  return [...tray.raised.values()];
}

export function takeFromTray({ key }: Raised, azure: Azure): void {
  trayOf(azure).raised.delete(key);
}

/** Whether this process has raised it lately. */
export function wasRaisedHere(alert: Ended, azure: Azure): boolean {
  const { known, raised } = trayOf(azure);
  const key = keyOf(alert);
  return known.has(key) || raised.has(key);
}

export function mayBeRaisedAgain(key: string, azure: Azure): void {
  trayOf(azure).known.delete(key);
}

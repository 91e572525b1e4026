import { createHash, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { alertsIn } from "../alert-settings.ts";
import type { WithAlerts } from "../alert-settings.ts";
import { alertsToTell, keepAlert, leaveTelling, noteTold, takeTelling } from "../alerts/outbox.ts";
import type { Kept } from "../alerts/outbox.ts";
import { emptyTray, raisedIn, takeFromTray } from "../alerts/raise-alert.ts";
import { becauseOf, log } from "../log.ts";
import { alertMessage } from "../replies/alert-message.ts";
import type { Operators, TellOperator } from "../replies/alert-message.ts";
import type { Delivery } from "../replies/delivery.ts";
import type { Azure } from "../storage/azure.ts";

/** One way to whoever runs Easel. What one of them refuses keeps nothing from the others. */
type Way = {
  name: keyof Operators;
  tell: TellOperator;
  /** Nothing goes that way before; by a clock that does not jump. */
  notBefore: number;
  tries: number;
};

type Desk = {
  all: Way[];
  ways: Way[];
  settings: WithAlerts;
  azure: Azure;
  by: string;
  stopping: AbortSignal;
};

export type Telling = { stop(): Promise<void> };

/**
 * Tells whoever runs Easel what was raised, here or by another process that died over it. One of all replicas does at a time. With
 * nobody to tell it does nothing, and makes no call.
 */
export function startTelling(operators: Operators, settings: WithAlerts, azure: Azure): Telling {
  const stopping = new AbortController();
  const all = WAYS.flatMap((name): Way[] => {
    const tell = operators[name];
    return tell ? [{ name, tell, notBefore: 0, tries: 0 }] : [];
  });
  const desk: Desk = { all, ways: [], settings, azure, by: randomUUID(), stopping: stopping.signal };
  const running = tellUntilStopped(desk);
  return {
    async stop() {
      stopping.abort();
      const last = running.then(() => keepRaised(desk)).catch(() => undefined);
      await Promise.race([last, pause(azure.times.alerts.stopMilliseconds, undefined, { ref: false })]);
    },
  };
}

const WAYS = ["webhook", "discordChannel", "teamsConversation"] as const;

async function tellUntilStopped(desk: Desk): Promise<void> {
  const { azure, stopping } = desk;
  const { againMilliseconds, gatherMilliseconds } = azure.times.alerts;
  let rung = new AbortController();
  azure.bell.addEventListener("alert", () => rung.abort(), { signal: stopping });
  while (!stopping.aborted) {
    rung = new AbortController();
    const milliseconds = await look(desk).catch((error: unknown) => {
      log.warn({ because: becauseOf(error) }, "the outbox of alerts is out of reach: it is tried again");
      return againMilliseconds;
    });
    const sleep = AbortSignal.any([stopping, rung.signal]);
    await pause(milliseconds, undefined, { signal: sleep }).catch(() => undefined);
    if (!rung.signal.aborted) continue;
    // Safe at once, and told with whatever else comes.
    await keepRaised(desk).catch(() => undefined);
    await pause(gatherMilliseconds, undefined, { signal: stopping }).catch(() => undefined);
  }
}

/** Tells what there is to tell, and says after how many milliseconds there may be more. */
async function look(desk: Desk): Promise<number> {
  const { lookMilliseconds } = desk.azure.times.alerts;
  const destinations = alertsIn(desk.settings);
  desk.ways = desk.all.filter(({ name }) => destinations[name]);
  if (!desk.ways.length) {
    emptyTray(desk.azure);
    return lookMilliseconds;
  }
  try {
    await keepRaised(desk);
  } catch (error) {
    await tellWithoutStorage(desk);
    throw error;
  }
  if (!desk.ways.some(isOpen)) return untilOpen(desk.ways);
  if (!(await alertsToTell(desk.azure, limitOf(desk))).length) return lookMilliseconds;
  if (!(await takeTelling(desk.by, desk.azure, limitOf(desk)))) return lookMilliseconds;
  // Whoever told before may have told them meanwhile.
  const kept = await alertsToTell(desk.azure, limitOf(desk));
  const told = await tellAll(kept, desk);
  if (told)
    await noteTold(kept, namesOf(desk), desk.azure, AbortSignal.timeout(desk.azure.times.alerts.callLimitMilliseconds));
  const left = desk.ways.filter(({ name }) => kept.some((one) => !one.told.includes(name)));
  if (!left.length) await leaveTelling(desk.azure, limitOf(desk));
  return left.length ? untilOpen(left) : lookMilliseconds;
}

const limitOf = ({ azure }: Desk) => AbortSignal.timeout(azure.times.alerts.callLimitMilliseconds);
const namesOf = ({ ways }: Desk) => ways.map(({ name }) => name);
const isOpen = ({ notBefore }: Way) => notBefore <= performance.now();
const untilOpen = (ways: Way[]) =>
  Math.max(100, Math.min(...ways.map(({ notBefore }) => notBefore - performance.now())));

/** What was raised here goes into the outbox. */
async function keepRaised(desk: Desk): Promise<void> {
  if (!desk.ways.length) return;
  // What the tray had no room for is in it as soon as there is some.
  for (let [raised] = raisedIn(desk.azure); raised; [raised] = raisedIn(desk.azure)) {
    const { told } = raised;
    const isOver = namesOf(desk).every((name) => told.includes(name));
    await keepAlert(raised, isOver, desk.azure, limitOf(desk));
    takeFromTray(raised, desk.azure);
  }
}

/** What storage does not take is told from memory: that storage refuses us is one of it. */
async function tellWithoutStorage(desk: Desk): Promise<void> {
  const { withoutStorageMilliseconds } = desk.azure.times.alerts;
  const old = raisedIn(desk.azure).filter(({ since }) => performance.now() - since > withoutStorageMilliseconds);
  const kept = old.map((raised) => ({
    name: raised.key,
    raisedAt: raised.at.toISOString(),
    told: raised.told,
    text: "",
    alert: raised.alert,
  }));
  await tellAll(kept, desk);
}

/** By each way that is open, all that it has not told. Adds to `told` of each; true where that is news. */
async function tellAll(kept: Kept[], desk: Desk): Promise<boolean> {
  const outcomes = await Promise.all(
    desk.ways.filter(isOpen).map(async (way) => {
      const untold = kept.filter(({ told }) => !told.includes(way.name));
      if (!untold.length || !(await tellBy(way, untold, desk))) return false;
      for (const one of untold) one.told.push(way.name);
      return true;
    }),
  );
  return outcomes.includes(true);
}

async function tellBy(way: Way, untold: Kept[], { azure, settings, stopping }: Desk): Promise<boolean> {
  const times = azure.times.alerts;
  if (stopping.aborted) return false;
  const once = createHash("sha256")
    .update([way.name, ...untold.map(({ name }) => name)].join(" "))
    .digest("hex");
  const how = { to: alertsIn(settings), once, signal: AbortSignal.timeout(times.tellLimitMilliseconds) };
  const delivery = await inTime(way.name, way.tell(alertMessage(untold), how), times.tellLimitMilliseconds);
  const kinds = untold.map(({ alert }) => alert?.kind ?? "unknown").slice(0, 20);
  if (delivery.delivered) {
    way.tries = 0;
    way.notBefore = performance.now() + times.messagePauseMilliseconds;
    log.info({ way: way.name, count: untold.length, kinds }, "the operator was told");
    return true;
  }
  const grown = Math.min(times.longestAgainMilliseconds, times.againMilliseconds * 2 ** Math.min(way.tries, 20));
  const asked = Math.min(times.longestAgainMilliseconds, (delivery.againInSeconds ?? 0) * 1000);
  way.tries += 1;
  way.notBefore = performance.now() + Math.max(grown, asked);
  const again = Math.round(Math.max(grown, asked) / 1000);
  log.error(
    { way: way.name, because: delivery.because, count: untold.length, kinds, again },
    "the operator could not be told yet",
  );
  return false;
}

/** Never throws. A way that hangs is left alone. */
async function inTime(name: string, telling: Promise<Delivery>, milliseconds: number): Promise<Delivery> {
  const ended = new AbortController();
  const late = pause(milliseconds + 500, undefined, { signal: ended.signal, ref: false }).then((): Delivery => ({
    delivered: false,
    because: `${name} came to no end within ${milliseconds / 1000} s`,
  }));
  late.catch(() => undefined);
  try {
    return await Promise.race([telling, late]);
  } catch (error) {
    return { delivered: false, because: `telling broke: ${becauseOf(error)}` };
  } finally {
    ended.abort();
  }
}

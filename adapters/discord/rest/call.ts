import type { REST } from "discord.js";
import type { Azure } from "../../../src/storage/azure.ts";
import { log } from "../../../src/log.ts";
import { refusalOf } from "./faults.ts";
import type { Authority, Refusal } from "./faults.ts";
import type { DiscordTimes } from "../times.ts";

/** What writing to Discord takes. */
export type Desk = { rest: REST; azure: Azure; times: DiscordTimes; signal?: AbortSignal };

/** Clients whose bot token got Discord's own 401: closed until then. */
const closedBots = new WeakMap<REST, { until: number; pause: number }>();

/** Makes one call to Discord; what goes wrong comes back, unless it is a bug. `way` says in the log what was tried. */
export async function call<Result>(
  { way, authority }: { way: string; authority: Authority },
  desk: Desk,
  send: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | Refusal> {
  const closed = authority === "bot" && closedBots.get(desk.rest);
  if (closed && closed.until > Date.now()) return closedBot(way, closed.until);
  // Whoever comes now is the one that looks whether it is still so.
  if (closed) closed.until = Date.now() + closed.pause;
  const signal = desk.signal ?? AbortSignal.timeout(desk.times.callLimitMilliseconds);
  try {
    const result = await send(signal);
    if (closed) closedBots.delete(desk.rest);
    return result;
  } catch (error) {
    const refusal = refusalOf(error, authority, way);
    if (refusal.fault === "bad bot token") return closedBot(way, closeBot(desk, refusal));
    // Out of patience it may never have gone out: there is a queue for each way.
    return refusal.fault === "answer lost" && signal.aborted ? { ...refusal, fault: "trouble" } : refusal;
  }
}

function closedBot(way: string, until: number): Refusal {
  const seconds = Math.max(1, Math.ceil((until - Date.now()) / 1000));
  return { fault: "bad bot token", because: `${way}: Discord refuses the bot's token`, seconds };
}

function closeBot({ rest, times }: Desk, { because }: Refusal): number {
  const before = closedBots.get(rest);
  const pause = before ? Math.min(times.longestProbeMilliseconds, before.pause * 2) : times.probeMilliseconds;
  const until = Date.now() + pause;
  closedBots.set(rest, { until, pause });
  log.error(
    { because, until: new Date(until).toISOString() },
    "Discord refuses the bot's token, which is tried again then: if it was reset at discord.com/developers/applications, set DISCORD_TOKEN and start again",
  );
  return until;
}

import { log } from "../log.ts";

/** No answer makes us wait longer, whatever date or number it names; what is done with so long a wait, see `closeDoor`. */
export const LONGEST_ASKED_WAIT_SECONDS = 86_400;

const UNIT_SECONDS: Record<string, number> = {
  ms: 0.001,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hour: 3600,
  hours: 3600,
};

/**
 * How long a rate limit asks to wait, in seconds: the longest of `retry-after-ms`, `retry-after` (seconds or a date) and
 * the message, where Azure often writes it alone: "Try again in 2 seconds", "after 51.84 seconds", "in 1m26.4s"; API
 * Management writes "replenished in 07:01:20", or "20.09:58:55" with days. Never more than `LONGEST_ASKED_WAIT_SECONDS`.
 */
export function askedWait(headers: Headers, message: string, now = Date.now()): number | undefined {
  const waits = [milliseconds(headers), secondsOrDate(headers, now), inText(message), onClock(message)].filter(
    (wait) => wait !== undefined,
  );
  if (!waits.length) return undefined;
  const seconds = Math.max(...waits);
  if (seconds <= LONGEST_ASKED_WAIT_SECONDS) return seconds;
  log.warn({ seconds, takenAs: LONGEST_ASKED_WAIT_SECONDS }, "an answer asks for a longer wait than is ever kept");
  return LONGEST_ASKED_WAIT_SECONDS;
}

function milliseconds(headers: Headers): number | undefined {
  const value = Number.parseFloat(headers.get("retry-after-ms") ?? "");
  return value >= 0 ? value / 1000 : undefined;
}

function secondsOrDate(headers: Headers, now: number): number | undefined {
  const text = headers.get("retry-after")?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}

function inText(message: string): number | undefined {
  const phrase =
    /\b(?:retry|try again|wait)\s+(?:after|in|for)?\s*((?:\d{1,9}(?:\.\d{1,9})?\s?[a-z]{1,7}\s?){1,3})/i.exec(
      message.slice(0, 4000),
    );
  if (!phrase?.[1]) return undefined;
  let seconds: number | undefined;
  for (const [, number, unit] of phrase[1].matchAll(/(\d+(?:\.\d+)?)\s?([a-z]+)/gi)) {
    const factor = UNIT_SECONDS[unit?.toLowerCase() ?? ""];
    if (factor === undefined) break;
    seconds = (seconds ?? 0) + Number(number) * factor;
  }
  return seconds;
}

function onClock(message: string): number | undefined {
  const clock = /\breplenished in (?:(\d{1,4})\.)?(\d{1,2}):(\d\d):(\d\d)\b/i.exec(message.slice(0, 4000));
  if (!clock) return undefined;
  const [days, hours, minutes, seconds] = clock.slice(1).map((part) => Number(part ?? 0));
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
}

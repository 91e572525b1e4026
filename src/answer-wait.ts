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
 * the message, where Azure often writes it alone: "Try again in 2 seconds", "after 51.84 seconds", "in 1m26.4s".
 */
export function askedWait(headers: Headers, message: string, now = Date.now()): number | undefined {
  const waits = [milliseconds(headers), secondsOrDate(headers, now), inText(message)].filter(
    (wait) => wait !== undefined,
  );
  return waits.length ? Math.max(...waits) : undefined;
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

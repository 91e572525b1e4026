type Time = number | readonly Time[] | { readonly [name: string]: Time };

/** A busy machine needs as long for an answer whatever our clocks say. */
const LEAST_LIMIT_MILLISECONDS = 2000;
/** Holds, what storage counts in whole seconds, and the life of a link, which is meant to be used. */
const KEPT = /^(hold|renewal|oneClick|taken|answering|draft)/;

/** For tests that wait until a hold is over. */
export const SHORT_HOLD = { holdSeconds: 4, renewalMilliseconds: 1200, renewalTryMilliseconds: 1000 };

/**
 * Everything a tenth, so that what only waits for a clock takes a tenth. What a busy machine needs is left to it: a limit
 * for somebody else's answer keeps two seconds, unless it has less, and a hold on a job is not lost. Days stay days, and clicks
 * that are counted in storage's whole seconds stay what they are.
 */
export function tenth<Times>(times: Times): Times {
  return shortened("", times as Time) as Times;
}

function shortened(name: string, time: Time): Time {
  if (Array.isArray(time)) return time.map((one) => shortened(name, one));
  if (typeof time === "object")
    return Object.fromEntries(Object.entries(time).map(([inner, one]) => [inner, shortened(inner, one)]));
  if (name.endsWith("Days") || KEPT.test(name)) return time;
  if (!name.endsWith("Milliseconds")) return time / 10;
  const short = Math.max(1, Math.round(time / 10));
  return name.includes("Limit") ? Math.min(time, Math.max(LEAST_LIMIT_MILLISECONDS, short)) : short;
}

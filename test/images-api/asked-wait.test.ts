import { expect, it } from "vitest";
import { askedWait } from "../../src/images-api/asked-wait.ts";

const now = Date.parse("2026-11-24T12:00:00Z");

it.each<[string, Record<string, string>, string, number | undefined]>([
  ["seconds in the text", {}, "Rate limit is exceeded. Try again in 2 seconds.", 2],
  ["after, decimal", {}, "please slow down and try again after 51.84 seconds.", 51.84],
  ["milliseconds", {}, "Please try again in 467ms.", 0.467],
  ["minutes", {}, "retry after 2 min", 120],
  ["a compound", {}, "Please try again in 1m26.4s.", 86.4],
  ["retry in", {}, "Retry in 30 sec", 30],
  ["a header in seconds", { "retry-after": "45" }, "", 45],
  ["a header with a date", { "retry-after": "Tue, 24 Nov 2026 12:01:00 GMT" }, "", 60],
  ["a date gone by", { "retry-after": "Tue, 24 Nov 2026 11:01:00 GMT" }, "", 0],
  ["the longest of all", { "retry-after": "3", "retry-after-ms": "1500" }, "retry after 20 seconds", 20],
  ["a day", { "retry-after": "86400" }, "", 86_400],
  ["a date in the year 2099", { "retry-after": "Tue, 01 Jan 2099 00:00:00 GMT" }, "", 86_400],
  ["more seconds than there are", { "retry-after": "9".repeat(400) }, "", 86_400],
  ["weeks in the text", {}, "retry after 99999999 seconds", 86_400],
  ["a quota of API Management's", {}, "Out of call volume quota. Quota will be replenished in 07:01:20.", 25_280],
  ["the same with days", {}, "quota will be replenished in 20.09:58:55", 86_400],
  ["no wait anywhere", {}, "You are too fast", undefined],
  ["a number that is no wait", {}, "Limit 5, Requested 10", undefined],
])("%s", (_, headers, text, expected) => {
  const wait = askedWait(new Headers(headers), text, now);
  if (expected === undefined) expect(wait).toBeUndefined();
  else expect(wait).toBeCloseTo(expected, 5);
});

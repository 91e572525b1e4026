import { createHash } from "node:crypto";
import { rateLimited, type Answer } from "./refusals.ts";
import type { LoggedRequest } from "./records.ts";
import type { World } from "./world.ts";

/** A window of a bucket. The numbers are those that people report; Discord publishes none. */
type Rule = { name: string; limit: number; seconds: number };

const webhook: Rule = { name: "webhook", limit: 5, seconds: 2 };
const channel: Rule = { name: "channel", limit: 5, seconds: 5 };
const other: Rule = { name: "other", limit: 50, seconds: 1 };

/** Counts a call; `refused` where its window is used up. The headers go on every answer. */
export function countCall(
  world: World,
  { method, path }: LoggedRequest,
): { headers: Record<string, string>; refused?: Answer } {
  if (path.startsWith("/interactions/")) return { headers: {} };
  const { rule, major } = bucketOf(method, path);
  const key = `${rule.name} ${major}`;
  const now = Date.now();
  const open = world.buckets.get(key);
  const window = open && open.resetAt > now ? open : { remaining: rule.limit, resetAt: now + rule.seconds * 1000 };
  world.buckets.set(key, window);
  const exhausted = world.limits.rateLimits && window.remaining === 0;
  window.remaining = Math.max(0, window.remaining - 1);
  const wait = (window.resetAt - now) / 1000;
  const headers = {
    "x-ratelimit-limit": String(rule.limit),
    "x-ratelimit-remaining": String(world.limits.rateLimits ? window.remaining : rule.limit - 1),
    "x-ratelimit-reset": (window.resetAt / 1000).toFixed(3),
    "x-ratelimit-reset-after": wait.toFixed(3),
    "x-ratelimit-bucket": createHash("md5").update(rule.name).digest("hex"),
  };
  return exhausted ? { headers, refused: rateLimited(wait) } : { headers };
}

function bucketOf(method: string, path: string): { rule: Rule; major: string } {
  const hook = /^\/webhooks\/\d+\/[^/]+/.exec(path)?.[0];
  if (hook !== undefined) return { rule: webhook, major: hook };
  const place = /^\/channels\/\d+/.exec(path)?.[0];
  if (place !== undefined && method !== "GET") return { rule: channel, major: `${place} ${method}` };
  return { rule: other, major: "all" };
}

import { walk } from "./components.ts";
import type { Component, Pings } from "./records.ts";
import type { Problem } from "./refusals.ts";
import { componentKind } from "./wire.ts";

export type AllowedMentions = {
  parse?: (string | null)[] | null;
  users?: (string | null)[] | null;
  roles?: (string | null)[] | null;
  replied_user?: boolean | null;
};

export const nobody: Pings = { users: [], roles: [], everyone: false };

/** Without `allowed_mentions`, interactions and webhooks ping users, the bot's own messages everything. */
export function defaultMentions(sender: "webhook" | "bot"): AllowedMentions {
  return { parse: sender === "webhook" ? ["users"] : ["users", "roles", "everyone"] };
}

/** Reads content and Text Displays, as both ping. */
export function findPings(
  { content, components }: { content: string; components: readonly Component[] },
  allowed: AllowedMentions,
): Pings {
  const displays = walk(components).flatMap(({ component }) =>
    component.type === componentKind.textDisplay ? [component.content ?? ""] : [],
  );
  const text = [content, ...displays].join("\n");
  const named = (pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].flatMap(([, id]) => id ?? []))];
  const parse = allowed.parse ?? [];
  const keep = (ids: string[], kind: string, list: readonly (string | null)[] | null | undefined): string[] =>
    parse.includes(kind) ? ids : ids.filter((id) => list?.includes(id) === true);
  return {
    users: keep(named(/<@!?(\d+)>/g), "users", allowed.users),
    roles: keep(named(/<@&(\d+)>/g), "roles", allowed.roles),
    everyone: parse.includes("everyone") && /@(everyone|here)\b/.test(text),
  };
}

export function checkAllowedMentions({ parse, users, roles }: AllowedMentions): Problem[] {
  const lists = { users, roles };
  return (["users", "roles"] as const)
    .filter((name) => parse?.includes(name) === true && (lists[name] ?? []).length > 0)
    .map((name) => ({
      path: ["allowed_mentions"],
      code: "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
      message: `parse:["${name}"] and ${name}: [ids...] are mutually exclusive.`,
    }));
}

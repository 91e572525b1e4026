import { personOf } from "../request/request.ts";
import type { Asker } from "../request/request.ts";

/** Somebody, as storage knows them. */
export type Person = {
  platform: string;
  /** Their platform's own id. */
  user: string;
  /** `personOf` them. */
  person: string;
  /** What they are called now: records of before December 2026 name some people by that alone. */
  name: string;
};

export function personBehind(by: Asker): Person {
  return { platform: by.platform, user: by.user, person: personOf(by), name: by.name };
}

export function isOf(them: Person, { platform, user }: { platform: string; user: string }): boolean {
  return platform === them.platform && user === them.user;
}

/** In place of an id of somebody who is forgotten. Without a name they are "somebody" wherever names are said. */
export const NOBODY = "nobody";

/**
 * The same without somebody: wherever they stand as who asked, pressed, brought or was written to, nobody stands. What they said
 * is left to whoever knows what it is. Gives the very same value back where they are not in it.
 */
export function without<Value>(value: Value, them: Person): Value {
  return take(value, them) as Value;
}

function take(value: unknown, them: Person): unknown {
  if (Array.isArray(value)) {
    const members = value.map((member) => take(member, them));
    return members.some((member, index) => member !== value[index]) ? members : value;
  }
  if (!isGroup(value)) return value;
  const entries = Object.entries(value);
  const members = entries.filter(([name]) => name !== them.person).map(([name, of]) => [name, take(of, them)] as const);
  const isChanged = members.length < entries.length || members.some(([name, of]) => of !== value[name]);
  const group = isChanged ? Object.fromEntries(members) : value;
  return nobodyIn(group, them) ?? group;
}

/** Nothing where the group names somebody else, or nobody. */
function nobodyIn(group: Record<string, unknown>, them: Person): Record<string, unknown> | undefined {
  const { platform, user, userId, aadObjectId, id } = group;
  if (platform === them.platform && user === them.user) return { ...group, user: NOBODY, name: "" };
  if (isNamed(group, them)) return unnamed(group);
  // The addresses of the two platforms.
  if (platform === them.platform && userId === them.user) return { ...group, userId: NOBODY };
  if ("aadObjectId" in group && (aadObjectId === them.user || id === them.user))
    return { ...group, id: NOBODY, name: null, aadObjectId: null };
  return undefined;
}

/** Beside a picture that it came from, or that was deleted, and under what was cancelled or kept, a name stands alone. */
function isNamed(group: Record<string, unknown>, { person, name }: Person): boolean {
  if (group.person !== undefined) return group.person === person;
  if (!name) return false;
  return (group.name === name && ("isAsker" in group || "at" in group)) || (group.by === name && "job" in group);
}

function unnamed({ person: _person, ...group }: Record<string, unknown>): Record<string, unknown> {
  return { ...group, ...("name" in group && { name: "" }), ...("by" in group && { by: "" }) };
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

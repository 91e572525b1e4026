import { atEvent } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import type { Access } from "../rules.ts";
import { isWithin, placesOf, plainId } from "./bindings.ts";
import type { AccessReason, Denial } from "./denial.ts";
import type { Booked } from "./rule-book.ts";

/** Why somebody may not use it there; nothing where they may. All that bind there have to let them. */
export function accessDenial(asker: Asker, all: Booked<"access">[]): Denial | undefined {
  for (const { rule, within } of all) {
    if (!isWithin(within, asker)) continue;
    const by = keptOutBy(asker, rule);
    if (by) return { denied: "access", by, raiser: within ? "admin" : "operator" };
  }
  return undefined;
}

function keptOutBy(asker: Asker, { allow = {}, deny = {} }: Access): AccessReason | undefined {
  return deniedBy(asker, deny) ?? outsideOf(asker, allow);
}

type Lists = NonNullable<Access["allow"]>;

function deniedBy(asker: Asker, deny: Lists): AccessReason | undefined {
  const { isDirect, isUserInstall } = atEvent(asker);
  const { workspace, channels, person, roles } = placesOf(asker);
  if (isDirect && deny.directMessages) return "directMessages";
  if (isUserInstall && deny.userInstalls) return "userInstalls";
  if (names(deny.workspaces, [workspace])) return "workspaces";
  if (names(deny.channels, channels)) return "channels";
  if (names(deny.people, [person])) return "people";
  return names(deny.roles, roles) ? "roles" : undefined;
}

function outsideOf(asker: Asker, allow: Lists): AccessReason | undefined {
  const { isDirect = false, isUserInstall = false } = atEvent(asker);
  const { workspace, channels, person, roles } = placesOf(asker);
  if (isDirect && allow.directMessages === false) return "directMessages";
  if (isUserInstall && allow.userInstalls === false) return "userInstalls";
  const isPlaceAsked = allow.workspaces ?? allow.channels;
  const isLetInAnyway = (isDirect && allow.directMessages) || (isUserInstall && allow.userInstalls);
  if (isPlaceAsked && !isLetInAnyway && !names(allow.workspaces, [workspace]) && !names(allow.channels, channels))
    return isDirect ? "directMessages" : allow.channels ? "channels" : "workspaces";
  const isPersonAsked = allow.people ?? allow.roles;
  if (isPersonAsked && !names(allow.people, [person]) && !names(allow.roles, roles))
    return allow.roles ? "roles" : "people";
  return undefined;
}

function names(list: string[] | undefined, ids: (string | undefined)[]): boolean {
  return Boolean(list?.some((named) => ids.includes(normal(named))));
}

function normal(named: string): string {
  const [platform = "", ...id] = named.split("/");
  return `${platform}/${plainId(id.join("/"))}`;
}

import type { AnsweredLater } from "../address.ts";
import { hasPermission } from "../rest/put-message.ts";

/** Whoever may delete other people's messages in the place where this happens, as Discord reckons it. In direct messages nobody. */
export function isModerator({ guild_id: guild, member }: AnsweredLater): boolean {
  return guild !== undefined && member !== undefined && hasPermission(member.permissions, "ManageMessages");
}

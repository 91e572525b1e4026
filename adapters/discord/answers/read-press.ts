import type { Press } from "../../../src/ask/press.ts";
import { addressOf, askerOf, followUpAddressOf } from "../address.ts";
import type { AnsweredLater } from "../address.ts";
import { jobIdOf } from "../read.ts";
import { hasPermission } from "../rest/put-message.ts";

/** What a component held, and by whom it was pressed. */
export function pressBy(interaction: AnsweredLater, held: Pick<Press, "does" | "of" | "cells">): Press {
  return {
    ...held,
    by: askerOf(interaction),
    isModerator: isModerator(interaction),
    id: jobIdOf(interaction),
    address: held.does === "edit" ? followUpAddressOf(interaction) : addressOf(interaction),
  };
}

/** Whoever may delete other people's messages in the place where this happens, as Discord reckons it. In direct messages nobody. */
export function isModerator({ guild_id: guild, member }: AnsweredLater): boolean {
  return guild !== undefined && member !== undefined && hasPermission(member.permissions, "ManageMessages");
}

import type { FakeMessage } from "./records.ts";
import { permissionsOf, type Person } from "./places.ts";
import { permission } from "./wire.ts";
import type { World } from "./world.ts";

/** Nobody can do anything with a message that their client does not show. */
export function checkSight(
  world: World,
  { deleted, ephemeralFor, channelId, guildId }: FakeMessage,
  user: Person,
): void {
  if (deleted) throw new Error("the message is deleted");
  if (ephemeralFor !== undefined && ephemeralFor !== user.id) {
    throw new Error(`${user.name} does not see this ephemeral message`);
  }
  const channel = world.channels.get(channelId);
  if (channel === undefined) return;
  const { kind, recipientId = user.id } = channel;
  const sees = guildId === undefined || (permissionsOf(user, channel) & permission.viewChannel) !== 0n;
  if (!sees || (kind === "direct" && recipientId !== user.id)) {
    throw new Error(`${user.name} does not see this channel`);
  }
}

/** Whether a client offers somebody a command that is kept for people with certain permissions; an administrator has all of them. */
export function mayUse(permissions: bigint, needed: string | null | undefined): boolean {
  if (needed === null || needed === undefined) return true;
  if ((permissions & permission.administrator) !== 0n) return true;
  return needed !== "0" && (permissions & BigInt(needed)) === BigInt(needed);
}

import type { Fields } from "./wire.ts";
import type { World } from "./world.ts";
import type { Session } from "./records.ts";

/** Sends an event to every session that it is meant for; those without a socket will get it when they resume. */
export function dispatch(
  world: World,
  event: string,
  {
    data,
    guildId,
    wants = () => true,
  }: { data: Fields | ((session: Session) => Fields); guildId?: string; wants?: (session: Session) => boolean },
): number {
  let deliveries = 0;
  for (const session of world.sessions.values()) {
    if (!wants(session) || !isOnShard(session, guildId)) continue;
    sendEvent(session, event, typeof data === "function" ? data(session) : data);
    if (session.socket !== undefined) deliveries += 1;
  }
  return deliveries;
}

export function sendEvent(session: Session, event: string, data: Fields): void {
  session.sequence += 1;
  const text = JSON.stringify({ op: 0, t: event, s: session.sequence, d: data });
  session.sent.push({ sequence: session.sequence, text });
  session.socket?.send(text);
}

function isOnShard({ shard: [index, count] }: Session, guildId: string | undefined): boolean {
  return Number((BigInt(guildId ?? 0) >> 22n) % BigInt(count)) === index;
}

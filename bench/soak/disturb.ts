/** What happens to the bot beside faults of single calls: its processes end, and Discord's gateway has its moods. */
import type { Chance } from "./chance.ts";
import type { SoakWorld } from "./world.ts";

/** Ends a process that is ready: A is killed, B is told to stop. Another takes its place at once, as under any orchestrator. */
export async function disturb(world: SoakWorld, chance: Chance): Promise<void> {
  const ready = world.replicas.filter(({ isReady }) => isReady);
  if (ready.length < 2) return;
  const replica = chance.pick(ready);
  const name = replica.process.charAt(0);
  const ended = world.end(replica, name === "A" ? "SIGKILL" : "SIGTERM");
  if (name === "A") await ended;
  await Promise.all([ended, world.start(name)]);
}

/** Reconnect, resume, a session that is gone, a connection that is torn. Returns when. */
export function disturbGateway({ discord }: SoakWorld, chance: Chance): number {
  const moods = [
    () => discord.askReconnect(),
    () => discord.dropGateway(4000),
    () => discord.dropGateway(),
    () => discord.invalidateSessions(true),
    () => discord.invalidateSessions(false),
  ];
  chance.pick(moods)();
  return Date.now();
}

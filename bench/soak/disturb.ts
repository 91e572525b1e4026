/** What happens to the bot beside faults of single calls: its processes end, and Discord's gateway has its moods. */
import type { Chance } from "./chance.ts";
import type { SoakWorld } from "./world.ts";

/**
 * Ends a process: A is killed, B is told to stop. Another takes its place at once, as under any orchestrator. False where the
 * last one has not taken its place yet.
 */
export function disturb(world: SoakWorld): boolean {
  const ready = world.replicas.filter(({ isReady }) => isReady);
  // In turns: whoever stands longest.
  const [replica] = ready.toSorted((a, b) => a.startedAt - b.startedAt);
  if (!replica || ready.length < 2) return false;
  const name = replica.process.charAt(0);
  // Two processes of one replica overlap where the old one has something to finish.
  if (name === "B") void Promise.all([world.end(replica, "SIGTERM"), world.start(name)]);
  else void world.end(replica, "SIGKILL").then(() => world.start(name));
  return true;
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

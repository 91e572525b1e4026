import { setTimeout as pause } from "node:timers/promises";
import {
  Client,
  DiscordjsErrorCodes,
  Events,
  GatewayDispatchEvents,
  SimpleShardingStrategy,
  Status,
  WebSocketShardStatus,
} from "discord.js";
import type { APIInteraction, WebSocketOptions } from "discord.js";
import { log } from "../../../src/log.ts";
import type { Azure } from "../../../src/storage/azure.ts";
import { makePace, never, untilThen } from "./reconnect-pace.ts";
import { MadeToWait } from "../rest/no-answer.ts";
import type { Pace } from "./reconnect-pace.ts";
import { claimSessions, saveSessions } from "./saved-session.ts";
import type { GatewaySession } from "./saved-session.ts";
import type { DiscordSettings } from "../settings.ts";
import { restOptions, watchRest } from "../rest/first-answer.ts";

export type Gateway = { ready(): boolean; stop(): Promise<void> };

type Shards = Parameters<NonNullable<WebSocketOptions["buildStrategy"]>>[0];

type Connection = {
  discord: DiscordSettings;
  onInteraction: (interaction: APIInteraction) => void;
  pace: Pace;
  stopping: AbortController;
  /** By shard: left by the process before this one, then this one's own. */
  sessions: Map<number, GatewaySession>;
  client?: Client;
  shards?: Shards;
  /** Ends the client at hand: Discord refused it, by a bad token or by something that only a change of ours can mend. */
  refuse?: (why: string) => void;
  /** So many times in a row. */
  refusals: number;
};

/** Any code but 1000 and 1001 lets Discord keep the session for some minutes; this one is discord.js's own for a resume. */
const CLOSE_RESUMABLY = 4200;

/** Connects in the background and never gives up. Interactions need no intent. */
export function openGateway(
  discord: DiscordSettings,
  azure: Azure,
  onInteraction: (interaction: APIInteraction) => void,
): Gateway {
  const stopping = new AbortController();
  const connection: Connection = {
    discord,
    onInteraction,
    stopping,
    pace: makePace(stopping.signal, discord.times),
    sessions: new Map(),
    refusals: 0,
  };
  void open(connection, azure).catch((error: unknown) => log.error({ error }, "discord: the gateway was not opened"));
  return { ready: () => isReady(connection), stop: () => close(connection, azure) };
}

async function open(connection: Connection, azure: Azure): Promise<void> {
  const { discord, stopping, sessions } = connection;
  for (const session of await claimSessions(discord, azure)) sessions.set(session.shardId, session);
  while (!stopping.signal.aborted) {
    await connection.pace.beforeTry();
    const abandoned = new AbortController();
    const end = await connectOnce(connection, abandoned.signal);
    if (stopping.signal.aborted) return;
    abandoned.abort();
    await inTime(connection.client?.destroy(), discord);
    connection.client = undefined;
    await untilThen(noteEnd(end, connection), stopping.signal);
  }
}

/** Why a client came to its end; with `isRefused` nothing but a rare look is worth while. */
type End = { why: string; isRefused?: true; seconds?: number };

/** Comes back only when another client has to be made. */
async function connectOnce(connection: Connection, abandoned: AbortSignal): Promise<End> {
  const { discord } = connection;
  const refused = Promise.withResolvers<End>();
  connection.refuse = (why) => refused.resolve({ why, isRefused: true });
  try {
    const client = makeClient(connection, abandoned);
    connection.client = client;
    const failed = client.login(discord.token).then(() => new Promise<never>(() => {}), endOfLogin);
    return await Promise.race([refused.promise, failed, stuck(connection, abandoned)]);
  } catch (error) {
    return endOfLogin(error);
  }
}

function endOfLogin(error: unknown): End {
  if (error instanceof Error && "code" in error && error.code === DiscordjsErrorCodes.TokenInvalid)
    return {
      why: "the token is not valid: if it was reset at discord.com/developers/applications, set DISCORD_TOKEN and start again",
      isRefused: true,
    };
  const why = error instanceof Error ? error.message : String(error);
  return error instanceof MadeToWait ? { why, seconds: error.seconds } : { why };
}

async function stuck(connection: Connection, abandoned: AbortSignal): Promise<End> {
  const { stuckMilliseconds, connectedLookMilliseconds } = connection.discord.times;
  const over = AbortSignal.any([connection.stopping.signal, abandoned]);
  for (let since = Date.now(); Date.now() - since < stuckMilliseconds;) {
    await untilThen(Date.now() + connectedLookMilliseconds, over);
    if (over.aborted) break;
    if (isReady(connection)) [since, connection.refusals] = [Date.now(), 0];
  }
  return { why: `there was no connection for ${stuckMilliseconds / 60_000} minutes` };
}

/** Returns when to try again, beside what the pace takes before each try. */
function noteEnd({ why, isRefused, seconds = 0 }: End, connection: Connection): number {
  if (!isRefused) {
    log.warn({ why, seconds: Math.ceil(seconds) }, "discord: no connection yet, trying again");
    return Date.now() + seconds * 1000;
  }
  const { probeMilliseconds, longestProbeMilliseconds } = connection.discord.times;
  const milliseconds = Math.min(longestProbeMilliseconds, probeMilliseconds * 2 ** connection.refusals);
  connection.refusals += 1;
  // Whatever it was refused for, a session of before is not worth an argument.
  connection.sessions.clear();
  const until = Date.now() + milliseconds;
  log.error({ until: new Date(until).toISOString() }, `Discord refuses Easel, which tries again then: ${why}`);
  return until;
}

function makeClient(connection: Connection, abandoned: AbortSignal): Client {
  const client = new Client({
    intents: 0,
    shards: "auto",
    rest: restOptions(connection.discord),
    ws: {
      buildStrategy: (shards) => {
        connection.shards = shards;
        guardSessions(shards, connection, abandoned);
        return new SimpleShardingStrategy(shards);
      },
    },
  });
  watchRest(client.rest);
  // As they come from the wire, and before discord.js holds them back until its own READY, which a resumed session has not.
  client.ws.on(GatewayDispatchEvents.InteractionCreate, connection.onInteraction);
  client.on(Events.ShardResume, (shardId, replayed) => {
    client.ws.status = Status.Ready;
    log.info({ shardId, replayed }, "discord: the session was resumed");
  });
  client.on(Events.ClientReady, () => log.info("discord: connected"));
  client.on(Events.ShardReconnecting, (shardId) => {
    if (!connection.stopping.signal.aborted) log.warn({ shardId }, "discord: the connection is gone, connecting again");
  });
  client.on(Events.ShardDisconnect, ({ code }) =>
    connection.refuse?.(`the connection was closed for good, code ${code}`),
  );
  // Without a listener either of these would end the process.
  client.on(Events.Error, (error) => log.error({ error }, "discord: the client reports an error"));
  client.on(Events.ShardError, (error, shardId) =>
    log.warn({ error, shardId }, "discord: a connection reports an error"),
  );
  return client;
}

/**
 * A shard asks for its session before each connection, and again with each event. The first is where a pause belongs:
 * by itself it would connect again every 500 ms, and go on so even after its login has failed. What goes wrong in here
 * would be nobody's to catch.
 */
function guardSessions(shards: Shards, connection: Connection, abandoned: AbortSignal): void {
  const { sessions, pace, stopping } = connection;
  const discordJs = { ...shards.options };
  const begun = new Set<number>();
  shards.options.retrieveSessionInfo = async (shardId) => {
    const status = (await shards.fetchStatus()).get(shardId);
    if (status === WebSocketShardStatus.Ready) pace.succeeded(shardId);
    // A shard that is no longer counted belongs to a login that failed.
    if (status === undefined || abandoned.aborted) await never();
    if (status === WebSocketShardStatus.Idle) {
      if (stopping.signal.aborted) await never();
      // The first connection is part of the login, which has had its pause.
      if (begun.has(shardId)) await pace.beforeTry(shardId);
      begun.add(shardId);
      const left = sessions.get(shardId);
      if (left && !(await discordJs.retrieveSessionInfo(shardId))) await discordJs.updateSessionInfo(shardId, left);
    }
    return discordJs.retrieveSessionInfo(shardId);
  };
  shards.options.updateSessionInfo = async (shardId, session) => {
    // Closing forgets the session, and that is what is to be kept.
    if (stopping.signal.aborted && !session) return;
    if (session) sessions.set(shardId, session);
    else sessions.delete(shardId);
    await discordJs.updateSessionInfo(shardId, session);
  };
}

async function close(connection: Connection, azure: Azure): Promise<void> {
  const { stopping, shards, client, sessions, discord } = connection;
  const wasReady = isReady(connection);
  stopping.abort();
  const closed = shards?.destroy({ code: CLOSE_RESUMABLY, reason: "Easel stops" });
  await inTime(closed, discord);
  if (wasReady) await saveSessions([...sessions.values()], discord, azure);
  await inTime(client?.destroy(), discord);
}

/** discord.js may never come back from closing a connection that is just being made. */
async function inTime(closing: PromiseLike<void> | void, { times }: DiscordSettings): Promise<void> {
  await Promise.race([closing, pause(times.closeLimitMilliseconds, undefined, { ref: false })]);
}

function isReady({ client, stopping }: Connection): boolean {
  if (!client || stopping.signal.aborted) return false;
  return client.ws.shards.size > 0 && client.ws.shards.every(({ status }) => status === Status.Ready);
}

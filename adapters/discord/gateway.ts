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
import { log } from "../../src/log.ts";
import type { Azure } from "../../src/azure.ts";
import { makePace, never } from "./reconnect-pace.ts";
import type { Pace } from "./reconnect-pace.ts";
import { claimSessions, saveSessions } from "./session.ts";
import type { GatewaySession } from "./session.ts";
import type { DiscordSettings } from "./settings.ts";
import { restOptions, watchRest } from "./wire.ts";

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
  /** Discord refused for good: a bad token, or something that only a change of ours can mend. */
  refused: boolean;
};

/** Any code but 1000 and 1001 lets Discord keep the session for some minutes; this one is discord.js's own for a resume. */
const CLOSE_RESUMABLY = 4200;
const CLOSE_MILLISECONDS = 3000;

/** Connects in the background and never gives up, unless Discord refuses for good. Interactions need no intent. */
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
    pace: makePace(stopping.signal),
    sessions: new Map(),
    refused: false,
  };
  void open(connection, azure).catch((error: unknown) => log.error({ error }, "discord: the gateway was not opened"));
  return { ready: () => isReady(connection), stop: () => close(connection, azure) };
}

async function open(connection: Connection, azure: Azure): Promise<void> {
  const { discord, stopping, sessions } = connection;
  for (const session of await claimSessions(discord.applicationId, azure)) sessions.set(session.shardId, session);
  while (!stopping.signal.aborted && !connection.refused) {
    await connection.pace.beforeTry();
    const abandoned = new AbortController();
    connection.client = makeClient(connection, abandoned.signal);
    try {
      await connection.client.login(discord.token);
      return;
    } catch (error) {
      abandoned.abort();
      if (stopping.signal.aborted) return;
      if (isTokenInvalid(error))
        refuse(
          connection,
          "the token is not valid: reset it at discord.com/developers/applications and set DISCORD_TOKEN",
        );
      else if (!connection.refused) log.warn({ error }, "discord: no connection yet, trying again");
    }
  }
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
    refuse(connection, `the connection was closed for good, code ${code}`),
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
  await inTime(closed);
  if (wasReady) await saveSessions([...sessions.values()], discord.applicationId, azure);
  await inTime(client?.destroy());
}

/** discord.js may never come back from closing a connection that is just being made. */
async function inTime(closing: PromiseLike<void> | void): Promise<void> {
  await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, CLOSE_MILLISECONDS).unref())]);
}

function isReady({ client, stopping, refused }: Connection): boolean {
  if (!client || refused || stopping.signal.aborted) return false;
  return client.ws.shards.size > 0 && client.ws.shards.every(({ status }) => status === Status.Ready);
}

function refuse(connection: Connection, why: string): void {
  if (connection.refused || connection.stopping.signal.aborted) return;
  connection.refused = true;
  log.error(`Discord refuses Easel, and nothing more is tried there until the next start: ${why}`);
}

function isTokenInvalid(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === DiscordjsErrorCodes.TokenInvalid;
}

import { WebSocket, type RawData } from "ws";
import { sendEvent } from "./gateway-session.ts";
import type { GatewayLogEntry, Session } from "./records.ts";
import { describeChannel, describeGuild, describeUser } from "./places.ts";
import { intent, type Fields } from "./wire.ts";
import { noteChange, type World } from "./world.ts";

const opcode = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  ack: 11,
} as const;
const quietOpcodes = [3, 4, 8, 31];
const privilegedIntents = (1 << 1) | (1 << 8) | intent.messageContent;
const knownIntents = 0b11_0001_1111_1111_1111_1111_1111;
const sendsPerMinute = 120;

type Connection = { socket: WebSocket; session?: Session; sends: number[] };

/** A close is echoed with the same code, so that only this tells whose it was. */
const closedByFake = new WeakSet<WebSocket>();

type Identify = { token?: string; intents?: number; properties?: Fields; shard?: [number, number] };
type Resume = { token?: string; session_id?: string; seq?: number };

/** Plays Discord's side of one gateway connection. */
export function greet(world: World, socket: WebSocket, query: URLSearchParams): void {
  const connection: Connection = { socket, sends: [] };
  log(world, { what: "connected" });
  socket.on("error", () => socket.terminate());
  socket.on("message", (raw) => {
    hear(world, connection, raw);
  });
  socket.on("close", (code) => {
    leave(world, connection, code);
  });
  if (query.get("v") !== "10" || (query.get("encoding") ?? "json") !== "json") return close(connection, 4012);
  send(socket, { op: opcode.hello, d: { heartbeat_interval: world.limits.heartbeatSeconds * 1000, _trace: [] } });
}

/** Asks every session to reconnect and resume (op 7). */
export function askReconnect(world: World): void {
  for (const { socket } of world.sessions.values()) if (socket) send(socket, { op: opcode.reconnect, d: null });
}

/** Declares every session invalid (op 9), to be resumed or not. */
export function invalidateSessions(world: World, resumable: boolean): void {
  for (const session of world.sessions.values()) {
    if (!resumable) world.sessions.delete(session.id);
    if (session.socket) send(session.socket, { op: opcode.invalidSession, d: resumable });
  }
}

/** Closes every connection with a code, or cuts it without one. The sessions can be resumed. */
export function dropConnections(world: World, code?: number): void {
  for (const { socket } of world.sessions.values()) {
    if (socket === undefined) continue;
    closedByFake.add(socket);
    if (code === undefined) socket.terminate();
    else socket.close(code);
  }
}

function hear(world: World, connection: Connection, raw: RawData): void {
  const text = (raw as Buffer).toString("utf8");
  const now = Date.now();
  connection.sends = [...connection.sends.filter((time) => time > now - 60_000), now];
  if (connection.sends.length > sendsPerMinute) return close(connection, 4008);
  const message = Buffer.byteLength(text) > 4096 ? undefined : parse(text);
  if (message === undefined) return close(connection, 4002);
  if (message.op === opcode.heartbeat) {
    if (!world.gateway.withholdingAcks) send(connection.socket, { op: opcode.ack });
  } else if (message.op === opcode.identify) identify(world, connection, message.d as Identify);
  else if (message.op === opcode.resume) resume(world, connection, message.d as Resume);
  else if (!quietOpcodes.includes(message.op)) close(connection, 4001);
  else if (connection.session === undefined) close(connection, 4003);
}

function identify(
  world: World,
  connection: Connection,
  { token, intents, properties, shard = [0, 1] }: Identify,
): void {
  world.gateway.identifies += 1;
  log(world, { what: "identify", intents });
  if (connection.session) return close(connection, 4005);
  if (token !== world.token) return close(connection, 4004);
  if (intents === undefined || properties === undefined) return close(connection, 4002);
  if ((intents & ~knownIntents) !== 0) return close(connection, 4013);
  if ((intents & privilegedIntents & ~world.limits.grantedIntents) !== 0) return close(connection, 4014);
  const { socket } = connection;
  const session: Session = {
    id: crypto.randomUUID().replaceAll("-", ""),
    intents,
    shard,
    sequence: 0,
    sent: [],
    socket,
  };
  connection.session = session;
  world.sessions.set(session.id, session);
  sendEvent(session, "READY", describeReady(world, session));
  if ((intents & intent.guilds) !== 0) {
    for (const guild of world.guilds.values()) {
      const channels = [...world.channels.values()].filter(({ guildId }) => guildId === guild.id);
      const described = channels.map((channel) => describeChannel(channel, world.people));
      sendEvent(session, "GUILD_CREATE", describeGuild(guild, described, world.bot));
    }
  }
  log(world, { what: "ready", session: session.id, intents });
}

function describeReady(world: World, { id, shard }: Session): Fields {
  return {
    v: 10,
    user: { ...describeUser(world.bot), verified: true, mfa_enabled: true, email: null },
    guilds: [...world.guilds.keys()].map((guild) => ({ id: guild, unavailable: true })),
    session_id: id,
    resume_gateway_url: world.addresses.gateway,
    session_type: "normal",
    shard,
    application: { id: world.application.id, flags: world.application.flags },
    private_channels: [],
    relationships: [],
    user_settings: {},
    _trace: [],
  };
}

function resume(world: World, connection: Connection, { token, session_id, seq = 0 }: Resume): void {
  log(world, { what: "resume", session: session_id });
  if (token !== world.token) return close(connection, 4004);
  const session = world.sessions.get(session_id ?? "");
  if (session === undefined) {
    log(world, { what: "invalid session", session: session_id });
    return send(connection.socket, { op: opcode.invalidSession, d: false });
  }
  if (seq > session.sequence) return close(connection, 4007);
  const { socket } = connection;
  if (session.socket !== socket) session.socket?.terminate();
  connection.session = session;
  session.socket = socket;
  const missed = session.sent.filter(({ sequence }) => sequence > seq);
  for (const { text } of missed) socket.send(text);
  sendEvent(session, "RESUMED", { _trace: [] });
  log(world, { what: "resumed", session: session.id, replayed: missed.length });
}

/** A bot that closes with 1000 or 1001 is offline and its session gone; any other end can be resumed. */
function leave(world: World, { session, socket }: Connection, code: number): void {
  log(world, { what: "closed", session: session?.id, code, by: closedByFake.has(socket) ? "discord" : "bot" });
  if (session === undefined || session.socket !== socket) return;
  session.socket = undefined;
  if (!closedByFake.has(socket) && (code === 1000 || code === 1001)) world.sessions.delete(session.id);
  noteChange(world);
}

function close(connection: Connection, code: number): void {
  closedByFake.add(connection.socket);
  connection.socket.close(code);
}

function parse(text: string): { op: number; d: unknown } | undefined {
  try {
    return JSON.parse(text) as { op: number; d: unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function send(socket: WebSocket, message: Fields): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function log(world: World, entry: Omit<GatewayLogEntry, "time">): void {
  world.gateway.log.push({ time: Date.now(), ...entry });
  noteChange(world);
}

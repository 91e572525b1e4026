/**
 * The wire between one process of the bot and the outside world: every call is written down, and now and then one meets a
 * fault. A process has a wire of its own, so that it is known whose call it was.
 */
import { createServer as createHttpServer, request as requestHttp } from "node:http";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { Agent, createServer as createHttpsServer, request as requestHttps } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { setTimeout as pause } from "node:timers/promises";
import type { Chance } from "./chance.ts";
import { pickFault } from "./faults.ts";
import type { Fault, Service } from "./faults.ts";

export type WireCall = {
  at: number;
  endedAt?: number;
  /** Which process: `A1` is the first of the replica A. */
  process: string;
  service: Service;
  method: string;
  path: string;
  /** The beginning of what was sent, where it tells whose call it is. */
  text: string;
  /** What the service said, whatever came of that on the way. */
  status?: number;
  fault?: Fault;
};

export type Target = { port: number; tls: boolean };
export type Traffic = {
  calls: WireCall[];
  /** Of a fault, for each service. May be turned at any time; 0 is a world without faults. */
  probability: Record<Service, number>;
  chance: Chance;
  /** By service: where it really is. */
  targets: Record<Service, Target>;
};

export type Wire = { port: number; identityPort: number; stop(): void };

const agent = new Agent({ keepAlive: true, maxSockets: 200, rejectUnauthorized: false });
const KEPT_TEXT = 4000;

export async function openWire(process: string, traffic: Traffic, tls: { key: string; cert: string }): Promise<Wire> {
  const sockets = new Set<Socket>();
  const handle: RequestListener = (incoming, outgoing) => {
    pass(incoming, outgoing, { process, traffic }).catch(() => incoming.socket.destroy());
  };
  const front = createHttpsServer(tls, handle);
  const identity = createHttpServer(handle);
  front.on("upgrade", (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    void passUpgrade({ incoming, socket, head }, { process, traffic });
  });
  for (const server of [front, identity]) {
    server.keepAliveTimeout = 20_000;
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
    });
  }
  const [port, identityPort] = await Promise.all([listen(front), listen(identity)]);
  return {
    port,
    identityPort,
    stop() {
      front.close();
      identity.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

type Line = { process: string; traffic: Traffic };

async function pass(incoming: IncomingMessage, outgoing: ServerResponse, line: Line): Promise<void> {
  const body = Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>));
  const call = note(incoming, body, line);
  outgoing.on("close", () => (call.endedAt = Date.now()));
  const { fault } = call;
  if (fault && "lateSeconds" in fault) await pause(fault.lateSeconds * 1000);
  if (fault && "answer" in fault) {
    const { status, headers, body: words } = fault.answer;
    return void outgoing.writeHead(status, headers).end(words);
  }
  if (fault && !fault.takesEffect) {
    if ("hangSeconds" in fault) await pause(fault.hangSeconds * 1000);
    return void incoming.socket.destroy();
  }
  const answer = await forward({ incoming, body, outgoing }, line.traffic.targets[call.service]);
  call.status = answer.statusCode;
  if (fault && "cut" in fault) return cutAnswer(answer, outgoing, fault.cut);
  if (fault && "hangSeconds" in fault) {
    answer.resume();
    await pause(fault.hangSeconds * 1000);
    return void incoming.socket.destroy();
  }
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.on("error", () => outgoing.destroy()).pipe(outgoing);
}

async function cutAnswer(answer: IncomingMessage, outgoing: ServerResponse, where: string): Promise<void> {
  const whole = Buffer.concat(await Array.fromAsync(answer as AsyncIterable<Buffer>));
  if (where === "within" && whole.length > 1) {
    outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, "content-length": undefined });
    await new Promise((resolve) => outgoing.write(whole.subarray(0, whole.length / 2), resolve));
    // What was sent shall arrive before the connection ends.
    await pause(20);
  }
  outgoing.socket?.destroy();
}

function forward(
  { incoming, body, outgoing }: { incoming: IncomingMessage; body: Buffer; outgoing: ServerResponse },
  { port, tls }: Target,
): Promise<IncomingMessage> {
  const { method, url: path, headers } = incoming;
  const options = { host: "127.0.0.1", port, method, path, headers };
  return new Promise((resolve, reject) => {
    const onward = tls ? requestHttps({ ...options, agent }, resolve) : requestHttp(options, resolve);
    onward.on("error", reject);
    outgoing.on("close", () => {
      if (!outgoing.writableFinished) onward.destroy();
    });
    onward.end(body);
  });
}

type Upgrade = { incoming: IncomingMessage; socket: Socket; head: Buffer };

/** The gateway's connection, handed through as it is once it stands. */
async function passUpgrade({ incoming, socket, head }: Upgrade, line: Line): Promise<void> {
  const call = note(incoming, Buffer.alloc(0), line);
  socket.on("error", () => socket.destroy()).on("close", () => (call.endedAt = Date.now()));
  const { fault } = call;
  if (fault && "lateSeconds" in fault) await pause(fault.lateSeconds * 1000);
  else if (fault && "answer" in fault)
    return void socket.end(`HTTP/1.1 ${fault.answer.status} Trouble\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  else if (fault) {
    if ("hangSeconds" in fault) await pause(fault.hangSeconds * 1000);
    return void socket.destroy();
  }
  const { port } = line.traffic.targets.gateway;
  const onward = connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] });
  const end = () => {
    onward.destroy();
    socket.destroy();
  };
  onward.on("error", end).on("close", end);
  socket.on("close", end);
  onward.once("secureConnect", () => {
    const raw = incoming.rawHeaders.flatMap((name, index, all) => (index % 2 ? [] : [`${name}: ${all[index + 1]}`]));
    onward.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${raw.join("\r\n")}\r\n\r\n`);
    onward.write(head);
    onward.pipe(socket).pipe(onward);
  });
}

function note(incoming: IncomingMessage, body: Buffer, { process, traffic }: Line): WireCall {
  const { method = "", url: path = "" } = incoming;
  const service = serviceOf(incoming);
  const isHit = traffic.chance.happens(traffic.probability[service]);
  const call: WireCall = {
    at: Date.now(),
    process,
    service,
    method,
    path,
    text: tellsWhose(service, path) ? body.subarray(0, KEPT_TEXT).toString("latin1") : "",
    ...(isHit && { fault: pickFault(service, traffic.chance) }),
  };
  traffic.calls.push(call);
  return call;
}

function serviceOf({ headers, url = "", socket }: IncomingMessage): Service {
  const host = (headers.host ?? "").replace(/:\d+$/, "");
  if (!("encrypted" in socket)) return "identity";
  if (host.endsWith(".blob.core.windows.net")) return "blob";
  if (host.endsWith(".queue.core.windows.net")) return "queue";
  if (host.endsWith(".table.core.windows.net")) return "table";
  if (host.endsWith(".openai.azure.com")) return "images";
  if (host.startsWith("login.")) return "entra";
  if (host.startsWith("cdn.") || host.startsWith("media.") || host.includes("sharepoint")) return "files";
  if (host.startsWith("gateway.") || headers.upgrade) return "gateway";
  return url.startsWith("/api/") ? "discord" : "connector";
}

/** A blob's name tells it already, and so does the token in most of Discord's paths. */
function tellsWhose(service: Service, path: string): boolean {
  return service === "queue" || service === "images" || service === "connector" || path.includes("/channels/");
}

function listen(server: Server | ReturnType<typeof createHttpsServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

import { Agent as HttpAgent, createServer, request as requestHttp } from "node:http";
import type { ClientRequest, IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { Agent as HttpsAgent, createServer as createTlsServer, request as requestHttps } from "node:https";
import type { Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Azurite } from "./azurite.ts";
import { readStorageCall } from "./storage-calls.ts";
import type { StorageCall } from "./storage-calls.ts";
import { refuse, showPage, storageRefusals } from "./storage-refusals.ts";
import type { StorageRefusal } from "./storage-refusals.ts";

/** What a storage call meets in place of its ordinary answer. */
export type StorageFault =
  /** Never forwarded, never answered. */
  | "hang"
  /** It takes effect and is never answered. */
  | "lose"
  /** The connection is cut, before the call was forwarded or when Azurite has answered it. `and` is done first. */
  | { cut: "before" | "after"; and?: () => void }
  /** Only late; a function is called anew for each call that meets it. */
  | { until: Promise<void> | (() => Promise<void>) }
  | StorageRefusal
  /** A proxy's page with this status. */
  | { page: number }
  /** An immutability policy: what is there cannot be overwritten, changed, appended to or deleted; what is new can be written. */
  | "immutable";

/** Which calls meet a fault: those that fit all that is given. */
export type StorageMatcher = {
  /** Its name, as in `StorageCall`. */
  call?: string | RegExp;
  method?: string;
  /** Of the wire, with its query: the name of the container or queue and of the blob are in it. */
  path?: RegExp;
  /** The first to be met is the n-th that fits, from 1. */
  from?: number;
  /** From the first one that is met for so long, however many they are. */
  seconds?: number;
  /** Nothing is met before a call of this name comes; that one may be the first. */
  startsWith?: string | RegExp;
};

export type PlannedFault = {
  /** The calls that met it. */
  met: StorageCall[];
  end(): void;
};

export type StorageProxy = {
  connectionString: string;
  /** For the redirect, in place of Azurite's own. */
  hosts: Record<string, number>;
  /** Every call that came, in order. */
  calls: StorageCall[];
  /** Plans a fault for the next `times` calls that fit: for one if nothing else is said, for any number within `seconds`. */
  fail(matcher: StorageMatcher, fault: StorageFault, times?: number): PlannedFault;
  stop(): Promise<void>;
};

type Plan = {
  matcher: StorageMatcher;
  fault: StorageFault;
  times: number;
  awake: boolean;
  seen: number;
  until: number;
  met: StorageCall[];
};

/**
 * Stands between a client and Azurite, so that calls can go wrong on the wire, by storage's own rules. The signature does
 * not cover the port. `tls` where Azurite speaks https.
 */
export async function startStorageProxy(azurite: Azurite, tls?: { key: string; cert: string }): Promise<StorageProxy> {
  const plans: Plan[] = [];
  const calls: StorageCall[] = [];
  /** Blobs that were written through this proxy and not deleted, with their container. */
  const present = new Set<string>();
  const agent = tls
    ? new HttpsAgent({ keepAlive: true, rejectUnauthorized: false })
    : new HttpAgent({ keepAlive: true });
  const pass = (service: StorageCall["service"], port: number): RequestListener => {
    const forward = async (incoming: IncomingMessage, call: StorageCall) => {
      const { method, url: path, headers } = incoming;
      const options = { host: "127.0.0.1", port, method, path, headers, agent };
      const answer = await answerTo(incoming, (tls ? requestHttps : requestHttp)(options));
      call.status = answer.statusCode;
      if (service === "blob") keepCount(call, present);
      return answer;
    };
    return (incoming, outgoing) => {
      const { method = "", url: path = "", headers } = incoming;
      const read = readStorageCall({ service, method, path, headers });
      const call: StorageCall = { number: calls.length + 1, service, method, path, ...read, at: Date.now() };
      calls.push(call);
      const fault = faultFor(call, plans, present);
      void meet(fault, incoming, outgoing, () => forward(incoming, call)).catch(() => incoming.socket.destroy());
    };
  };
  const [blob, queue, table] = await Promise.all([
    listen(pass("blob", azurite.blobPort), tls),
    listen(pass("queue", azurite.queuePort), tls),
    listen(pass("table", azurite.tablePort), tls),
  ]);
  return {
    connectionString: azurite.connectionString
      .replace(`:${azurite.blobPort}/`, `:${blob.port}/`)
      .replace(`:${azurite.queuePort}/`, `:${queue.port}/`)
      .replace(`:${azurite.tablePort}/`, `:${table.port}/`),
    hosts: {
      "*.blob.core.windows.net": blob.port,
      "*.queue.core.windows.net": queue.port,
      "*.table.core.windows.net": table.port,
    },
    calls,
    fail(matcher, fault, times = matcher.seconds === undefined ? 1 : Infinity) {
      const plan = { matcher, fault, times, awake: !matcher.startsWith, seen: 0, until: Infinity, met: [] };
      plans.push(plan);
      return { met: plan.met, end: () => void (plan.times = 0) };
    },
    stop: async () => {
      await Promise.all([close(blob.server), close(queue.server), close(table.server)]);
      agent.destroy();
    },
  };
}

/** The first plan that the call meets. Plans count the calls that fit them, met or not. */
function faultFor(call: StorageCall, plans: Plan[], present: Set<string>): StorageFault | undefined {
  for (const plan of plans) {
    const { startsWith, from = 1, seconds } = plan.matcher;
    plan.awake ||= isNamed(call, startsWith);
    if (!plan.awake || !fits(call, plan, present)) continue;
    plan.seen += 1;
    if (plan.seen < from || plan.times <= 0 || Date.now() > plan.until) continue;
    if (!plan.met.length && seconds !== undefined) plan.until = Date.now() + seconds * 1000;
    plan.times -= 1;
    plan.met.push(call);
    return plan.fault;
  }
  return undefined;
}

function fits(call: StorageCall, { matcher, fault }: Plan, present: Set<string>): boolean {
  const { method = call.method, path } = matcher;
  if (!isNamed(call, matcher.call) || method !== call.method || (path && !path.test(call.path))) return false;
  return fault !== "immutable" || (call.service === "blob" && present.has(keyOf(call)) && isChange(call));
}

function isNamed({ name }: StorageCall, wanted: string | RegExp | undefined): boolean {
  return wanted === undefined || (typeof wanted === "string" ? wanted === name : wanted.test(name));
}

/** A lease changes nothing that a policy keeps, and blocks become a blob when they are committed. */
function isChange({ method, path }: StorageCall): boolean {
  return method === "DELETE" || (method === "PUT" && !/[?&]comp=(lease|block)(&|$)/.test(path));
}

function keepCount(call: StorageCall, present: Set<string>): void {
  const { method, status = 500 } = call;
  if (status >= 300 || !call.target) return;
  if (method === "DELETE") present.delete(keyOf(call));
  else if (isChange(call)) present.add(keyOf(call));
}

function keyOf({ path }: StorageCall): string {
  return path.split("?", 1)[0] ?? path;
}

/** `forward` asks Azurite. */
async function meet(
  fault: StorageFault | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  forward: () => Promise<IncomingMessage>,
): Promise<void> {
  if (fault === "hang") return void incoming.resume();
  if (fault === "immutable") return refuse(incoming, outgoing, storageRefusals.immutable);
  const planned = typeof fault === "object" ? fault : undefined;
  if (planned && "page" in planned) return showPage(incoming, outgoing, planned.page);
  if (planned && "status" in planned) return refuse(incoming, outgoing, planned);
  const cut = planned && "cut" in planned ? planned : undefined;
  const cutOff = () => {
    cut?.and?.();
    incoming.socket.destroy();
  };
  if (cut?.cut === "before") return cutOff();
  if (planned && "until" in planned) await (typeof planned.until === "function" ? planned.until() : planned.until);
  const answer = await forward();
  if (fault === "lose") return void answer.resume();
  if (cut) {
    for await (const part of answer) void part;
    return cutOff();
  }
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.pipe(outgoing);
}

/** Azurite's answer. Whoever gives a call up in the middle takes it away from Azurite too. */
function answerTo(incoming: IncomingMessage, onward: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    onward.once("response", resolve).once("error", reject);
    incoming.once("close", () => {
      if (!incoming.complete) onward.destroy();
    });
    incoming.pipe(onward);
  });
}

async function listen(handler: RequestListener, tls: { key: string; cert: string } | undefined) {
  const server = tls ? createTlsServer(tls, handler) : createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

function close(server: Server | TlsServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

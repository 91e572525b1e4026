import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Fault, Faults, Refusal, SwitchFault, Uploaded } from "../page-protocol.ts";
import type { FakeDiscord } from "../start.ts";
import type { World } from "../world.ts";
import { doings, findPerson, type Desk } from "./doings.ts";
import { openPage, tell, tellChanges, type Page } from "./feed.ts";
import { readPageFile } from "./page-files.ts";
import { refusalIn } from "./refusals.ts";
import { sightOf } from "./view.ts";

/** What the flight simulator lets a page see and do. */
export type Simulator = {
  list(): Fault[];
  switch(id: string, on: boolean): Promise<void> | void;
  /** Told after each change of what `list` says. */
  onChange(tell: () => void): void;
  /** How often the next event is delivered: once, unless the simulator has other plans. */
  deliveries(): number;
};

export type LookAlike = { url: string; port: number; stop(): Promise<void> };

type Server = Desk & { origins: string[]; pages: Set<Page>; refusals: Refusal[]; simulator?: Simulator };

const mebibyte = 1024 * 1024;
const most = { json: mebibyte, file: 30 * mebibyte, uploads: 20, refusals: 50, requests: 200 };
const policy = "default-src 'self'; img-src 'self' data: blob: http://127.0.0.1:*; frame-ancestors 'none'";

/** Serves the page of the look-alike on this machine alone, and plays for it what the people on it do. */
export async function startLookAlike({
  discord: { world },
  port = 0,
  simulator,
}: {
  discord: FakeDiscord;
  port?: number;
  simulator?: Simulator;
}): Promise<LookAlike> {
  const deliveries = () => simulator?.deliveries() ?? 1;
  const server: Server = {
    world,
    uploads: new Map(),
    deliveries,
    origins: [],
    pages: new Set(),
    refusals: [],
    simulator,
  };
  const http = createServer((incoming, outgoing) => {
    answer(server, incoming, outgoing).catch((error: unknown) => {
      if (outgoing.headersSent) return void outgoing.destroy();
      sendJson(outgoing, 400, { error: error instanceof Error ? error.message : String(error) });
    });
  });
  http.listen(port, "127.0.0.1");
  await once(http, "listening");
  const { port: actualPort } = http.address() as AddressInfo;
  server.origins = ["127.0.0.1", "localhost"].map((host) => `http://${host}:${actualPort}`);
  const watch = watchWorld(server);
  simulator?.onChange(() => {
    for (const page of server.pages) tell(page, "FAULTS", faultsOf(server));
  });
  return {
    url: `http://127.0.0.1:${actualPort}/look-alike/`,
    port: actualPort,
    stop: async () => {
      watch.stop();
      const closed = once(http, "close");
      http.close();
      http.closeAllConnections();
      await closed;
    },
  };
}

/** After whatever happens, and when an event has waited for its answer too long, everybody is told what is new to them. */
function watchWorld(server: Server): { stop: () => void } {
  const { world, pages } = server;
  const finished = new WeakSet<object>();
  let planned: NodeJS.Immediate | undefined;
  const look = () => {
    planned = undefined;
    noteRefusals(server, finished);
    forget(world);
    for (const page of pages) tellChanges(world, page);
  };
  const plan = () => void (planned ??= setImmediate(look));
  const tick = setInterval(() => {
    const { interactionSeconds } = world.limits;
    const open = [...world.interactions.values()].filter(({ callback }) => callback === undefined);
    const turned = ({ sentAt }: { sentAt: number }) => Math.abs(Date.now() - sentAt - interactionSeconds * 1000) < 2000;
    if (open.some(turned)) plan();
  }, 500).unref();
  world.watchers.add(plan);
  return {
    stop: () => {
      world.watchers.delete(plan);
      clearInterval(tick);
      clearImmediate(planned);
    },
  };
}

function noteRefusals({ world, pages, refusals }: Server, finished: WeakSet<object>): void {
  for (const request of world.requests) {
    if (request.status === undefined || finished.has(request)) continue;
    finished.add(request);
    const refusal = refusalIn(request);
    if (!refusal) continue;
    refusals.push(refusal);
    for (const page of pages) tell(page, "REFUSAL", refusal);
  }
  refusals.splice(0, refusals.length - most.refusals);
}

/** What was called, and what messages showed before, is kept for a while only: there are pictures in it, and this runs for days. */
function forget({ requests, fileRequests, goneMessages, messages }: World): void {
  for (const list of [requests, fileRequests, goneMessages]) list.splice(0, list.length - most.requests);
  for (const { history } of messages.values()) history.splice(0, history.length - 1);
}

async function answer(server: Server, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method = "GET", headers, url = "/" } = incoming;
  const origin = server.origins.find((one) => one === `http://${headers.host}`);
  const isStranger = headers.origin !== undefined && headers.origin !== origin;
  if (origin === undefined || isStranger || headers["sec-fetch-site"] === "cross-site")
    return sendJson(outgoing, 403, { error: "This is for pages of this machine alone." });
  if (method === "POST" && headers.origin !== origin)
    return sendJson(outgoing, 403, { error: "This is for its own page." });
  const address = new URL(url, origin);
  if (address.pathname === "/" || address.pathname === "/look-alike") {
    outgoing.writeHead(302, { location: "/look-alike/" }).end();
    return;
  }
  if (/^\/(ephemeral-)?attachments\//.test(address.pathname)) return sendFile(server.world, address, outgoing);
  const name = /^\/look-alike\/(.*)$/.exec(address.pathname)?.[1];
  if (name === undefined) return sendJson(outgoing, 404, { error: "There is nothing here." });
  if (method === "POST") return receive(server, { name, address, incoming, outgoing });
  return show(server, { name, address, outgoing });
}

async function show(
  server: Server,
  { name, address, outgoing }: { name: string; address: URL; outgoing: ServerResponse },
): Promise<void> {
  const { world, pages, refusals } = server;
  const person = () => findPerson(world, address.searchParams.get("person") ?? world.asker.id);
  if (name === "state") return sendJson(outgoing, 200, { ...sightOf(world, person()), refusals });
  if (name === "faults") return sendJson(outgoing, 200, faultsOf(server));
  if (name === "events") {
    const page = openPage(world, { person: person(), outgoing, refusals });
    pages.add(page);
    outgoing.on("close", () => pages.delete(page));
    return;
  }
  const file = await readPageFile(name);
  if (!file) return sendJson(outgoing, 404, { error: "There is nothing here." });
  outgoing.writeHead(200, {
    "content-type": file.type,
    "cache-control": "no-cache",
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
  });
  outgoing.end(file.body);
}

async function receive(
  server: Server,
  {
    name,
    address,
    incoming,
    outgoing,
  }: { name: string; address: URL; incoming: IncomingMessage; outgoing: ServerResponse },
): Promise<void> {
  if (name === "upload") return sendJson(outgoing, 200, await keepUpload(server, address, incoming));
  if (incoming.headers["content-type"]?.split(";")[0] !== "application/json")
    return sendJson(outgoing, 415, { error: "JSON is what is understood here." });
  const body = JSON.parse((await readBody(incoming, most.json)).toString("utf8")) as never;
  if (name === "faults") {
    const { id, on } = body as SwitchFault;
    await server.simulator?.switch(id, on);
    return sendJson(outgoing, 200, faultsOf(server));
  }
  const doing = Object.hasOwn(doings, name) ? doings[name] : undefined;
  if (doing === undefined) return sendJson(outgoing, 404, { error: "There is nothing here." });
  const done = await doing(server, body);
  if (done) sendJson(outgoing, 200, done);
  else outgoing.writeHead(204).end();
}

function faultsOf({ simulator }: Server): Faults {
  return { faults: simulator?.list() ?? [] };
}

async function keepUpload({ uploads }: Server, { searchParams }: URL, incoming: IncomingMessage): Promise<Uploaded> {
  const name = searchParams.get("name")?.trim() || "file";
  const bytes = await readBody(incoming, most.file);
  const upload = crypto.randomUUID();
  uploads.set(upload, { name, bytes, contentType: incoming.headers["content-type"] });
  for (const old of [...uploads.keys()].slice(0, -most.uploads)) uploads.delete(old);
  return { upload, name, size: bytes.length };
}

async function readBody(incoming: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) throw new Error("That is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Without the signature that Discord's own addresses have: whoever is on this machine may look. */
function sendFile({ uploads }: World, { pathname }: URL, outgoing: ServerResponse): void {
  const upload = uploads.get(pathname.split("/")[3] ?? "");
  if (upload === undefined) return sendJson(outgoing, 404, { error: "This content is no longer available." });
  outgoing.writeHead(200, {
    "content-type": upload.contentType,
    "content-length": String(upload.bytes.length),
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "private, max-age=3600",
  });
  outgoing.end(upload.bytes);
}

function sendJson(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
  outgoing.end(JSON.stringify(body));
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { findUpload } from "./uploads.ts";
import type { FileTrouble, LoggedFileRequest, PlantedFileTrouble, Upload } from "./records.ts";
import { noteChange, type World } from "./world.ts";

const gone = { status: 404, body: "This content is no longer available." };
const chunk = 64 * 1024;

/** `name` is a file's name as the address has it. The trouble strikes once unless `times` says otherwise. */
export function plantFileTrouble(
  world: World,
  name: string | RegExp,
  { times = 1, ...trouble }: FileTrouble & { times?: number },
): { readonly hits: number; stop: () => void } {
  const planted: PlantedFileTrouble = { trouble, name, left: times, hits: 0 };
  world.fileTroubles.add(planted);
  return {
    get hits() {
      return planted.hits;
    },
    stop: () => world.fileTroubles.delete(planted),
  };
}

/** What the CDN answers to whoever has the address; its own media host shows nothing but pictures, as Discord's does. */
export async function serveFile(world: World, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const address = new URL(incoming.url ?? "/", "http://cdn.test");
  const { method, headers } = incoming;
  const host = headers.host?.replace(/:\d+$/, "") ?? "";
  const path = decodeURIComponent(address.pathname);
  const request: LoggedFileRequest = { time: Date.now(), host, path, query: address.searchParams, headers, sent: 0 };
  world.fileRequests.push(request);
  const upload = findUpload(world, address);
  const trouble = upload && strikeFile(world, upload);
  const plain = answerPlainly(upload, trouble, { method, host });
  if (plain) return finish(world, request, { outgoing, ...plain });
  if (upload) await handOver(world, request, { outgoing, upload, trouble, headOnly: method === "HEAD" });
}

type PlainAnswer = { status: number; body: string; headers?: Record<string, string> };

/** An answer that is no file. */
function answerPlainly(
  upload: Upload | undefined,
  trouble: FileTrouble | undefined,
  { method, host }: { method?: string; host: string },
): PlainAnswer | undefined {
  if (method !== "GET" && method !== "HEAD") return { status: 405, body: "Method Not Allowed" };
  if (upload === undefined || (trouble && "gone" in trouble)) return gone;
  if (trouble && "redirect" in trouble) return { status: 302, body: "", headers: { location: trouble.redirect } };
  if (trouble && "status" in trouble) return { status: trouble.status, body: "error" };
  if (host.startsWith("media.") && upload.width === undefined) return { status: 415, body: "Unsupported Media Type" };
  return undefined;
}

function strikeFile(world: World, { name }: Upload): FileTrouble | undefined {
  for (const planted of world.fileTroubles) {
    if (typeof planted.name === "string" ? planted.name !== name : !planted.name.test(name)) continue;
    planted.hits += 1;
    planted.left -= 1;
    if (planted.left <= 0) world.fileTroubles.delete(planted);
    return planted.trouble;
  }
  return undefined;
}

function finish(
  world: World,
  request: LoggedFileRequest,
  { outgoing, status, body, headers }: PlainAnswer & { outgoing: ServerResponse },
): void {
  request.status = status;
  outgoing.writeHead(status, { "content-type": "text/plain", ...headers });
  outgoing.end(body);
  noteChange(world);
}

async function handOver(
  world: World,
  request: LoggedFileRequest,
  {
    outgoing,
    upload,
    trouble = { delaySeconds: 0 },
    headOnly,
  }: { outgoing: ServerResponse; upload: Upload; trouble?: FileTrouble; headOnly: boolean },
): Promise<void> {
  if ("delaySeconds" in trouble) await pause(trouble.delaySeconds * 1000);
  const other = "length" in trouble ? trouble.length : undefined;
  const length = other ?? upload.bytes.length;
  const whole = "cutAfter" in trouble ? Math.min(trouble.cutAfter, length) : length;
  const end = headOnly ? 0 : whole;
  const size = "bytesPerSecond" in trouble ? Math.max(1, Math.ceil(trouble.bytesPerSecond / 10)) : chunk;
  request.status = 200;
  const told = other === undefined ? { "content-length": String(length) } : {};
  outgoing.writeHead(200, { "content-type": upload.contentType, ...told });
  outgoing.flushHeaders();
  noteChange(world);
  while (request.sent < end && !outgoing.destroyed) {
    const next = Math.min(request.sent + size, end);
    const part = other === undefined ? upload.bytes.subarray(request.sent, next) : Buffer.alloc(next - request.sent);
    const roomy = outgoing.write(part);
    request.sent = next;
    if ("bytesPerSecond" in trouble) await pause(100);
    else if (!roomy) await untilDrained(outgoing);
  }
  if ("cutAfter" in trouble) outgoing.destroy();
  else outgoing.end();
  noteChange(world);
}

async function untilDrained(outgoing: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  outgoing.once("drain", resolve).once("close", resolve);
  await promise;
  outgoing.off("drain", resolve).off("close", resolve);
}

import { serve } from "@hono/node-server";
import { Hono } from "hono";
import type { Context, Next } from "hono";
import { Readable } from "node:stream";
import type { Azure } from "../storage/azure.ts";
import type { Settings } from "../settings.ts";
import { log } from "../log.ts";
import { servePageFile } from "./pages/frame.ts";
import * as pages from "./pages/store-pages.ts";
import type { Readiness } from "./readiness.ts";
import { isPictureName, pictureBlob } from "../storage/picture-blobs.ts";
import { isMissing, storageStatus } from "../storage/storage-refusal.ts";
import { sentencesFor } from "../words/said.ts";

const { plainAnswers } = sentencesFor();
const line = (text: string) => `${text}\n`;

/** What listens beside the pictures: an adapter's own routes, and those of the edit page. */
export type Route = { method: "GET" | "POST"; path: string; answer: (request: Request) => Promise<Response> };

const MOST_HEADER_BYTES = 16_384;
const MOST_CONNECTIONS = 2000;

/** Rejects when the port cannot be listened on. `stop` lets answers under way end, for some seconds at most. */
export function startHttp(
  { port, host: hostname, times: { web: times } }: Pick<Settings, "port" | "host" | "times">,
  app: Hono,
): Promise<{ port: number; stop(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const serverOptions = {
      headersTimeout: times.headersLimitMilliseconds,
      requestTimeout: times.requestLimitMilliseconds,
      connectionsCheckingInterval: times.checkMilliseconds,
      maxHeaderSize: MOST_HEADER_BYTES,
    };
    const server = serve({ fetch: app.fetch, port, hostname, serverOptions }, (listening) => {
      const stop = () =>
        new Promise<void>((stopped) => {
          server.close(() => stopped());
          if ("closeIdleConnections" in server) server.closeIdleConnections();
          const closeAll = () => "closeAllConnections" in server && server.closeAllConnections();
          setTimeout(closeAll, times.stopLimitMilliseconds).unref();
        });
      resolve({ port: listening.port, stop });
    });
    server.maxConnections = MOST_CONNECTIONS;
    server.setTimeout(times.idleLimitMilliseconds);
    server.on("error", reject);
  });
}

const UNKNOWN: pages.Installation = { operator: {}, configuration: { text: "", present: {} } };

export function makeApp(azure: Azure, readiness: Readiness, routes: Route[], installation = UNKNOWN): Hono {
  const { operator } = installation;
  const app = new Hono();
  app.use((context, next) => keepTheRules(context, next));
  app.get("/healthz", (context) => context.text("alive\n"));
  app.get("/readyz", async (context) => {
    const reasons = await readiness();
    return context.text(reasons.length ? `${reasons.join("\n")}\n` : "ready\n", reasons.length ? 503 : 200);
  });
  app.get("/", (context) => context.html(pages.about(operator)));
  app.get("/privacy", (context) => context.html(pages.privacy(installation)));
  app.get("/terms", (context) => context.html(pages.terms(operator)));
  app.get("/pages/:file", (context) => servePageFile(context.req.raw));
  app.get("/pictures/:name", (context) => servePicture(context, azure));
  for (const { method, path, answer } of routes) app.on(method, path, (context) => answer(context.req.raw));
  app.onError((error, context) => {
    // Whoever breaks off a request of theirs breaks nothing of ours.
    if (context.req.raw.signal.aborted) return new Response(null, { status: 499 });
    log.error({ error, path: withoutSecrets(context.req.path) }, "a request broke");
    return context.text(line(plainAnswers.broken), 500);
  });
  app.notFound((context) =>
    context.req.header("accept")?.includes("text/html")
      ? context.html(pages.nothingHere(context.req.path, operator), 404)
      : context.text(line(plainAnswers.nothing), 404),
  );
  return app;
}

/** What holds for every route: a body where none is read is not waited for, and every answer says what a browser may make of it. */
async function keepTheRules(context: Context, next: Next): Promise<void | Response> {
  const { req } = context;
  const hasBody = Number(req.header("content-length") ?? 0) > 0 || req.header("transfer-encoding") !== undefined;
  if (hasBody && (req.method === "GET" || req.method === "HEAD"))
    context.res = context.text(line(plainAnswers.noBody), 400, { connection: "close" });
  else await next();
  const { headers } = context.res;
  for (const [name, value] of everywhere) if (!headers.has(name)) headers.set(name, value);
}

const everywhere = [
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "no-referrer"],
  ["content-security-policy", pages.pagePolicy],
] as const;

/** A picture's address is what opens it: the log gets as much of it as tells one from another. */
function withoutSecrets(path: string): string {
  return path.replaceAll(/[0-9a-f]{9,}/gi, (id) => `${id.slice(0, 8)}…`).slice(0, 200);
}

/** A kept picture, streamed from Blob. A name never gets other bytes, and what is deleted is to be gone: so it is kept by who has seen it, for an hour. `HEAD` comes with `GET`. */
async function servePicture(context: Context, azure: Azure): Promise<Response> {
  const name = context.req.param("name") ?? "";
  if (!isPictureName(name) || new URL(context.req.url).search) return context.notFound();
  const blob = pictureBlob(name, azure);
  const abortSignal = context.req.raw.signal;
  try {
    const known = context.req.header("if-none-match");
    if (context.req.method === "HEAD" || known) {
      const properties = await blob.getProperties({ abortSignal });
      const headers = pictureHeaders(properties);
      if (known && hasTag(known, properties.etag ?? "")) return new Response(null, { status: 304, headers });
      if (context.req.method === "HEAD") return new Response(null, { headers });
    }
    const answer = await blob.download(undefined, undefined, { abortSignal });
    const body = Readable.toWeb(Readable.from(answer.readableStreamBody ?? []));
    return new Response(body as ReadableStream, { headers: pictureHeaders(answer) });
  } catch (error) {
    if (isMissing(error) || storageStatus(error) === 400) return context.notFound();
    if (abortSignal.aborted) return new Response(null, { status: 499 });
    log.error({ because: String(error).slice(0, 300) }, "a picture could not be read from storage");
    return context.text(line(plainAnswers.pictureAway), 503, { "retry-after": "30" });
  }
}

/** `If-None-Match` may list several tags, weak ones too. RFC 9110, 13.1.2. */
function hasTag(known: string, etag: string): boolean {
  return known.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag);
}

const cacheHeaders = {
  "cache-control": "private, max-age=3600, must-revalidate",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "cross-origin",
  "content-security-policy": "default-src 'none'",
};

function pictureHeaders({
  contentLength,
  contentType,
  cacheControl,
  etag,
}: {
  contentLength?: number;
  contentType?: string;
  cacheControl?: string;
  etag?: string;
}): Headers {
  const headers = new Headers(cacheHeaders);
  // A picture in the making is soon gone, and perhaps for a reason.
  if (cacheControl === "no-store") headers.set("cache-control", cacheControl);
  headers.set("content-type", contentType ?? "application/octet-stream");
  if (contentLength !== undefined) headers.set("content-length", String(contentLength));
  if (etag) headers.set("etag", etag);
  return headers;
}

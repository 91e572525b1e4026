import { serve } from "@hono/node-server";
import { Hono } from "hono";
import type { Context } from "hono";
import { Readable } from "node:stream";
import type { Azure } from "./azure.ts";
import { log } from "./log.ts";
import * as pages from "./pages.ts";
import type { Readiness } from "./readiness.ts";
import { isPictureName, pictureBlob } from "./pictures.ts";
import { isMissing, storageStatus } from "./storage-answer.ts";

/** What listens beside the pictures: an adapter's own routes, and those of the edit page. */
export type Route = { method: "GET" | "POST"; path: string; answer: (request: Request) => Promise<Response> };

/** Rejects when the port cannot be listened on. `stop` lets answers under way end, for five seconds at most. */
export function startHttp(
  listen: { port: number; host?: string },
  app: Hono,
): Promise<{ port: number; stop(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port: listen.port, hostname: listen.host }, ({ port }) => {
      const stop = () =>
        new Promise<void>((stopped) => {
          server.close(() => stopped());
          if ("closeIdleConnections" in server) server.closeIdleConnections();
          setTimeout(() => "closeAllConnections" in server && server.closeAllConnections(), 5000).unref();
        });
      resolve({ port, stop });
    });
    server.on("error", reject);
  });
}

export function makeApp(azure: Azure, readiness: Readiness, routes: Route[]): Hono {
  const app = new Hono();
  app.get("/healthz", (context) => context.text("alive\n"));
  app.get("/readyz", async (context) => {
    const reasons = await readiness();
    return context.text(reasons.length ? `${reasons.join("\n")}\n` : "ready\n", reasons.length ? 503 : 200);
  });
  app.get("/", (context) => context.html(pages.about()));
  app.get("/privacy", (context) => context.html(pages.privacy()));
  app.get("/terms", (context) => context.html(pages.terms()));
  app.get("/pictures/:name", (context) => servePicture(context, azure));
  for (const { method, path, answer } of routes) app.on(method, path, (context) => answer(context.req.raw));
  app.onError((error, context) => {
    log.error({ error, path: context.req.path }, "a request broke");
    return context.text("Something went wrong here.\n", 500);
  });
  app.notFound((context) => context.text("There is nothing here.\n", 404));
  return app;
}

/** A kept picture, streamed from Blob. A name never gets other bytes, so it may be cached for ever. `HEAD` comes with `GET`. */
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
    return context.text("This picture cannot be reached just now.\n", 503, { "retry-after": "30" });
  }
}

/** `If-None-Match` may list several tags, weak ones too. RFC 9110, 13.1.2. */
function hasTag(known: string, etag: string): boolean {
  return known.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag);
}

const cacheHeaders = {
  "cache-control": "public, max-age=31536000, immutable",
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

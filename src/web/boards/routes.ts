import { raw } from "hono/html";
import { SessionId } from "../../brainstorm/session.ts";
import { becauseOf, log } from "../../log.ts";
import type { Settings } from "../../settings.ts";
import type { Azure } from "../../storage/azure.ts";
import { isOutage } from "../../storage/storage-refusal.ts";
import type { Route } from "../http.ts";
import { serveOwnFiles } from "../own-files.ts";
import { sentencesFor } from "../../words/said.ts";
import { nothingHere } from "../pages/store-pages.ts";
import { boardPage, waitPage } from "./page.ts";
import { seeBoard } from "./see-board.ts";
import type { SeenBoard } from "./see-board.ts";
import { fileHeaders, openSlideMaker } from "./serve-slides.ts";
import type { SlideMaker } from "./serve-slides.ts";
import { openWatch } from "./watch.ts";
import type { Watch } from "./watch.ts";

const FILES = ["board.css", "browser/live.js", "browser/clock.js", "browser/morph.js"];

/** Whoever has the address may look, and nobody is to come by it otherwise. Nothing comes from elsewhere. */
export const boardHeaders = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
};

/** The page of a brainstorm: for a screen in the room, for a phone, for paper. It shows all and changes nothing. */
export function boardRoutes(settings: Settings, azure: Azure, stopping: AbortSignal): Route[] {
  const room = { settings, azure, watch: openWatch(azure, stopping), maker: openSlideMaker(azure) };
  return [
    { method: "GET", path: "/boards/:id", answer: (request) => showBoard(request, room) },
    { method: "GET", path: "/boards/:id/slides.pptx", answer: (request) => serveSlides(request, room) },
    { method: "GET", path: "/boards/:id/events", answer: (request) => streamBoard(request, room) },
    {
      method: "GET",
      path: "/board-page/:file",
      answer: serveOwnFiles(FILES.map((name) => `${import.meta.dirname}/${name}`)),
    },
  ];
}

type Room = { settings: Settings; azure: Azure; watch: Watch; maker: SlideMaker };

async function showBoard(request: Request, room: Room): Promise<Response> {
  const { operator } = room.settings;
  const seen = await lookFor(request, room);
  if (!seen || seen === "away") return notSeen(request, room, seen);
  const { told, fragment, version } = seen;
  return page(200, boardPage(told, raw(fragment), { version, operator }));
}

function page(status: number, content: unknown, more = {}): Response {
  const headers = { ...boardHeaders, "content-type": "text/html; charset=utf-8", ...more };
  return new Response(String(content), { status, headers });
}

function notSeen(request: Request, { settings }: Room, why: "away" | undefined): Response {
  const { operator } = settings;
  const { pathname } = new URL(request.url);
  if (!why) return page(404, nothingHere(pathname, operator));
  const { closedTitles, closedPages } = sentencesFor();
  return page(
    503,
    waitPage(pathname, { title: closedTitles.unreachable, said: closedPages.unreachable }, operator),
    again,
  );
}

async function serveSlides(request: Request, room: Room): Promise<Response> {
  const seen = await lookFor(request, room);
  if (!seen || seen === "away") return notSeen(request, room, seen);
  const { session, sentences } = seen.told;
  const headers = { ...boardHeaders, ...fileHeaders(session.topic) };
  if (request.method === "HEAD") return new Response(null, { headers });
  const bytes = await room.maker.slidesOf(seen)?.catch((error: unknown) => {
    if (!isOutage(error)) throw error;
    log.error({ because: becauseOf(error) }, "slides of a brainstorm: storage is out of reach");
    return "away" as const;
  });
  if (bytes === "away") return notSeen(request, room, bytes);
  if (bytes) return new Response(bytes as Uint8Array<ArrayBuffer>, { headers });
  const { slidesBusyTitle: title, slidesBusy: said } = sentences.boardPage;
  const { pathname } = new URL(request.url);
  return page(503, waitPage(pathname, { title, said }, room.settings.operator), { "retry-after": "15" });
}

const again = { "retry-after": "30" };

async function lookFor(request: Request, { azure }: Room): Promise<SeenBoard | "away" | undefined> {
  const { data: id } = SessionId.safeParse(new URL(request.url).pathname.split("/")[2]);
  if (!id) return undefined;
  try {
    return await seeBoard(id, azure);
  } catch (error) {
    if (!isOutage(error)) throw error;
    log.error({ because: becauseOf(error) }, "the page of a brainstorm: storage is out of reach");
    return "away";
  }
}

/** For the page's own script. Where there is no place the page asks for itself now and then. */
async function streamBoard(request: Request, room: Room): Promise<Response> {
  const seen = await lookFor(request, room);
  if (!seen || seen === "away") return notSeen(request, room, seen);
  const type = "text/event-stream; charset=utf-8";
  // What stays open for so long is not used again, so that a stop need not wait for it.
  const headers = { ...boardHeaders, "content-type": type, "x-accel-buffering": "no", connection: "close" };
  if (request.method === "HEAD") return new Response(null, { headers });
  const known = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("seen") ?? undefined;
  const stream = room.watch.join(seen.told.session.id, known);
  return new Response(stream, stream ? { headers } : { status: 503, headers: { ...boardHeaders, ...again } });
}

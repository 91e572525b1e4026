import { raw } from "hono/html";
import { SessionId } from "../../brainstorm/session.ts";
import { log } from "../../log.ts";
import type { Settings } from "../../settings.ts";
import type { Azure } from "../../storage/azure.ts";
import { isOutage } from "../../storage/storage-refusal.ts";
import type { Route } from "../http.ts";
import { serveOwnFiles } from "../own-files.ts";
import { nothingHere } from "../pages/store-pages.ts";
import { boardPage, unreachablePage } from "./page.ts";
import { seeBoard } from "./see-board.ts";

const FILES = ["board.css", "browser/live.js", "browser/clock.js"];

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
export function boardRoutes(settings: Settings, azure: Azure): Route[] {
  const room = { settings, azure };
  return [
    { method: "GET", path: "/boards/:id", answer: (request) => showBoard(request, room) },
    {
      method: "GET",
      path: "/board-page/:file",
      answer: serveOwnFiles(FILES.map((name) => `${import.meta.dirname}/${name}`)),
    },
  ];
}

type Room = { settings: Settings; azure: Azure };

async function showBoard(request: Request, { settings, azure }: Room): Promise<Response> {
  const { operator } = settings;
  const { pathname } = new URL(request.url);
  const page = (status: number, content: unknown, more = {}) =>
    new Response(String(content), {
      status,
      headers: { ...boardHeaders, "content-type": "text/html; charset=utf-8", ...more },
    });
  const { data: id } = SessionId.safeParse(pathname.split("/")[2]);
  if (!id) return page(404, nothingHere(pathname, operator));
  try {
    const seen = await seeBoard(id, azure);
    if (!seen) return page(404, nothingHere(pathname, operator));
    const { told, fragment, version } = seen;
    return page(200, boardPage(told, raw(fragment), { version, operator }));
  } catch (error) {
    if (!isOutage(error)) throw error;
    log.error({ because: String(error).slice(0, 300) }, "the page of a brainstorm: storage is out of reach");
    return page(503, unreachablePage(operator), { "retry-after": "30" });
  }
}

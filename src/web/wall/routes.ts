import { WALL_ORDERS, WallPageId } from "../../jobs/wall.ts";
import { log } from "../../log.ts";
import type { Settings } from "../../settings.ts";
import type { Azure } from "../../storage/azure.ts";
import { isOutage } from "../../storage/storage-refusal.ts";
import type { Route } from "../http.ts";
import { serveOwnFiles } from "../own-files.ts";
import { nothingHere } from "../pages/store-pages.ts";
import { unreachablePage, wallPage } from "./page.ts";
import { seeWall } from "./see-wall.ts";
import type { Look } from "./see-wall.ts";

/** Whoever has the address may look, and nobody is to come by it otherwise. Nothing comes from elsewhere, and no script runs. */
const wallHeaders = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-robots-tag": "noindex",
  "cross-origin-resource-policy": "same-origin",
};

/** The page of a channel's wall. */
export function wallRoutes(settings: Settings, azure: Azure): Route[] {
  const room = { settings, azure };
  return [
    { method: "GET", path: "/walls/:id", answer: (request) => showWall(request, room) },
    { method: "GET", path: "/wall-page/:file", answer: serveOwnFiles([`${import.meta.dirname}/wall.css`]) },
  ];
}

async function showWall(
  request: Request,
  { settings, azure }: { settings: Settings; azure: Azure },
): Promise<Response> {
  const { operator } = settings;
  const { pathname, searchParams } = new URL(request.url);
  const page = (status: number, content: unknown, more = {}) =>
    new Response(String(content), { status, headers: { ...wallHeaders, ...more } });
  const { data: id } = WallPageId.safeParse(pathname.split("/")[2]);
  if (!id) return page(404, nothingHere(pathname, operator));
  const look = lookIn(searchParams);
  try {
    const seen = await seeWall(id, look, azure);
    return seen ? page(200, wallPage(seen, look, operator)) : page(404, nothingHere(pathname, operator));
  } catch (error) {
    if (!isOutage(error)) throw error;
    log.error({ because: String(error).slice(0, 300) }, "the page of a wall: storage is out of reach");
    return page(503, unreachablePage(operator), { "retry-after": "30" });
  }
}

/** What no page of ours asks for is the first page. */
function lookIn(asked: URLSearchParams): Look {
  const order = WALL_ORDERS.find((each) => each === asked.get("order")) ?? "newest";
  const number = Number(asked.get("page") ?? 1);
  return { order, page: Number.isSafeInteger(number) && number > 1 && number < 10_000 ? number - 1 : 0 };
}

import { log } from "../../log.ts";
import type { Settings } from "../../settings.ts";
import type { Azure } from "../../storage/azure.ts";
import { EXPORT_ID, readExport } from "../../storage/exports.ts";
import { sentencesFor } from "../../words/said.ts";
import type { Route } from "../http.ts";
import { nothingHere } from "../pages/store-pages.ts";

/** For whoever was given the address; nobody keeps a copy on the way, and nothing in it is run. */
const exportHeaders = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-robots-tag": "noindex",
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": "default-src 'none'; sandbox",
};

/** Files that were made for one person, as long as they last. */
export function exportRoutes({ operator, times }: Settings, azure: Azure): Route[] {
  const answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const id = pathname.split("/").at(-1) ?? "";
    const limit = AbortSignal.timeout(times.web.storageLimitMilliseconds);
    try {
      const file = EXPORT_ID.test(id) ? await readExport(id, azure, limit) : undefined;
      if (!file) return nothing(nothingHere(pathname, operator));
      const name = encodeURIComponent(file.name);
      const headers = {
        ...exportHeaders,
        "content-type": file.mediaType,
        "content-length": String(file.bytes.length),
        "content-disposition": `attachment; filename*=UTF-8''${name}`,
      };
      return new Response(new Uint8Array(file.bytes), { headers });
    } catch (error) {
      log.error({ error }, "an exported file could not be read");
      const headers = { ...exportHeaders, "retry-after": "30" };
      return new Response(`${sentencesFor().plainAnswers.broken}\n`, { status: 503, headers });
    }
  };
  return [{ method: "GET", path: "/exports/:id", answer }];
}

/** What every page of ours may have, this one may have as well. */
function nothing(page: unknown): Response {
  const headers = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
  return new Response(String(page), { status: 404, headers });
}

import { Readable } from "node:stream";
import { copyBlob } from "../privacy/asked.ts";
import type { Azure } from "../storage/azure.ts";
import { isMissing } from "../storage/storage-refusal.ts";
import { sentencesFor } from "../words/said.ts";
import type { Route } from "./http.ts";
import { DAY_MILLISECONDS } from "../times.ts";

/** The copy of what is kept of somebody, for whoever has its address, as long as it is there. */
export function copyRoutes(azure: Azure): Route[] {
  return [{ method: "GET", path: "/copies/:file", answer: (request) => serveCopy(request, azure) }];
}

async function serveCopy(request: Request, azure: Azure): Promise<Response> {
  const { plainAnswers } = sentencesFor();
  const nothing = new Response(`${plainAnswers.nothing}\n`, { status: 404 });
  const [, id] = /^\/copies\/([0-9a-f]{40})\.zip$/.exec(new URL(request.url).pathname) ?? [];
  if (!id) return nothing;
  try {
    const answer = await copyBlob(id, azure).download(undefined, undefined, { abortSignal: request.signal });
    const age = Date.now() - (answer.lastModified?.getTime() ?? 0);
    if (age > azure.times.work.copyDays * DAY_MILLISECONDS) return nothing;
    return new Response(Readable.toWeb(Readable.from(answer.readableStreamBody ?? [])) as ReadableStream, {
      headers: {
        "content-type": "application/zip",
        "content-length": String(answer.contentLength ?? ""),
        "content-disposition": 'attachment; filename="easel-about-you.zip"',
        "cache-control": "no-store",
        "x-robots-tag": "noindex",
        "cross-origin-resource-policy": "same-origin",
      },
    });
  } catch (error) {
    if (isMissing(error)) return nothing;
    throw error;
  }
}

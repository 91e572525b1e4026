import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { sentencesFor } from "../words/said.ts";

const TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".jpg": "image/jpeg",
  ".svg": "image/svg+xml",
};

type OwnFile = { bytes: Uint8Array<ArrayBuffer>; etag: string; type: string };

/**
 * Serves files of ours as they stand, by the last part of an address. Their names stay when they change, so a browser asks
 * each time whether it has the right ones.
 */
export function serveOwnFiles(paths: readonly string[]): (request: Request) => Promise<Response> {
  const read = new Map<string, OwnFile>();
  return async (request) => {
    const { pathname } = new URL(request.url);
    const path = paths.find((each) => pathname.endsWith(each.slice(each.lastIndexOf("/"))));
    if (!path) return new Response(`${sentencesFor().plainAnswers.nothing}\n`, { status: 404 });
    const file = read.get(path) ?? (await readOwnFile(path));
    read.set(path, file);
    const headers = {
      "content-type": file.type,
      "cache-control": "no-cache",
      etag: file.etag,
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
    };
    if (request.headers.get("if-none-match")?.replace(/^W\//, "") === file.etag)
      return new Response(null, { status: 304, headers });
    return new Response(file.bytes, { headers: { ...headers, "content-length": String(file.bytes.length) } });
  };
}

async function readOwnFile(path: string): Promise<OwnFile> {
  const bytes = Uint8Array.from(await readFile(path));
  const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}"`;
  return { bytes, etag, type: TYPES[extname(path)] ?? "application/octet-stream" };
}

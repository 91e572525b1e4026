import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sentencesFor } from "../../words/said.ts";

/** The page's own files, as they stand. */
const ASSETS = [
  "page.css",
  "editor.js",
  "brush.js",
  "find.js",
  "keyboard.js",
  "left-off.js",
  "mask-png.js",
  "painting.js",
  "server.js",
  "stage.js",
  "words.js",
] as const;

type Asset = { bytes: Uint8Array<ArrayBuffer>; etag: string; type: string };
const read = new Map<string, Asset>();

/** Their names stay when they change, so a browser asks each time whether it has the right ones. */
export async function serveAsset(request: Request): Promise<Response> {
  const name = ASSETS.find((asset) => new URL(request.url).pathname.endsWith(`/${asset}`));
  if (!name) return new Response(`${sentencesFor().plainAnswers.nothing}\n`, { status: 404 });
  const { bytes, etag, type } = await readAsset(name);
  const headers = {
    "content-type": type,
    "cache-control": "no-cache",
    etag,
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
  };
  if (request.headers.get("if-none-match")?.replace(/^W\//, "") === etag)
    return new Response(null, { status: 304, headers });
  return new Response(bytes, { headers: { ...headers, "content-length": String(bytes.length) } });
}

async function readAsset(name: (typeof ASSETS)[number]): Promise<Asset> {
  const known = read.get(name);
  if (known) return known;
  const bytes = Uint8Array.from(await readFile(join(import.meta.dirname, "browser", name)));
  const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}"`;
  const asset = { bytes, etag, type: `${name.endsWith(".css") ? "text/css" : "text/javascript"}; charset=utf-8` };
  read.set(name, asset);
  return asset;
}

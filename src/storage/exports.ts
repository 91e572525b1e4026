import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import type { Azure } from "./azure.ts";
import { isMissing } from "./storage-refusal.ts";

/** A file that was made for one person. Whoever has the address can open it, so it cannot be guessed and does not last. */
export type ExportedFile = { name: string; mediaType: string; bytes: Buffer };

export const EXPORT_ID = /^[0-9a-f]{40}$/;

/** Keeps a file under a name that nobody can guess, and returns that. */
export async function keepExport(
  { name, mediaType, bytes }: ExportedFile,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<string> {
  const id = randomBytes(20).toString("hex");
  await exportBlob(id, azure).uploadData(bytes, {
    abortSignal,
    metadata: { name: encodeURIComponent(name) },
    blobHTTPHeaders: { blobContentType: mediaType },
  });
  return id;
}

/** Nothing where there is none, or its time is over: by storage's own clock on both ends. */
export async function readExport(
  id: string,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<ExportedFile | undefined> {
  try {
    const answer = await exportBlob(id, azure).download(undefined, undefined, { abortSignal });
    const age = (answer.date?.getTime() ?? Date.now()) - (answer.lastModified?.getTime() ?? 0);
    if (age > azure.times.storage.exportMilliseconds) {
      answer.readableStreamBody?.resume();
      return undefined;
    }
    const { metadata, contentType: mediaType = "application/octet-stream", readableStreamBody } = answer;
    const name = decodeURIComponent(metadata?.["name"] ?? "file");
    return { name, mediaType, bytes: readableStreamBody ? await buffer(readableStreamBody) : Buffer.alloc(0) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function exportBlob(id: string, azure: Azure) {
  return azure.pictures.getBlockBlobClient(`exports/${id}`);
}

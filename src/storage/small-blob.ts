import type { BlockBlobClient } from "@azure/storage-blob";
import type { Azure } from "./azure.ts";
import { isMissing } from "./storage-refusal.ts";

/** A small blob whole, with the ETag of exactly these bytes; nothing if it is not there. */
export async function readBlob(
  blob: BlockBlobClient,
  azure: Azure,
  abortSignal = AbortSignal.timeout(azure.times.storage.smallBlobLimitMilliseconds),
): Promise<{ text: string; etag: string } | undefined> {
  try {
    const answer = await blob.download(undefined, undefined, { abortSignal });
    const chunks: Buffer[] = [];
    for await (const chunk of answer.readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
    return { text: Buffer.concat(chunks).toString("utf8"), etag: answer.etag ?? "" };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

import type { Azure } from "./azure.ts";
import { isMissing } from "./storage-refusal.ts";

/** Lists as they were until December 2026: entries of 128 ASCII characters in append blobs `lists/<name>/<n>`, the oldest first. */
const WIDTH = 128;

/** All entries; none where there never was such a list. */
export async function readOldList(name: string, azure: Azure, abortSignal?: AbortSignal): Promise<string[]> {
  const entries: string[] = [];
  for (let part = 0; ; part += 1) {
    try {
      const bytes = await partBlob(name, part, azure).downloadToBuffer(undefined, undefined, { abortSignal });
      for (let at = 0; at < bytes.length; at += WIDTH) entries.push(bytes.toString("ascii", at, at + WIDTH).trim());
    } catch (error) {
      if (isMissing(error)) return entries;
      throw error;
    }
  }
}

export async function removeOldList(name: string, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  for (let part = 0; ; part += 1)
    if (!(await partBlob(name, part, azure).deleteIfExists({ abortSignal })).succeeded) return;
}

function partBlob(name: string, part: number, azure: Azure) {
  return azure.container.getBlobClient(`lists/${name}/${part}`);
}

import type { Azure } from "./azure.ts";
import { isConflict, isMissing } from "./storage-refusal.ts";

/** Lists as they were until December 2026: entries of 128 ASCII characters in append blobs `lists/<name>/<n>`, the oldest first. */
const WIDTH = 128;

export type OldList = {
  entries: string[];
  /** In milliseconds since 1970. */
  createdAt: number;
  /** What each part is known by, as it was read. */
  etags: string[];
};

/** All entries; none where there never was such a list. */
export async function readOldList(name: string, azure: Azure, abortSignal?: AbortSignal): Promise<OldList> {
  const list: OldList = { entries: [], createdAt: 0, etags: [] };
  for (let part = 0; ; part += 1) {
    try {
      const blob = partBlob(name, part, azure);
      const { contentLength = 0, createdOn, etag = "" } = await blob.getProperties({ abortSignal });
      list.etags.push(etag);
      if (!part) list.createdAt = createdOn?.getTime() ?? 0;
      if (!contentLength) continue;
      const bytes = await blob.downloadToBuffer(0, contentLength, { abortSignal });
      for (let at = 0; at < bytes.length; at += WIDTH)
        list.entries.push(bytes.toString("ascii", at, at + WIDTH).trim());
    } catch (error) {
      if (isMissing(error)) return list;
      throw error;
    }
  }
}

/** Nothing goes that a replica of that time has added since: it stays for the next look. */
export async function removeOldList(
  name: string,
  { etags }: OldList,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<void> {
  try {
    for (const [part, ifMatch] of [...etags.entries()].toReversed())
      await partBlob(name, part, azure).deleteIfExists({ conditions: { ifMatch }, abortSignal });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

function partBlob(name: string, part: number, azure: Azure) {
  return azure.container.getBlobClient(`lists/${name}/${part}`);
}

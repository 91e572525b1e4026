import type { Azure } from "./azure.ts";
import { isConflict, isMissing, storageCode } from "./storage-refusal.ts";

/**
 * A list that only grows, at the same cost whether it has ten entries or a hundred thousand: entries of one width in append
 * blobs `lists/<name>/<n>`, so that any page of it is one range of bytes. An append blob takes 50,000 blocks.
 */
const WIDTH = 128;

/** Adds entries, each at most 127 ASCII characters. One may stand there twice: an answer may be lost and the step repeated. */
export async function appendToList(name: string, entries: string[], azure: Azure): Promise<void> {
  const text = entries.map((entry) => `${entry.padEnd(WIDTH - 1)}\n`).join("");
  for (let part = await lastPart(name, azure); ; part += 1) {
    const blob = partBlob(name, part, azure);
    try {
      await blob.appendBlock(text, text.length);
      return;
    } catch (error) {
      if (isMissing(error)) {
        await blob.create({ conditions: { ifNoneMatch: "*" } }).catch((cause: unknown) => {
          if (!isConflict(cause)) throw cause;
        });
        await blob.appendBlock(text, text.length);
        return;
      }
      // This part is full.
      if (storageCode(error) !== "BlockCountExceedsLimit") throw error;
    }
  }
}

/** Entries from the newest on: `count` of them after the first `skip`, and whether there are more. */
export async function readNewest(
  name: string,
  { skip, count }: { skip: number; count: number },
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<{ entries: string[]; hasMore: boolean }> {
  const entries: string[] = [];
  let toSkip = skip;
  // One more than asked for tells whether there are more.
  const wanted = count + 1;
  for (let part = await lastPart(name, azure, abortSignal); part >= 0 && entries.length < wanted; part -= 1) {
    const blob = partBlob(name, part, azure);
    const length = await entriesIn(blob, abortSignal);
    const end = Math.max(0, length - toSkip);
    const begin = Math.max(0, end - (wanted - entries.length));
    toSkip = Math.max(0, toSkip - length);
    if (begin === end) continue;
    const bytes = await blob.downloadToBuffer(begin * WIDTH, (end - begin) * WIDTH, { abortSignal });
    entries.push(
      ...bytes
        .toString("ascii")
        .trimEnd()
        .split("\n")
        .map((entry) => entry.trim())
        .toReversed(),
    );
  }
  return { entries: entries.slice(0, count), hasMore: entries.length > count };
}

async function entriesIn(blob: ReturnType<typeof partBlob>, abortSignal?: AbortSignal): Promise<number> {
  try {
    const { contentLength = 0 } = await blob.getProperties({ abortSignal });
    return Math.floor(contentLength / WIDTH);
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

async function lastPart(name: string, azure: Azure, abortSignal?: AbortSignal): Promise<number> {
  for (let part = 0; ; part += 1) {
    if (!(await partBlob(name, part + 1, azure).exists({ abortSignal }))) return part;
  }
}

function partBlob(name: string, part: number, azure: Azure) {
  return azure.container.getAppendBlobClient(`lists/${name}/${part}`);
}

import type { Azure } from "./azure.ts";
import { readBlob } from "./small-blob.ts";
import { putRow } from "./table.ts";
import type { Row } from "./table.ts";

type Key = Pick<Row, "partition" | "name">;

/**
 * Until December 2026 what was done once was a blob that held the word "done", with the name that its row has now. Those that
 * nobody asks for after some minutes only grow old; these are honoured, by partition, and the sweep moves them into the table.
 */
const FOLDERS: Record<string, string> = { "first-form": "teams/pressed/", "first-welcome": "teams/welcomed/" };
const DONE = "done";

export async function hasOldMark(row: Key, azure: Azure, abortSignal: AbortSignal): Promise<boolean> {
  const blob = oldMark(row, azure);
  return blob !== undefined && (await readBlob(blob, azure, abortSignal))?.text === DONE;
}

export async function forgetOldMark(row: Key, azure: Azure, abortSignal: AbortSignal): Promise<void> {
  await oldMark(row, azure)?.deleteIfExists({ abortSignal });
}

/** Writes the row of a blob, which is not needed then. */
export async function moveOldMark(blobName: string, azure: Azure): Promise<void> {
  const [partition, folder] = Object.entries(FOLDERS).find(([, prefix]) => blobName.startsWith(prefix)) ?? [];
  if (!partition || !folder) return;
  if ((await readBlob(azure.container.getBlockBlobClient(blobName), azure))?.text !== DONE) return;
  await putRow({ partition, name: blobName.slice(folder.length), values: { done: true } }, azure);
}

function oldMark({ partition, name }: Key, azure: Azure) {
  const folder = FOLDERS[partition];
  return folder === undefined ? undefined : azure.container.getBlockBlobClient(folder + name);
}

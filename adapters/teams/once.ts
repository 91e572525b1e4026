import { createHash } from "node:crypto";
import type { Azure } from "../../src/azure.ts";
import { isConflict, isMissing } from "../../src/storage-answer.ts";

/** Small marks in storage, so that all replicas together do a thing once. */
export type Mark = { what: "welcomed" | "answered"; of: string };

const PATIENCE_MILLISECONDS = 3000;

/** True for the first who asks, ever; throws while storage is out of reach. */
export async function isFirst(mark: Mark, azure: Azure): Promise<boolean> {
  try {
    await blobOf(mark, azure).upload("", 0, {
      conditions: { ifNoneMatch: "*" },
      abortSignal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
    return true;
  } catch (error) {
    if (isConflict(error)) return false;
    throw error;
  }
}

export async function forget(mark: Mark, azure: Azure): Promise<void> {
  try {
    await blobOf(mark, azure).delete({ abortSignal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function blobOf({ what, of }: Mark, azure: Azure) {
  return azure.container.getBlockBlobClient(`teams/${what}/${createHash("sha256").update(of).digest("hex")}`);
}

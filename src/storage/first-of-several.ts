import { createHash } from "node:crypto";
import type { Azure } from "./azure.ts";
import { readBlob } from "./small-blob.ts";
import { isConflict, isMissing } from "./storage-refusal.ts";

/**
 * True for the first of several presses of one button by one person in a row, whichever replica hears them; true again for
 * the same event once more. With `isTaken`, a press that nothing came of does not count. Throws while storage is out of reach.
 */
export async function isFirstPress(
  button: string,
  event: string,
  azure: Azure,
  { abortSignal, isTaken }: { abortSignal?: AbortSignal; isTaken?: (event: string) => Promise<boolean> } = {},
): Promise<boolean> {
  const digest = createHash("sha256").update(button).digest("hex");
  const blob = azure.container.getBlockBlobClient(`presses/${digest}`);
  try {
    await blob.upload(event, Buffer.byteLength(event), { conditions: { ifNoneMatch: "*" }, abortSignal });
    return true;
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
  try {
    const { date, lastModified, etag } = await blob.getProperties({ abortSignal });
    const before = await readBlob(blob, azure, abortSignal);
    if (before?.text === event) return true;
    // Both times are storage's own.
    const seconds = ((date?.getTime() ?? 0) - (lastModified?.getTime() ?? 0)) / 1000;
    const { oneClickSeconds, takenSeconds } = azure.times.storage;
    if (seconds < oneClickSeconds) {
      const mayBeUnderWay = seconds < takenSeconds || !isTaken || !before;
      if (mayBeUnderWay || (await isTaken(before.text))) return false;
    }
    await blob.upload(event, Buffer.byteLength(event), { conditions: { ifMatch: etag }, abortSignal });
    return true;
  } catch (error) {
    if (isConflict(error) || isMissing(error)) return false;
    throw error;
  }
}

import { createHash } from "node:crypto";
import type { Azure } from "./azure.ts";
import { readBlob } from "./small-blob.ts";
import { isConflict, isMissing } from "./storage-refusal.ts";

/** Clicks within this are one: people press again when nothing seems to happen. Later ones are meant. */
const ONE_CLICK_SECONDS = 5;
/** By then a press has become a job, or never will. Storage tells its times in whole seconds. */
const TAKEN_SECONDS = 2;

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
    const before = await readBlob(blob, abortSignal);
    if (before?.text === event) return true;
    // Both times are storage's own.
    const seconds = ((date?.getTime() ?? 0) - (lastModified?.getTime() ?? 0)) / 1000;
    if (seconds < ONE_CLICK_SECONDS) {
      const mayBeUnderWay = seconds < TAKEN_SECONDS || !isTaken || !before;
      if (mayBeUnderWay || (await isTaken(before.text))) return false;
    }
    await blob.upload(event, Buffer.byteLength(event), { conditions: { ifMatch: etag }, abortSignal });
    return true;
  } catch (error) {
    if (isConflict(error) || isMissing(error)) return false;
    throw error;
  }
}

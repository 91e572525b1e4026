import { becauseOf } from "../log.ts";
import { prepareStorage } from "../storage/azure.ts";
import type { Azure } from "../storage/azure.ts";
import { mendingOf, storageStatus } from "../storage/storage-refusal.ts";
import { untilReached } from "../storage/until-reached.ts";
import { raiseAlert } from "./raise-alert.ts";

/** Prepares storage until it takes everything, and has whoever runs Easel told what keeps it from that: a refusal at once, an outage when it lasts. */
export async function untilStorageFits(azure: Azure, stopping: AbortSignal): Promise<void> {
  const beganAt = performance.now();
  const prepare = async (signal: AbortSignal) => {
    try {
      await prepareStorage(azure, signal);
    } catch (error) {
      const isRefused = azure.unfit !== undefined || (storageStatus(error) ?? 500) < 500;
      const isLong = performance.now() - beganAt > azure.times.alerts.outOfReachMilliseconds;
      if (!stopping.aborted && (isRefused || isLong))
        raiseAlert({ kind: "storage refuses", because: becauseOf(error), mend: mendingOf(error) }, azure);
      throw error;
    }
  };
  await untilReached("storage", prepare, azure.times, stopping);
}

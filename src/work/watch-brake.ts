import { setTimeout as pause } from "node:timers/promises";
import { becauseOf, log } from "../log.ts";
import { lookAtBrake } from "../purse/brake.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";

/** Sees now and then whom the filter has stopped, here and elsewhere. */
export async function watchBrake({
  azure,
  settings,
  stopping,
}: {
  azure: Azure;
  settings: Settings;
  stopping: AbortSignal;
}): Promise<void> {
  const { brakeLookMilliseconds, brakeLimitMilliseconds } = azure.times.purse;
  while (!stopping.aborted) {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(brakeLimitMilliseconds)]);
    await lookAtBrake(settings, azure, signal).catch((error: unknown) => {
      if (!stopping.aborted) log.warn({ because: becauseOf(error) }, "whom the filter has stopped could not be seen");
    });
    await pause(brakeLookMilliseconds, undefined, { signal: stopping }).catch(() => undefined);
  }
}

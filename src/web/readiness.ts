import type { Azure } from "../storage/azure.ts";
import { reachStorage } from "../storage/azure.ts";
import { becauseOf, log } from "../log.ts";
import { reachImages } from "../images-api/reach-images.ts";
import type { Settings } from "../settings.ts";

/** What cannot do its work just now, one sentence each; empty when the process is ready. */
export type Readiness = () => Promise<string[]>;

/**
 * Asks what the process needs whether it answers, `parts` being what else has something to say. Whoever asks often gets the
 * same answer for a few seconds: the route is open to all. Why something is out of reach stands in the log alone.
 */
export function watchReadiness(settings: Settings, azure: Azure, parts: (() => string[])[]): Readiness {
  let asked = -Infinity;
  let reached: Promise<string[]> = Promise.resolve([]);
  return async () => {
    if (performance.now() - asked > settings.times.web.readyMilliseconds) {
      asked = performance.now();
      reached = reachAll(settings, azure);
    }
    return [...parts.flatMap((part) => part()), ...(await reached)];
  };
}

async function reachAll(settings: Settings, azure: Azure): Promise<string[]> {
  const signal = AbortSignal.timeout(settings.times.web.readyLimitMilliseconds);
  const isAway = (what: string) => (error: unknown) => {
    log.warn({ because: becauseOf(error) }, `not ready: ${what} is out of reach`);
    return [`${what} is out of reach.`];
  };
  const answers = await Promise.all([
    reachStorage(azure, signal).then(() => [], isAway("Storage")),
    reachImages(settings.images, signal).then(() => [], isAway("The image service")),
  ]);
  return answers.flat();
}

import { setTimeout as pause } from "node:timers/promises";
import { raiseAlert } from "../alerts/raise-alert.ts";
import { endingModels } from "../retirement.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";

/** Whoever runs Easel is told of a model that ends when so many days are left, once each. */
const WITHIN = [0, 7, 30, 60] as const;

/** Looks now and then whether a model that is set up ends soon, until it is stopped. */
export async function watchModels(
  settings: Pick<Settings, "models" | "images">,
  azure: Azure,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    for (const { model, deployment, on, days, replacement } of endingModels(settings, today())) {
      const within = WITHIN.find((most) => days <= most);
      if (within !== undefined) raiseAlert({ kind: "model ends", model, deployment, on, within, replacement }, azure);
    }
    await pause(azure.times.alerts.modelsMilliseconds, undefined, { signal: stopping }).catch(() => undefined);
  }
}

const today = () => new Date().toISOString().slice(0, 10);

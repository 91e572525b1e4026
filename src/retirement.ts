import { MODELS } from "./models.ts";
import type { ModelName, Provider } from "./models.ts";
import type { Settings } from "./settings.ts";

const SOON_DAYS = 60;

type Served = Pick<Settings, "models" | "images">;

/** `days` are those left, none or less where it is over; `on` is `YYYY-MM-DD`. */
export type EndingModel = {
  name: ModelName;
  model: string;
  deployment: string;
  on: string;
  days: number;
  replacement: string;
};

/** The models that are set up and that their provider no longer serves, or soon will not. `today` is `YYYY-MM-DD`. */
export function endingModels({ models, images }: Served, today: string): EndingModel[] {
  return models.flatMap(({ name, deployment }) => {
    const { label: model, ends, replacement } = MODELS[name];
    const on = ends[images.provider];
    const days = on ? Math.ceil((Date.parse(on) - Date.parse(today)) / 86_400_000) : Infinity;
    return on && replacement && days <= SOON_DAYS ? [{ name, model, deployment, on, days, replacement }] : [];
  });
}

/** One sentence for each of them. */
export function retirementWarnings(served: Served, today: string): string[] {
  const provider = served.images.provider === "azure" ? "Azure" : "OpenAI";
  return endingModels(served, today).map(({ name, model, deployment, on, days, replacement }) => {
    const state =
      days <= 0 ? `was retired by ${provider} on ${on}` : `will be retired by ${provider} on ${on}, in ${days} days`;
    const instead = `Deploy ${replacement} and name it in IMAGE_MODELS instead`;
    const still = days <= 0 ? "; it keeps working only where an endpoint still serves it" : "";
    return `${model} (${name}, deployment ${deployment}) ${state}. ${instead}${still}.`;
  });
}

/** Whether its provider no longer serves it. It may still be served elsewhere, as by local mode. */
export function isRetired(
  model: ModelName,
  provider: Provider,
  today = new Date().toISOString().slice(0, 10),
): boolean {
  const end = MODELS[model].ends[provider];
  return end !== undefined && end <= today;
}

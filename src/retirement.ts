import { MODELS } from "./models.ts";
import type { ModelName, Provider } from "./models.ts";
import type { Settings } from "./settings.ts";

const SOON_DAYS = 60;

/** One sentence for each model that is set up and that its provider no longer serves, or soon will not. `today` is `YYYY-MM-DD`. */
export function retirementWarnings({ models, images }: Pick<Settings, "models" | "images">, today: string): string[] {
  return models.flatMap(({ name, deployment }) => {
    const { label, ends, replacement } = MODELS[name];
    const end = ends[images.provider];
    if (!end) return [];
    const days = Math.ceil((Date.parse(end) - Date.parse(today)) / 86_400_000);
    if (days > SOON_DAYS) return [];
    const provider = images.provider === "azure" ? "Azure" : "OpenAI";
    const state =
      days <= 0 ? `was retired by ${provider} on ${end}` : `will be retired by ${provider} on ${end}, in ${days} days`;
    const instead = `Deploy ${replacement} and name it in IMAGE_MODELS instead`;
    const still = days <= 0 ? "; it keeps working only where an endpoint still serves it" : "";
    return [`${label} (${name}, deployment ${deployment}) ${state}. ${instead}${still}.`];
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

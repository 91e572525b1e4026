import type { Usage } from "../images-api/usage.ts";
import type { Prices } from "../prices.ts";
import type { Spent } from "./spent.ts";

/** Of the model for ideas. `isTold`: the service told its tokens; else they are the most that it may have used. */
export type PaidIdeas = { deployment: string; about: string; usage: Usage; isTold: boolean };

type IdeasRates = Pick<Prices["ideasModels"][string], "textIn" | "cachedTextIn" | "textOut">;

/** What a call of the model for ideas costs. On Azure its deployment may have any name: one without a price is the dearest there is. */
export function priceOfIdeas({ deployment, usage, isTold }: PaidIdeas, { ideasModels }: Prices): Spent {
  const known = ideasRates(deployment, ideasModels);
  const { textIn, cachedTextIn = textIn, textOut } = known ?? dearest(ideasModels);
  const inMillionths =
    (usage.textIn - usage.cachedTextIn) * textIn + usage.cachedTextIn * cachedTextIn + usage.textOut * textOut;
  return { dollars: inMillionths / 1_000_000, isEstimate: !known || !isTold };
}

export function hasIdeasPrice(deployment: string, { ideasModels }: Prices): boolean {
  return ideasRates(deployment, ideasModels) !== undefined;
}

function ideasRates(deployment: string, models: Prices["ideasModels"]): IdeasRates | undefined {
  return Object.hasOwn(models, deployment) ? models[deployment] : undefined;
}

function dearest(models: Prices["ideasModels"]): IdeasRates {
  const rates = Object.values(models);
  return {
    textIn: Math.max(0, ...rates.map(({ textIn }) => textIn)),
    textOut: Math.max(0, ...rates.map(({ textOut }) => textOut)),
  };
}

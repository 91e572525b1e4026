import { partialPicturesOf } from "../images-api/call-images-api.ts";
import type { FailureReason } from "../images-api/failure.ts";
import type { Usage } from "../images-api/usage.ts";
import type { ModelPrices } from "../prices.ts";
import type { Settings } from "../settings.ts";
import { priceOf } from "./prices.ts";
import type { Price, PricedOrder } from "./prices.ts";

/** What of a job's record says what it came to. */
export type SpentJob = {
  order?: PricedOrder & { references?: readonly unknown[] };
  request: { sources?: readonly unknown[]; brainstorm?: unknown };
  pictures: readonly SpentPicture[];
};
type SpentPicture = {
  state: string;
  lostCalls: number;
  kept?: { usage?: Usage };
  usage?: Usage;
  refusal?: { stage?: "prompt" | "picture" };
  failure?: FailureReason;
  callCancelled?: boolean;
};

export type Spent = { dollars: number; isEstimate: boolean };

/**
 * What the calls of a job came to. The tokens that the service told are priced, and what it did not tell of is estimated by the
 * price of a picture: a call whose answer was lost, or that was broken off, may be billed. Nothing costs nothing but what
 * was stopped before it was drawn.
 */
export function spentOf({ order, request, pictures }: SpentJob, settings: Pick<Settings, "prices">): Spent {
  if (!order) return { dollars: 0, isEstimate: false };
  const one = { ...order, count: 1 };
  const price = priceOf(
    one,
    {
      inputs: (request.sources?.length ?? 0) + (order.references?.length ?? 0),
      partialPictures: partialPicturesOf(one, !request.brainstorm),
    },
    settings,
  );
  const all = pictures.map((picture) => spentOn(picture, price, settings.prices.models[order.model]));
  return {
    dollars: all.reduce((sum, { dollars }) => sum + dollars, 0),
    isEstimate: all.some(({ isEstimate }) => isEstimate),
  };
}

function spentOn(picture: SpentPicture, price: Price, model: ModelPrices): Spent {
  const { dollars, isEstimate } = spentOnLastCall(picture, price, model);
  return { dollars: dollars + picture.lostCalls * price.dollars, isEstimate: isEstimate || picture.lostCalls > 0 };
}

/** Its calls before that, if there were any, were lost or cost nothing. */
function spentOnLastCall(picture: SpentPicture, price: Price, model: ModelPrices): Spent {
  const usage = picture.usage ?? picture.kept?.usage;
  if (usage && model.rates) return { dollars: dollarsOf(usage, model.rates), isEstimate: false };
  if (!mayBeBilled(picture)) return { dollars: 0, isEstimate: false };
  const isExact = ["kept", "deleting"].includes(picture.state) && !model.rates && !price.isWorstCase;
  return { dollars: price.dollars, isEstimate: !isExact };
}

/** A failed picture's lost calls are counted beside it. */
function mayBeBilled({ state, refusal, failure, callCancelled, lostCalls }: SpentPicture): boolean {
  if (state === "refused") return refusal?.stage !== "prompt";
  if (state === "failed") return failure === "empty answer" || failure === "not downloaded" || failure === "broken";
  if (state === "cancelled") return Boolean(callCancelled) && !lostCalls;
  return ["drawing", "kept", "deleting", "deleted"].includes(state);
}

function dollarsOf(usage: Usage, rates: NonNullable<ModelPrices["rates"]>): number {
  const { textIn, pictureIn, cachedTextIn, cachedPictureIn, textOut, pictureOut } = usage;
  const inMillionths =
    (textIn - cachedTextIn) * rates.textIn +
    cachedTextIn * (rates.cachedTextIn ?? rates.textIn) +
    (pictureIn - cachedPictureIn) * rates.pictureIn +
    cachedPictureIn * (rates.cachedPictureIn ?? rates.pictureIn) +
    textOut * (rates.textOut ?? rates.pictureOut) +
    pictureOut * rates.pictureOut;
  return inMillionths / 1_000_000;
}

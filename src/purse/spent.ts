import { partialPicturesOf } from "../images-api/call-images-api.ts";
import type { FailureReason } from "../images-api/failure.ts";
import type { Usage } from "../images-api/usage.ts";
import type { ModelPrices, Prices } from "../prices.ts";
import type { Settings } from "../settings.ts";
import { charactersOf, priceOf, priceOfCall } from "./prices.ts";
import type { Price, PricedCall, PricedOrder } from "./prices.ts";

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

/** The calls for one picture that may be billed, in what does not change when prices do: money is derived from it. */
export type PaidCalls = PricedCall & {
  /** The tokens of the call that brought it, where the service told them. */
  usage?: Usage;
  /** Calls of which it told none: each counts as what such a picture costs. */
  untold: number;
  /** A picture came of the only one of them, so that it costs what a picture does. */
  isSure: boolean;
};

/**
 * What the calls of a job came to. The tokens that the service told are priced, and what it did not tell of is estimated by the
 * price of a picture: a call whose answer was lost, or that was broken off, may be billed. Nothing costs nothing but what
 * was stopped before it was drawn.
 */
export function spentOf(job: SpentJob, { prices }: Pick<Settings, "prices">): Spent {
  const all = paidCallsOf(job).map(({ paid }) => spentOn(paid, prices));
  return {
    dollars: all.reduce((sum, { dollars }) => sum + dollars, 0),
    isEstimate: all.some(({ isEstimate }) => isEstimate),
  };
}

/** Picture by picture, by their places from 1, those for which a call was made that may be billed. */
export function paidCallsOf({
  order,
  request,
  pictures,
}: SpentJob): { place: number; paid: PaidCalls; came: boolean }[] {
  if (!order) return [];
  const { model, size, quality, prompt } = order;
  const call = { model, size, quality, characters: charactersOf(prompt), ...besideOf({ order, request }) };
  return pictures.flatMap((picture, index) => {
    const { state, lostCalls, usage = picture.kept?.usage } = picture;
    const untold = lostCalls + (!usage && mayBeBilled(picture) ? 1 : 0);
    if (!usage && !untold) return [];
    // A deleted picture came too; in a job that is not settled a picture that is drawn may still come.
    const came = ["kept", "deleting", "deleted"].includes(state);
    const isSure = ["kept", "deleting"].includes(state) && !lostCalls;
    return [{ place: index + 1, paid: { ...call, usage, untold, isSure }, came }];
  });
}

/** What goes along with each call of a job. */
function besideOf({ order, request }: Pick<SpentJob, "request"> & { order: NonNullable<SpentJob["order"]> }) {
  return {
    inputs: (request.sources?.length ?? 0) + (order.references?.length ?? 0),
    partialPictures: partialPicturesOf(order, !request.brainstorm),
  };
}

/** What all pictures of a job cost, to be known before it is drawn. */
export function priceOfJob(
  { order, request }: Pick<SpentJob, "request"> & { order: NonNullable<SpentJob["order"]> },
  settings: Pick<Settings, "prices">,
): Price {
  return priceOf(order, besideOf({ order, request }), settings);
}

export function spentOn({ usage, untold, isSure, ...call }: PaidCalls, prices: Prices): Spent {
  const model = prices.models[call.model];
  const price = priceOfCall(call, prices);
  const told = usage && model.rates ? dollarsOf(usage, model.rates) : 0;
  // A model that is priced by the picture does not care for tokens.
  const calls = untold + (usage && !model.rates ? 1 : 0);
  const isExact = isSure && !model.rates && !price.isWorstCase;
  return { dollars: told + calls * price.dollars, isEstimate: calls > 0 && !isExact };
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

import { priceOf } from "../purse/prices.ts";
import type { Price } from "../purse/prices.ts";
import type { ImageOrder } from "../request/check.ts";
import type { Source } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import { applyStyle } from "../styles/apply-style.ts";
import { draftOf } from "./idea-request.ts";
import { LONGEST_PROMPT } from "./session.ts";
import type { Round, Session } from "./session.ts";

export type PricedRound = Pick<Session, "topic" | "options" | "style"> & { kind: Round["kind"]; places: number };

/** Pictures that each idea of such a round is drawn from. */
export const INPUTS: Record<Round["kind"], number> = { first: 0, next: 1, combine: 2, finish: 1, new: 0, "run-off": 0 };

/**
 * What a round may cost, to be told before it begins. Where words are paid for, it is reckoned with the longest that an idea may
 * become, in the letters of the topic: nobody knows before what people will bring.
 */
export function priceOfRound({ topic, kind, places, options, style }: PricedRound, settings: Settings): Price {
  if (!places) return { dollars: 0, isWorstCase: false };
  const { isEdit, partialPictures, ...draft } = draftOf({ options }, kind, INPUTS[kind] > 0, settings);
  const prompt = topic.repeat(Math.ceil(LONGEST_PROMPT / topic.length)).slice(0, LONGEST_PROMPT);
  const order: ImageOrder = { ...draft, deployment: "", count: places, prompt };
  const sources = Array.from({ length: isEdit ? INPUTS[kind] : 0 }, (): Source => ({ from: "input", name: "" }));
  // The pictures of a style go along with every one of the round.
  const styled = style ? applyStyle(order, style, { sources }, settings.images.provider).order : order;
  const inputs = sources.length + (styled.references?.length ?? 0);
  const price = priceOf(styled, { inputs, partialPictures }, settings);
  return { ...price, isWorstCase: price.isWorstCase || Boolean(settings.prices.models[draft.model].rates?.textIn) };
}

import { priceOf } from "../purse/prices.ts";
import type { Price } from "../purse/prices.ts";
import type { Settings } from "../settings.ts";
import { draftOf } from "./idea-request.ts";
import type { Round, Session } from "./session.ts";

export type PricedRound = Pick<Session, "topic" | "options"> & { kind: Round["kind"]; places: number };

/** Pictures that each idea of such a round is drawn from. */
const INPUTS: Record<Round["kind"], number> = { first: 0, next: 1, combine: 2, finish: 1, new: 0, "run-off": 0 };

/** What a round may cost, to be told before it begins. */
export function priceOfRound({ topic, kind, places, options }: PricedRound, settings: Settings): Price {
  if (!places) return { dollars: 0, isWorstCase: false };
  const { isEdit, partialPictures, ...draft } = draftOf({ options }, kind, INPUTS[kind] > 0, settings);
  // An idea is about as long as the topic, and both are read.
  const order = { ...draft, count: places, prompt: topic.repeat(2) };
  return priceOf(order, { inputs: isEdit ? INPUTS[kind] : 0, partialPictures }, settings);
}

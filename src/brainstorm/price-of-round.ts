import { priceOf } from "../purse/prices.ts";
import type { Price } from "../purse/prices.ts";
import type { ImageOrder } from "../request/check.ts";
import type { Source } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import { applyStyle } from "../styles/apply-style.ts";
import { draftOf } from "./idea-request.ts";
import type { Round, Session } from "./session.ts";

export type PricedRound = Pick<Session, "topic" | "options" | "style"> & { kind: Round["kind"]; places: number };

/** Pictures that each idea of such a round is drawn from. */
const INPUTS: Record<Round["kind"], number> = { first: 0, next: 1, combine: 2, finish: 1, new: 0, "run-off": 0 };

/** What a round may cost, to be told before it begins. */
export function priceOfRound({ topic, kind, places, options, style }: PricedRound, settings: Settings): Price {
  if (!places) return { dollars: 0, isWorstCase: false };
  const { isEdit, partialPictures, ...draft } = draftOf({ options }, kind, INPUTS[kind] > 0, settings);
  // An idea is about as long as the topic, and both are read.
  const order: ImageOrder = { ...draft, deployment: "", count: places, prompt: topic.repeat(2) };
  const sources = Array.from({ length: isEdit ? INPUTS[kind] : 0 }, (): Source => ({ from: "input", name: "" }));
  // The pictures of a style go along with every one of the round.
  const styled = style ? applyStyle(order, style, { sources }, settings.images.provider).order : order;
  const inputs = sources.length + (styled.references?.length ?? 0);
  return priceOf(styled, { inputs, partialPictures }, settings);
}

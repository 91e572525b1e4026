import type { Said } from "./said.ts";
import { prices } from "./sentences.ts";

/** What something costs, to stand inside a sentence: “about 3 cents”, or “at most” where it is not known. */
export function priceSaid({ dollars, isWorstCase }: { dollars: number; isWorstCase: boolean }): Said {
  return isWorstCase ? prices.atMost({ dollars }) : prices.about({ dollars });
}

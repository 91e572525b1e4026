import { setTimeout as pause } from "node:timers/promises";
import { tooManyRequests } from "../images-api/refusals.ts";
import type { Scenario, Scenarios } from "../images-api/scenarios.ts";
import type { FaultId } from "./faults.ts";

const SLOW_MILLISECONDS = 30_000;
const WAIT_SECONDS = 5;

export type ImageFaultId = Extract<
  FaultId,
  "images-slow" | "images-429" | "words-blocked" | "picture-blocked" | "picture-too-large"
>;

/** Told at each call that meets the fault, in a sentence. */
type Met = (what: string) => void;

export type ImageTrouble = {
  begin(id: ImageFaultId, met: Met): void;
  end(id: ImageFaultId): void;
  /** For the stand-in of the image service. */
  scenarios: Scenarios;
};

/** What goes wrong with the image service, as long as it is switched on. */
export function makeImageTrouble(): ImageTrouble {
  const planned = new Map<ImageFaultId, { met: Met; over: AbortController }>();
  const meet = (id: ImageFaultId, what: string): boolean => {
    const plan = planned.get(id);
    plan?.met(what);
    return plan !== undefined;
  };
  const choose = (): Omit<Scenario, "prompt"> => {
    if (meet("images-429", `The image service answers 429: try again in ${WAIT_SECONDS} s.`)) {
      const answer = tooManyRequests(WAIT_SECONDS, "azure");
      return { answer: { ...answer, headers: { ...answer.headers, "retry-after": String(WAIT_SECONDS) } } };
    }
    if (meet("words-blocked", "The filter stops the words."))
      return { block: { stage: "prompt", category: "violence" } };
    if (meet("picture-blocked", "The filter stops the picture that was drawn."))
      return { block: { stage: "picture", category: "violence" } };
    if (meet("picture-too-large", "The image service gives a picture of 16 MB.")) return { picture: "big" };
    return {};
  };
  return {
    begin: (id, met) => void planned.set(id, { met, over: new AbortController() }),
    end: (id) => {
      planned.get(id)?.over.abort();
      planned.delete(id);
    },
    scenarios: async (prompt, signal) => {
      const slow = planned.get("images-slow");
      if (slow) {
        slow.met("The image service is asked, and takes its time.");
        await pauseUntil(SLOW_MILLISECONDS, slow.over.signal, signal);
      }
      return { prompt, ...choose() };
    },
  };
}

/** So long, or until it is over; whoever leaves takes the call along. */
async function pauseUntil(milliseconds: number, over: AbortSignal, left: AbortSignal): Promise<void> {
  try {
    await pause(milliseconds, undefined, { signal: AbortSignal.any([over, left]) });
  } catch (error) {
    left.throwIfAborted();
    if (!over.aborted) throw error;
  }
}

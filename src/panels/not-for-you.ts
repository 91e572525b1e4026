import { privateWordReply } from "../replies/compose-reply.ts";
import { usage } from "../words/sentences.ts";
import type { PanelOutcome } from "./panel.ts";

/** For whoever came by a button that is not theirs: it says whose it is. */
export function notForYou(): PanelOutcome {
  return { show: { ...privateWordReply(usage.notForYou), mood: "declined" } };
}

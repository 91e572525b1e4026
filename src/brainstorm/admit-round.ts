import { createHash } from "node:crypto";
import { becauseOf, log } from "../log.ts";
import { admit } from "../purse/admit.ts";
import type { Denial } from "../purse/denial.ts";
import { giveBack } from "../purse/ledger.ts";
import type { Asker } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { sentencesOfDenial } from "../words/denial-sentences.ts";
import type { Said } from "../words/said.ts";
import { denied, together } from "../words/sentences.ts";
import { draftOf } from "./idea-request.ts";
import { INPUTS, priceOfRound } from "./price-of-round.ts";
import type { PricedRound } from "./price-of-round.ts";

export type AskedRound = { session: string; number: number; event: string; by: Asker; round: PricedRound };

/** `hold`: what the round may come to is set aside under this name, until its ideas are jobs of their own. */
export type RoundAdmission = { hold?: string } | { word: Said };

/**
 * Asks the rules for all pictures of a round at once, before it begins: in the name of whoever begins it. So none of its ideas is
 * denied halfway.
 */
export async function admitRound(
  { session, number, event, by, round }: AskedRound,
  settings: Settings,
  azure: Azure,
  signal?: AbortSignal,
): Promise<RoundAdmission> {
  if (!round.places) return {};
  const { topic, options, kind, places: count } = round;
  const { isEdit, model, size, quality } = draftOf({ options }, kind, INPUTS[kind] > 0, settings);
  const inputs = isEdit ? INPUTS[kind] : 0;
  const sources = Array.from({ length: inputs }, () => ({ from: "input" as const, name: "" }));
  const deployment = settings.models.find(({ name }) => name === model)?.deployment ?? "";
  const order = { model, size, quality, deployment, count, prompt: topic };
  const request = { options: { model, quality }, sources, brainstorm: { session, round: number, idea: 0 } };
  const job = holdOfRound({ session, number, event });
  const limit = AbortSignal.timeout(azure.times.purse.admitLimitMilliseconds);
  const admission = await admit(
    { job, asker: by, at: new Date(), request, order, price: priceOfRound(round, settings) },
    { settings, azure, signal: signal ? AbortSignal.any([signal, limit]) : limit },
  );
  if (admission.admitted) return admission.holds ? { hold: job } : {};
  return { word: wordOf(admission.denial, settings) };
}

function wordOf(denial: Denial, settings: Settings): Said {
  const { said } = sentencesOfDenial(denial, settings);
  const fewer = "fits" in denial ? denial.fits.find(({ by }) => by === "fewer") : undefined;
  return together([...said, ...(fewer ? [denied.stillFits({ places: fewer.count })] : [])]);
}

/** Of one press alone: of two that would begin the same round, the one that comes too late takes back its own. */
function holdOfRound({ session, number, event }: Pick<AskedRound, "session" | "number" | "event">): string {
  const digest = createHash("sha256").update(event).digest("hex").slice(0, 12);
  return `round-${session}-${number}-${digest}`;
}

/** Nobody waits for it: what is left set aside by a kill is given back later. */
export function giveRoundBack(hold: string | undefined, azure: Azure): void {
  if (hold === undefined) return;
  void giveBack(hold, azure, AbortSignal.timeout(azure.times.purse.noteLimitMilliseconds)).catch((error: unknown) =>
    log.warn({ because: becauseOf(error), hold }, "what was set aside for a round is given back later"),
  );
}

import { randomUUID } from "node:crypto";
import { becauseOf, log } from "../log.ts";
import type { Asker } from "../request/request.ts";
import { isOutage } from "../storage/storage-refusal.ts";
import { accessDenial } from "./access.ts";
import type { Room } from "./admit.ts";
import { unlessBroken, withoutLedger } from "./admit.ts";
import { bindingsOn } from "./bindings.ts";
import type { Denial } from "./denial.ts";
import { priceOfIdeas } from "./ideas-prices.ts";
import { judgeOfCall } from "./judge.ts";
import { giveBack, reserve } from "./ledger.ts";
import { payerOf } from "./payer.ts";
import { presentRules, refreshedRules } from "./rule-book.ts";
import type { RuleBook } from "./rule-book.ts";

/** Asks the rules for a call of the model for ideas. `over` is called when it has been made: then what was set aside for it is given back. */
export async function admitCall(asker: Asker, room: Room): Promise<Admitted> {
  const { settings, azure, signal } = room;
  try {
    const admitted = await admitBy(await presentRules(settings, azure, signal), asker, room);
    if ("over" in admitted) return admitted;
    const book = await refreshedRules(settings, azure, signal).catch(unlessBroken);
    return book ? await admitBy(book, asker, room) : admitted;
  } catch (error) {
    if (!isOutage(error)) throw error;
    const admission = withoutLedger("a call of the model for ideas", settings);
    return admission.admitted ? nothing : { denial: admission.denial };
  }
}

/** About what the largest of these calls reads and writes: it is set aside for as long as the call lasts. */
const MOST_TOKENS = { textIn: 8000, pictureIn: 0, cachedTextIn: 0, cachedPictureIn: 0, textOut: 2000, pictureOut: 0 };

type Admitted = { over(): void } | { denial: Denial };
const nothing = { over: () => undefined };

async function admitBy(book: RuleBook, asker: Asker, { settings, azure, signal }: Room): Promise<Admitted> {
  const denial = accessDenial(asker, book.access);
  if (denial) return { denial };
  const at = new Date();
  const bindings = bindingsOn(asker, book, at);
  if (!bindings.length) return nothing;
  const [{ name: model }] = settings.models;
  const deployment = settings.ideas?.deployment ?? "";
  const { dollars } = priceOfIdeas({ deployment, about: "", usage: MOST_TOKENS, isTold: false }, settings.prices);
  const job = `ideas-${randomUUID()}`;
  const hold = { job, payer: payerOf(asker), model, pictures: 0, dollars, at };
  const reserved = await reserve(hold, judgeOfCall({ dollars, at }, bindings, azure.timeZone), azure, signal);
  if (reserved.outcome === "denied") return { denial: reserved.denial };
  const over = () =>
    void giveBack(job, azure).catch((error: unknown) =>
      log.warn({ because: becauseOf(error) }, "what was set aside for a call is given back later"),
    );
  return { over };
}

import { randomUUID } from "node:crypto";
import type { OnPaid } from "../ideas-model/call-ideas-model.ts";
import { log } from "../log.ts";
import type { Asker } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { untilStorageAnswers } from "../storage/until-storage-answers.ts";
import { hasIdeasPrice } from "./ideas-prices.ts";
import { noteSideCall } from "./ledger.ts";
import { payerOf } from "./payer.ts";
import { tellUnknownPrice } from "./unknown-price.ts";

/** Counts what the model for ideas is asked for somebody. Nobody waits for it: a process that ends in this moment loses it. */
export function paidBy(asker: Asker, settings: Pick<Settings, "prices">, azure: Azure): OnPaid {
  return ({ deployment, about, usage: { inputTokens, cachedTokens, outputTokens }, isTold }) => {
    if (!hasIdeasPrice(deployment, settings.prices)) tellUnknownPrice(deployment, azure);
    const tokens = { textIn: inputTokens, cachedTextIn: cachedTokens, textOut: outputTokens };
    const usage = { ...tokens, pictureIn: 0, cachedPictureIn: 0, pictureOut: 0 };
    const call = { id: randomUUID(), payer: payerOf(asker), deployment, about, usage, isTold };
    const enough = AbortSignal.timeout(azure.times.purse.noteLimitMilliseconds);
    untilStorageAnswers("the ledger", () => noteSideCall(call, settings, azure), azure, enough).catch(
      (error: unknown) => log.error({ error, about, usage }, "a call of the ideas model could not be counted"),
    );
  };
}

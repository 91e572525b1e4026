import { setTimeout as pause } from "node:timers/promises";
import { InteractionResponseType, MessageFlags, REST, Routes } from "discord.js";
import type {
  APIInteraction,
  APIInteractionResponse,
  RESTOptions,
  RESTPostAPIInteractionCallbackWithResponseResult,
} from "discord.js";
import { log } from "../../../src/log.ts";
import { isLongLimit, makeExchange } from "./exchange.ts";
import { isTrouble, refusalOf } from "./faults.ts";
import type { Refusal } from "./faults.ts";
import type { DiscordSettings } from "../settings.ts";

/**
 * No retries of the library's own: it repeats a 5xx at once and without a pause, and whether a repeat is harmless is
 * known here alone. The timeout has to do for an upload of 25 MiB.
 */
export function restOptions(discord: DiscordSettings): Partial<RESTOptions> {
  return {
    retries: 0,
    timeout: 60_000,
    makeRequest: makeExchange(),
    rejectOnRateLimit: isLongLimit,
    userAgentAppendix: "Easel",
    ...(discord.api && { api: discord.api }),
  };
}

export function makeRest(discord: DiscordSettings): REST {
  const rest = new REST(restOptions(discord)).setToken(discord.token);
  watchRest(rest);
  return rest;
}

export function watchRest(rest: REST): void {
  rest.on("error", (error) => log.error({ error }, "discord: the rest client reports an error"));
}

export type FirstAnswer = { taken: true; messageId?: string; ephemeral?: boolean } | ({ taken: false } & Refusal);

/** What storage may take of the 3 s for a first answer that depends on it: the rest is for the way to Discord. */
export const READ_MILLISECONDS = 1700;

/** An event has to be answered within 3 s, by Discord's clock: another try after that would be in vain. */
const TRY_AGAIN_MILLISECONDS = 2500;
const PAUSE_MILLISECONDS = 250;
const MOST_TRIES = 4;
/** Longer than those 3 s: whether Discord took a slow answer is worth knowing. */
const PATIENCE_MILLISECONDS = 10_000;

/** Gives the one first answer of an interaction. Tried again, because an idle connection may be found cut, or a page be in the way. */
export async function answerFirst(
  interaction: APIInteraction,
  answer: APIInteractionResponse,
  rest: REST,
): Promise<FirstAnswer> {
  const begin = Date.now();
  for (let tries = 1; ; tries += 1) {
    const present = await tryFirstAnswer(interaction, wellFormed(answer), rest);
    if (present.taken) return present;
    // Then it was an earlier try that Discord took, and its answer to us was lost.
    if (present.fault === "already answered" && tries > 1) return { taken: true };
    const mayHelp = isTrouble(present.fault) || present.fault === "refused";
    if (!mayHelp || tries >= MOST_TRIES || Date.now() - begin > TRY_AGAIN_MILLISECONDS) return present;
    if (tries > 1) await pause(PAUSE_MILLISECONDS);
  }
}

/** Half a character, from a text that somebody else has cut, makes Discord refuse the whole. */
export function wellFormed<Body>(body: Body): Body {
  return JSON.parse(JSON.stringify(body), (_, value: unknown) =>
    typeof value === "string" ? value.toWellFormed() : value,
  ) as Body;
}

async function tryFirstAnswer(
  interaction: APIInteraction,
  answer: APIInteractionResponse,
  rest: REST,
): Promise<FirstAnswer> {
  try {
    const taken = (await rest.post(Routes.interactionCallback(interaction.id, interaction.token), {
      auth: false,
      body: answer,
      query: new URLSearchParams({ with_response: "true" }),
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    })) as RESTPostAPIInteractionCallbackWithResponseResult | undefined;
    const { response_message_id: messageId, response_message_ephemeral: ephemeral } = taken?.interaction ?? {};
    return { taken: true, messageId, ephemeral };
  } catch (error) {
    return { taken: false, ...refusalOf(error, "interaction", "first answer") };
  }
}

/** "Thinking …", for the asker alone or for all; which of the two can never be changed. */
export function deferred(ephemeral: boolean): APIInteractionResponse {
  return {
    type: InteractionResponseType.DeferredChannelMessageWithSource,
    data: ephemeral ? { flags: MessageFlags.Ephemeral } : {},
  };
}

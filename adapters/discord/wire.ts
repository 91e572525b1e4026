import { InteractionResponseType, MessageFlags, REST, Routes } from "discord.js";
import type {
  APIInteraction,
  APIInteractionResponse,
  RESTOptions,
  RESTPostAPIInteractionCallbackWithResponseResult,
} from "discord.js";
import { log } from "../../src/log.ts";
import { faultOf, isTrouble } from "./faults.ts";
import type { DiscordFault } from "./faults.ts";
import type { DiscordSettings } from "./settings.ts";

/**
 * No retries of the library's own: it repeats a 5xx at once and without a pause, and whether a repeat is harmless is
 * known here alone. It does wait as told after a 429. The timeout has to do for an upload of 25 MiB.
 */
export function restOptions(discord: DiscordSettings): Partial<RESTOptions> {
  return {
    retries: 0,
    timeout: 60_000,
    // Discord locks an address out after 10,000 of these in 10 minutes.
    invalidRequestWarningInterval: 100,
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
  rest.on("invalidRequestWarning", ({ count, remainingTime }) =>
    log.warn({ count, remainingTime }, "discord refuses many of our requests"),
  );
}

export type FirstAnswer =
  | { taken: true; messageId?: string; ephemeral?: boolean }
  | { taken: false; fault: DiscordFault };

/** What storage may take of the 3 s for a first answer that depends on it: the rest is for the way to Discord. */
export const READ_MILLISECONDS = 1700;

/** An event has to be answered within 3 s, by Discord's clock: a second try after that would be in vain. */
const TRY_AGAIN_MILLISECONDS = 2500;
/** Longer than those 3 s: whether Discord took a slow answer is worth knowing. */
const PATIENCE_MILLISECONDS = 10_000;

/** Gives the one first answer of an interaction. Tried twice, because an idle connection may be found cut. */
export async function answerFirst(
  interaction: APIInteraction,
  answer: APIInteractionResponse,
  rest: REST,
): Promise<FirstAnswer> {
  const begin = Date.now();
  const first = await tryFirstAnswer(interaction, answer, rest);
  if (first.taken || !isTrouble(first.fault) || Date.now() - begin > TRY_AGAIN_MILLISECONDS) return first;
  const second = await tryFirstAnswer(interaction, answer, rest);
  // Then it was the first try that Discord took, and its answer to us was lost.
  if (!second.taken && second.fault === "already answered") return { taken: true };
  return second;
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
    return { taken: false, fault: faultOf(error, "interaction") };
  }
}

/** "Thinking …", for the asker alone or for all; which of the two can never be changed. */
export function deferred(ephemeral: boolean): APIInteractionResponse {
  return {
    type: InteractionResponseType.DeferredChannelMessageWithSource,
    data: ephemeral ? { flags: MessageFlags.Ephemeral } : {},
  };
}

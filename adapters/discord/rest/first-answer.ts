import { setTimeout as pause } from "node:timers/promises";
import { InteractionResponseType, MessageFlags, REST, Routes } from "discord.js";
import type {
  APIInteraction,
  APIInteractionResponse,
  RESTOptions,
  RESTPostAPIInteractionCallbackWithResponseResult,
} from "discord.js";
import { log } from "../../../src/log.ts";
import { makeExchange } from "./exchange.ts";
import type { Desk } from "./call.ts";
import { isTrouble, refusalOf } from "./faults.ts";
import type { Refusal } from "./faults.ts";
import type { DiscordSettings } from "../settings.ts";

/**
 * No retries of the library's own: it repeats a 5xx at once and without a pause, and whether a repeat is harmless is
 * known here alone.
 */
export function restOptions(discord: DiscordSettings): Partial<RESTOptions> {
  return {
    retries: 0,
    timeout: discord.times.requestLimitMilliseconds,
    makeRequest: makeExchange(discord.times),
    // For rate limits that the client knows of before it asks.
    rejectOnRateLimit: ({ timeToReset }) => timeToReset > discord.times.inPlaceSeconds * 1000,
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

const MOST_TRIES = 4;

/** Gives the one first answer of an interaction. Tried again, because an idle connection may be found cut, or a page be in the way. */
export async function answerFirst(
  interaction: APIInteraction,
  answer: APIInteractionResponse,
  desk: Desk,
): Promise<FirstAnswer> {
  const begin = Date.now();
  for (let tries = 1; ; tries += 1) {
    const present = await tryFirstAnswer(interaction, wellFormed(answer), desk);
    if (present.taken) return present;
    // Then it was an earlier try that Discord took, and its answer to us was lost.
    if (present.fault === "already answered" && tries > 1) return { taken: true };
    const mayHelp = isTrouble(present.fault) || present.fault === "refused";
    if (!mayHelp || tries >= MOST_TRIES || isOver(begin, desk)) return present;
    if (tries > 1) await pause(desk.times.firstAnswerPauseMilliseconds);
  }
}

const isOver = (begin: number, { times }: Desk) => Date.now() - begin > times.firstAnswerMilliseconds;

/** Half a character, from a text that somebody else has cut, makes Discord refuse the whole. */
export function wellFormed<Body>(body: Body): Body {
  return JSON.parse(JSON.stringify(body), (_, value: unknown) =>
    typeof value === "string" ? value.toWellFormed() : value,
  ) as Body;
}

async function tryFirstAnswer(
  interaction: APIInteraction,
  answer: APIInteractionResponse,
  { rest, times }: Desk,
): Promise<FirstAnswer> {
  try {
    const taken = (await rest.post(Routes.interactionCallback(interaction.id, interaction.token), {
      auth: false,
      body: answer,
      query: new URLSearchParams({ with_response: "true" }),
      signal: AbortSignal.timeout(times.firstAnswerLimitMilliseconds),
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

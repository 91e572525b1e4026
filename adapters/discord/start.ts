import { InteractionType } from "discord.js";
import type { APIInteraction } from "discord.js";
import type { Azure } from "../../src/storage/azure.ts";
import { log } from "../../src/log.ts";
import { failed } from "../../src/words/sentences.ts";
import type { Settings } from "../../src/settings.ts";
import { answerAutocomplete } from "./answers/answer-autocomplete.ts";
import { answerCommand } from "./answers/answer-command.ts";
import { answerForm } from "./answers/answer-form.ts";
import { answerAtOnce, privateWord } from "./answers/answer-in-private.ts";
import { answerPress } from "./answers/answer-press.ts";
import type { Reception } from "./answers/reception.ts";
import { openGateway } from "./gateway/connection.ts";
import type { DiscordSettings } from "./settings.ts";
import { makeRest } from "./rest/first-answer.ts";

/** Connects to Discord's gateway, and keeps trying; answers what people send. */
export function startDiscord(
  settings: Settings,
  discord: DiscordSettings,
  azure: Azure,
): { stop(): Promise<void>; ready(): boolean } {
  const reception: Reception = { settings, desk: { rest: makeRest(discord), azure, times: discord.times } };
  const underWay = new Set<Promise<void>>();
  const gateway = openGateway(discord, azure, (interaction) => {
    const answered = answer(interaction, reception)
      .catch((error: unknown) => {
        log.error({ error, interaction: interaction.id }, "discord: an interaction was not answered");
        // If it has had a first answer, Discord takes no other.
        return answerAtOnce(interaction, privateWord(failed.unforeseen), reception);
      })
      .catch((error: unknown) => log.error({ error }, "discord: nor could that be said"))
      .finally(() => underWay.delete(answered));
    underWay.add(answered);
  });
  return {
    ready: () => gateway.ready(),
    stop: () =>
      atMost(
        discord.times.stopLimitMilliseconds,
        gateway.stop().then(() => atMost(discord.times.finishLimitMilliseconds, Promise.all(underWay))),
      ),
  };
}

async function atMost(milliseconds: number, waiting: Promise<unknown>): Promise<void> {
  await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, milliseconds).unref())]);
}

/** Every interaction that Discord sends comes through here. */
async function answer(interaction: APIInteraction, reception: Reception): Promise<void> {
  switch (interaction.type) {
    case InteractionType.ApplicationCommand:
      return answerCommand(interaction, reception);
    case InteractionType.MessageComponent:
      return answerPress(interaction, reception);
    case InteractionType.ModalSubmit:
      return answerForm(interaction, reception);
    case InteractionType.ApplicationCommandAutocomplete:
      return answerAutocomplete(interaction, reception);
    case InteractionType.Ping:
      return undefined;
  }
}

import { InteractionType } from "discord.js";
import type { APIInteraction } from "discord.js";
import type { Azure } from "../../src/azure.ts";
import { log } from "../../src/log.ts";
import type { Settings } from "../../src/settings.ts";
import { answerCommand } from "./answer-command.ts";
import { answerForm } from "./answer-form.ts";
import { answerPress } from "./answer-press.ts";
import type { Reception } from "./answer-request.ts";
import { openGateway } from "./gateway.ts";
import type { DiscordSettings } from "./settings.ts";
import { makeRest } from "./wire.ts";

/** What a stop waits for answers under way. */
const FINISH_MILLISECONDS = 10_000;

/** Connects to Discord's gateway, and keeps trying; answers what people send. */
export function startDiscord(
  settings: Settings,
  discord: DiscordSettings,
  azure: Azure,
): { stop(): Promise<void>; ready(): boolean } {
  const reception: Reception = { settings, desk: { rest: makeRest(discord), azure } };
  const underWay = new Set<Promise<void>>();
  const gateway = openGateway(discord, azure, (interaction) => {
    const answered = answer(interaction, reception)
      .catch((error: unknown) =>
        log.error({ error, interaction: interaction.id }, "discord: an interaction was not answered"),
      )
      .finally(() => underWay.delete(answered));
    underWay.add(answered);
  });
  return {
    ready: () => gateway.ready(),
    stop: async () => {
      await gateway.stop();
      const patience = new Promise((resolve) => setTimeout(resolve, FINISH_MILLISECONDS).unref());
      await Promise.race([Promise.all(underWay), patience]);
    },
  };
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
    case InteractionType.Ping:
      return undefined;
  }
}

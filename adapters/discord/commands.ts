import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
} from "discord.js";
import type { APIApplicationCommandBasicOption, RESTPostAPIChatInputApplicationCommandsJSONBody } from "discord.js";
import { choicesFor } from "../../src/choices.ts";
import { MOST_PICTURES } from "../../src/models.ts";
import type { OptionName } from "../../src/request.ts";
import { commandTexts } from "../../src/sentences.ts";
import type { Settings } from "../../src/settings.ts";

export const IMAGINE = "imagine";
export const HELP = "help";

/** Discord's own limit of a string option; what a model takes is checked later, and told. */
const LONGEST_OPTION = 6000;
const MOST_CHOICES = 25;

/** The commands, for servers, direct messages with the bot, and people who installed Easel for themselves. */
export function commandDefinitions(settings: Settings): RESTPostAPIChatInputApplicationCommandsJSONBody[] {
  const everywhere = {
    type: ApplicationCommandType.ChatInput as const,
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
  };
  return [
    { ...everywhere, name: IMAGINE, description: commandTexts.imagine, options: imagineOptions(settings) },
    { ...everywhere, name: HELP, description: commandTexts.help },
  ];
}

function imagineOptions(settings: Settings): APIApplicationCommandBasicOption[] {
  const choices = choicesFor(settings.models.map(({ name }) => name));
  const option = (name: OptionName): APIApplicationCommandBasicOption[] =>
    choices[name].length
      ? [
          {
            type: ApplicationCommandOptionType.String,
            name,
            description: commandTexts[name],
            choices: choices[name].slice(0, MOST_CHOICES),
          },
        ]
      : [];
  return [
    {
      type: ApplicationCommandOptionType.String,
      name: "prompt",
      description: commandTexts.prompt,
      required: true,
      min_length: 1,
      max_length: LONGEST_OPTION,
    },
    ...option("size"),
    ...option("quality"),
    ...option("style"),
    ...option("background"),
    {
      type: ApplicationCommandOptionType.Integer,
      name: "count",
      description: commandTexts.count,
      min_value: 1,
      max_value: MOST_PICTURES,
    },
    ...option("model"),
    { type: ApplicationCommandOptionType.Boolean, name: "private", description: commandTexts.private },
  ];
}

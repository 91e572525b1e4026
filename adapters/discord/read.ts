import { ApplicationCommandOptionType } from "discord.js";
import type { APIChatInputApplicationCommandInteraction } from "discord.js";
import { OPTION_NAMES } from "../../src/request.ts";
import type { ImageRequest, OptionName } from "../../src/request.ts";
import { addressOf, userOf } from "./address.ts";
import type { AnsweredLater } from "./address.ts";

/** `/imagine` in the asker's own words. Values are taken as they come: `checkRequest` judges them. */
export function readImagine(interaction: APIChatInputApplicationCommandInteraction): ImageRequest {
  const request = emptyRequest(interaction);
  for (const option of interaction.data.options ?? []) {
    // A subcommand has no value, and no command of ours has one.
    const value = "value" in option ? option.value : "";
    if (option.name === "prompt") request.prompt = String(value);
    else if (option.name === "private" && option.type === ApplicationCommandOptionType.Boolean)
      request.private = option.value;
    else if (isOptionName(option.name)) request.options[option.name] = String(value);
    else request.unknownOptions.push(option.name);
  }
  return request;
}

/** A request without words, from whoever sent the interaction. */
export function emptyRequest(interaction: AnsweredLater): ImageRequest {
  const { id, name } = userOf(interaction);
  const address = addressOf(interaction);
  return {
    id: `discord-${interaction.id}`,
    prompt: "",
    options: {},
    unknownOptions: [],
    private: false,
    askedBy: {
      platform: "discord",
      workspace: interaction.guild_id,
      channel: address.channelId,
      user: id,
      name,
      locale: interaction.locale,
    },
    address,
  };
}

export function isOptionName(name: string): name is OptionName {
  return OPTION_NAMES.some((known) => known === name);
}

import { ApplicationCommandOptionType } from "discord.js";
import type { APIChatInputApplicationCommandInteraction } from "discord.js";
import { OPTION_NAMES } from "../../src/request/request.ts";
import type { ImageRequest, OptionName, Source } from "../../src/request/request.ts";
import { readOptionsIn } from "../../src/request/read-words.ts";
import { addressOf, askerOf } from "./address.ts";
import type { AnsweredLater } from "./address.ts";
import { MASK_OPTION, PICTURE_OPTIONS } from "./commands.ts";

/**
 * `/imagine` and `/edit` in the asker's own words. Values are taken as they come: `checkRequest` judges them. Options may stand
 * in the words as well, where people who know another bot type them; what was picked from the menu comes before those.
 */
export function readCommand(interaction: APIChatInputApplicationCommandInteraction): ImageRequest {
  const request = emptyRequest(interaction);
  const sources = new Map<string, Source>();
  let words = "";
  for (const option of interaction.data.options ?? []) {
    // A subcommand has no value, and no command of ours has one.
    const value = "value" in option ? option.value : "";
    if (option.name === "prompt" || option.name === "change") words = String(value).toWellFormed();
    else if (option.name === "private" && option.type === ApplicationCommandOptionType.Boolean)
      request.private = option.value;
    else if (option.type === ApplicationCommandOptionType.Attachment)
      sources.set(option.name, sourceOf(option.value, interaction));
    else if (isOptionName(option.name)) request.options[option.name] = String(value);
    else request.unknownOptions.push(option.name);
  }
  const typed = readOptionsIn(words);
  return {
    ...request,
    prompt: typed.prompt,
    options: { ...typed.options, ...request.options },
    unknownOptions: [...typed.unknownOptions, ...request.unknownOptions],
    ...givenPictures(sources),
  };
}

/** The first is what is changed, and the mask says where. */
function givenPictures(sources: Map<string, Source>): Pick<ImageRequest, "sources" | "region"> {
  const pictures = PICTURE_OPTIONS.flatMap((name) => sources.get(name) ?? []);
  const mask = sources.get(MASK_OPTION);
  return { ...(pictures.length && { sources: pictures }), ...(mask && { region: { mask } }) };
}

function sourceOf(id: string, { data }: APIChatInputApplicationCommandInteraction): Source {
  const file = data.resolved?.attachments?.[id];
  return { from: "chat", url: file?.url ?? "", declaredBytes: file?.size };
}

/** A request without words, from whoever sent the interaction. */
export function emptyRequest(interaction: AnsweredLater): ImageRequest {
  return {
    id: jobIdOf(interaction),
    prompt: "",
    options: {},
    unknownOptions: [],
    private: false,
    askedBy: askerOf(interaction),
    address: addressOf(interaction),
  };
}

export function jobIdOf({ id }: AnsweredLater): string {
  return `discord-${id}`;
}

export function isOptionName(name: string): name is OptionName {
  return OPTION_NAMES.some((known) => known === name);
}

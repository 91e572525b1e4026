import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
} from "discord.js";
import type {
  APIApplicationCommandAttachmentOption,
  APIApplicationCommandBasicOption,
  RESTPutAPIApplicationCommandsJSONBody,
} from "discord.js";
import { editorsOf } from "../../src/request/check.ts";
import { choicesFor } from "../../src/words/choices.ts";
import { MODELS, MOST_PICTURES } from "../../src/models.ts";
import { FEWEST_IDEAS, MOST_IDEAS, MOST_MINUTES, MOST_TOPIC, MOST_VOTES } from "../../src/brainstorm/session.ts";
import type { OptionName } from "../../src/request/request.ts";
import { sentencesFor, speakAll } from "../../src/words/said.ts";
import type { ModelSetting, Settings } from "../../src/settings.ts";

const sentences = sentencesFor(undefined);
const { commandTexts, discordBoard } = sentences;

export const IMAGINE = "imagine";
export const EDIT = "edit";
export const HISTORY = "history";
export const WALL = "wall";
export const FAMILY = "family";
export const PRIVACY = "privacy";
export const BRAINSTORM = "brainstorm";
export const HELP = "help";
export const USAGE = "usage";
export const EASEL = "easel";
export const STYLE = "style";
/** In the menu of a message. Their names are what people read there. */
export const EDIT_MESSAGE = commandTexts.editMessage;
export const DRAW_MESSAGE = commandTexts.drawMessage;
export const SKETCH_MESSAGE = commandTexts.sketchMessage;
export const DESCRIBE_MESSAGE = commandTexts.describeMessage;

/** The files of `/edit`: the first is changed, the others are drawn from as well. */
export const PICTURE_OPTIONS = ["picture", "picture2", "picture3", "picture4"] as const;
export const MASK_OPTION = "mask";

/** Discord's own limit of a string option; what a model takes is checked later, and told. */
const LONGEST_OPTION = 6000;
const MOST_CHOICES = 25;
/** With what people type around it. */
const LONGEST_CODE = 20;

/** Told by the extension alone, and by the client alone: what is inside is looked at later. With extensions, phones need `.jpg`. */
const PICTURE_FILES = [".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif"] as const;

type Definition = RESTPutAPIApplicationCommandsJSONBody[number];

/** All commands of every kind: telling Discord them anew takes away whatever is missing here. For servers, direct messages with the bot, and people who installed Easel for themselves. */
export function commandDefinitions(settings: Settings): Definition[] {
  const everywhere = {
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
  };
  // Its server's admins may let others see it too: what it shows is decided by us. An operator has it in a direct message as well.
  const forAdmins = {
    integration_types: [ApplicationIntegrationType.GuildInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
    default_member_permissions: String(PermissionFlagsBits.ManageGuild),
  };
  const slash = { ...everywhere, type: ApplicationCommandType.ChatInput as const };
  const onMessage = { ...everywhere, type: ApplicationCommandType.Message as const };
  return [
    { ...slash, name: IMAGINE, description: commandTexts.imagine, options: imagineOptions(settings) },
    { ...slash, name: EDIT, description: commandTexts.edit, options: editOptions(settings) },
    { ...slash, name: HISTORY, description: commandTexts.history },
    { ...slash, name: WALL, description: commandTexts.wall },
    { ...slash, name: FAMILY, description: commandTexts.family, options: [familyOption] },
    { ...slash, name: STYLE, description: commandTexts.styles, options: styleOptions },
    { ...slash, name: BRAINSTORM, description: discordBoard.command, options: brainstormOptions(settings) },
    { ...slash, name: PRIVACY, description: commandTexts.privacy },
    { ...slash, name: USAGE, description: commandTexts.usage },
    { ...forAdmins, type: ApplicationCommandType.ChatInput as const, name: EASEL, description: commandTexts.easel },
    { ...slash, name: HELP, description: commandTexts.help },
    { ...onMessage, name: EDIT_MESSAGE },
    { ...onMessage, name: DRAW_MESSAGE },
    ...(editorsOf(settings).length ? [{ ...onMessage, name: SKETCH_MESSAGE }] : []),
    ...(settings.ideas ? [{ ...onMessage, name: DESCRIBE_MESSAGE }] : []),
  ];
}

function imagineOptions(settings: Settings): APIApplicationCommandBasicOption[] {
  const option = optionsOf(settings.models);
  return [
    words("prompt", commandTexts.prompt),
    ...option("size"),
    ...option("quality"),
    styleOption(settings.models),
    ...option("background"),
    {
      type: ApplicationCommandOptionType.Integer,
      name: "count",
      description: commandTexts.count,
      min_value: 1,
      max_value: MOST_PICTURES,
    },
    ...option("model"),
    privateOption,
  ];
}

/** Where no model changes pictures, the answer says so. */
function editOptions(settings: Settings): APIApplicationCommandBasicOption[] {
  const editors = editorsOf(settings);
  const option = optionsOf(editors.length ? editors : settings.models);
  const [first, ...others] = PICTURE_OPTIONS;
  return [
    words("change", commandTexts.change),
    picture(first, commandTexts.editPicture),
    ...others.map((name) => picture(name, commandTexts.anotherPicture)),
    { ...picture(MASK_OPTION, commandTexts.mask), file_types: [".png"] },
    ...option("size"),
    ...option("quality"),
    styleOption(editors),
    ...option("background"),
    ...option("model"),
    privateOption,
  ];
}

/** A saved style has no list of its own here: its names come while somebody types. */
function styleOption(models: ModelSetting[]): APIApplicationCommandBasicOption {
  const isModels = models.some(({ name }) => MODELS[name].styles.length);
  return {
    type: ApplicationCommandOptionType.String,
    name: "style",
    description: isModels ? commandTexts.styleOrOwn : commandTexts.style,
    autocomplete: true,
    max_length: LONGEST_NAME,
  };
}

/** Longer than any name that is taken, so that what is wrong with it is told. */
const LONGEST_NAME = 100;

function styleName(description: string): APIApplicationCommandBasicOption {
  const name = { type: ApplicationCommandOptionType.String as const, name: "name", required: true };
  return { ...name, description, autocomplete: true, min_length: 1, max_length: LONGEST_NAME };
}

const subcommand = (name: string, description: string, options: APIApplicationCommandBasicOption[] = []) => ({
  type: ApplicationCommandOptionType.Subcommand as const,
  name,
  description,
  options,
});

const styleOptions = [
  subcommand("save", commandTexts.styleSave, [
    styleName(commandTexts.styleName),
    {
      type: ApplicationCommandOptionType.String,
      name: "words",
      description: commandTexts.styleWords,
      max_length: 3000,
    },
    { type: ApplicationCommandOptionType.String, name: "from", description: commandTexts.styleFrom, max_length: 500 },
    ...PICTURE_OPTIONS.map((name) => picture(name, commandTexts.stylePicture)),
  ]),
  subcommand("use", commandTexts.styleUse, [styleName(commandTexts.styleUseName)]),
  subcommand("list", commandTexts.styleList),
  subcommand("show", commandTexts.styleShow, [styleName(commandTexts.styleOneName)]),
  subcommand("drop", commandTexts.styleDrop, [styleName(commandTexts.styleOneName)]),
];

function brainstormOptions({ models }: Settings): APIApplicationCommandBasicOption[] {
  const number = (name: "ideas" | "minutes" | "votes", [least, most]: [number, number]) => {
    const range = { min_value: least, max_value: most };
    return { type: ApplicationCommandOptionType.Integer as const, name, description: discordBoard[name], ...range };
  };
  const line = (name: "topic" | "join", most: number) => {
    const length = { min_length: 1, max_length: most };
    return { type: ApplicationCommandOptionType.String as const, name, description: discordBoard[name], ...length };
  };
  const yesOrNo = (name: "others" | "thread") => ({
    type: ApplicationCommandOptionType.Boolean as const,
    name,
    description: discordBoard[name],
  });
  const results = (["hidden", "live"] as const).map((value) => ({ name: discordBoard[value], value }));
  return [
    line("topic", MOST_TOPIC),
    number("ideas", [FEWEST_IDEAS, MOST_IDEAS]),
    number("minutes", [1, MOST_MINUTES]),
    number("votes", [1, MOST_VOTES]),
    {
      type: ApplicationCommandOptionType.String,
      name: "results",
      description: discordBoard.results,
      choices: results,
    },
    yesOrNo("others"),
    ...optionsOf(models)("model"),
    styleOption(models),
    yesOrNo("thread"),
    line("join", LONGEST_CODE),
  ];
}

function optionsOf(models: ModelSetting[]): (name: OptionName) => APIApplicationCommandBasicOption[] {
  const choices = choicesFor(models.map(({ name }) => name));
  return (name) =>
    choices[name].length
      ? [
          {
            type: ApplicationCommandOptionType.String,
            name,
            description: commandTexts[name],
            choices: speakAll(choices[name].slice(0, MOST_CHOICES), sentences),
          },
        ]
      : [];
}

function words(name: string, description: string): APIApplicationCommandBasicOption {
  const length = { min_length: 1, max_length: LONGEST_OPTION };
  return { type: ApplicationCommandOptionType.String, name, description, required: true, ...length };
}

function picture(name: string, description: string): APIApplicationCommandAttachmentOption {
  return {
    type: ApplicationCommandOptionType.Attachment,
    name,
    description,
    required: false,
    file_types: [...PICTURE_FILES],
  };
}

const privateOption: APIApplicationCommandBasicOption = {
  type: ApplicationCommandOptionType.Boolean,
  name: "private",
  description: commandTexts.private,
};

const familyOption: APIApplicationCommandBasicOption = {
  type: ApplicationCommandOptionType.String,
  name: "picture",
  description: commandTexts.familyPicture,
  max_length: 200,
};

import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
} from "discord.js";
import type { APIApplicationCommandBasicOption, RESTPostAPIChatInputApplicationCommandsJSONBody } from "discord.js";
import type { ChoiceOption } from "../../src/check.ts";
import { MODELS, MOST_PICTURES, SHAPES } from "../../src/models.ts";
import type { Model, ModelName, Shape } from "../../src/models.ts";
import { commandTexts, shapeNames, times } from "../../src/sentences.ts";
import type { Settings } from "../../src/settings.ts";

export const IMAGINE = "imagine";
export const HELP = "help";

/** Discord's own limit of a string option; what a model takes is checked later, and told. */
const LONGEST_OPTION = 6000;
const MOST_CHOICES = 25;

export type Choice = { name: string; value: string };

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
  const models = settings.models.map(({ name }) => name);
  const choice = (name: keyof typeof commandTexts, choices: Choice[]): APIApplicationCommandBasicOption[] =>
    choices.length
      ? [{ type: ApplicationCommandOptionType.String, name, description: commandTexts[name], choices }]
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
    ...choice("size", sizeChoices(models)),
    ...choice("quality", valueChoices("quality", models)),
    ...choice("style", valueChoices("style", models)),
    ...choice("background", valueChoices("background", models)),
    {
      type: ApplicationCommandOptionType.Integer,
      name: "count",
      description: commandTexts.count,
      min_value: 1,
      max_value: MOST_PICTURES,
    },
    ...choice("model", modelChoices(models)),
    { type: ApplicationCommandOptionType.Boolean, name: "private", description: commandTexts.private },
  ];
}

export function modelChoices(models: ModelName[]): Choice[] {
  return models.map((name) => ({ name: MODELS[name].label, value: name }));
}

/** Shapes first, with their pixels where all models agree on them; then what some model draws beyond them. */
export function sizeChoices(names: ModelName[]): Choice[] {
  const models = names.map((name) => MODELS[name]);
  const larger = [...new Set(models.flatMap(({ largerSizes }) => largerSizes))];
  return [
    ...SHAPES.map((shape) => ({ name: nameOfShape(shape, models), value: shape })),
    ...larger.map((size) => ({ name: times(size), value: size })),
    ...(models.some(({ autoSize }) => autoSize) ? [{ name: shapeNames.auto, value: "auto" }] : []),
  ].slice(0, MOST_CHOICES);
}

function nameOfShape(shape: Shape, models: Model[]): string {
  const sizes = new Set(models.map((model) => model.sizes[shape]));
  return sizes.size === 1 ? `${shapeNames[shape]}, ${[...sizes].map(times).join()}` : shapeNames[shape];
}

const valuesOf: Record<ChoiceOption, (model: Model) => readonly string[]> = {
  quality: ({ qualities }) => qualities,
  style: ({ styles }) => styles,
  background: ({ backgrounds }) => backgrounds,
};

/** What at least one of the models takes; none where no model knows the option. */
export function valueChoices(option: ChoiceOption, names: ModelName[]): Choice[] {
  const values = new Set(names.flatMap((name) => valuesOf[option](MODELS[name])));
  return [...values].slice(0, MOST_CHOICES).map((value) => ({ name: value, value }));
}

import { InteractionResponseType } from "discord.js";
import type { APIApplicationCommandAutocompleteInteraction } from "discord.js";
import { MODELS } from "../../../src/models.ts";
import { NO_STYLE } from "../../../src/request/named-style.ts";
import type { Settings } from "../../../src/settings.ts";
import { log } from "../../../src/log.ts";
import type { Asker } from "../../../src/request/request.ts";
import { stylesLike } from "../../../src/ask/styles.ts";
import { answerFirst } from "../rest/first-answer.ts";
import { STYLE } from "../commands.ts";
import type { Reception } from "./reception.ts";

/** Somebody types the name of a style: which there are. Nothing can be said here, so that nothing is what a fault comes to. */
export async function answerAutocomplete(
  interaction: APIApplicationCommandAutocompleteInteraction,
  { settings, desk }: Reception,
): Promise<void> {
  const { options, name } = interaction.data;
  const [first] = options;
  const signal = AbortSignal.timeout(desk.times.readLimitMilliseconds);
  const also = name === STYLE ? (first?.name === "use" ? [NO_STYLE] : []) : [...stylesOf(settings), NO_STYLE];
  const asked = { by: askerOf(interaction), also, most: MOST_CHOICES, signal };
  const names = await stylesLike(typedIn(options), asked, desk.azure);
  const choices = names.map((each) => ({ name: each, value: each }));
  const answer = { type: InteractionResponseType.ApplicationCommandAutocompleteResult as const, data: { choices } };
  const taken = await answerFirst(interaction, answer, desk);
  if (!taken.taken) log.info({ because: taken.because }, "discord: a list of styles came too late");
}

/** Discord's own limit. */
const MOST_CHOICES = 25;

function stylesOf({ models }: Settings): string[] {
  return [...new Set(models.flatMap(({ name }) => MODELS[name].styles))];
}

type Options = APIApplicationCommandAutocompleteInteraction["data"]["options"];

/** In a subcommand it stands one further in. */
function typedIn(options: Options): string {
  for (const option of options) {
    if ("options" in option) return typedIn(option.options ?? []);
    if ("focused" in option && option.focused) return option.value;
  }
  return "";
}

function askerOf(interaction: APIApplicationCommandAutocompleteInteraction): Asker {
  const person = interaction.member?.user ?? interaction.user;
  return {
    platform: "discord",
    workspace: interaction.guild_id,
    channel: interaction.channel?.id ?? "",
    user: person?.id ?? "",
    name: "",
  };
}

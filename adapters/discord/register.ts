import { parseArgs } from "node:util";
import { ApplicationCommandType, RESTJSONErrorCodes, Routes } from "discord.js";
import type { APIApplicationCommand } from "discord.js";
import { readModels, readSettings } from "../../src/settings.ts";
import type { Environment, Settings } from "../../src/settings.ts";
import { commandDefinitions } from "./commands.ts";
import { refusalOf } from "./rest/faults.ts";
import { DiscordRefused, MadeToWait, NotDiscord } from "./rest/no-answer.ts";
import { readDiscordSettings } from "./settings.ts";
import type { DiscordSettings } from "./settings.ts";
import { makeRest } from "./rest/first-answer.ts";

/** View, send, send in threads, embed, attach, read history. */
const PERMISSIONS = (1n << 10n) | (1n << 11n) | (1n << 38n) | (1n << 14n) | (1n << 15n) | (1n << 16n);

/** Tells Discord all commands at once, in place of what it knew; with `guildId` for one server alone. Returns what to tell the operator. */
export async function registerCommands(
  settings: Settings,
  discord: DiscordSettings,
  guildId?: string,
): Promise<string> {
  const { applicationId } = discord;
  const route = guildId
    ? Routes.applicationGuildCommands(applicationId, guildId)
    : Routes.applicationCommands(applicationId);
  const definitions = commandDefinitions(settings);
  // Commands of one server know neither contexts nor installation types.
  const body = guildId
    ? definitions.map(({ contexts: _contexts, integration_types: _types, ...command }) => command)
    : definitions;
  const registered = (await makeRest(discord).put(route, { body })) as APIApplicationCommand[];
  if (!Array.isArray(registered)) throw new NotDiscord(200, "it is no list of commands");
  const install = `https://discord.com/oauth2/authorize?client_id=${applicationId}`;
  return [
    `Registered ${list.format(registered.map(nameOf))} ${guildId ? `in server ${guildId}` : "everywhere: servers, direct messages, personal installs"}.`,
    `Models offered: ${settings.models.map(({ name }) => name).join(", ")}. Register again when IMAGE_MODELS or IDEAS_MODEL changes.`,
    `Add Easel to a server:  ${install}&scope=bot+applications.commands&permissions=${PERMISSIONS}`,
    `Add Easel to yourself:  ${install}&scope=applications.commands&integration_type=1`,
  ].join("\n");
}

const list = new Intl.ListFormat("en");

/** As people find it: typed, or in the menu of a message. */
function nameOf({ name, type }: APIApplicationCommand): string {
  return type === ApplicationCommandType.ChatInput ? `/${name}` : `“${name}”`;
}

/** What registering needs of the environment: the models, for the choices, and Discord's own settings. */
export function readRegistration(environment: Environment): {
  settings: Settings;
  discord?: DiscordSettings;
  faults: string[];
} {
  const faults: string[] = [];
  const models = readModels(environment, faults);
  const settings = { ...readSettings(environment, []), models };
  const ofModels = faults.length;
  const discord = readDiscordSettings(environment, faults);
  if (!discord && faults.length === ofModels) {
    faults.push(
      "DISCORD_TOKEN and DISCORD_APPLICATION_ID are missing: discord.com/developers/applications, your application, Bot and General Information.",
    );
  }
  return { settings, discord, faults };
}

const OF_ANOTHER_BOT =
  "DISCORD_APPLICATION_ID is not that of the token's bot, or the bot is not in the server given with --guild.";

const whatWentWrong: ReadonlyMap<number, string> = new Map([
  [RESTJSONErrorCodes.UnknownApplication, OF_ANOTHER_BOT],
  [RESTJSONErrorCodes.UnknownGuild, OF_ANOTHER_BOT],
  [RESTJSONErrorCodes.NotAuthorizedToPerformThisActionOnThisApplication, OF_ANOTHER_BOT],
  [RESTJSONErrorCodes.MissingAccess, OF_ANOTHER_BOT],
]);

/** What to tell the operator of a failed registration. Only Discord's own words are laid to a setting: a page says nothing of them. */
export function whyNotRegistered(error: unknown): string {
  if (error instanceof NotDiscord)
    return `What answered is not Discord but ${error.message}. Something is in between, such as a proxy or Cloudflare: please try again in some minutes, or from another network. The settings may be right.`;
  if (error instanceof MadeToWait)
    return `Discord makes this machine wait: please try again in ${Math.ceil(error.seconds / 60)} minutes.`;
  const { fault, because } = refusalOf(error, "bot", "registering");
  if (fault === "bad bot token")
    return "DISCORD_TOKEN is not valid: discord.com/developers/applications, your application, Bot, Reset Token.";
  if (error instanceof DiscordRefused) {
    const fields = error.fields.length ? ` (${error.fields.join(", ")})` : "";
    return whatWentWrong.get(error.code) ?? `Discord did not take them: ${because}${fields}.`;
  }
  return `Discord cannot be reached; please try again (${because}).`;
}

async function main(environment: Environment, guildId: string | undefined): Promise<void> {
  const { settings, discord, faults } = readRegistration(environment);
  if (discord && !faults.length) {
    try {
      process.stdout.write(`${await registerCommands(settings, discord, guildId)}\n`);
      return;
    } catch (error) {
      faults.push(whyNotRegistered(error));
    }
  }
  process.stderr.write(`The commands were not registered:\n${faults.map((fault) => `  - ${fault}\n`).join("")}`);
  process.exitCode = 1;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { guild: { type: "string" } } });
  await main(process.env, values.guild);
}

import type { Environment } from "../../src/settings.ts";
import { DISCORD_TIMES } from "./times.ts";
import type { DiscordTimes } from "./times.ts";

export type DiscordSettings = {
  token: string;
  applicationId: string;
  /** Where Discord's REST API stands, without a version; absent: discord.com. */
  api?: string;
  /** No setting of anybody's: handed along with them. */
  times: DiscordTimes;
};

export const DISCORD_SETTINGS = ["DISCORD_TOKEN", "DISCORD_APPLICATION_ID"] as const;

const whereToGet: Record<(typeof DISCORD_SETTINGS)[number], string> = {
  DISCORD_TOKEN: "discord.com/developers/applications, your application, Bot, Reset Token",
  DISCORD_APPLICATION_ID: "discord.com/developers/applications, your application, General Information, Application ID",
};

/** Discord is on when its names are set. Half of them, or a malformed one, adds a sentence to `faults`. */
export function readDiscordSettings(environment: Environment, faults: string[]): DiscordSettings | undefined {
  const value = (name: (typeof DISCORD_SETTINGS)[number]) => environment[name]?.trim() ?? "";
  if (!DISCORD_SETTINGS.some(value)) return undefined;
  for (const name of DISCORD_SETTINGS) {
    if (!value(name)) faults.push(`${name} is missing, and Discord needs both of its settings: ${whereToGet[name]}.`);
  }
  const token = value("DISCORD_TOKEN").replace(/^Bot\s+/i, "");
  const applicationId = value("DISCORD_APPLICATION_ID");
  if (/\s/.test(token)) faults.push(`DISCORD_TOKEN has a space in it: ${whereToGet.DISCORD_TOKEN}.`);
  if (applicationId && !/^\d{17,20}$/.test(applicationId)) {
    faults.push(
      `DISCORD_APPLICATION_ID is "${applicationId}", but it is a number of 17 to 20 digits: ${whereToGet.DISCORD_APPLICATION_ID}.`,
    );
  }
  return token && applicationId ? { token, applicationId, times: DISCORD_TIMES } : undefined;
}

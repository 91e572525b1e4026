import { nearestName } from "./near.ts";
import type { Environment } from "./settings.ts";

/** What other programs and older pages call the same. */
const OTHER_NAMES = new Map([
  ["AZURE_OPENAI_API_VERSION", "OPENAI_API_VERSION"],
  ["AZURE_OPENAI_KEY", "AZURE_OPENAI_API_KEY"],
  ["AZURE_OPENAI_BASE_URL", "AZURE_OPENAI_ENDPOINT"],
  ["OPENAI_API_BASE", "OPENAI_BASE_URL"],
  ["AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT"],
  ["AZURE_STORAGE_CONTAINER_NAME", "AZURE_STORAGE_CONTAINER"],
  ["DISCORD_BOT_TOKEN", "DISCORD_TOKEN"],
  ["DISCORD_CLIENT_ID", "DISCORD_APPLICATION_ID"],
  ["DISCORD_APP_ID", "DISCORD_APPLICATION_ID"],
  ["MICROSOFT_APP_ID", "MicrosoftAppId"],
  ["MICROSOFT_APP_PASSWORD", "MicrosoftAppPassword"],
  ["MICROSOFT_APP_TYPE", "MicrosoftAppType"],
  ["MICROSOFT_APP_TENANT_ID", "MicrosoftAppTenantId"],
]);

/** Shorter names are everybody's: `PORTS` and `HOSTS` may mean anything. */
const SHORTEST = 8;

export type UnknownSetting = { name: string; meant: string };

/** Names in the environment that nothing reads and that look like one of ours which is not set: slips, most likely. */
export function unknownSettings(environment: Environment, known: readonly string[]): UnknownSetting[] {
  const isSet = (name: string) => Boolean(environment[name]?.trim());
  const missing = known.filter((name) => name.length >= SHORTEST && !isSet(name));
  return Object.keys(environment).flatMap((name) => {
    if (name.length < SHORTEST || known.includes(name) || !isSet(name)) return [];
    const other = OTHER_NAMES.get(name.toUpperCase());
    const meant = other ? missing.find((candidate) => candidate === other) : nearestName(name, missing);
    return meant ? [{ name, meant }] : [];
  });
}

/** Puts each slip into the sentence on the setting that it leaves missing, and says the others beside it. */
export function saySlips(slips: UnknownSetting[], faults: string[]): string[] {
  return slips.flatMap(({ name, meant }) => {
    const index = faults.findIndex((fault) => fault.startsWith(`${meant} is missing`));
    if (index < 0) return [`${name} is set, but nothing reads it: did you mean ${meant}?`];
    faults[index] += ` ${name} is set, which nothing reads: did you mean it for ${meant}?`;
    return [];
  });
}

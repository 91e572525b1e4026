import { expect, it } from "vitest";
import { readDiscordSettings } from "../../adapters/discord/settings.ts";
import { DISCORD_TIMES } from "../../adapters/discord/times.ts";

const id = "12345678901234567890";

it.each<[string, Record<string, string>, string[], object | undefined]>([
  ["nothing: Discord is off", {}, [], undefined],
  ["blanks: Discord is off", { DISCORD_TOKEN: " ", DISCORD_APPLICATION_ID: "" }, [], undefined],
  [
    "both",
    { DISCORD_TOKEN: " t ", DISCORD_APPLICATION_ID: id },
    [],
    { token: "t", applicationId: id, times: DISCORD_TIMES },
  ],
  [
    "a token as it stands in a header",
    { DISCORD_TOKEN: "Bot t", DISCORD_APPLICATION_ID: id },
    [],
    { token: "t", applicationId: id, times: DISCORD_TIMES },
  ],
  ["a token alone", { DISCORD_TOKEN: "t" }, ["DISCORD_APPLICATION_ID is missing.*General Information"], undefined],
  ["an id alone", { DISCORD_APPLICATION_ID: id }, ["DISCORD_TOKEN is missing.*Bot"], undefined],
  [
    "an id that is a name, and no token",
    { DISCORD_APPLICATION_ID: "easel" },
    ["DISCORD_TOKEN is missing", 'is "easel"'],
    undefined,
  ],
])("%s", (_, environment, faults, settings) => {
  const found: string[] = [];
  expect(readDiscordSettings(environment, found)).toEqual(settings);
  expect(found).toEqual(faults.map((fault) => expect.stringMatching(new RegExp(fault))));
});

import { ApplicationCommandOptionType, ApplicationCommandType, InteractionType } from "discord.js";
import type { APIChatInputApplicationCommandInteraction } from "discord.js";
import { describe, expect, it } from "vitest";
import { DiscordAddress } from "../../adapters/discord/address.ts";
import { readCommand } from "../../adapters/discord/read.ts";
import { ImageRequest } from "../../src/request/request.ts";

type Option = { name: string; type: number; value?: unknown; options?: unknown[] };

function event(options: Option[], change: object = {}): APIChatInputApplicationCommandInteraction {
  return {
    id: "175928847299117063",
    application_id: "11",
    type: InteractionType.ApplicationCommand,
    token: "secret",
    version: 1,
    guild_id: "22",
    channel_id: "33",
    channel: { id: "33", type: 0 },
    member: { user: { id: "44", username: "ada", global_name: "Ada L." }, nick: null },
    locale: "de",
    app_permissions: "52224",
    attachment_size_limit: 26_214_400,
    authorizing_integration_owners: { 0: "22" },
    context: 0,
    data: { id: "55", name: "imagine", type: ApplicationCommandType.ChatInput, options },
    ...change,
  } as unknown as APIChatInputApplicationCommandInteraction;
}

const text = (name: string, value: unknown) => ({ name, type: ApplicationCommandOptionType.String, value });

describe("/imagine is read", () => {
  it("in the asker's own words, with who asked and where", () => {
    const request = readCommand(
      event([
        text("prompt", "  a fox "),
        text("size", "wide"),
        { name: "count", type: ApplicationCommandOptionType.Integer, value: 2 },
      ]),
    );
    expect(ImageRequest.parse(request)).toMatchObject({
      id: "discord-175928847299117063",
      prompt: "  a fox ",
      options: { size: "wide", count: "2" },
      private: false,
      askedBy: { platform: "discord", workspace: "22", channel: "33", user: "44", name: "Ada L.", locale: "de" },
    });
  });

  it("with the options that people of another bot type behind the words; what is picked comes before them", () => {
    const request = readCommand(
      event([text("prompt", "a fox --ar 16:9 --v 7 --no dogs, cats --s 250"), text("quality", "hd")]),
    );
    expect(request).toMatchObject({
      prompt: "a fox",
      options: { size: "16:9", quality: "hd" },
      unknownOptions: ["--v 7", "--no dogs, cats", "--s 250"],
    });
    expect(readCommand(event([text("prompt", "a fox --ar 16:9"), text("size", "tall")])).options).toEqual({
      size: "tall",
    });
    expect(readCommand(event([text("prompt", "a -- b, well--known")])).prompt).toBe("a -- b, well--known");
  });

  it("into an address that can be written as JSON and read again", () => {
    const { address } = readCommand(event([text("prompt", "a fox")]));
    const again = DiscordAddress.parse(JSON.parse(JSON.stringify(address)));
    expect(again).toEqual(address);
    expect(again).toMatchObject({
      botIsThere: true,
      attachmentSizeLimit: 26_214_400,
      appPermissions: "52224",
      createdAt: "2016-04-30T11:18:25.796Z",
    });
  });

  it.each([
    ["a server", { authorizing_integration_owners: { 0: "22" }, context: 0 }, true],
    ["a server and a person", { authorizing_integration_owners: { 0: "22", 1: "44" }, context: 0 }, true],
    ["a person alone, in a server", { authorizing_integration_owners: { 1: "44" }, context: 0 }, false],
    ["a person alone, among others", { authorizing_integration_owners: { 1: "44" }, context: 2 }, false],
    ["a person alone, with the bot", { authorizing_integration_owners: { 1: "44" }, context: 1 }, true],
    ["nobody says who", { authorizing_integration_owners: undefined, context: undefined }, false],
  ])("knowing whether the bot is there: %s", (_, change, botIsThere) => {
    expect(readCommand(event([], change)).address).toMatchObject({ botIsThere });
  });

  it("from a direct message, which has no member", () => {
    const request = readCommand(
      event([text("prompt", "a fox")], { guild_id: undefined, member: undefined, user: { id: "44", username: "ada" } }),
    );
    expect(request.askedBy).toMatchObject({ user: "44", name: "ada", workspace: undefined });
  });

  it("whatever else comes with it", () => {
    const request = readCommand(
      event([
        text("prompt", 7),
        text("flavour", "vanilla"),
        { name: "group", type: 1, options: [] },
        text("private", "yes"),
        text("__proto__", "x"),
      ]),
    );
    expect(request.prompt).toBe("7");
    expect(request.unknownOptions).toEqual(["flavour", "group", "private", "__proto__"]);
    expect(readCommand(event([], { data: { id: "55", name: "imagine", type: 1 } })).prompt).toBe("");
  });
});

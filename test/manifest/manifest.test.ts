import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readCommand } from "../../adapters/teams/commands.ts";
import { EXTENSION_COMMANDS } from "../../adapters/teams/card/extension-call.ts";
import { packManifest } from "../../manifest/pack.ts";
import { schemaFaults } from "./schema.ts";

const Command = z.object({
  title: z.string(),
  description: z.string(),
  type: z.enum(["basic", "prompt"]).default("basic"),
  prompt: z.string().optional(),
});
const CommandList = z.object({
  scopes: z.string().array(),
  triggers: z.string().array().default(["mention"]),
  commands: Command.array(),
});
const Bot = z.looseObject({
  botId: z.string(),
  scopes: z.string().array(),
  supportsFiles: z.boolean(),
  supportsTargetedMessages: z.boolean().default(false),
  commandLists: CommandList.array(),
});
const ExtensionCommand = z.object({
  id: z.string(),
  type: z.string(),
  title: z.string(),
  description: z.string(),
  context: z.string().array(),
  fetchTask: z.boolean(),
});
const Extension = z.object({ botId: z.string(), commands: ExtensionCommand.array() });
const Manifest = z.looseObject({
  id: z.string(),
  manifestVersion: z.string(),
  description: z.object({ short: z.string(), full: z.string() }),
  supportsChannelFeatures: z.string().optional(),
  bots: z.tuple([Bot]),
  composeExtensions: z.tuple([Extension]),
});

const appId = "01234567-89ab-cdef-0123-456789abcdef";
const packed = packManifest({ MicrosoftAppId: appId, PUBLIC_URL: "https://easel.example.com" });
const filled: unknown =
  "bytes" in packed && JSON.parse(strFromU8(unzipSync(packed.bytes)["manifest.json"] ?? new Uint8Array()));
const manifest = Manifest.parse(filled);
const [bot] = manifest.bots;
const lists = bot.commandLists;
const commands = lists.flatMap((list) => list.commands);

describe("the official schema", () => {
  it("is content with the filled manifest", () => expect(schemaFaults(filled)).toEqual([]));

  it.each<[string, object, string]>([
    ["a key it does not know", { packageName: "com.example.easel" }, "additional properties"],
    ["an id that is no GUID", { id: "easel" }, "/id must match pattern"],
    ["another version", { manifestVersion: "1.28" }, "/manifestVersion must be equal to constant"],
    [
      "a scope in lower case",
      { bots: [{ ...bot, scopes: ["groupchat"] }] },
      "/bots/0/scopes/0 must be equal to one of",
    ],
    [
      "a fourth command list",
      { bots: [{ ...bot, commandLists: Array(4).fill(lists[0]) }] },
      "must NOT have more than 3 items",
    ],
    [
      "a thirteenth command",
      { bots: [{ ...bot, commandLists: [{ scopes: ["team"], commands: Array(13).fill(commands[0]) }] }] },
      "must NOT have more than 12 items",
    ],
    [
      "a short description of 81",
      { description: { ...manifest.description, short: "x".repeat(81) } },
      "/description/short must NOT have more than 80",
    ],
  ])("would refuse %s", (_, change, complaint) => {
    expect(schemaFaults({ ...manifest, ...change }).join("\n")).toContain(complaint);
  });

  it("would refuse a manifest without an accent colour", () => {
    expect(schemaFaults({ ...manifest, accentColor: undefined })).toEqual([expect.stringContaining("accentColor")]);
  });
});

describe("the bot", () => {
  it("is the app, and speaks in chats of one, of some and of teams", () => {
    expect([manifest.id, bot.botId]).toEqual([appId, appId]);
    expect(bot.scopes).toEqual(["personal", "team", "groupChat"]);
  });

  it("takes pictures that people send along, and answers one person alone", () => {
    expect([bot.supportsFiles, bot.supportsTargetedMessages]).toEqual([true, true]);
  });

  it("says that it works in shared and private channels, without which Teams refuses a team app since 1.25", () => {
    expect(manifest.supportsChannelFeatures).toBe("tier1");
  });

  it("offers its commands under the slash where there is one, and under the mention everywhere", () => {
    const triggers = Object.fromEntries(
      lists.flatMap(({ scopes, triggers }) => scopes.map((scope) => [scope, triggers])),
    );
    const both = ["mention", "slash"];
    expect(triggers).toEqual({ personal: ["mention"], team: both, groupChat: both });
  });
});

describe("commands", () => {
  it("are at most three lists of twelve, and each scope of the bot has exactly one", () => {
    expect(lists.length).toBeLessThanOrEqual(3);
    for (const list of lists) expect(list.commands.length).toBeLessThanOrEqual(12);
    expect(lists.flatMap(({ scopes }) => scopes).sort()).toEqual([...bot.scopes].sort());
  });

  it.each(lists.map(({ scopes, commands }) => ({ where: scopes.join(" and "), commands })))(
    "are all that Easel knows in $where, none twice",
    ({ commands }) => {
      const titles = commands.map(({ title }) => title);
      expect(titles).toEqual(
        expect.arrayContaining([
          "imagine",
          "edit",
          "brainstorm",
          "history",
          "wall",
          "style",
          "family",
          "privacy",
          "help",
        ]),
      );
      expect(new Set(titles).size).toBe(titles.length);
    },
  );

  it.each(commands)(
    "$title: within the limits, without a slash, and described",
    ({ title, description, type, prompt }) => {
      expect(title.length).toBeLessThanOrEqual(128);
      expect(title).not.toContain("/");
      expect(description.length).toBeGreaterThan(0);
      expect(description.length).toBeLessThanOrEqual(4000);
      expect(prompt?.length ?? 0).toBeLessThanOrEqual(4000);
      expect(prompt !== undefined).toBe(type === "prompt");
    },
  );

  it.each(commands)(
    "$title: the bot understands what Teams writes for it, be it the title or the prompt",
    ({ title, prompt }) => {
      const expected: Record<string, string> = { imagine: "form" };
      const named = ["edit", "brainstorm", "history", "wall", "style", "family", "privacy", "usage", "help"];
      const own = named.find((name) => title === name || title.startsWith(`${name} `)) ?? "imagine";
      expect(readCommand(title)).toMatchObject({ command: expected[title] ?? own });
      expect(readCommand(prompt ?? title)).toEqual(readCommand(title));
      expect(readCommand(title)).not.toMatchObject({ unknownOptions: [expect.anything()] });
    },
  );
});

describe("the message extension", () => {
  const [{ botId, commands: own }] = manifest.composeExtensions;

  it("is the bot's, and has the commands that the bot knows, each with a dialog", () => {
    expect(botId).toBe(appId);
    expect(own.map(({ id }) => id)).toEqual(EXTENSION_COMMANDS);
    for (const { type, fetchTask } of own) expect([type, fetchTask]).toEqual(["action", true]);
  });

  it("draws where people write, and on what is written", () => {
    expect(own.map(({ context }) => context)).toEqual([["compose", "commandBox"], ["message"]]);
  });

  it("keeps within the limits", () => {
    expect(own.length).toBeLessThanOrEqual(10);
    for (const { title, description } of own) {
      expect(title.length).toBeLessThanOrEqual(32);
      expect(description.length).toBeLessThanOrEqual(128);
    }
  });
});

describe("the listing", () => {
  const { short, full } = manifest.description;

  it("says in both descriptions that pictures are made by AI", () => {
    expect(short).toContain("AI-generated");
    expect(full).toContain("generated by AI");
  });

  it("says how to report a picture, and to which address", () => {
    expect(full).toMatch(/report a picture.*https:\/\/easel\.example\.com/);
  });

  it("keeps within the limits even with the longest address", () => {
    expect(short.length).toBeLessThanOrEqual(80);
    expect(full.length).toBeLessThanOrEqual(4000 - 2048);
  });
});

import { Routes } from "discord.js";
import { describe, expect, test } from "vitest";
import { openClient, openDiscord, picture, refusedWith } from "./discord-bare-bot.ts";
import { permission } from "../../local/discord/wire.ts";

describe("commands", () => {
  const option = { type: 3, name: "prompt", description: "What to draw" };
  const base = { name: "imagine", description: "Draws" };
  const wrong: [string, object[]][] = [
    ["an upper-case name", [{ ...base, name: "Imagine" }]],
    ["no description", [{ name: "imagine" }]],
    ["a description on a context menu", [{ name: "Draw this", type: 3, description: "x" }]],
    ["two of a name", [base, base]],
    ["101 commands", Array.from({ length: 101 }, (_, index) => ({ ...base, name: `c${index}` }))],
    ["16 of a menu", Array.from({ length: 16 }, (_, index) => ({ name: `C ${index}`, type: 3 }))],
    [
      "26 choices",
      [
        {
          ...base,
          options: [
            { ...option, choices: Array.from({ length: 26 }, (_, index) => ({ name: `${index}`, value: `${index}` })) },
          ],
        },
      ],
    ],
    ["required after optional", [{ ...base, options: [option, { ...option, name: "size", required: true }] }]],
    [
      "more than 8000 characters",
      [
        {
          ...base,
          options: Array.from({ length: 25 }, (_, index) => ({
            ...option,
            name: `o${index}`,
            choices: Array.from({ length: 3 }, (_, choice) => ({
              name: `${choice}`.padEnd(60, "n"),
              value: `${choice}`.padEnd(60, "v"),
            })),
          })),
        },
      ],
    ],
  ];

  test.each(wrong)("%s is refused", async (_, body) => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const refused = await refusedWith(client.rest.put(Routes.applicationCommands(discord.applicationId), { body }));
    expect(refused).toEqual({ code: 50035, status: 400 });
  });

  test("a PUT replaces every type of them", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const put = (body: object[]): Promise<unknown> =>
      client.rest.put(Routes.applicationCommands(discord.applicationId), { body });
    await put([base, { name: "Draw this", type: 3 }]);
    await put([base]);
    expect(await client.rest.get(Routes.applicationCommands(discord.applicationId))).toHaveLength(1);
    expect(discord.violations).toEqual([]);
  });
});

describe("who may", () => {
  test("every call but those by token needs the bot's token", async () => {
    const discord = await openDiscord();
    const answer = await fetch(`${discord.url}/api/v10/channels/${discord.channelId}`, {
      headers: { authorization: "Bot wrong" },
    });
    expect([answer.status, await answer.json()]).toEqual([401, { code: 0, message: "401: Unauthorized" }]);
    expect(discord.invalidRequests()).toBe(1);
  });

  test("a channel's switches take permissions away", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const post = (files: { name: string; data: Buffer }[] = []): Promise<unknown> =>
      client.rest.post(Routes.channelMessages(discord.channelId), { body: { content: "x" }, files });
    const channel = discord.channel(discord.channelId);
    channel.attach = false;
    expect(await refusedWith(post([{ name: "a.png", data: picture }]))).toEqual({ code: 50013, status: 403 });
    channel.write = false;
    expect(await refusedWith(post())).toEqual({ code: 50013, status: 403 });
    channel.access = false;
    expect(await refusedWith(post())).toEqual({ code: 50001, status: 403 });
    const { event } = await discord.command({ name: "imagine" });
    const taken = permission.viewChannel | permission.sendMessages | permission.attachFiles;
    expect(BigInt(String(event["app_permissions"])) & taken).toBe(0n);
  });
});

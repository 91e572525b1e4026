import { Routes, type APIChannel, type APIMessage } from "discord.js";
import { describe, expect, test } from "vitest";
import { openClient, openDiscord, refusedWith } from "./discord-bare-bot.ts";

const said = { body: { content: "here" } };
const named = { body: { name: "a lighthouse" } };

describe("a thread made from a message", () => {
  test("has the message's id, and there is one for each", async () => {
    const discord = await openDiscord();
    const { rest } = await openClient(discord);
    const { id } = (await rest.post(Routes.channelMessages(discord.channelId), said)) as APIMessage;
    const thread = (await rest.post(Routes.threads(discord.channelId, id), named)) as APIChannel;
    expect(thread).toMatchObject({ id, type: 11, parent_id: discord.channelId, name: "a lighthouse" });
    expect(await refusedWith(rest.post(Routes.threads(discord.channelId, id), named))).toMatchObject({ code: 160004 });
    const inside = (await rest.post(Routes.channelMessages(id), said)) as APIMessage;
    expect(await refusedWith(rest.post(Routes.threads(id, inside.id), named))).toMatchObject({ code: 50024 });
    expect(discord.violations).toEqual([]);
  });

  test("is not for a bot without the permission, and goes with its channel", async () => {
    const discord = await openDiscord();
    const { rest } = await openClient(discord);
    const first = (await rest.post(Routes.channelMessages(discord.channelId), said)) as APIMessage;
    await rest.post(Routes.threads(discord.channelId, first.id), named);
    discord.channel(discord.channelId).threads = false;
    const second = (await rest.post(Routes.channelMessages(discord.channelId), said)) as APIMessage;
    expect(await refusedWith(rest.post(Routes.threads(discord.channelId, second.id), named))).toMatchObject({
      code: 50013,
    });
    discord.removeChannel(discord.channelId);
    expect(await refusedWith(rest.post(Routes.channelMessages(first.id), said))).toMatchObject({ code: 10003 });
  });

  test("is opened again by whoever may send in it, unless it is locked", async () => {
    const discord = await openDiscord();
    const { rest } = await openClient(discord);
    const { id } = (await rest.post(Routes.channelMessages(discord.channelId), said)) as APIMessage;
    await rest.post(Routes.threads(discord.channelId, id), named);
    const inside = (await rest.post(Routes.channelMessages(id), said)) as APIMessage;
    const thread = discord.channel(id);
    thread.archived = true;
    expect(await refusedWith(rest.patch(Routes.channelMessage(id, inside.id), said))).toMatchObject({ code: 50083 });
    await rest.patch(Routes.channel(id), { body: { archived: false } });
    await rest.patch(Routes.channelMessage(id, inside.id), said);
    Object.assign(thread, { archived: true, locked: true });
    expect(await refusedWith(rest.patch(Routes.channel(id), { body: { archived: false } }))).toMatchObject({
      code: 50013,
    });
  });
});

import { Routes, type APIMessage } from "discord.js";
import { expect, test } from "vitest";
import { onCommand, openBot, openClient, openDiscord, refusedWith } from "./discord-bare-bot.ts";
import type { FakeDiscord } from "../../local/discord/start.ts";
import { banned, cloudflarePage } from "../../local/discord/refusals.ts";

const threadIn = (discord: FakeDiscord) =>
  discord.addChannel({ kind: "thread", guildId: discord.guildId, name: "a thread" });

test("an archived thread keeps its messages as they are, for the token and for the bot, until a post opens it", async () => {
  const discord = await openDiscord();
  const thread = threadIn(discord);
  const { client } = await openBot(
    discord,
    onCommand((interaction) => interaction.deferReply()),
  );
  const { token, untilOriginal } = await discord.command({ name: "imagine", channel: thread.id });
  const { id } = await untilOriginal(() => true);
  const [body, auth] = [{ content: "changed" }, false];
  const original = Routes.webhookMessage(discord.applicationId, token);
  thread.archived = true;
  expect(await refusedWith(client.rest.patch(original, { body, auth }))).toMatchObject({ code: 50083 });
  expect(
    await refusedWith(client.rest.post(Routes.webhook(discord.applicationId, token), { body, auth })),
  ).toMatchObject({ code: 50083 });
  expect(await refusedWith(client.rest.patch(Routes.channelMessage(thread.id, id), { body }))).toMatchObject({
    code: 50083,
  });
  expect(await refusedWith(client.rest.delete(original, { auth }))).toMatchObject({ code: 50083 });
  await client.rest.post(Routes.channelMessages(thread.id), { body });
  await client.rest.patch(original, { body, auth });
  expect(discord.messages(thread.id).map(({ content }) => content)).toEqual(["changed", "changed"]);
  expect(discord.violations).toEqual([]);
});

test("a locked thread takes nothing from the bot", async () => {
  const discord = await openDiscord();
  const thread = threadIn(discord);
  const client = await openClient(discord);
  thread.locked = true;
  const post = () => client.rest.post(Routes.channelMessages(thread.id), { body: { content: "in vain" } });
  expect(await refusedWith(post())).toMatchObject({ code: 160_005 });
  thread.archived = true;
  expect(await refusedWith(post())).toMatchObject({ code: 50083 });
});

test("somebody in between answers with a page of any status, or a ban", async () => {
  const discord = await openDiscord();
  const ask = () => fetch(`${discord.url}/api/v10/gateway`);
  discord.fail({ path: "/gateway" }, { answer: cloudflarePage(403) });
  const page = await ask();
  expect([page.status, page.headers.get("content-type")]).toEqual([403, "text/html; charset=UTF-8"]);
  discord.fail({ path: "/gateway" }, { answer: banned(3600) });
  const ban = await ask();
  expect([ban.status, ban.headers.get("retry-after"), await ban.text()]).toEqual([429, "3600", "error code: 1015"]);
  expect((await ask()).status).toBe(200);
});

test("the messages of a channel are given newest first, as many as asked for", async () => {
  const discord = await openDiscord();
  const client = await openClient(discord);
  const route = Routes.channelMessages(discord.channelId);
  for (const content of ["one", "two", "three"]) await client.rest.post(route, { body: { content } });
  const query = new URLSearchParams({ limit: "2" });
  const messages = (await client.rest.get(route, { query })) as APIMessage[];
  expect(messages.map(({ content }) => content)).toEqual(["three", "two"]);
  expect(discord.violations).toEqual([]);
});

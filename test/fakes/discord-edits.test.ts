import { MessageFlags, Routes, type APIMessage, type Client, type ChatInputCommandInteraction } from "discord.js";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { onCommand, openBot, openClient, openDiscord, picture, refusedWith } from "./discord-bare-bot.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import { pausesOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import type { FakeDiscord } from "../../local/discord/start.ts";

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function postMessage(discord: FakeDiscord, client: Client, channelId = discord.channelId): Promise<FakeMessage> {
  const { id } = (await client.rest.post(Routes.channelMessages(channelId), { body: { content: "0" } })) as APIMessage;
  return discord.message(id) ?? expect.unreachable();
}

function edit(client: Client, { channelId, id }: FakeMessage, body: object): Promise<unknown> {
  return client.rest.patch(Routes.channelMessage(channelId, id), { body });
}

describe("the history of a message", () => {
  test("says what stood there at each moment, pictures and their bytes included, and by which token it came", async () => {
    const discord = await openDiscord();
    const later = await sharp(picture).negate().png().toBuffer();
    const { client } = await openBot(
      discord,
      onCommand(async (interaction) => {
        await interaction.deferReply();
        const begin = { content: "partial", files: [{ attachment: picture, name: "p1.png" }] };
        await interaction.editReply({ ...begin, attachments: [] });
        await pause(150);
        await interaction.editReply({
          content: "final",
          attachments: [],
          files: [{ attachment: later, name: "f.png" }],
        });
      }),
    );
    const command = await discord.command({ name: "imagine" });
    const message = await command.untilOriginal(({ content }) => content === "final");
    await edit(client, message, { content: "by the bot's token", attachments: [] });
    const bytes = message.history.map((moment) => picturesOf(moment).map((shown) => Buffer.from(shown.bytes ?? [])));
    expect(message.history.map(textOf)).toEqual(["", "partial", "final", "by the bot's token"]);
    expect(message.history.map(({ by }) => by)).toEqual(["webhook", "webhook", "webhook", "bot"]);
    expect(bytes).toEqual([[], [picture], [later], []]);
    const pauses = pausesOf(message);
    expect(pauses).toHaveLength(3);
    expect(pauses[1]).toBeGreaterThan(0.14);
  });

  test("ends when it is deleted, and keeps what it was", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const message = await postMessage(discord, client);
    await client.rest.delete(Routes.channelMessage(message.channelId, message.id));
    expect(discord.message(message.id)).toBeUndefined();
    expect(message.deletedAt).toBeGreaterThanOrEqual(message.history[0]?.time ?? Infinity);
    expect(message.history.map(textOf)).toEqual(["0"]);
  });

  test("lets an edit take away pictures by naming those that stay", async () => {
    const discord = await openDiscord();
    const { client } = await openBot(
      discord,
      onCommand(async (interaction) =>
        interaction.reply({ files: ["a.png", "b.png"].map((name) => ({ attachment: picture, name })) }),
      ),
    );
    const command = await discord.command({ name: "imagine" });
    const message = await command.untilOriginal(({ attachments }) => attachments.length === 2);
    const body = { content: "one less", attachments: [{ id: message.attachments[1]?.upload.id }] };
    const path = Routes.webhookMessage(discord.applicationId, command.token);
    await client.rest.patch(path, { body, auth: false });
    expect(message.history.map((moment) => picturesOf(moment).map(({ name }) => name))).toEqual([
      ["a.png", "b.png"],
      ["b.png"],
    ]);
    expect(discord.violations).toEqual([]);
  });
});

describe("a message older than an hour", () => {
  test("takes a few edits and then 30046, by any token, until some time has gone by", async () => {
    const discord = await openDiscord({ oldEdits: { edits: 2, seconds: 0.6 } });
    const client = await openClient(discord);
    const message = await postMessage(discord, client);
    const elsewhere = await postMessage(discord, client, discord.addChannel({ guildId: discord.guildId }).id);
    for (const content of ["1", "2", "3"]) await edit(client, message, { content });
    discord.letTimePass(3601);
    const raw = (content: string, { channelId, id } = message): Promise<Response> =>
      fetch(`${discord.url}/api/v10${Routes.channelMessage(channelId, id)}`, {
        method: "PATCH",
        headers: { authorization: `Bot ${discord.token}`, "content-type": "application/json" },
        body: JSON.stringify({ content }),
      });
    expect([(await raw("4")).status, (await raw("5")).status]).toEqual([200, 200]);
    const refused = await raw("6");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: 30046, retry_after: expect.any(Number) as unknown });
    expect(message.content).toBe("5");
    expect((await raw("old as well, in another channel", elsewhere)).status).toBe(200);
    expect((await raw("young", await postMessage(discord, client))).status).toBe(200);
    await pause(650);
    expect((await raw("7")).status).toBe(200);
    expect(discord.violations).toEqual([]);
  });

  test("is refused to the token of a press as well", async () => {
    const discord = await openDiscord({ oldEdits: { edits: 0, seconds: 60 } });
    const done = Promise.withResolvers<Response>();
    const { client } = await openBot(discord, async (interaction) => {
      if (!interaction.isButton()) return;
      await interaction.deferUpdate();
      const path = Routes.webhookMessage(discord.applicationId, interaction.token);
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ content: "x" });
      fetch(`${discord.url}/api/v10${path}`, { method: "PATCH", headers, body }).then(done.resolve, done.reject);
    });
    const message = await postMessage(discord, client);
    await edit(client, message, {
      components: [{ type: 1, components: [{ type: 2, style: 1, label: "x", custom_id: "b" }] }],
    });
    discord.letTimePass(3601);
    await discord.button({ message, customId: "b" });
    expect(await (await done.promise).json()).toMatchObject({ code: 30046 });
  });
});

describe("follow-ups", () => {
  /** A bot that answers a command publicly; the command with its token is handed over. */
  async function openCommand(discord: FakeDiscord, occasion: object = {}) {
    const heard = Promise.withResolvers<ChatInputCommandInteraction>();
    const { client } = await openBot(
      discord,
      onCommand(async (interaction) => {
        await interaction.reply("0");
        heard.resolve(interaction);
      }),
    );
    const command = await discord.command({ name: "imagine", ...occasion });
    return { client, command, interaction: await heard.promise };
  }

  test.each([
    ["public", undefined, undefined],
    ["ephemeral", MessageFlags.Ephemeral, 10008],
  ] as const)(
    "%s ones can be edited and deleted by token, and by the bot's own only if all see them",
    async (...given) => {
      const [, flags, refusedByBot] = given;
      const discord = await openDiscord();
      const { client, command, interaction } = await openCommand(discord);
      const { id } = await interaction.followUp({ content: "1", flags });
      const message = discord.message(id) ?? expect.unreachable();
      const path = Routes.webhookMessage(discord.applicationId, command.token, id);
      await client.rest.patch(path, { body: { content: "2" }, auth: false });
      expect(message).toMatchObject({ content: "2", ephemeralFor: flags && command.user.id });
      expect(((await client.rest.get(path, { auth: false })) as APIMessage).content).toBe("2");
      command.age(901);
      expect(await refusedWith(client.rest.patch(path, { body: { content: "3" }, auth: false }))).toMatchObject({
        code: 50027,
      });
      const byBot = edit(client, message, { content: "3" });
      if (refusedByBot) expect(await refusedWith(byBot)).toMatchObject({ code: refusedByBot });
      else await byBot;
      expect(message.content).toBe(refusedByBot ? "2" : "3");
    },
  );

  test("are gone when they are deleted, and their token is of no use for those of another event", async () => {
    const discord = await openDiscord();
    const { client, command, interaction } = await openCommand(discord);
    const { id } = await interaction.followUp({ content: "1", flags: MessageFlags.Ephemeral });
    const path = (message: string) => Routes.webhookMessage(discord.applicationId, command.token, message);
    await client.rest.delete(path(id), { auth: false });
    expect(command.followups()).toEqual([]);
    expect(discord.ephemeralMessages(discord.channelId)).toEqual([]);
    expect(await refusedWith(client.rest.delete(path(id), { auth: false }))).toMatchObject({ code: 10008 });
    const other = await postMessage(discord, client);
    expect(await refusedWith(client.rest.patch(path(other.id), { body: { content: "x" }, auth: false }))).toMatchObject(
      {
        code: 10008,
      },
    );
  });

  test("of a guest are five, even when some are deleted again", async () => {
    const discord = await openDiscord();
    const owners = { authorizingIntegrationOwners: { "1": discord.asker.id } };
    const { client, command, interaction } = await openCommand(discord, owners);
    for (let count = 1; count <= 5; count += 1) {
      const { id } = await interaction.followUp(`${count}`);
      await client.rest.delete(Routes.webhookMessage(discord.applicationId, command.token, id), { auth: false });
    }
    expect(await refusedWith(interaction.followUp("6"))).toEqual({ code: 40094, status: 400 });
    expect(discord.violations).toEqual([]);
  });
});

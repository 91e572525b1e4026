import { once } from "node:events";
import {
  Events,
  InteractionContextType,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  RESTEvents,
  Routes,
  SlashCommandBuilder,
  TextInputBuilder,
  TextInputStyle,
} from "discord.js";
import { describe, expect, test } from "vitest";
import {
  again,
  againId,
  gallery,
  onCommand,
  openBot,
  openClient,
  openDiscord,
  picture,
  refusedCommand,
  refusedWith,
  type Command,
} from "./discord-bare-bot.ts";
import { refusal } from "../../local/discord/refusals.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";

describe("an ordinary day", () => {
  test("a deferred command is edited into a picture with a button, and nothing is found wrong", async () => {
    const discord = await openDiscord();
    await openBot(
      discord,
      onCommand(async (interaction) => {
        const { interaction: told } = await interaction.deferReply({ withResponse: true });
        expect(told.responseMessageLoading).toBe(true);
        const message = await interaction.editReply({
          flags: MessageFlags.IsComponentsV2,
          files: [{ attachment: picture, name: "lighthouse.png", description: "a lighthouse" }],
          components: gallery("attachment://lighthouse.png") as never,
        });
        expect(message.id).toBe(told.responseMessageId);
        await interaction.followUp({ content: "only you", flags: MessageFlags.Ephemeral });
      }),
    );
    const interaction = await discord.command({ name: "imagine", options: { prompt: "a lighthouse", count: 2 } });
    const callback = await interaction.answered();
    expect(callback.type).toBe(5);
    expect(callback.milliseconds).toBeLessThan(3000);
    const message = await interaction.untilOriginal(({ components }) => components.length > 0);
    expect(textOf(message)).toBe("a lighthouse");
    expect(buttonsOf(message)).toMatchObject([{ label: "Again", customId: "again:1" }]);
    expect(picturesOf(message)).toMatchObject([
      { name: "lighthouse.png", width: 8, height: 6, alt: "a lighthouse of books" },
    ]);
    await interaction.untilFollowup(({ content }) => content === "only you");
    expect(discord.messages(discord.channelId)).toEqual([message]);
    expect(discord.ephemeralMessages(discord.channelId)).toHaveLength(1);
    expect(discord.violations).toEqual([]);
  });

  test("a button opens a modal, and its submission updates the message", async () => {
    const discord = await openDiscord();
    const { failure } = await openBot(discord, async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.reply({ content: "here", components: [again()] });
      if (interaction.isButton()) {
        expect(interaction.message.content).toBe("here");
        const input = new TextInputBuilder()
          .setCustomId("prompt")
          .setStyle(TextInputStyle.Paragraph)
          .setValue("a lighthouse");
        const label = new LabelBuilder().setLabel("Prompt").setTextInputComponent(input);
        await interaction.showModal(new ModalBuilder().setCustomId("edit").setTitle("Edit").addLabelComponents(label));
      }
      if (interaction.isModalSubmit() && interaction.isFromMessage()) {
        await interaction.update({ content: interaction.fields.getTextInputValue("prompt"), components: [] });
      }
    });
    const command = await discord.command({ name: "imagine" });
    const message = await command.untilOriginal(({ content }) => content === "here");
    const pressed = await discord.button({ message, customId: againId });
    expect((await pressed.answered()).type).toBe(9);
    await expect(discord.modalSubmit({ modal: pressed, values: { other: "x" } })).rejects.toThrow("no field other");
    const submitted = await discord.modalSubmit({ modal: pressed, values: { prompt: "a harbour" } });
    const answered = await Promise.race([submitted.answered(), failure]);
    expect(answered).toMatchObject({ type: 7 });
    expect(message.content).toBe("a harbour");
    await expect(discord.button({ message, customId: againId })).rejects.toThrow("no component");
    expect(discord.violations).toEqual([]);
  });

  test("registered commands bind the people who use them", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const imagine = new SlashCommandBuilder()
      .setName("imagine")
      .setDescription("Draws a picture")
      .setContexts(InteractionContextType.Guild, InteractionContextType.BotDM)
      .addStringOption((option) => option.setName("prompt").setDescription("What to draw").setRequired(true))
      .addStringOption((option) =>
        option.setName("size").setDescription("How large").addChoices({ name: "Wide", value: "wide" }),
      );
    const managing = new SlashCommandBuilder()
      .setName("manage")
      .setDescription("For administrators")
      .setDefaultMemberPermissions(8n);
    await client.application.commands.set([imagine, managing]);
    expect(client.application.commands.cache.map(({ name }) => name)).toEqual(["imagine", "manage"]);
    await expect(discord.command({ name: "manage" })).rejects.toThrow("without its permissions");
    await expect(discord.command({ name: "imagine" })).rejects.toThrow("without prompt");
    await expect(discord.command({ name: "imagine", options: { prompt: "x", size: "tall" } })).rejects.toThrow(
      "no choice",
    );
    await expect(discord.command({ name: "draw" })).rejects.toThrow("no such command");
    const seen = once(client, Events.InteractionCreate);
    await discord.command({ name: "imagine", options: { prompt: "x", size: "wide" } });
    const [interaction] = (await seen) as [Command];
    expect(interaction.options.getString("size", true)).toBe("wide");
    expect(interaction.attachmentSizeLimit).toBe(10 * 1024 * 1024);
    expect(discord.violations).toEqual([]);
  });

  test("a file that a person sends along can be fetched until its address expires", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const fetchOption = async (): Promise<Response> => {
      const seen = once(client, Events.InteractionCreate);
      await discord.command({ name: "edit", options: { picture: { file: { name: "my cat.png", bytes: picture } } } });
      const [interaction] = (await seen) as [Command];
      const attachment = interaction.options.getAttachment("picture", true);
      expect(attachment).toMatchObject({ name: "my_cat.png", width: 8, contentType: "image/png" });
      return fetch(attachment.url);
    };
    expect(Buffer.from(await (await fetchOption()).arrayBuffer())).toEqual(picture);
    discord.limits.attachmentSeconds = -1;
    expect((await fetchOption()).status).toBe(404);
  });

  test("a mention of the bot brings its words without a privileged intent, and nothing else does", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord, (1 << 0) | (1 << 9));
    const heard: string[] = [];
    client.on(Events.MessageCreate, ({ content }) => heard.push(content));
    discord.say({ content: "good morning" });
    discord.say({ content: `<@${discord.bot.id}> a lighthouse` });
    await discord.until(() => heard.length === 2);
    expect(heard).toEqual(["", `<@${discord.bot.id}> a lighthouse`]);
    expect(client.guilds.cache.get(discord.guildId)?.channels.cache.has(discord.channelId)).toBe(true);
  });
});

describe("the life of an event", () => {
  test("a defer that comes too late is refused, counted from the moment the event was sent", async () => {
    const discord = await openDiscord({ interactionSeconds: 0.05 });
    const late = await refusedCommand(discord, async (interaction) => {
      await new Promise((resolve) => setTimeout(resolve, 80));
      await interaction.deferReply();
    });
    expect(late).toMatchObject({ code: 10062, status: 404 });
    expect(late.interaction.callback).toBeUndefined();
  });

  test("two answers to one event are one too many", async () => {
    const discord = await openDiscord();
    const twice = await refusedCommand(discord, async (interaction) => {
      await interaction.deferReply();
      await interaction.client.rest.post(Routes.interactionCallback(interaction.id, interaction.token), {
        body: { type: 5 },
        auth: false,
      });
    });
    expect(twice).toMatchObject({ code: 40060, status: 400 });
  });

  test("nothing can be edited before the first answer", async () => {
    const discord = await openDiscord();
    const early = await refusedCommand(discord, async ({ webhook }) => webhook.editMessage("@original", "early"));
    expect(early).toMatchObject({ code: 10015, status: 404 });
  });

  test("after fifteen minutes the token is dead, and the bot's own token still edits what is public", async () => {
    const discord = await openDiscord();
    const { client } = await openBot(
      discord,
      onCommand(async (interaction) => interaction.deferReply()),
    );
    const interaction = await discord.command({ name: "imagine" });
    await interaction.answered();
    const message = interaction.original();
    interaction.age(901);
    const path = Routes.webhookMessage(discord.applicationId, interaction.token);
    expect(await refusedWith(client.rest.patch(path, { body: { content: "late" }, auth: false }))).toMatchObject({
      code: 50027,
      status: 401,
    });
    await client.rest.patch(Routes.channelMessage(discord.channelId, message?.id ?? ""), { body: { content: "late" } });
    expect(message).toMatchObject({ content: "late", flags: 0 });
    expect(discord.violations).toEqual([]);
  });

  test("an ephemeral message is unknown to the bot's own token", async () => {
    const discord = await openDiscord();
    const { client } = await openBot(
      discord,
      onCommand(async (interaction) => interaction.deferReply({ flags: MessageFlags.Ephemeral })),
    );
    const interaction = await discord.command({ name: "imagine" });
    await interaction.answered();
    const route = Routes.channelMessage(discord.channelId, interaction.original()?.id ?? "");
    expect(await refusedWith(client.rest.patch(route, { body: { content: "x" } }))).toMatchObject({ code: 10008 });
    expect(discord.messages(discord.channelId)).toEqual([]);
  });

  test("the first follow-up after a defer fills the message that is loading", async () => {
    const discord = await openDiscord();
    await openBot(
      discord,
      onCommand(async (interaction) => {
        await interaction.deferReply();
        await interaction.followUp({ content: "first", flags: MessageFlags.Ephemeral });
        await interaction.followUp("second");
      }),
    );
    const interaction = await discord.command({ name: "imagine" });
    await interaction.untilFollowup(({ content }) => content === "second");
    expect(interaction.original()).toMatchObject({ content: "first", ephemeralFor: undefined });
  });

  test("a public defer is answered privately by deleting it first", async () => {
    const discord = await openDiscord();
    await openBot(
      discord,
      onCommand(async (interaction) => {
        await interaction.deferReply();
        await interaction.deleteReply();
        await interaction.followUp({ content: "private", flags: MessageFlags.Ephemeral });
      }),
    );
    const interaction = await discord.command({ name: "imagine" });
    const followup = await interaction.untilFollowup();
    expect(followup.ephemeralFor).toBe(interaction.user.id);
    expect(discord.messages(discord.channelId)).toEqual([]);
    expect(discord.violations).toEqual([]);
  });

  test("a guest in a server may follow up five times, and has no other way", async () => {
    const discord = await openDiscord();
    const { client, failure } = await openBot(
      discord,
      onCommand(async (interaction) => {
        await interaction.reply("0");
        for (const text of ["1", "2", "3", "4", "5", "6"]) await interaction.followUp(text);
      }),
    );
    const interaction = await discord.command({
      name: "imagine",
      guild: "123456789012345678",
      authorizingIntegrationOwners: { "1": discord.asker.id },
    });
    expect(await failure).toMatchObject({ code: 40094 });
    expect(interaction.followups()).toHaveLength(5);
    const route = Routes.channelMessage(interaction.channelId, interaction.original()?.id ?? "");
    expect(await refusedWith(client.rest.patch(route, { body: { content: "x" } }))).toMatchObject({ code: 50001 });
  });

  test("where External Apps is off, a public answer becomes ephemeral", async () => {
    const discord = await openDiscord();
    await openBot(
      discord,
      onCommand(async (interaction) => {
        const { interaction: told } = await interaction.deferReply({ withResponse: true });
        await interaction.editReply(`ephemeral: ${told.responseMessageEphemeral}`);
      }),
    );
    const owners = { "1": discord.asker.id };
    const interaction = await discord.command({
      name: "imagine",
      authorizingIntegrationOwners: owners,
      externalAppsOff: true,
    });
    await interaction.untilOriginal(({ content }) => content === "ephemeral: true");
    expect(discord.messages(discord.channelId)).toEqual([]);
  });

  test("the same event can come three times", async () => {
    const discord = await openDiscord();
    const seen: string[] = [];
    await openBot(discord, async ({ id }) => {
      seen.push(id);
    });
    const interaction = await discord.command({ name: "imagine", times: 3 });
    await discord.until(() => seen.length === 3);
    expect(new Set(seen)).toEqual(new Set([interaction.id]));
  });
});

describe("faults", () => {
  test("a call can be refused, cut, left hanging, or lose only its answer", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const matcher = { method: "POST", path: /^\/channels\/\d+\/messages$/ };
    const post = (milliseconds = 30_000): Promise<unknown> =>
      client.rest.post(Routes.channelMessages(discord.channelId), {
        body: { content: "x" },
        signal: AbortSignal.timeout(milliseconds),
      });
    discord.fail(matcher, { answer: refusal(200000) });
    expect(await refusedWith(post())).toEqual({ code: 200000, status: 400 });
    const cut = discord.fail(matcher, { cut: true, applied: true });
    await expect(post()).rejects.toThrow(/closed|terminated|fetch failed|ECONNRESET|other side/);
    expect(cut.hits).toBe(1);
    expect(discord.messages(discord.channelId)).toHaveLength(1);
    discord.fail(matcher, { hang: true });
    await expect(post(300)).rejects.toThrow(/abort/i);
    await post();
    expect(discord.messages(discord.channelId)).toHaveLength(2);
  });

  test("buckets are counted, and a client that waits as told meets no 429", async () => {
    const discord = await openDiscord({ rateLimits: true });
    const client = await openClient(discord);
    const limited: unknown[] = [];
    client.rest.on(RESTEvents.RateLimited, (told) => limited.push(told));
    const headers = { authorization: `Bot ${discord.token}`, "content-type": "application/json" };
    const url = `${discord.url}/api/v10${Routes.channelMessages(discord.channelId)}`;
    const raw = (): Promise<Response> =>
      fetch(url, { method: "POST", headers, body: JSON.stringify({ content: "x" }) });
    const answers = [];
    for (let time = 0; time < 6; time += 1) answers.push(await raw());
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(Number(answers[5]?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(discord.violations).toEqual([]);
  });
});

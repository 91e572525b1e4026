import { once } from "node:events";
import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  ComponentType,
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
  type RESTPostAPIChannelMessageResult,
} from "discord.js";
import { describe, expect, test } from "vitest";
import {
  onCommand,
  openBot,
  openClient,
  openDiscord,
  picture,
  refusedCommand,
  refusedWith,
  type Command,
} from "./discord/bare-bot.ts";
import { refusal } from "./discord/refusals.ts";
import { buttonsOf, picturesOf, textOf } from "./discord/reading.ts";
import { permission } from "./discord/wire.ts";

const draw = { customId: "again:1", label: "Again" };
function again(): ActionRowBuilder<ButtonBuilder> {
  const button = new ButtonBuilder().setCustomId(draw.customId).setLabel(draw.label).setStyle(ButtonStyle.Primary);
  return new ActionRowBuilder<ButtonBuilder>().addComponents(button);
}

function gallery(url: string, text = "a lighthouse"): object[] {
  return [
    {
      type: 17,
      components: [
        { type: 10, content: text },
        { type: 12, items: [{ media: { url }, description: "a lighthouse of books" }] },
        { type: 14 },
        again().toJSON(),
      ],
    },
  ];
}

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
    const pressed = await discord.button({ message, customId: draw.customId });
    expect((await pressed.answered()).type).toBe(9);
    await expect(discord.modalSubmit({ modal: pressed, values: { other: "x" } })).rejects.toThrow("no field other");
    const submitted = await discord.modalSubmit({ modal: pressed, values: { prompt: "a harbour" } });
    const answered = await Promise.race([submitted.answered(), failure]);
    expect(answered).toMatchObject({ type: 7 });
    expect(message.content).toBe("a harbour");
    await expect(discord.button({ message, customId: draw.customId })).rejects.toThrow("no component");
    expect(discord.violations).toEqual([]);
  });

  test("registered commands bind the people who use them", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const imagine = new SlashCommandBuilder()
      .setName("imagine")
      .setDescription("Draws a picture")
      .setContexts(InteractionContextType.Guild, InteractionContextType.BotDM)
      .setDefaultMemberPermissions(8n)
      .addStringOption((option) => option.setName("prompt").setDescription("What to draw").setRequired(true))
      .addStringOption((option) =>
        option.setName("size").setDescription("How large").addChoices({ name: "Wide", value: "wide" }),
      );
    await client.application.commands.set([imagine]);
    expect(client.application.commands.cache.map(({ name }) => name)).toEqual(["imagine"]);
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

describe("what a message may hold", () => {
  const tooMuch: [string, object][] = [
    ["2001 characters of content", { content: "x".repeat(2001) }],
    ["components V2 with content", { content: "x", flags: 1 << 15, components: [{ type: 10, content: "y" }] }],
    [
      "components V2 with embeds",
      { embeds: [{ title: "x" }], flags: 1 << 15, components: [{ type: 10, content: "y" }] },
    ],
    [
      "4001 characters in two text displays",
      { flags: 1 << 15, components: [2000, 2001].map((n) => ({ type: 10, content: "x".repeat(n) })) },
    ],
    [
      "41 components in all",
      {
        flags: 1 << 15,
        components: [0, 1, 2].map((row) => ({
          type: 17,
          components: Array.from({ length: row === 2 ? 14 : 12 }, () => ({ type: 10, content: "x" })),
        })),
      },
    ],
    ["a text display without the flag", { components: [{ type: 10, content: "x" }] }],
    ["a gallery of a file that is not there", { flags: 1 << 15, components: gallery("attachment://nowhere.png") }],
    ["a gallery of something on the disk", { flags: 1 << 15, components: gallery("file:///etc/passwd") }],
    [
      "a file component of an address",
      { flags: 1 << 15, components: [{ type: 13, file: { url: "https://example.com/a.png" } }] },
    ],
    [
      "embeds of more than 6000 characters",
      { embeds: [{ description: "x".repeat(4000) }, { description: "x".repeat(2001) }] },
    ],
    [
      "a custom_id of 101 characters",
      {
        content: "x",
        components: [{ type: 1, components: [{ type: 2, style: 1, label: "x", custom_id: "x".repeat(101) }] }],
      },
    ],
    ["the same custom_id twice", { content: "x", components: [again().toJSON(), again().toJSON()] }],
    [
      "a label of 81 characters",
      {
        content: "x",
        components: [{ type: 1, components: [{ type: 2, style: 1, label: "x".repeat(81), custom_id: "x" }] }],
      },
    ],
    [
      "a link of 513 characters",
      {
        content: "x",
        components: [
          { type: 1, components: [{ type: 2, style: 5, label: "x", url: `https://example.com/${"x".repeat(493)}` }] },
        ],
      },
    ],
    [
      "a link with a custom_id",
      {
        content: "x",
        components: [
          { type: 1, components: [{ type: 2, style: 5, label: "x", url: "https://example.com", custom_id: "x" }] },
        ],
      },
    ],
    [
      "six rows",
      {
        content: "x",
        components: [1, 2, 3, 4, 5, 6].map((n) => ({
          type: 1,
          components: [{ type: 2, style: 1, label: "x", custom_id: `${n}` }],
        })),
      },
    ],
    [
      "six buttons in a row",
      {
        content: "x",
        components: [
          {
            type: 1,
            components: [1, 2, 3, 4, 5, 6].map((n) => ({ type: 2, style: 1, label: "x", custom_id: `${n}` })),
          },
        ],
      },
    ],
    [
      "alternative text of 1025 characters",
      { content: "x", attachments: [{ id: "0", description: "x".repeat(1025) }] },
    ],
    ["attachments that nobody sent", { content: "x", attachments: [{ id: "7" }] }],
    ["a flag that is not for messages", { content: "x", flags: 1 << 6 }],
    ["mentions both parsed and listed", { content: "x", allowed_mentions: { parse: ["users"], users: ["1"] } }],
  ];

  test.each(tooMuch)("%s is refused, and noted as a violation", async (_, body) => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const refused = await refusedWith(client.rest.post(Routes.channelMessages(discord.channelId), { body }));
    expect(refused).toEqual({ code: 50035, status: 400 });
    expect(discord.violations).toMatchObject([{ kind: "request" }]);
    expect(discord.messages(discord.channelId)).toEqual([]);
  });

  test("an empty message is refused", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const refused = await refusedWith(
      client.rest.post(Routes.channelMessages(discord.channelId), { body: { content: " " } }),
    );
    expect(refused).toEqual({ code: 50006, status: 400 });
  });

  test("components V2 cannot be left again, and are entered by emptying what was classic", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const { id } = (await client.rest.post(Routes.channelMessages(discord.channelId), {
      body: { content: "classic" },
    })) as RESTPostAPIChannelMessageResult;
    const edit = (body: object): Promise<unknown> =>
      client.rest.patch(Routes.channelMessage(discord.channelId, id), { body });
    const upgrade = { flags: 1 << 15, components: [{ type: 10, content: "modern" }] };
    expect(await refusedWith(edit(upgrade))).toMatchObject({ code: 50035 });
    await edit({ ...upgrade, content: null, embeds: [] });
    expect(await refusedWith(edit({ flags: 0, content: "classic", components: [] }))).toMatchObject({ code: 50035 });
    await edit({ flags: 0, components: [{ type: 10, content: "modern still" }] });
    expect(discord.message(id)?.flags).toBe(1 << 15);
  });

  test("an edit drops the files that its list leaves out", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const files = ["one.png", "two.png", "three.png"].map((name) => ({ name, data: picture }));
    const made = (await client.rest.post(Routes.channelMessages(discord.channelId), {
      body: { content: "three" },
      files,
    })) as RESTPostAPIChannelMessageResult;
    const names = (): string[] => (discord.message(made.id)?.attachments ?? []).map(({ upload }) => upload.name);
    const edit = (body: object): Promise<unknown> =>
      client.rest.patch(Routes.channelMessage(discord.channelId, made.id), { body });
    await edit({ content: "still three" });
    expect(names()).toEqual(["one.png", "two.png", "three.png"]);
    await edit({ attachments: [{ id: made.attachments[1]?.id, description: "the second" }] });
    expect(names()).toEqual(["two.png"]);
    expect(picturesOf(discord.messages(discord.channelId)[0] ?? expect.unreachable())).toMatchObject([
      { alt: "the second" },
    ]);
    expect(discord.violations).toEqual([]);
  });

  test.each([
    [40005, 413],
    [50045, 400],
  ] as const)("a file over the limit of its event is refused with %i", async (tooLarge, status) => {
    const discord = await openDiscord({ tooLarge });
    const { failure } = await openBot(
      discord,
      onCommand(async (interaction) => interaction.reply({ files: [{ attachment: picture, name: "a.png" }] })),
    );
    await discord.command({ name: "imagine", attachmentSizeLimit: 20 });
    expect(await failure).toMatchObject({ code: tooLarge, status });
  });

  test("more than 25 MiB in one request, or more than ten files, are refused", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const send = (count: number, data: Buffer): Promise<unknown> => {
      const files = Array.from({ length: count }, (_, index) => ({ name: `${index}.bin`, data }));
      return client.rest.post(Routes.channelMessages(discord.channelId), { body: { content: "x" }, files });
    };
    expect(await refusedWith(send(3, Buffer.alloc(9 * 1024 * 1024)))).toMatchObject({ code: 40005, status: 413 });
    expect(await refusedWith(send(11, picture))).toMatchObject({ code: 30015, status: 400 });
  });

  test("content and text displays both ping, by default and after every edit", async () => {
    const discord = await openDiscord();
    const bob = discord.addPerson("Bob");
    await openBot(
      discord,
      onCommand(async (interaction) => {
        await interaction.reply({ content: "hello", allowedMentions: { parse: [] } });
        await interaction.editReply({
          content: null,
          flags: MessageFlags.IsComponentsV2,
          components: [{ type: ComponentType.TextDisplay, content: `<@${bob.id}> @everyone <@&1234>` }],
        });
      }),
    );
    const interaction = await discord.command({ name: "imagine" });
    const message = await interaction.untilOriginal(({ edits }) => edits === 1);
    expect(message.pinged).toEqual({ users: [bob.id], roles: [], everyone: false });
    const client = await openClient(discord);
    const ping = `@everyone <@${bob.id}>`;
    await client.rest.post(Routes.channelMessages(discord.channelId), { body: { content: ping } });
    await client.rest.post(Routes.channelMessages(discord.channelId), {
      body: { content: ping, allowed_mentions: { parse: [] } },
    });
    expect(discord.messages(discord.channelId).slice(1)).toMatchObject([
      { pinged: { users: [bob.id], everyone: true } },
      { pinged: { users: [], everyone: false } },
    ]);
  });

  test("a nonce makes a message once", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const body = { content: "once", nonce: "job 1", enforce_nonce: true };
    await client.rest.post(Routes.channelMessages(discord.channelId), { body });
    await client.rest.post(Routes.channelMessages(discord.channelId), { body });
    expect(discord.messages(discord.channelId)).toHaveLength(1);
  });
});

describe("what an answer may be", () => {
  const label = (component: object): object => ({ type: 18, label: "Prompt", component });
  const input = { type: 4, custom_id: "prompt", style: 2 };
  const strange: [string, object][] = [
    ["a defer with the flag of components V2", { type: 5, data: { flags: 1 << 15 } }],
    ["a deferred update without a message", { type: 6 }],
    ["an update without a message", { type: 7, data: { content: "x" } }],
    ["choices for a command", { type: 8, data: { choices: [] } }],
    [
      "a modal of six parts",
      {
        type: 9,
        data: {
          custom_id: "m",
          title: "M",
          components: [1, 2, 3, 4, 5, 6].map((n) => label({ ...input, custom_id: `${n}` })),
        },
      },
    ],
    [
      "a modal with a title of 46 characters",
      { type: 9, data: { custom_id: "m", title: "x".repeat(46), components: [label(input)] } },
    ],
    [
      "a prefill of 4001 characters",
      { type: 9, data: { custom_id: "m", title: "M", components: [label({ ...input, value: "x".repeat(4001) })] } },
    ],
    [
      "a text input with a label of its own",
      { type: 9, data: { custom_id: "m", title: "M", components: [label({ ...input, label: "x" })] } },
    ],
    [
      "a disabled select in a modal",
      {
        type: 9,
        data: {
          custom_id: "m",
          title: "M",
          components: [label({ type: 3, custom_id: "s", disabled: true, options: [{ label: "a", value: "a" }] })],
        },
      },
    ],
  ];

  test.each(strange)("%s is refused", async (_, body) => {
    const discord = await openDiscord();
    const refused = await refusedCommand(discord, async ({ client, id, token }) =>
      client.rest.post(Routes.interactionCallback(id, token), { body, auth: false }),
    );
    expect(refused).toMatchObject({ code: 50035, status: 400 });
    expect(discord.violations).toHaveLength(1);
  });

  test("a modal cannot answer a modal", async () => {
    const discord = await openDiscord();
    const modal = { type: 9, data: { custom_id: "m", title: "M", components: [label(input)] } };
    const { failure } = await openBot(discord, async ({ client, id, token }) =>
      client.rest.post(Routes.interactionCallback(id, token), { body: modal, auth: false }),
    );
    const command = await discord.command({ name: "imagine" });
    await command.answered();
    await discord.modalSubmit({ modal: command, values: { prompt: "x" } });
    expect(await failure).toMatchObject({ code: 50035 });
  });

  test("a body that breaks Discord's description is found by it", async () => {
    const discord = await openDiscord();
    const refused = await refusedCommand(discord, async ({ client, id, token }) =>
      client.rest.post(Routes.interactionCallback(id, token), { body: { type: 4, data: { content: 7 } }, auth: false }),
    );
    expect(refused).toMatchObject({ code: 50035, status: 400 });
    expect(discord.violations).toMatchObject([{ kind: "request", problems: [{ path: ["data", "content"] }] }]);
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

describe("the gateway", () => {
  test("a cut connection resumes and gets what it missed", async () => {
    const discord = await openDiscord();
    const seen: string[] = [];
    await openBot(discord, async ({ id }) => {
      seen.push(id);
    });
    discord.dropGateway();
    const missed = await discord.command({ name: "imagine" });
    await discord.until(() => seen.includes(missed.id), { seconds: 15 });
    expect(discord.gateway.log).toMatchObject(
      ["connected", "identify", "ready", "closed", "connected", "resume", "resumed"].map((what) => ({ what })),
    );
  });

  test("op 7 makes the bot resume, op 9 makes it identify anew", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const count = (what: string): number => discord.gateway.log.filter((entry) => entry.what === what).length;
    const resumed = once(client, Events.ShardResume);
    discord.askReconnect();
    await resumed;
    const ready = once(client, Events.ShardReady);
    discord.invalidateSessions(false);
    await ready;
    expect(count("ready")).toBe(2);
  });

  test("a connection without acknowledgements is given up and resumed", async () => {
    const discord = await openDiscord({ heartbeatSeconds: 0.3 });
    await openClient(discord);
    discord.withholdHeartbeatAcks(true);
    await discord.until(() => discord.gateway.log.some(({ what }) => what === "resume"), { seconds: 15 });
    discord.withholdHeartbeatAcks(false);
    await discord.until(() => discord.gateway.log.some(({ what }) => what === "resumed"), { seconds: 15 });
  });

  test("a bad token is closed with 4004, and a bot that leaves ends its session", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    await client.destroy();
    await discord.until(() => discord.gateway.log.some(({ what, code }) => what === "closed" && code === 1000));
    const socket = new WebSocket(`${discord.url.replace("http", "ws")}/?v=10&encoding=json`);
    const closed = once(socket as never, "close") as Promise<[CloseEvent]>;
    await once(socket as never, "message");
    socket.send(JSON.stringify({ op: 2, d: { token: "wrong", intents: 0, properties: {} } }));
    const [{ code }] = await closed;
    expect(code).toBe(4004);
  });

  test("two connections both get every event, and the first defer wins", async () => {
    const discord = await openDiscord();
    const listen = onCommand(async (interaction) => interaction.deferReply());
    const bots = [await openBot(discord, listen), await openBot(discord, listen)];
    await discord.untilConnected(2);
    const interaction = await discord.command({ name: "imagine" });
    expect(interaction.deliveries).toBe(2);
    expect(await Promise.race(bots.map(({ failure }) => failure))).toMatchObject({ code: 40060 });
    expect(discord.messages(discord.channelId)).toHaveLength(1);
  });

  test("a server that is gone comes back on the same port", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    await discord.disappear();
    await expect(fetch(`${discord.url}/api/v10/gateway`)).rejects.toThrow("fetch failed");
    await discord.reappear();
    await discord.until(() => discord.gateway.log.some(({ what }) => what === "resumed"), { seconds: 15 });
    expect(client.isReady()).toBe(true);
  });
});

describe("faults", () => {
  test("a call can be refused, cut, left hanging, or lose only its answer", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const matcher = { method: "POST", path: /^\/channels\/\d+\/messages$/ };
    const post = (): Promise<unknown> =>
      client.rest.post(Routes.channelMessages(discord.channelId), {
        body: { content: "x" },
        signal: AbortSignal.timeout(300),
      });
    discord.fail(matcher, { answer: refusal(200000) });
    expect(await refusedWith(post())).toEqual({ code: 200000, status: 400 });
    const cut = discord.fail(matcher, { cut: true, applied: true });
    await expect(post()).rejects.toThrow(/closed|terminated|fetch failed|ECONNRESET|other side/);
    expect(cut.hits).toBe(1);
    expect(discord.messages(discord.channelId)).toHaveLength(1);
    discord.fail(matcher, { hang: true });
    await expect(post()).rejects.toThrow(/abort/i);
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

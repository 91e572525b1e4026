import { ComponentType, MessageFlags, Routes, type RESTPostAPIChannelMessageResult } from "discord.js";
import { describe, expect, test } from "vitest";
import {
  again,
  gallery,
  onCommand,
  openBot,
  openClient,
  openDiscord,
  picture,
  refusedCommand,
  refusedWith,
} from "./discord-bare-bot.ts";
import { picturesOf } from "../../local/discord/reading.ts";

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

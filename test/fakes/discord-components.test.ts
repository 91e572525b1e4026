import { once } from "node:events";
import {
  ComponentType,
  Events,
  MessageFlags,
  PermissionFlagsBits,
  Routes,
  type APIMessage,
  type Client,
  type Interaction,
  type ModalSubmitInteraction,
} from "discord.js";
import { describe, expect, test } from "vitest";
import { openBot, openClient, openDiscord, picture, refusedCommand, refusedWith } from "./discord-bare-bot.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import type { FieldValue } from "../../local/discord/modal-submission.ts";
import { buttonsOf, picturesOf, selectsOf } from "../../local/discord/reading.ts";
import type { FakeDiscord } from "../../local/discord/start.ts";
import { permission } from "../../local/discord/wire.ts";

const row = (...components: object[]): object => ({ type: 1, components });
const button = (custom_id: string, given: object = {}): object => ({
  type: 2,
  style: 2,
  label: custom_id,
  custom_id,
  ...given,
});
const option = (value: string, given: object = {}): object => ({ label: value, value, ...given });
const cells = ["A1", "A2", "A3", "B1", "B2"];
const select = (given: object = {}): object => ({
  type: 3,
  custom_id: "cells",
  options: cells.map((cell) => option(cell)),
  ...given,
});

async function show(discord: FakeDiscord, client: Client, ...components: object[]): Promise<FakeMessage> {
  const body = { content: "a picture", components };
  const { id } = (await client.rest.post(Routes.channelMessages(discord.channelId), { body })) as APIMessage;
  return discord.message(id) ?? expect.unreachable();
}

describe("a press", () => {
  test("is an event of its own, by whoever presses, however long after", async () => {
    const discord = await openDiscord();
    const seen: Interaction[] = [];
    const { client } = await openBot(discord, async (interaction) => {
      seen.push(interaction);
      if (interaction.isButton()) await interaction.deferUpdate();
    });
    const message = await show(discord, client, row(button("again:1"), button("delete:1")));
    discord.letTimePass(200 * 24 * 60 * 60);
    const bob = discord.addPerson("Bob");
    const presses = [
      await discord.button({ message, customId: "again:1" }),
      await discord.button({ message, customId: "again:1", user: bob }),
    ];
    await Promise.all(presses.map((press) => press.answered()));
    expect(new Set(presses.flatMap(({ id, token }) => [id, token])).size).toBe(4);
    expect(seen.map(({ user }) => user.id)).toEqual([discord.asker.id, bob.id]);
    expect(presses[1]?.event).toMatchObject({
      type: 3,
      data: { custom_id: "again:1", component_type: 2 },
      message: { id: message.id, content: "a picture", components: [{ components: [{}, { custom_id: "delete:1" }] }] },
      member: { user: { id: bob.id } },
    });
    expect(presses.map((press) => press.original()?.id)).toEqual([message.id, message.id]);
    expect(discord.violations).toEqual([]);
  });

  test("tells what the presser may do there, as the place grants or forbids it", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const message = await show(discord, client, row(button("delete:1")));
    const bob = discord.addPerson("Bob");
    const moderator = discord.addPerson("Mia", { moderator: true });
    const administrator = discord.addPerson("Ann", { permissions: permission.administrator });
    const { overwrites } = discord.channel(discord.channelId);
    const manages = async (user: typeof bob): Promise<boolean> => {
      const seen = once(client, Events.InteractionCreate);
      await discord.button({ message, customId: "delete:1", user });
      const [interaction] = (await seen) as [Interaction];
      return interaction.memberPermissions?.has(PermissionFlagsBits.ManageMessages, false) === true;
    };
    expect([await manages(bob), await manages(moderator), await manages(administrator)]).toEqual([false, true, true]);
    overwrites.set(bob.id, { allow: permission.manageMessages });
    overwrites.set(moderator.id, { deny: permission.manageMessages });
    overwrites.set(administrator.id, { deny: permission.manageMessages });
    expect([await manages(bob), await manages(moderator), await manages(administrator)]).toEqual([true, false, true]);
  });

  test("needs a component that stands there now, is enabled, and raises events", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const link = { type: 2, style: 5, label: "Open", url: "https://example.org" };
    const message = await show(discord, client, row(button("again:1"), button("off", { disabled: true }), link));
    const press = (customId: string) => discord.button({ message, customId });
    await expect(press("off")).rejects.toThrow("disabled");
    await expect(press("Open")).rejects.toThrow("no component Open");
    await expect(press("https://example.org")).rejects.toThrow("no component");
    await expect(discord.select({ message, customId: "again:1", values: [] })).rejects.toThrow("not a select");
    await press("again:1");
    await client.rest.patch(Routes.channelMessage(discord.channelId, message.id), {
      body: { components: [row(button("again:2"))] },
    });
    await expect(press("again:1")).rejects.toThrow("but again:2");
    await press("again:2");
    await client.rest.delete(Routes.channelMessage(discord.channelId, message.id));
    await expect(press("again:2")).rejects.toThrow("deleted");
  });

  test("needs eyes: an ephemeral message has one viewer, a direct channel one person", async () => {
    const discord = await openDiscord();
    const bob = discord.addPerson("Bob");
    await openBot(discord, async (interaction) =>
      interaction.isChatInputCommand()
        ? interaction.reply({
            content: "x",
            components: [row(button("b"))] as never,
            flags: interaction.options.getBoolean("private") ? MessageFlags.Ephemeral : undefined,
          })
        : undefined,
    );
    for (const occasion of [{ options: { private: true } }, { guild: null }]) {
      const command = await discord.command({ name: "imagine", ...occasion });
      const message = await command.untilOriginal(({ content }) => content === "x");
      await expect(discord.button({ message, customId: "b", user: bob })).rejects.toThrow("does not see");
      await discord.button({ message, customId: "b" });
    }
  });

  test("of a person's own app says on whose account it came there", async () => {
    const discord = await openDiscord();
    await openBot(discord, async (interaction) =>
      interaction.isChatInputCommand()
        ? interaction.reply({ content: "x", components: [row(button("b"))] as never })
        : undefined,
    );
    const owners = { "1": discord.asker.id };
    const command = await discord.command({ name: "imagine", authorizingIntegrationOwners: owners });
    const message = await command.untilOriginal(({ content }) => content === "x");
    const pressed = await discord.button({ message, customId: "b", user: discord.addPerson("Bob") });
    expect(pressed.event["authorizing_integration_owners"]).toEqual(owners);
  });
});

describe("the answer to a press", () => {
  test("after a deferred update, @original is the message that was pressed", async () => {
    const discord = await openDiscord();
    const { client } = await openBot(discord, async (interaction) => {
      if (!interaction.isButton()) return;
      await interaction.deferUpdate();
      await interaction.editReply({ content: "changed", files: [{ attachment: picture, name: "new.png" }] });
      await interaction.followUp({ content: "only you", flags: MessageFlags.Ephemeral });
    });
    const message = await show(discord, client, row(button("b")));
    const pressed = await discord.button({ message, customId: "b" });
    const followup = await pressed.untilFollowup();
    expect(message).toMatchObject({ content: "changed", edits: 1 });
    expect(picturesOf(message)).toMatchObject([{ name: "new.png" }]);
    expect(followup).toMatchObject({ ephemeralFor: pressed.user.id, replyTo: message.id });
    expect(discord.messages(discord.channelId)).toEqual([message]);
    expect(discord.violations).toEqual([]);
  });

  test("after a deferred message, it is a new one, and what was pressed stays as it is", async () => {
    const discord = await openDiscord();
    const { client } = await openBot(discord, async (interaction) => {
      if (!interaction.isButton()) return;
      await interaction.deferReply();
      await interaction.editReply("a new picture");
    });
    const message = await show(discord, client, row(button("b")));
    const pressed = await discord.button({ message, customId: "b" });
    const made = await pressed.untilOriginal(({ content }) => content === "a new picture");
    expect(made.id).not.toBe(message.id);
    expect(made).toMatchObject({ replyTo: message.id, type: 19 });
    expect(message).toMatchObject({ content: "a picture", edits: 0 });
    pressed.age(901);
    const path = Routes.webhookMessage(discord.applicationId, pressed.token);
    expect(await refusedWith(client.rest.patch(path, { body: { content: "late" }, auth: false }))).toMatchObject({
      code: 50027,
    });
  });

  test("an update comes at once, and a second answer never", async () => {
    const discord = await openDiscord();
    const { client, failure } = await openBot(discord, async (interaction) => {
      if (!interaction.isButton()) return;
      await interaction.update({ content: "at once", components: [] });
      await interaction.client.rest.post(Routes.interactionCallback(interaction.id, interaction.token), {
        body: { type: 6 },
        auth: false,
      });
    });
    const message = await show(discord, client, row(button("b")));
    await discord.button({ message, customId: "b" });
    expect(await failure).toMatchObject({ code: 40060 });
    expect(message).toMatchObject({ content: "at once", components: [] });
  });
});

describe("a select menu", () => {
  test("brings what was chosen, as many as it allows and no others", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const message = await show(discord, client, row(select({ min_values: 2, max_values: 3 })));
    expect(selectsOf(message)).toMatchObject([{ customId: "cells", least: 2, most: 3, disabled: false }]);
    const choose = (...values: string[]) => discord.select({ message, customId: "cells", values });
    await expect(choose("A1", "C9")).rejects.toThrow("does not offer C9");
    await expect(choose("A1")).rejects.toThrow("2 to 3");
    await expect(choose("A1", "A2", "A3", "B1")).rejects.toThrow("2 to 3");
    await expect(choose("A1", "A1")).rejects.toThrow("nothing twice");
    await expect(choose()).rejects.toThrow("must be answered");
    const seen = once(client, Events.InteractionCreate);
    await choose("A1", "B2");
    const [interaction] = (await seen) as [Interaction];
    expect(interaction.isStringSelectMenu() && interaction.values).toEqual(["A1", "B2"]);
  });

  test("may allow nothing, and takes one unless it says more", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const free = await show(discord, client, row(select({ min_values: 0 })));
    await discord.select({ message: free, customId: "cells", values: [] });
    await expect(discord.select({ message: free, customId: "cells", values: ["A1", "A2"] })).rejects.toThrow("0 to 1");
  });

  test.each<[string, object]>([
    ["no options", { options: [] }],
    ["26 options", { options: Array.from({ length: 26 }, (_, index) => option(`${index}`)) }],
    ["a value twice", { options: [option("a"), option("a")] }],
    ["fewer options than may be chosen", { max_values: 6 }],
    ["a least above its most", { min_values: 3, max_values: 2 }],
    [
      "two defaults where one may be chosen",
      { options: [option("a", { default: true }), option("b", { default: true })] },
    ],
    ["an answer required, and none allowed", { required: true, min_values: 0 }],
    ["an id of 101 characters", { custom_id: "x".repeat(101) }],
    ["a placeholder of 151 characters", { placeholder: "x".repeat(151) }],
  ])("with %s is refused", async (_, given) => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    expect(await refusedWith(show(discord, client, row(select(given))))).toEqual({ code: 50035, status: 400 });
    expect(discord.violations).toHaveLength(1);
  });

  test("shares no row and no id", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    for (const rows of [[row(select(), button("b"))], [row(select()), row(button("cells"))]]) {
      expect(await refusedWith(show(discord, client, ...rows))).toEqual({ code: 50035, status: 400 });
    }
  });
});

const label = (component: object): object => ({ type: 18, label: "Say", component });
const form = (...components: object[]): object => ({
  type: 9,
  data: { custom_id: "region", title: "Region", components },
});
const grid = Array.from({ length: 25 }, (_, index) => option(`${"ABCDE"[index % 5]}${Math.floor(index / 5) + 1}`));
const fields = [
  { type: 10, content: "Pick cells." },
  label({ ...select({ max_values: 25, options: grid.map((cell, at) => ({ ...cell, default: at < 2 })) }) }),
  label({ type: 22, custom_id: "keep", options: ["face", "sky"].map((value) => option(value, { default: true })) }),
  label({ type: 19, custom_id: "mask", required: false, max_values: 2, file_types: ["image"] }),
  label({ type: 4, custom_id: "change", style: 2, value: "a red door", max_length: 100 }),
];

/** A bot that answers a press with this form, pressed. */
async function openForm(discord: FakeDiscord, modal: object): Promise<{ pressed: PlayedInteraction; client: Client }> {
  const { client } = await openBot(discord, async (interaction) =>
    interaction.isButton()
      ? client.rest.post(Routes.interactionCallback(interaction.id, interaction.token), { body: modal, auth: false })
      : undefined,
  );
  const message = await show(discord, client, row(button("region:1")));
  const pressed = await discord.button({ message, customId: "region:1" });
  await pressed.answered();
  return { pressed, client };
}

async function submit(
  discord: FakeDiscord,
  client: Client,
  modal: PlayedInteraction,
  values: Record<string, FieldValue>,
) {
  const seen = once(client, Events.InteractionCreate);
  const sent = await discord.modalSubmit({ modal, values });
  const [interaction] = (await seen) as [ModalSubmitInteraction];
  return { sent, interaction };
}

describe("a form", () => {
  test("that nobody touches comes with what stood and was chosen in it", async () => {
    const discord = await openDiscord();
    const { pressed, client } = await openForm(discord, form(...fields));
    const { sent, interaction } = await submit(discord, client, pressed, {});
    expect(sent.event["data"]).toEqual({
      custom_id: "region",
      components: [
        { type: 10, id: 1 },
        { type: 18, id: 2, component: { type: 3, id: 3, custom_id: "cells", values: ["A1", "B1"] } },
        { type: 18, id: 4, component: { type: 22, id: 5, custom_id: "keep", values: ["face", "sky"] } },
        { type: 18, id: 6, component: { type: 19, id: 7, custom_id: "mask", values: [] } },
        { type: 18, id: 8, component: { type: 4, id: 9, custom_id: "change", value: "a red door" } },
      ],
    });
    expect(sent.event["message"]).toMatchObject({ id: interaction.message?.id });
    expect([sent.id, sent.token]).not.toContain(pressed.token);
    expect(discord.violations).toEqual([]);
  });

  test("brings many values, ticks, files and words", async () => {
    const discord = await openDiscord();
    const { pressed, client } = await openForm(discord, form(...fields));
    const every = grid.map((cell) => (cell as { value: string }).value);
    const { interaction } = await submit(discord, client, pressed, {
      cells: every,
      keep: ["sky"],
      mask: { files: [{ name: "mask.png", bytes: picture }] },
      change: "a blue door",
    });
    expect(interaction.fields.getStringSelectValues("cells")).toEqual(every);
    expect(interaction.fields.getCheckboxGroup("keep")).toEqual(["sky"]);
    expect(interaction.fields.getTextInputValue("change")).toBe("a blue door");
    const mask = interaction.fields.getUploadedFiles("mask")?.first();
    expect(mask).toMatchObject({ name: "mask.png", width: 8, ephemeral: true });
    expect(Buffer.from(await (await fetch(mask?.url ?? "")).arrayBuffer())).toEqual(picture);
  });

  test.each<[string, Record<string, FieldValue>, string]>([
    ["a cell that is not offered", { cells: ["Z9"] }, "does not offer Z9"],
    ["no cell", { cells: [] }, "cells must be answered"],
    ["nothing ticked", { keep: [] }, "keep must be answered"],
    ["a file of another type", { mask: { files: [{ name: "mask.txt", bytes: picture }] } }, "does not take mask.txt"],
    [
      "three files",
      { mask: { files: ["a.png", "b.png", "c.png"].map((name) => ({ name, bytes: picture })) } },
      "takes 1 to 2",
    ],
    ["no words", { change: "" }, "must not be empty"],
    ["too many words", { change: "x".repeat(101) }, "101 characters"],
    ["a field that it has not", { size: "wide" }, "no field size"],
  ])("cannot be sent with %s", async (_, values, message) => {
    const discord = await openDiscord();
    const { pressed } = await openForm(discord, form(...fields));
    await expect(discord.modalSubmit({ modal: pressed, values })).rejects.toThrow(message);
  });

  test("is seen by the one who opened it", async () => {
    const discord = await openDiscord();
    const { pressed } = await openForm(discord, form(...fields));
    const user = discord.addPerson("Bob");
    await expect(discord.modalSubmit({ modal: pressed, values: {}, user })).rejects.toThrow("only the one who opened");
  });

  test("has single ticks and radio buttons, with their defaults", async () => {
    const discord = await openDiscord();
    const radio = { type: 21, custom_id: "size", options: [option("wide"), option("tall", { default: true })] };
    const { pressed, client } = await openForm(
      discord,
      form(label({ type: 23, custom_id: "private", default: true }), label(radio)),
    );
    const untouched = await submit(discord, client, pressed, {});
    expect(untouched.interaction.fields.getCheckbox("private")).toBe(true);
    expect(untouched.interaction.fields.getRadioGroup("size")).toBe("tall");
    const changed = await submit(discord, client, pressed, { private: false, size: ["wide"] });
    expect(changed.interaction.fields.getCheckbox("private")).toBe(false);
    expect(changed.interaction.fields.getRadioGroup("size")).toBe("wide");
  });

  const group = (given: object): object => ({
    type: 22,
    custom_id: "g",
    options: [option("a"), option("b")],
    ...given,
  });
  test.each<[string, object]>([
    ["a required select of none", select({ min_values: 0 })],
    ["a select of more than it offers", select({ max_values: 6 })],
    ["a required group of none", group({ min_values: 0 })],
    ["a group of more than it offers", group({ max_values: 3 })],
    ["a group with a value twice", group({ options: [option("a"), option("a")] })],
    [
      "a group with more defaults than it takes",
      group({ max_values: 1, options: ["a", "b"].map((one) => option(one, { default: true })) }),
    ],
    ["a required upload of none", { type: 19, custom_id: "f", min_values: 0 }],
    ["an upload of more than it takes", { type: 19, custom_id: "f", min_values: 3, max_values: 2 }],
    ["an upload of a type that is none", { type: 19, custom_id: "f", file_types: ["picture"] }],
    [
      "two radio defaults",
      { type: 21, custom_id: "r", options: ["a", "b"].map((one) => option(one, { default: true })) },
    ],
  ])("with %s is refused", async (_, component) => {
    const discord = await openDiscord();
    const refused = await refusedCommand(discord, async ({ client, id, token }) =>
      client.rest.post(Routes.interactionCallback(id, token), { body: form(label(component)), auth: false }),
    );
    expect(refused).toMatchObject({ code: 50035, status: 400 });
  });

  test("need not be answered where it says so", async () => {
    const discord = await openDiscord();
    const open = [select, group].map((make) => label({ ...make({ required: false, min_values: 0 }) }));
    const { pressed, client } = await openForm(discord, form(...open));
    const { interaction } = await submit(discord, client, pressed, {});
    expect(interaction.fields.getStringSelectValues("cells")).toEqual([]);
    expect(discord.violations).toEqual([]);
  });
});

test("forty components are the most of a message, those within others counted", async () => {
  const discord = await openDiscord();
  const client = await openClient(discord);
  const post = (count: number) =>
    client.rest.post(Routes.channelMessages(discord.channelId), {
      body: {
        flags: MessageFlags.IsComponentsV2,
        components: Array.from({ length: count }, (_, index) => ({
          type: ComponentType.Section,
          components: [{ type: ComponentType.TextDisplay, content: "x" }],
          accessory: button(`${index}`),
        })).concat(count === 13 ? [{ type: ComponentType.TextDisplay, content: "the fortieth" } as never] : []),
      },
    });
  const { id } = (await post(13)) as APIMessage;
  expect(buttonsOf(discord.message(id) ?? expect.unreachable())).toHaveLength(13);
  expect(await refusedWith(post(14))).toEqual({ code: 50035, status: 400 });
});

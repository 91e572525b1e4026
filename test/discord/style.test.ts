import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { referencesIn } from "../styles/references-in.ts";
import { findStyle, readStyle } from "../../src/styles/style-book.ts";
import { stage, world } from "./stage.ts";
import { drawn, imagine, jobOf, messageWith } from "./world.ts";

stage({ atItsAddress: true });

let channels = 0;
/** Each test has a channel of its own; all are in one server. */
const openChannel = () => {
  channels += 1;
  return world.discord.addChannel({ guildId: world.discord.guildId, name: `styles-${channels}` }).id;
};

const harbour = () =>
  sharp({ create: { width: 300, height: 200, channels: 3, background: "#0f4a54" } })
    .composite([
      { input: { create: { width: 300, height: 60, channels: 3, background: "#dcc59a" } }, top: 140, left: 0 },
    ])
    .png()
    .toBuffer();

type Given = Record<string, string | { file: { name: string; bytes: Buffer } }>;
const style = (subcommand: string, options: Given = {}, occasion: object = {}) =>
  world.discord.command({ name: `style ${subcommand}`, options, ...occasion });

const said = async (played: PlayedInteraction, pattern: RegExp) =>
  played.untilOriginal((message) => pattern.test(textOf(message)));

const askerOf = (channel: string) => ({
  platform: "discord",
  workspace: world.discord.guildId,
  channel,
  user: "0",
  name: "",
});

describe("/style", () => {
  it("keeps a picture's colours and look under a name, privately told, with a form under the picture or by command", async () => {
    const channel = openChannel();
    const { message } = await drawn(world, { prompt: "a harbour, watercolour" }, { bytes: await harbour(), channel });
    const shown = await messageWith(world, message, { label: "Save as style" });
    const { customId = "" } = buttonsOf(shown).find(({ label }) => label === "Save as style") ?? {};
    const pressed = await world.discord.button({ message: shown, customId });
    expect((await pressed.answered()).type).toBe(9);
    const sent = await world.discord.modalSubmit({ modal: pressed, values: { name: "Harbour One" } });
    const word = await said(sent, /The style Harbour One is saved, as v1/);
    expect(word.ephemeralFor).toBeDefined();
    expect(textOf(word)).toMatch(/How it looks: watercolour/);
    expect(textOf(word)).toMatch(/Its colours: deep teal and sand/);
    await said(await style("save", { name: "harbour one", words: "soft light" }, { channel }), /is saved, as v2/);
    expect(await readStyle("harbour one", askerOf(channel), world.azure)).toMatchObject({
      version: 2,
      words: "soft light",
      palette: ["deep teal", "sand"],
      references: [{ from: "drawn" }],
    });
  });

  it("takes pictures that are sent along, and shows all as a picture", async () => {
    const channel = openChannel();
    const file = { name: "look.png", bytes: await harbour() };
    await said(await style("save", { name: "sent", picture: { file } }, { channel }), /colours: deep teal and sand/);
    const shown = await said(await style("show", { name: "sent" }, { channel }), /sent, v1/);
    expect(picturesOf(shown)).toHaveLength(1);
    expect(textOf(shown)).toMatch(/one picture to go by/);
    expect(shown.ephemeralFor).toBeDefined();
    await said(await style("drop", { name: "sent" }, { channel }), /The style sent is dropped/);
    await world.discord.until(async () => !(await referencesIn(world.azure)).length || undefined);
  });

  it("says all that is wrong at once, and gives back what was typed", async () => {
    const channel = openChannel();
    const file = { name: "look.png", bytes: Buffer.from("no picture") };
    const words = "w".repeat(1200);
    const long = await said(await style("save", { name: "@here", words }, { channel }), /letters, digits/);
    expect(textOf(long)).toMatch(/1,200 characters long; a style keeps up to 1,000/);
    expect(textOf(long)).toContain("wwww");
    await said(await style("save", { name: "odd", picture: { file } }, { channel }), /no picture that can be read/);
    await said(await style("save", { name: "none at all" }, { channel }), /Say how it looks, or name a picture/);
  });

  it("makes one the channel's own for all to read, draws in it visibly, and leaves it out on request", async () => {
    const channel = openChannel();
    await said(await style("save", { name: "own", words: "soft" }, { channel }), /saved/);
    const used = await style("use", { name: "own" }, { channel });
    const announced = await said(used, /has made own, v1, this channel’s own style/);
    expect(announced.ephemeralFor).toBeUndefined();
    const drawing = await imagine(world, { prompt: "a fox" }, { channel });
    await said(drawing, /In the style own, v1/);
    expect((await jobOf(world, drawing)).order?.prompt).toBe("a fox\n\nStyle: soft");
    const without = await imagine(world, { prompt: "a fox", style: "none" }, { channel });
    await said(without, /on its way/);
    expect((await jobOf(world, without)).order?.prompt).toBe("a fox");
    const elsewhere = await imagine(world, { prompt: "a fox" }, { channel: openChannel() });
    await said(elsewhere, /on its way/);
    expect((await jobOf(world, elsewhere)).order?.prompt).toBe("a fox");
    await said(await style("list", {}, { channel }), /This channel’s own: own, v1: soft/);
    await said(await style("use", { name: "none" }, { channel }), /left this channel without a style of its own/);
  });

  it("is changed and dropped by whoever saved it or a moderator, and by nobody else", async () => {
    const channel = openChannel();
    const grace = world.discord.addPerson("Grace");
    const moderator = world.discord.addPerson("Margaret", { moderator: true });
    await said(await style("save", { name: "mine", words: "soft" }, { channel }), /saved/);
    await said(await style("save", { name: "mine", words: "hard" }, { channel, user: grace }), /That style is .+’s/);
    const refused = await said(await style("drop", { name: "mine" }, { channel, user: grace }), /That style is/);
    expect(refused.ephemeralFor).toBe(grace.id);
    expect(await findStyle("mine", askerOf(channel), world.azure)).toMatchObject({ versions: [{ version: 1 }] });
    await said(await style("drop", { name: "mine" }, { channel, user: moderator }), /is dropped/);
    const unknown = await said(await style("show", { name: "mine" }, { channel }), /There is no style “mine” here/);
    expect(unknown.ephemeralFor).toBeDefined();
  });

  it("makes no private picture a style for all", async () => {
    const channel = openChannel();
    await drawn(world, { prompt: "my secret", private: true }, { channel });
    await said(await style("save", { name: "secret" }, { channel }), /Say how it looks, or name a picture/);
    await said(
      await style("save", { name: "secret", from: "1" }, { channel }),
      /for you alone or stands in another chat/,
    );
    expect(await findStyle("secret", askerOf(channel), world.azure)).toBeUndefined();
  });

  it("offers its names while somebody types", async () => {
    const channel = openChannel();
    await said(await style("save", { name: "typed late", words: "soft" }, { channel }), /saved/);
    const typing = await world.discord.autocomplete({
      name: "imagine",
      options: { style: "typ" },
      focused: "style",
      channel,
    });
    expect((await typing.answered()).data).toEqual({ choices: [{ name: "typed late", value: "typed late" }] });
    const using = await world.discord.autocomplete({
      name: "style use",
      options: { name: "no" },
      focused: "name",
      channel,
    });
    expect((await using.answered()).data).toMatchObject({
      choices: expect.arrayContaining([{ name: "none", value: "none" }]),
    });
  });

  it("asks about a name that no style has, and the form has it to be changed", async () => {
    const channel = openChannel();
    await said(await style("save", { name: "harbour", words: "soft" }, { channel }), /saved/);
    const asked = await imagine(world, { prompt: "a fox", style: "harbor" }, { channel });
    const told = await world.discord.until(() => {
      const all: FakeMessage[] = [asked.original(), ...asked.followups()].flatMap((one) => one ?? []);
      return all.find((message) => /Did you mean “harbour”/.test(textOf(message)));
    });
    const { customId = "" } = buttonsOf(told).find(({ label }) => label === "Revise") ?? {};
    const form = await world.discord.button({ message: told, customId });
    expect(JSON.stringify((await form.answered()).data)).toContain("a fox --style harbor");
    const sent = await world.discord.modalSubmit({ modal: form, values: { prompt: "a fox --style harbour" } });
    await said(sent, /In the style harbour, v1/);
  });
});

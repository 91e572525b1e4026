import { MessageFlags } from "discord.js";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { readInput } from "../../src/storage/input-blobs.ts";
import { readDraft } from "../../src/jobs/drafts.ts";
import type { Draft } from "../../src/jobs/drafts.ts";
import { putRow } from "../../src/storage/table.ts";
import { lineLength } from "../fakes/line-length.ts";
import { walk } from "../../local/discord/components.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import { bot, stage, startAgain, world } from "./stage.ts";
import { drawn, finish, jobOf, noisyPicture, plainPicture, startBot } from "./world.ts";

stage({ atItsAddress: true });

const isOnItsWay = (message: FakeMessage) => textOf(message).includes("on its way");
const isPanel = (message: FakeMessage) => textOf(message).includes("Pick the cells");
const customIdOf = (message: FakeMessage, prefix: string) =>
  walk(message.components).flatMap(({ component: { custom_id: id } }) => (id?.startsWith(prefix) ? [id] : []))[0] ??
  expect.fail(`no component ${prefix}`);
const draftIdOf = (panel: FakeMessage) => customIdOf(panel, "change:").slice("change:".length);
const draftOf = async (panel: FakeMessage): Promise<Draft> =>
  (await readDraft(draftIdOf(panel), world.azure)) ?? expect.fail("no draft");

async function openPanel(message: FakeMessage, ref: string, occasion: object = {}) {
  const pressed = await world.discord.button({ message, customId: `edit:${ref}`, ...occasion });
  expect(await pressed.answered()).toMatchObject({ type: 5, flags: MessageFlags.Ephemeral });
  return { pressed, panel: await pressed.untilOriginal(isPanel) };
}

async function saidTo(asked: PlayedInteraction, text: string): Promise<FakeMessage> {
  const word = await asked.untilOriginal((shown) => textOf(shown).includes(text));
  expect(word.ephemeralFor).toBe(asked.user.id);
  return word;
}

describe("Edit", () => {
  it("shows the picture under a grid to the presser alone, with the ways to say what may change", async () => {
    const { job, message } = await drawn(world, { prompt: "a desk" }, { bytes: await noisyPicture(300, 200) });
    const { panel } = await openPanel(message, `${job.id}.1`);
    expect(panel.ephemeralFor).toBe(world.discord.asker.id);
    expect(picturesOf(panel)).toMatchObject([{ name: "easel-1.jpg", alt: expect.stringContaining("grid") }]);
    expect(textOf(panel)).not.toContain("Made by AI");
    const select = walk(panel.components).find(({ component }) => component.custom_id?.startsWith("cells:"))?.component;
    expect(select).toMatchObject({ min_values: 0, max_values: 16 });
    expect(select?.options?.map(({ value }) => value).slice(0, 5)).toEqual(["A1", "B1", "C1", "D1", "A2"]);
    const [describe, paint] = buttonsOf(panel);
    expect(describe?.label).toBe("Describe the change");
    expect(paint?.url).toBe(`https://easel.example.org/pictures/${job.pictures[0]?.id}/edit?key=${draftIdOf(panel)}`);
  });

  it("of some cells is a request with these alone, in a message that all may see", async () => {
    const { job, message } = await drawn(world, { prompt: "a table", quality: "high" });
    const { panel } = await openPanel(message, `${job.id}.1`);
    const chosen = await world.discord.select({
      message: panel,
      customId: customIdOf(panel, "cells:"),
      values: ["D4", "B1"],
    });
    expect((await chosen.answered()).type).toBe(9);
    expect(chosen.modal?.components[0]).toMatchObject({ description: "Only B1, D4 may change." });
    const sent = await world.discord.modalSubmit({ modal: chosen, values: { change: "put a cat there" } });
    expect(await sent.answered()).toMatchObject({ type: 5, flags: 0 });
    const waiting = await sent.untilOriginal(isOnItsWay);
    expect(waiting.ephemeralFor).toBeUndefined();
    const next = await jobOf(world, sent);
    expect(next.request).toMatchObject({
      id: `discord-${sent.id}`,
      prompt: "put a cat there",
      parent: { job: job.id, place: 1, change: "edit" },
      sources: [{ from: "drawn", picture: { job: job.id, place: 1 } }],
      region: { cells: ["B1", "D4"] },
      options: { quality: "high" },
    });
    expect(next.address).toMatchObject({ interactionId: sent.id, messageId: waiting.id, followUp: false });
    await finish(world, next.id);
    expect(picturesOf(sent.original() ?? expect.fail())).toHaveLength(1);
  });

  it.each([
    ["the button", undefined],
    ["no cell", []],
    ["every cell", ["1", "2", "3", "4"].flatMap((row) => ["A", "B", "C", "D"].map((column) => column + row))],
  ])("by %s may change the whole picture", async (_, values) => {
    const { job, message } = await drawn(world, { prompt: "a chair" });
    const { panel } = await openPanel(message, `${job.id}.1`);
    const opened = values
      ? await world.discord.select({ message: panel, customId: customIdOf(panel, "cells:"), values })
      : await world.discord.button({ message: panel, customId: customIdOf(panel, "change:") });
    await opened.answered();
    expect(opened.modal?.components[0]).toMatchObject({ description: "The whole picture may change." });
    const sent = await world.discord.modalSubmit({ modal: opened, values: { change: "in blue" } });
    await sent.untilOriginal(isOnItsWay);
    const { region } = (await jobOf(world, sent)).request;
    expect(region).toEqual(values?.length ? { cells: expect.any(Array) } : undefined);
  });

  it("can be asked for once more on the same panel, and by others on one of their own", async () => {
    const { job, message } = await drawn(world, { prompt: "a lamp" });
    const { panel } = await openPanel(message, `${job.id}.1`);
    const grace = world.discord.addPerson("Grace");
    const { panel: other } = await openPanel(message, `${job.id}.1`, { user: grace });
    expect(other.ephemeralFor).toBe(grace.id);
    for (const [one, words, user] of [
      [panel, "green", undefined],
      [panel, "yellow", undefined],
      [other, "red", grace],
    ] as const) {
      const opened = await world.discord.button({ message: one, customId: customIdOf(one, "change:"), user });
      await opened.answered();
      const sent = await world.discord.modalSubmit({ modal: opened, values: { change: words } });
      await sent.untilOriginal(isOnItsWay);
      const { prompt, askedBy } = (await jobOf(world, sent)).request;
      expect([prompt, askedBy.user]).toEqual([words, (user ?? world.discord.asker).id]);
    }
  });

  it("stays private where the picture was", async () => {
    const { job, message } = await drawn(world, { prompt: "for my eyes", private: true });
    const { panel } = await openPanel(message, `${job.id}.1`);
    const opened = await world.discord.button({ message: panel, customId: customIdOf(panel, "change:") });
    await opened.answered();
    const sent = await world.discord.modalSubmit({ modal: opened, values: { change: "darker" } });
    const waiting = await sent.untilOriginal(isOnItsWay);
    expect(waiting.ephemeralFor).toBe(world.discord.asker.id);
  });

  it("that was begun too long ago is told before anything is typed, and gives back what was", async () => {
    const { job, message } = await drawn(world, { prompt: "a slow thinker" });
    const { panel } = await openPanel(message, `${job.id}.1`);
    const customId = customIdOf(panel, "change:");
    const opened = await world.discord.button({ message: panel, customId });
    await opened.answered();
    const draft = { ...(await draftOf(panel)), expiresAt: new Date(Date.now() - 1000).toISOString() };
    await putRow({ partition: "drafts", name: draft.id, values: { draft: JSON.stringify(draft) } }, world.azure);
    const before = await lineLength(world.azure);
    const sent = await world.discord.modalSubmit({ modal: opened, values: { change: "well considered words" } });
    expect(textOf(await saidTo(sent, "begun too long ago"))).toContain("well considered words");
    await saidTo(await world.discord.button({ message: panel, customId }), "begun too long ago");
    expect(await lineLength(world.azure)).toBe(before);
  });

  it("gives the words back where storage cannot be reached", async () => {
    const { job, message } = await drawn(world, { prompt: "an outage" });
    const { panel } = await openPanel(message, `${job.id}.1`);
    await world.azurite.interrupt();
    try {
      const opened = await world.discord.button({ message: panel, customId: customIdOf(panel, "change:") });
      expect((await opened.answered()).type).toBe(9);
      const sent = await world.discord.modalSubmit({ modal: opened, values: { change: "not to be lost" } });
      expect(textOf(await saidTo(sent, "cannot reach my storage"))).toContain("not to be lost");
      const pressed = await world.discord.button({ message, customId: `edit:${job.id}.1` });
      await saidTo(pressed, "cannot reach my storage");
    } finally {
      await world.azurite.resume();
    }
  });
});

describe("“Edit picture” on a message", () => {
  const editMessage = (target: FakeMessage, occasion: object = {}) =>
    world.discord.contextCommand({ name: "Edit picture", target, ...occasion });

  it("fetches what somebody posted, and what comes of it has no parent", async () => {
    const bytes = await noisyPicture(96, 64);
    const target = await world.discord.post({
      content: "my cat",
      files: [
        { name: "notes.txt", bytes: Buffer.from("no picture") },
        { name: "cat.png", bytes },
      ],
    });
    const asked = await editMessage(target);
    expect(await asked.answered()).toMatchObject({ type: 5, flags: MessageFlags.Ephemeral });
    const panel = await asked.untilOriginal(isPanel);
    expect(picturesOf(panel)).toHaveLength(1);
    expect(await draftOf(panel)).toMatchObject({ width: 96, height: 64, private: false, options: {} });
    const opened = await world.discord.select({
      message: panel,
      customId: customIdOf(panel, "cells:"),
      values: ["A1"],
    });
    await opened.answered();
    const sent = await world.discord.modalSubmit({ modal: opened, values: { change: "a hat" } });
    await sent.untilOriginal(isOnItsWay);
    const { request } = await jobOf(world, sent);
    expect(request.parent).toBeUndefined();
    expect(request.region).toEqual({ cells: ["A1"] });
    const [source] = request.sources ?? [];
    const kept = source?.from === "input" ? await readInput(source.name, world.azure) : undefined;
    expect((await sharp(kept).metadata()).width).toBe(96);
  });

  it("finds the picture in what was forwarded, and in a link to Discord's own host", async () => {
    const bytes = await plainPicture();
    const original = await world.discord.post({ files: [{ name: "sent-on.png", bytes }] });
    const forwarded = await world.discord.post({ forward: original });
    await (await editMessage(forwarded)).untilOriginal(isPanel);
    const url = String((await attachmentsOf(original))[0]?.url);
    const linked = await world.discord.post({ content: "look", embeds: [{ image: { url } }] });
    await (await editMessage(linked)).untilOriginal(isPanel);
  });

  /** As they come with an event, with addresses that work. */
  async function attachmentsOf(target: FakeMessage): Promise<{ url: string }[]> {
    const asked = await editMessage(target);
    await asked.untilOriginal(isPanel);
    const { resolved } = asked.event.data as {
      resolved: { messages: Record<string, { attachments: { url: string }[] }> };
    };
    return resolved.messages[target.id]?.attachments ?? [];
  }

  it.each([
    ["words alone", { content: "nothing to see" }],
    ["a file that is no picture", { files: [{ name: "report.pdf", bytes: Buffer.from("%PDF-1.7 and more") }] }],
    ["a picture on another host", { embeds: [{ image: { url: "https://evil.example/a.png" } }] }],
  ])("says that there is none in %s", async (_, post) => {
    const asked = await editMessage(await world.discord.post(post));
    expect((await asked.answered()).type).toBe(4);
    await saidTo(asked, "There is no picture in that message.");
  });

  it.each([
    ["a text by another name", async () => Buffer.from("just words ".repeat(50)), "is no picture that can be read"],
    ["a picture of one pixel", async () => sharp({ create: dot }).png().toBuffer(), "at least 16 pixels"],
    ["a HEIC", async () => Buffer.from(`\0\0\0\x18ftypheic${"\0".repeat(40)}`, "latin1"), "That is HEIC"],
    ["one of 60 MB", async () => Buffer.alloc(60_000_000), "up to 50 MB can be read"],
  ])("says what is wrong with %s", async (_, make, text) => {
    const target = await world.discord.post({ files: [{ name: "fine.png", bytes: await make() }] });
    await saidTo(await editMessage(target), text);
  });
  const dot = { width: 1, height: 1, channels: 3 as const, background: "#fff" };

  it("says so where Discord does not give the picture", async () => {
    const target = await world.discord.post({ files: [{ name: "withheld.png", bytes: await plainPicture() }] });
    world.discord.failFile("withheld.png", { gone: true });
    await saidTo(await editMessage(target), "could not fetch the picture");
  });

  it("goes on from a picture of ours, whoever asked for it, months later", async () => {
    const { job, message } = await drawn(world, { prompt: "ours" });
    world.discord.letTimePass(90 * 86_400);
    const grace = world.discord.addPerson("Grace");
    const asked = await editMessage(message, { user: grace });
    const panel = await asked.untilOriginal(isPanel);
    expect(await draftOf(panel)).toMatchObject({ parent: { job: job.id, place: 1 }, askedBy: { user: grace.id } });
  });

  it("asks which of four, and edits that one", async () => {
    const { job, message } = await drawn(world, { prompt: "four of ours", count: 4 });
    const asked = await editMessage(message);
    const menu = await saidTo(asked, "Edit this picture");
    const options = walk(menu.components).flatMap(({ component }) => component.options ?? []);
    expect(options.map(({ label }) => label)).toEqual(["Picture 1", "Picture 2", "Picture 3", "Picture 4"]);
    expect(JSON.stringify(menu.components)).toContain('"placeholder":"Which picture?"');
    const chosen = await world.discord.select({ message: menu, customId: "edit", values: [`${job.id}.3`] });
    const panel = await chosen.untilOriginal(isPanel);
    expect((await draftOf(panel)).parent).toMatchObject({ job: job.id, place: 3 });
  });

  it("finds none in a message of ours that has none", async () => {
    const asked = await world.discord.command({ name: "help", guild: null });
    await asked.answered();
    const target = asked.original() ?? expect.fail();
    await saidTo(await editMessage(target), "There is no finished picture of mine in that message");
  });

  it("says that no model here changes pictures, where none does", async () => {
    const target = await world.discord.post({ files: [{ name: "cat.png", bytes: await plainPicture() }] });
    await bot.stop();
    const models = [{ name: "dall-e-3", deployment: "dalle3" }] as const;
    const other = await startBot({ ...world, settings: { ...world.settings, models: [...models] } });
    try {
      await saidTo(await editMessage(target), "No model here changes pictures");
      const file = { name: "cat.png", bytes: await plainPicture() };
      const asked = await world.discord.command({ name: "edit", options: { picture: { file }, change: "a hat" } });
      await saidTo(asked, "no model here changes pictures");
    } finally {
      await other.stop();
      await startAgain();
    }
  });
});

describe("“Make a picture of this” on a message", () => {
  const drawMessage = (target: FakeMessage, occasion: object = {}) =>
    world.discord.contextCommand({ name: "Make a picture of this", target, ...occasion });

  it("opens a form with its words, names in place of marks, and sending it is a request like any", async () => {
    const grace = world.discord.addPerson("Grace");
    const target = world.discord.say({ content: `<@${grace.id}> on a **horse** <:wow:123456789012345678> <#1>` });
    const asked = await drawMessage(target);
    expect((await asked.answered()).type).toBe(9);
    const sent = await world.discord.modalSubmit({ modal: asked, values: { size: ["wide"] } });
    await sent.untilOriginal(isOnItsWay);
    const { request, order } = await jobOf(world, sent);
    expect(request).toMatchObject({ prompt: "Grace on a **horse** :wow:", options: { size: "wide" } });
    expect(request.parent).toBeUndefined();
    expect(order?.size).toBe("1536x1024");
  });

  it("keeps every word of a long one", async () => {
    const words = Array.from({ length: 800 }, (_, index) => `word${index}`).join(" ");
    const [head, tail] = [words.slice(0, 2000), words.slice(2000, 6000)];
    const target = await world.discord.post({ content: head, embeds: [{ description: tail }] });
    const asked = await drawMessage(target);
    await asked.answered();
    const sent = await world.discord.modalSubmit({ modal: asked, values: {} });
    await sent.untilOriginal(isOnItsWay);
    expect((await jobOf(world, sent)).request.prompt).toBe(`${head}\n${tail}`.trim());
  });

  it("says so where there are no words", async () => {
    const target = await world.discord.post({ files: [{ name: "cat.png", bytes: await plainPicture() }] });
    await saidTo(await drawMessage(target), "no words in that message");
  });

  it("of a picture of ours goes on from it", async () => {
    const { job, message } = await drawn(world, { prompt: "ours, in other words" });
    const asked = await drawMessage(message);
    await asked.answered();
    const sent = await world.discord.modalSubmit({ modal: asked, values: {} });
    await sent.untilOriginal(isOnItsWay);
    expect((await jobOf(world, sent)).request).toMatchObject({
      prompt: "ours, in other words",
      parent: { job: job.id, change: "words" },
    });
  });
});

describe("/edit", () => {
  const file = async (name: string) => ({ file: { name, bytes: await plainPicture() } });

  it("is accepted at once, with its pictures in their order and the mask, and nothing is fetched for it yet", async () => {
    const before = world.discord.fileRequests.length;
    const asked = await world.discord.command({
      name: "edit",
      options: {
        change: "put these together",
        picture3: await file("three.png"),
        mask: await file("mask.png"),
        picture: await file("one.png"),
        picture2: await file("two.png"),
        quality: "high",
        background: "opaque",
      },
    });
    expect((await asked.answered()).type).toBe(5);
    await asked.untilOriginal(isOnItsWay);
    const { request, order } = await jobOf(world, asked);
    const fileName = (url: string) => new URL(url).pathname.split("/").at(-1);
    expect(request.sources?.map((source) => source.from === "chat" && fileName(source.url))).toEqual([
      "one.png",
      "two.png",
      "three.png",
    ]);
    expect(request.sources?.[0]).toMatchObject({ from: "chat", declaredBytes: (await plainPicture()).length });
    expect(request.region).toMatchObject({ mask: { from: "chat", url: expect.stringContaining("/mask.png?") } });
    expect(request.options).toEqual({ quality: "high", background: "opaque" });
    expect(order).toMatchObject({ model: "gpt-image-2", prompt: "put these together" });
    expect(world.discord.fileRequests).toHaveLength(before);
  });

  it("says all that is wrong in private, and is private where that is asked for", async () => {
    const wrong = await world.discord.command({ name: "edit", options: { picture: await file("a.png"), change: " " } });
    await saidTo(wrong, "no words to draw from");
    const options = { picture: await file("a.png"), change: "x", private: true };
    await saidTo(await world.discord.command({ name: "edit", options }), "on its way");
  });

  it("needs a picture, sent along or drawn here before", async () => {
    const user = world.discord.addPerson("who has none");
    const asked = await world.discord.command({ name: "edit", options: { change: "a hat" }, user });
    await saidTo(asked, "There is no picture to change");
  });
});

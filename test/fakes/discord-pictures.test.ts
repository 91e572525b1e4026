import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  Events,
  MessageFlags,
  Routes,
  type APIMessage,
  type ChatInputCommandInteraction,
  type MessageContextMenuCommandInteraction,
} from "discord.js";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { openBot, openClient, openDiscord, picture, refusedWith } from "./discord-bare-bot.ts";
import type { GivenFile } from "../../local/discord/command-options.ts";
import type { FakeDiscord } from "../../local/discord/start.ts";
import { intent, mebibyte, permission } from "../../local/discord/wire.ts";

const png: GivenFile = { name: "lighthouse.png", bytes: picture };
const bytesOf = async (address: string): Promise<Buffer> => Buffer.from(await (await fetch(address)).arrayBuffer());

/** The address of a file that somebody has sent along with a command. */
async function sendFile(discord: FakeDiscord, file: GivenFile): Promise<string> {
  const { event } = await discord.command({ name: "edit", options: { picture: { file } } });
  const { resolved } = event["data"] as { resolved: { attachments: Record<string, { url: string }> } };
  return Object.values(resolved.attachments)[0]?.url ?? "";
}

describe("a command in the menu of a message", () => {
  test("brings the whole message of anybody, with pictures that can be fetched", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    await client.application.commands.set([{ name: "Edit picture", type: ApplicationCommandType.Message }]);
    const bob = discord.addPerson("Bob");
    const message = await discord.post({ user: bob, content: "look", files: [{ ...png, description: "a tower" }] });
    const seen = once(client, Events.InteractionCreate);
    const used = await discord.contextCommand({ name: "Edit picture", target: message });
    const [interaction] = (await seen) as [MessageContextMenuCommandInteraction];
    const { targetMessage } = interaction;
    expect(used.event["data"]).toMatchObject({ type: 3, name: "Edit picture", target_id: message.id });
    expect(interaction.isMessageContextMenuCommand()).toBe(true);
    expect(targetMessage).toMatchObject({ id: message.id, content: "look", author: { id: bob.id } });
    const attachment = targetMessage.attachments.first();
    expect(attachment).toMatchObject({ width: 8, height: 6, contentType: "image/png", description: "a tower" });
    expect(await bytesOf(attachment?.url ?? "")).toEqual(picture);
    await interaction.reply("drawing");
    expect(used.original()).toMatchObject({
      type: 23,
      replyTo: message.id,
      interactionMetadata: { target_message_id: message.id },
    });
    expect(discord.violations).toEqual([]);
  });

  test("gives fresh addresses each time, and those of a bot's own message say whose application it is", async () => {
    const discord = await openDiscord();
    const { client } = await openBot(discord, async (interaction) =>
      interaction.isRepliable() ? interaction.reply({ files: [{ attachment: picture, name: "a.png" }] }) : undefined,
    );
    const command = await discord.command({ name: "imagine" });
    const message = await command.untilOriginal(({ attachments }) => attachments.length > 0);
    const address = async (): Promise<string> => {
      const { event } = await discord.contextCommand({ name: "Edit picture", target: message });
      const { resolved } = event["data"] as { resolved: { messages: Record<string, APIMessage> } };
      expect(resolved.messages[message.id]).toMatchObject({ application_id: client.application.id });
      return resolved.messages[message.id]?.attachments[0]?.url ?? "";
    };
    const old = await address();
    discord.letTimePass(90 * 24 * 60 * 60);
    expect((await fetch(old)).status).toBe(404);
    expect(await bytesOf(await address())).toEqual(picture);
  });

  test("is not offered on a message that is deleted or that one does not see", async () => {
    const discord = await openDiscord();
    const bob = discord.addPerson("Bob");
    await openBot(discord, async (interaction) =>
      interaction.isChatInputCommand() ? interaction.reply({ content: "x", flags: MessageFlags.Ephemeral }) : undefined,
    );
    const use = async (given: object) => discord.contextCommand({ name: "Edit picture", ...given } as never);
    const command = await discord.command({ name: "imagine" });
    await command.answered();
    await expect(use({ target: command.original(), user: bob })).rejects.toThrow("does not see");
    const message = discord.say({ content: "hello" });
    discord.channel(discord.channelId).overwrites.set(bob.id, { deny: permission.viewChannel });
    await expect(use({ target: message, user: bob })).rejects.toThrow("does not see this channel");
    discord.removeMessage(message);
    await expect(use({ target: message })).rejects.toThrow("deleted");
  });

  test.each<[string, object]>([
    ["a name of 33 characters", { name: "x".repeat(33) }],
    ["a name of blanks", { name: "  " }],
    ["a description", { name: "Edit picture", description: "x" }],
    ["options", { name: "Edit picture", options: [{ type: 3, name: "x", description: "x" }] }],
  ])("may not have %s", async (_, given) => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const put = (body: object[]) => client.rest.put(Routes.applicationCommands(discord.applicationId), { body });
    expect(await refusedWith(put([{ type: 3, ...given }]))).toEqual({ code: 50035, status: 400 });
    await put([{ type: 3, name: "Make a Picture of this" }]);
  });

  test("is one of fifteen, and slash commands are counted apart", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const add = (body: object) => client.rest.post(Routes.applicationCommands(discord.applicationId), { body });
    await add({ name: "imagine", description: "Draws" });
    for (let count = 1; count <= 15; count += 1) await add({ type: 3, name: `Menu ${count}` });
    expect(await refusedWith(add({ type: 3, name: "Menu 16" }))).toEqual({ code: 30032, status: 400 });
    await add({ type: 3, name: "Menu 15" });
    await add({ name: "draw", description: "Draws" });
  });
});

describe("what people post", () => {
  test("is heard and read only with the intent for content, unless it is meant for the bot", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord, intent.guilds | intent.guildMessages);
    const heard: { content: string; files: number }[] = [];
    client.on(Events.MessageCreate, ({ content, attachments }) => heard.push({ content, files: attachments.size }));
    const read = async (id: string): Promise<APIMessage> =>
      client.rest.get(Routes.channelMessage(discord.channelId, id)) as Promise<APIMessage>;
    const idle = await discord.post({ content: "look", files: [png] });
    const meant = await discord.post({ content: `<@${discord.bot.id}> look`, files: [png] });
    await discord.until(() => heard.length === 2);
    expect(heard.map(({ files }) => files)).toEqual([0, 1]);
    expect((await read(idle.id)).attachments).toEqual([]);
    expect((await read(meant.id)).attachments).toHaveLength(1);
    discord.limits.grantedIntents = intent.messageContent;
    expect((await read(idle.id)).attachments).toHaveLength(1);
    expect(discord.violations).toEqual([]);
  });

  test("may be a reply, or a forward that outlives what it was made of", async () => {
    const discord = await openDiscord();
    const first = await discord.post({ content: "look", files: [png] });
    const reply = await discord.post({ content: "nice", replyTo: first });
    const forward = await discord.post({ forward: first });
    discord.removeMessage(first);
    const told = async (target: typeof first): Promise<APIMessage> => {
      const { event } = await discord.contextCommand({ name: "Edit picture", target });
      return (event["data"] as { resolved: { messages: Record<string, APIMessage> } }).resolved.messages[
        target.id
      ] as APIMessage;
    };
    expect(await told(reply)).toMatchObject({ type: 19, message_reference: { type: 0, message_id: first.id } });
    const { attachments, message_reference, message_snapshots } = await told(forward);
    expect({ attachments, message_reference }).toMatchObject({ attachments: [], message_reference: { type: 1 } });
    const copy = message_snapshots?.[0]?.message;
    expect(copy?.content).toBe("look");
    expect(await bytesOf(copy?.attachments[0]?.url ?? "")).toEqual(picture);
    expect(discord.violations).toEqual([]);
  });

  test("is ten files at most", async () => {
    const discord = await openDiscord();
    await expect(discord.post({ files: Array.from({ length: 11 }, () => png) })).rejects.toThrow("ten files");
  });
});

const edit = (given: object = {}): object => ({
  name: "edit",
  description: "Edits",
  options: [{ type: ApplicationCommandOptionType.Attachment, name: "picture", description: "Which", ...given }],
});

describe("an attachment option", () => {
  test("brings an ephemeral attachment with all that Discord tells of it", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    await client.application.commands.set([edit() as never]);
    const seen = once(client, Events.InteractionCreate);
    const { event } = await discord.command({ name: "edit", options: { picture: { file: png } } });
    const [interaction] = (await seen) as [ChatInputCommandInteraction];
    const attachment = interaction.options.getAttachment("picture", true);
    expect(event["data"]).toMatchObject({
      options: [{ name: "picture", type: 11, value: attachment.id }],
      resolved: {
        attachments: { [attachment.id]: { id: attachment.id, filename: "lighthouse.png", size: picture.length } },
      },
    });
    expect(attachment).toMatchObject({ ephemeral: true, width: 8, height: 6, contentType: "image/png" });
    expect(new URL(attachment.url).pathname).toMatch(/^\/ephemeral-attachments\/\d+\/\d+\/lighthouse\.png$/);
    expect(new URL(attachment.proxyURL).search).toMatch(/^\?ex=[0-9a-f]+&is=[0-9a-f]+&hm=[0-9a-f]{64}&$/);
    await expect(discord.command({ name: "edit", options: { picture: "a.png" } })).rejects.toThrow("takes a file");
    expect(discord.violations).toEqual([]);
  });

  test("looks at the name alone: text that is called .png is an image/png without a size", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    await client.application.commands.set([edit({ file_types: ["image", ".PDF"] }) as never]);
    const [option] = (discord.commands.get("global")?.[0]?.["options"] ?? []) as { file_types: string[] }[];
    expect(option?.file_types).toEqual(["image", ".pdf"]);
    const send = (name: string, bytes: Uint8Array = Buffer.from("just text")) =>
      discord.command({ name: "edit", options: { picture: { file: { name, bytes } } } });
    await expect(send("notes.txt")).rejects.toThrow("does not take notes.txt");
    await expect(send("photo.heic", picture)).rejects.toThrow("does not take photo.heic");
    await send("SCAN.PDF");
    const { event } = await send("notes.PNG");
    const { resolved } = event["data"] as { resolved: { attachments: Record<string, object> } };
    const [attachment] = Object.values(resolved.attachments);
    expect(attachment).toMatchObject({ content_type: "image/png", size: 9 });
    expect(attachment).not.toHaveProperty("width");
    const wrong = await sharp({ create: { width: 2, height: 2, channels: 3, background: "#fff" } })
      .webp()
      .toBuffer();
    expect((await send("really-webp.jpg", wrong)).event["data"]).toMatchObject({ name: "edit" });
  });

  test.each<[string, object]>([
    ["eleven file types", { file_types: Array.from({ length: 11 }, (_, index) => `.x${index}`) }],
    ["a type without its dot", { file_types: ["png"] }],
    ["file types of a text", { type: 3, file_types: ["image"] }],
  ])("%s are refused", async (_, given) => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const put = client.rest.put(Routes.applicationCommands(discord.applicationId), { body: [edit(given)] });
    expect(await refusedWith(put)).toEqual({ code: 50035, status: 400 });
  });
});

describe("the CDN", () => {
  const gone = "This content is no longer available.";

  test("answers a right address and no other, and says what it was asked", async () => {
    const discord = await openDiscord();
    const address = new URL(await sendFile(discord, png));
    expect(await bytesOf(address.href)).toEqual(picture);
    const changed = (change: (url: URL) => void): URL => {
      const url = new URL(address);
      change(url);
      return url;
    };
    const wrong = [
      changed((url) => url.searchParams.delete("hm")),
      changed((url) => url.searchParams.set("ex", "ffffffff")),
      changed((url) => url.searchParams.set("hm", "0".repeat(64))),
      changed((url) => (url.pathname = url.pathname.replace("lighthouse", "darkhouse"))),
      changed((url) => (url.search = "")),
    ];
    for (const url of wrong) {
      const answer = await fetch(url);
      expect([answer.status, await answer.text()]).toEqual([404, gone]);
    }
    expect((await fetch(address, { method: "POST" })).status).toBe(405);
    const head = await fetch(address, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, String(picture.length)]);
    expect(discord.fileRequests.map(({ status }) => status)).toEqual([200, 404, 404, 404, 404, 404, 405, 200]);
    expect(discord.fileRequests[0]).toMatchObject({ path: address.pathname, sent: picture.length });
  });

  test("shows nothing but pictures under the name of its media host", async () => {
    const discord = await openDiscord();
    const ask = async (name: string, bytes: Buffer): Promise<number | undefined> => {
      const { pathname, search } = new URL(await sendFile(discord, { name, bytes }));
      const asked = get(`${discord.url}${pathname}${search}`, { headers: { host: "media.discordapp.net" } });
      const [answer] = (await once(asked, "response")) as [IncomingMessage];
      answer.resume();
      return answer.statusCode;
    };
    expect(await ask("a.png", picture)).toBe(200);
    expect(await ask("b.png", Buffer.from("text"))).toBe(415);
    expect(discord.fileRequests.map(({ host }) => host)).toEqual(["media.discordapp.net", "media.discordapp.net"]);
  });

  test("forgets an address when its time is over", async () => {
    const discord = await openDiscord({ attachmentSeconds: 100 });
    const address = await sendFile(discord, png);
    discord.letTimePass(99);
    expect((await fetch(address)).status).toBe(200);
    discord.letTimePass(100);
    expect((await fetch(address)).status).toBe(404);
  });

  test("has no file of a message that is deleted, nor one that an edit left out", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const made = (await client.rest.post(Routes.channelMessages(discord.channelId), {
      body: { content: "x" },
      files: ["one.png", "two.png"].map((name) => ({ name, data: picture })),
    })) as APIMessage;
    const status = async (): Promise<number[]> =>
      Promise.all(made.attachments.map(async ({ url }) => (await fetch(url)).status));
    await client.rest.patch(Routes.channelMessage(discord.channelId, made.id), {
      body: { attachments: [{ id: made.attachments[1]?.id }] },
    });
    expect(await status()).toEqual([404, 200]);
    await client.rest.delete(Routes.channelMessage(discord.channelId, made.id));
    expect(await status()).toEqual([404, 404]);
  });

  test("can lose a file, send it elsewhere, or be down, once or as often as is said", async () => {
    const discord = await openDiscord();
    const address = await sendFile(discord, png);
    const lost = discord.failFile("lighthouse.png", { gone: true, times: 2 });
    for (let time = 0; time < 2; time += 1) expect(await (await fetch(address)).text()).toBe(gone);
    expect(lost.hits).toBe(2);
    discord.failFile(/^light/, { redirect: "http://169.254.169.254/" });
    const elsewhere = await fetch(address, { redirect: "manual" });
    expect([elsewhere.status, elsewhere.headers.get("location")]).toEqual([302, "http://169.254.169.254/"]);
    discord.failFile("lighthouse.png", { status: 503 });
    expect((await fetch(address)).status).toBe(503);
    discord.failFile("another.png", { gone: true });
    expect((await fetch(address)).status).toBe(200);
  });

  test("can be late, slow, or cut in the middle", async () => {
    const discord = await openDiscord();
    const bytes = Buffer.alloc(200_000, 7);
    const address = await sendFile(discord, { name: "noise.png", bytes });
    const timed = async (): Promise<number> => {
      const begin = performance.now();
      expect((await bytesOf(address)).length).toBe(bytes.length);
      return performance.now() - begin;
    };
    discord.failFile("noise.png", { delaySeconds: 0.3 });
    expect(await timed()).toBeGreaterThan(290);
    discord.failFile("noise.png", { bytesPerSecond: 500_000 });
    expect(await timed()).toBeGreaterThan(290);
    discord.failFile("noise.png", { cutAfter: 100_000 });
    const cut = await fetch(address);
    expect(cut.status).toBe(200);
    await expect(cut.arrayBuffer()).rejects.toThrow(/terminated|aborted/);
    expect(discord.fileRequests.at(-1)?.sent).toBe(100_000);
  });

  test("can send far more than was told, and stops when nobody listens any more", async () => {
    const discord = await openDiscord();
    const address = await sendFile(discord, png);
    discord.failFile("lighthouse.png", { length: 60 * mebibyte, times: 2 });
    const large = await fetch(address);
    expect(large.headers.get("content-length")).toBeNull();
    expect((await large.arrayBuffer()).byteLength).toBe(60 * mebibyte);
    const stop = new AbortController();
    const left = await fetch(address, { signal: stop.signal });
    await left.body?.getReader().read();
    const sent = (): number => discord.fileRequests.at(-1)?.sent ?? 0;
    await pause(300);
    expect(sent()).toBeLessThan(30 * mebibyte);
    stop.abort();
    await pause(300);
    expect(sent()).toBeLessThan(30 * mebibyte);
  });

  test("takes from a person what a bot may not send", async () => {
    const discord = await openDiscord();
    const bytes = Buffer.alloc(60 * mebibyte);
    const message = await discord.post({ files: [{ name: "huge.png", bytes }] });
    const { event } = await discord.contextCommand({ name: "Edit picture", target: message });
    const { resolved } = event["data"] as { resolved: { messages: Record<string, APIMessage> } };
    const attachment = resolved.messages[message.id]?.attachments[0];
    expect(attachment?.size).toBe(60 * mebibyte);
    expect((await bytesOf(attachment?.url ?? "")).length).toBe(60 * mebibyte);
  });
});

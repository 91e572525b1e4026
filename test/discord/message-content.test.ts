import { ComponentType } from "discord.js";
import type { APIMessage } from "discord.js";
import { describe, expect, it } from "vitest";
import { pictureIn, refsIn, wordsIn } from "../../adapters/discord/message/read-message.ts";

const message = (given: object): APIMessage =>
  ({ content: "", embeds: [], attachments: [], components: [], mentions: [], ...given }) as unknown as APIMessage;
const own = (name: string) => `https://cdn.discordapp.com/attachments/1/2/${name}?ex=1&is=1&hm=1`;
const attachment = (filename: string, type?: string) => ({
  id: "1",
  filename,
  size: 9,
  url: own(filename),
  ...(type && { content_type: type }),
});

describe("the picture in a message", () => {
  it.each([
    ["by what the uploader calls it", "scan", "image/png", true],
    ["by its name where nothing else is told", "SCAN.PNG", undefined, true],
    ["not by its name against what it is called", "scan.png", "application/zip", false],
    ["not where neither says so", "scan", undefined, false],
  ])("is known %s", (_, name, type, found) => {
    expect(pictureIn(message({ attachments: [attachment(name, type)] }))).toEqual(
      found ? { from: "chat", url: own(name), declaredBytes: 9 } : undefined,
    );
  });

  it("may stand in components of another bot, wherever in them", () => {
    const media = (url: string) => ({ media: { url } });
    const thumbnail = { type: ComponentType.Thumbnail, ...media(own("small.png")) };
    const section = { type: ComponentType.Section, components: [], accessory: thumbnail };
    const gallery = {
      type: ComponentType.MediaGallery,
      items: [media("https://evil.example/a.png"), media(own("b.png"))],
    };
    const inContainer = (...components: object[]) =>
      message({ components: [{ type: ComponentType.Container, components }] });
    expect(pictureIn(inContainer(section))?.url).toBe(own("small.png"));
    expect(pictureIn(inContainer(gallery))?.url).toBe(own("b.png"));
  });
});

describe("the pictures of ours in a message", () => {
  const row = (...ids: string[]) => ({
    type: ComponentType.ActionRow,
    components: ids.map((id) => ({ type: ComponentType.Button, custom_id: id })),
  });

  it("are told by their buttons, each once, in their order", () => {
    const rows = [row("again:discord-1.2", "words:discord-1.2", "more:discord-1.2"), row("again:discord-1.1")];
    const components = [{ type: ComponentType.Container, components: rows }];
    expect(refsIn(message({ components }))).toEqual(["discord-1.2", "discord-1.1"]);
  });

  it.each([
    "cancel:discord-1",
    "revise:discord-1",
    "page:2",
    "again:",
    "again:../../x.1",
    "vote:discord-1.1",
    "",
    "again",
  ])("are none by %s", (id) => expect(refsIn(message({ components: [row(id)] }))).toEqual([]));
});

describe("the words in a message", () => {
  it("are all that can be read, without Discord's own marks", () => {
    const words = wordsIn(
      message({
        content: "<@1> and <@!2> in <#3> for <@&4> <a:dance:5>",
        mentions: [
          { id: "1", username: "ada", global_name: "Ada" },
          { id: "2", username: "bob", global_name: null },
        ],
        embeds: [{ title: "A title", description: "and more" }],
        message_snapshots: [{ message: { content: "forwarded" } }],
      }),
    );
    expect(words).toBe("Ada and bob in  for  :dance:\nA title\nand more\nforwarded");
  });
});

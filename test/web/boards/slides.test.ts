import { strFromU8, unzipSync } from "fflate";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeSession } from "../../../src/brainstorm/session.ts";
import type { Session } from "../../../src/brainstorm/session.ts";
import { forgetAtHand, pictureBlob } from "../../../src/storage/picture-blobs.ts";
import { startAzurite } from "../../fakes/azurite.ts";
import type { Azurite } from "../../fakes/azurite.ts";
import { ada, idea, openBoardWorld, round, wholeSession } from "./board-world.ts";
import type { BoardWorld } from "./board-world.ts";

let azurite: Azurite;
let world: BoardWorld;
beforeAll(async () => {
  azurite = await startAzurite();
  world = await openBoardWorld(azurite.connectionString);
});
afterAll(async () => {
  await world?.stop();
  await azurite?.stop();
});

type File = {
  slides: string[];
  texts: string[];
  media: Uint8Array[];
  notes: string[];
  all: Record<string, Uint8Array>;
};

/** Opened as PowerPoint would: the zip, its parts by the relations that name them, and each part's XML. */
function open(bytes: Uint8Array): File {
  const all = unzipSync(bytes);
  const named = (pattern: RegExp) =>
    Object.keys(all)
      .filter((name) => pattern.test(name))
      .sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
  const read = (name: string) => strFromU8(all[name] ?? new Uint8Array());
  for (const name of named(/\.(xml|rels)$/)) expect([name, faultOf(read(name))]).toEqual([name, undefined]);
  for (const name of named(/^ppt\/slides\/_rels\/.*\.rels$/))
    for (const [, target] of read(name).matchAll(/Target="\.\.\/([^"]+)"/g))
      expect(all).toHaveProperty([`ppt/${target}`]);
  const slides = named(/^ppt\/slides\/slide\d+\.xml$/).map(read);
  return {
    slides,
    texts: slides.map((slide) => [...slide.matchAll(/<a:t>([^<]*)<\/a:t>/g)].map(([, text]) => text).join("\n")),
    media: named(/^ppt\/media\/.*\.jpe?g$/).map((name) => all[name] ?? new Uint8Array()),
    notes: named(/^ppt\/notesSlides\/notesSlide\d+\.xml$/).map(read),
    all,
  };
}

/** What a strict reader of XML stumbles over first. */
function faultOf(xml: string): string | undefined {
  const control = /(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]/u.exec(xml);
  if (control) return `a character that XML forbids: ${control[0].charCodeAt(0)}`;
  const loose = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);).{0,20}/i.exec(xml);
  if (loose) return `a loose ampersand: ${loose[0]}`;
  const open: string[] = [];
  for (const [, slash, name = "", ends] of xml.matchAll(
    /<(\/?)([\w:.-]+)(?:\s+[\w:.-]+="[^"<]*"|\s+[\w:.-]+='[^'<]*')*\s*(\/?)>|<\?[^>]*\?>/g,
  )) {
    if (slash && open.pop() !== name) return `</${name}> ends what did not begin`;
    if (name && !slash && !ends) open.push(name);
  }
  const rest = xml.replaceAll(
    /<(\/?)([\w:.-]+)(?:\s+[\w:.-]+="[^"<]*"|\s+[\w:.-]+='[^'<]*')*\s*(\/?)>|<\?[^>]*\?>/g,
    "",
  );
  return open.length ? `${open.join(" ")} never ends` : rest.includes("<") ? "a loose <" : undefined;
}

async function slidesOf(change?: Partial<Session>) {
  const { page } = await world.begin(change);
  const response = await fetch(`${page}/slides.pptx`);
  expect(response.status).toBe(200);
  return { response, file: open(await response.bytes()) };
}

describe("the slides of a brainstorm", () => {
  it("are a title, one picture a slide with words, author and votes, and the decision", async () => {
    const session = await wholeSession(world);
    const { response, file } = await slidesOf(session);
    expect(file.texts).toHaveLength(9);
    expect(file.texts[0]).toMatch(/^A sign for the bakery in the old harbour\nBegun by[\s\S]*Ada \(Discord\) and Ben/);
    const { file: another } = await slidesOf({ ...session, begunBy: { ...session.begunBy, user: "9", name: "Eve" } });
    expect(another.texts[0]).toMatch(/Begun by\s+Eve\n/);
    expect(another.texts[0]).toMatch(/Ideas from\s+Ada \(Discord\) and Ben \(Microsoft Teams\)/);
    expect(file.texts[2]).toBe(
      ["Round 1: first ideas", "Idea 2", "Winner", "idea 2: a gull with a pretzel", "Ben", "5 votes"].join("\n"),
    );
    expect(file.texts[5]).toContain("from idea 2 of round 1");
    expect(file.texts.filter((text) => text.includes("Winner"))).toHaveLength(2);
    expect(file.texts[8]).toMatch(/^The decision\nIdea 1 of round 3\.\nCost {2}\nabout 20 cents/);
    // Seven pictures, and the last of them once more beside the decision.
    const described = file.slides.map((slide) => /<p:pic>.*?descr="([^"]+)"/s.exec(slide)?.[1]);
    expect(described.slice(1, 3)).toEqual([
      "Idea 1 of 6: idea 1: waves of dough",
      "Idea 2 of 6: idea 2: a gull with a pretzel",
    ]);
    expect(described.filter(Boolean)).toHaveLength(8);
    for (const bytes of file.media)
      expect(await sharp(bytes).metadata()).toMatchObject({ format: "jpeg", width: 1536, height: 1024 });
    expect(file.media.length).toBeGreaterThanOrEqual(7);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
      "content-disposition":
        "attachment; filename=\"brainstorm.pptx\"; filename*=UTF-8''A%20sign%20for%20the%20bakery%20in%20the%20old%20harbour.pptx",
      "cache-control": "no-store",
      "x-robots-tag": "noindex",
    });
  });

  it("open whatever people wrote: signs of XML, emoji, what XML forbids, half characters, very much", async () => {
    const nasty = `<&">' 🎉 </a:t> \u0000\u0001\u0008\u000B\u001F\uFFFE \uD83D ${"w ".repeat(500)}end`;
    const person = { ...ada, name: `A&<"\u0007` };
    const ideas = [await world.draw(1, { words: nasty, by: [person] })];
    const { response, file } = await slidesOf({
      topic: `../..\\ <b>"x" & y: z?*| \u0000\u202E 🎉`,
      begunBy: person,
      rounds: [round(1, { ideas })],
    });
    expect(file.texts[0]).toContain("../..\\ &lt;b&gt;&quot;x&quot; &amp; y: z?*|");
    expect(file.texts[1]).toContain("&lt;&amp;&quot;&gt;&apos; 🎉 &lt;/a:t&gt;");
    expect(file.notes.join("")).toContain("w end");
    expect(decodeURIComponent(response.headers.get("content-disposition")?.split("UTF-8''")[1] ?? "")).toBe(
      "b x & y z 🎉.pptx",
    );
  });

  it("say where a picture is not there any more", async () => {
    const [gone, deleted] = await Promise.all([world.draw(1), world.draw(2, { state: "deleted" })]);
    const name = gone?.picture?.name ?? "";
    await pictureBlob(name, world.azure).delete();
    forgetAtHand(name, world.azure);
    const { file } = await slidesOf({
      rounds: [round(1, { ideas: [gone, deleted, idea(3)].filter((one) => one !== undefined) })],
    });
    expect(file.texts).toHaveLength(4);
    expect(file.texts[1]).toContain("this picture is not there any more");
    expect(file.texts[2]).toContain("was deleted");
    expect(file.media).toHaveLength(0);
  });

  it("are made once for all who ask, one file at a time, and anew when something has changed", async () => {
    const ideas = await Promise.all([1, 2, 3].map((number) => world.draw(number)));
    const { session, page } = await world.begin({ rounds: [round(1, { ideas })] });
    const { page: other } = await world.begin({ rounds: [round(1, { ideas })], topic: "Another" });
    const [one, same, busy] = await Promise.all([page, page, other].map((link) => fetch(`${link}/slides.pptx`)));
    expect([one?.status, same?.status, busy?.status]).toEqual([200, 200, 503]);
    expect(busy?.headers.get("retry-after")).toBe("15");
    expect(await busy?.text()).toContain("load this page once more");
    const first = await one?.bytes();
    expect(Buffer.from(first ?? []).equals((await same?.bytes()) ?? Buffer.alloc(0))).toBe(true);
    await changeSession(session.id, ({ rounds: [first] }) => void first?.ideas.pop(), world.azure);
    expect(open(await (await fetch(`${page}/slides.pptx`)).bytes()).slides).toHaveLength(4);
  });

  it("of a very long session are small enough to be sent round", async () => {
    const drawn = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((number) => world.draw(number)));
    const others = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        round(index + 1, {
          places: 8,
          stage: "closed",
          ideas: index < 5 ? await Promise.all(drawn.map(({ number }) => world.draw(number))) : drawn,
        }),
      ),
    );
    const { file } = await slidesOf({ rounds: others });
    expect(file.slides).toHaveLength(162);
  });

  it("of none are not there", async () => {
    expect((await fetch(`${world.origin}/boards/${"0".repeat(32)}/slides.pptx`)).status).toBe(404);
    const { page } = await world.begin();
    const head = await fetch(`${page}/slides.pptx`, { method: "HEAD" });
    expect([head.status, head.headers.get("content-type")]).toEqual([200, expect.stringContaining("presentation")]);
  });
});

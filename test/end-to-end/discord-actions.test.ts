import { isNamed } from "../fakes/button-name.ts";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { walk } from "../../local/discord/components.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { Bot, World } from "./world.ts";

let world: World;
let bot: Bot;
beforeAll(async () => {
  world = await startWorld({ discord: { rateLimits: false } });
  await start();
});
afterAll(() => world.stop());
afterEach(() => expect(world.discord.violations).toEqual([]));

async function start(): Promise<void> {
  bot = await world.startBot();
  await world.discord.untilConnected();
}

let callsBefore = 0;
beforeEach(() => {
  callsBefore = world.images.calls.length;
});
const callsSince = () => world.images.calls.slice(callsBefore);

const isFinal = (message: FakeMessage) =>
  picturesOf(message).length > 0 && buttonsOf(message).some(({ label }) => label.includes("Again"));
const press = (message: FakeMessage, label: string) =>
  world.discord.button({ message, customId: idOf(message, label) });
/** What is not in sight stands behind More…. */
const behindMore = async (message: FakeMessage) => (await press(message, "More…")).untilFollowup();
const idOf = (message: FakeMessage, label: string) =>
  buttonsOf(message).find((button) => isNamed(button.label, label))?.customId ?? expect.fail(`no button ${label}`);
const now = ({ id }: FakeMessage) => world.discord.message(id) ?? expect.fail("the message is gone");

async function draw(options: Record<string, string | number | boolean>, occasion: object = {}): Promise<FakeMessage> {
  const asked = await world.discord.command({ name: "imagine", options, ...occasion });
  return asked.untilOriginal(isFinal);
}

async function photo(width = 640, height = 480): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: "#446688" } })
    .png()
    .toBuffer();
}
const attached = (bytes: Buffer, name = "photo.png") => ({ file: { name, bytes } });

describe("a finished picture is the start of the next", () => {
  const prompt = `a fox ${crypto.randomUUID()}`;
  const occasions: [string, object, object][] = [
    ["in a server", {}, {}],
    ["in private", { private: true }, {}],
    ["in a direct message", {}, { guild: null }],
    ["where the bot is a guest", {}, { authorizingIntegrationOwners: { 1: "123456789012345678" } }],
  ];
  let drawn: FakeMessage[];
  beforeAll(async () => {
    drawn = await Promise.all(
      occasions.map(([where, options, occasion]) =>
        draw({ prompt: `${prompt} ${where}`, model: "dall-e-3", ...options }, occasion),
      ),
    );
    expect(await bot.end()).toBe(0);
    world.discord.letTimePass(90 * 86_400);
    await start();
  });

  it.each(occasions.map(([where, options], number) => ({ where, options, number })))(
    "by every button, after a restart, from a message that is months old, $where",
    async ({ options, number }) => {
      const first = drawn[number] ?? expect.fail("nothing was drawn");
      const again = await (await press(first, "Again")).untilOriginal(isFinal);
      const finish = await (await press(await behindMore(again), "Finish in high quality")).untilOriginal(isFinal);
      const details = await behindMore(finish);
      expect(textOf(details)).toContain("Quality: high");
      const like = await (await press(details, "More like this")).untilOriginal(isFinal);
      expect(textOf(await behindMore(like))).toContain("GPT Image 2");
      const revised = await press(await behindMore(first), "Use these words");
      await revised.answered();
      const reworded = await world.discord.modalSubmit({ modal: revised, values: {} });
      await reworded.untilOriginal(isFinal);
      const changing = await press(like, "Change words");
      await changing.answered();
      const changed = await world.discord.modalSubmit({ modal: changing, values: { prompt: `${prompt}, at night` } });
      const last = await changed.untilOriginal(isFinal);
      expect(
        callsSince().map(({ deployment, operation, inputPictures }) => [deployment, operation, inputPictures]),
      ).toEqual([
        ["dalle3", "generations", 0],
        ["pictures", "edits", 1],
        ["pictures", "edits", 1],
        ["dalle3", "generations", 0],
        ["pictures", "edits", 1],
      ]);
      expect(callsSince()[3]?.prompt.length).toBeGreaterThan(prompt.length + 50);
      const panel = await behindMore(last);
      const family = await press(panel, "Family");
      const sheet = await family.untilOriginal((shown) => picturesOf(shown).length > 0);
      expect(sheet.ephemeralFor).toBe(family.user.id);
      const lines = walk(sheet.components).flatMap(({ component }) => component.options ?? []);
      expect(lines.length).toBeGreaterThanOrEqual(5);
      await press(panel, "Delete");
      const isAsked = (shown: FakeMessage) => buttonsOf(shown).some(({ label }) => label === "Delete for good");
      await untilTrue(() => isAsked(now(panel)));
      await press(now(panel), "Delete for good");
      await untilTrue(() => textOf(now(last)).includes("has deleted this picture"));
      expect(picturesOf(now(last))).toEqual([]);
      for (const message of [again, finish, like, last])
        expect(now(message).ephemeralFor).toBe("private" in options ? family.user.id : undefined);
    },
    120_000,
  );

  it("is one call for ten clicks at once", async () => {
    const message = await draw({ prompt: "click" });
    const clicks = await Promise.all(Array.from({ length: 10 }, () => press(message, "Again")));
    await Promise.all(clicks.map((click) => click.answered()));
    const one = clicks.find(({ callback }) => callback?.type === 5) ?? expect.fail("nobody was taken");
    await one.untilOriginal(isFinal);
    expect(callsSince()).toHaveLength(2);
  });
});

describe("an edit", () => {
  it("of cells changes these alone", async () => {
    const message = await draw({ prompt: "an empty table" });
    const panel = await (await press(message, "Edit")).untilOriginal((shown) => picturesOf(shown).length > 0);
    const cells = walk(panel.components).find(({ component }) => component.custom_id?.startsWith("cells:"))?.component;
    const chosen = await world.discord.select({
      message: panel,
      customId: cells?.custom_id ?? "",
      values: ["A1", "B1"],
    });
    await chosen.answered();
    const sent = await world.discord.modalSubmit({ modal: chosen, values: { change: "a vase" } });
    const result = await sent.untilOriginal(isFinal);
    expect(result.ephemeralFor).toBeUndefined();
    expect(callsSince()[1]).toMatchObject({ operation: "edits", prompt: "a vase", inputPictures: 1 });
  });

  it("of an attachment with a mask comes back in one message, and goes on months later", async () => {
    const mask = await sharp({ create: { width: 640, height: 480, channels: 4, background: "#0000" } })
      .png()
      .toBuffer();
    const options = {
      picture: attached(await photo()),
      picture2: attached(await photo(300, 300)),
      mask: attached(mask, "mask.png"),
      change: "a red sofa",
    };
    const asked = await world.discord.command({ name: "edit", options });
    const message = await asked.untilOriginal(isFinal);
    expect(callsSince()).toMatchObject([{ operation: "edits", inputPictures: 2, prompt: "a red sofa" }]);
    // By then Discord's own addresses are worth nothing.
    world.discord.letTimePass(90 * 86_400);
    const again = await press(message, "Again");
    await again.untilOriginal(isFinal);
    expect(callsSince()[1]).toMatchObject({ operation: "edits", inputPictures: 2 });
  });

  it.each([
    ["60 MB", async () => Buffer.alloc(60_000_000), "up to 50 MB can be read"],
    ["one pixel", () => photo(1, 1), "at least 16 pixels on each side"],
    ["20,000 pixels", () => photo(20_000, 20), "up to 16,384 pixels on a side"],
    ["a text by another name", async () => Buffer.from("words, words, words ".repeat(9)), "is no picture that can be"],
  ])("of %s is declined in private, in words, and nothing is drawn", async (_, make, text) => {
    const options = { picture: attached(await make()), change: "a hat that nobody sees" };
    const asked = await world.discord.command({ name: "edit", options });
    const word = await asked.untilFollowup((shown) => textOf(shown).includes(text));
    expect(word.ephemeralFor).toBe(asked.user.id);
    expect(textOf(word)).toContain("a hat that nobody sees");
    await untilTrue(() => asked.original() === undefined);
    expect(callsSince()).toEqual([]);
  });

  it("with a mask of another size says which, and one that Discord withholds says that", async () => {
    const options = { picture: attached(await photo()), mask: attached(await photo(64, 64), "m.png"), change: "x" };
    const asked = await world.discord.command({ name: "edit", options });
    const word = await asked.untilFollowup();
    expect(textOf(word)).toContain("The mask is 64×64 and the picture 640×480");
    world.discord.failFile("withheld.png", { gone: true, times: 9 });
    const gone = { picture: attached(await photo(), "withheld.png"), change: "x" };
    const second = await world.discord.command({ name: "edit", options: gone });
    expect(textOf(await second.untilFollowup())).toContain("could not fetch the picture");
    expect(callsSince()).toEqual([]);
  });

  it("that Discord's pictures stumble over comes all the same", async () => {
    world.discord.failFile("stumbling.png", { status: 503, times: 1 });
    const options = { picture: attached(await photo(), "stumbling.png"), change: "in spite of all" };
    const asked = await world.discord.command({ name: "edit", options });
    await asked.untilOriginal(isFinal);
    expect(callsSince()).toHaveLength(1);
  });
});

it("called the hosts it must, and no other", () => {
  expect(bot.hosts().filter(({ decision }) => decision === "refused")).toEqual([]);
});

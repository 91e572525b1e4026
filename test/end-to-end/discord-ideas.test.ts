/** What the model for ideas, and a sketch, do for people on Discord. */
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ discord: { rateLimits: false } });
  await world.startBot({ IDEAS_MODEL: "ideas" });
  await world.discord.untilConnected();
});
afterAll(() => world.stop());
afterEach(() => expect(world.discord.violations).toEqual([]));

let callsBefore = 0;
beforeEach(() => {
  callsBefore = world.images.calls.length;
});
const callsSince = () => world.images.calls.slice(callsBefore);
const isFinal = (message: FakeMessage) =>
  picturesOf(message).length > 0 && buttonsOf(message).some(({ label }) => label.includes("gain"));
const idOf = (message: FakeMessage, label: string) =>
  buttonsOf(message).find((button) => button.label === label)?.customId ?? expect.fail(`no button ${label}`);
const photo = (background: string) =>
  sharp({ create: { width: 160, height: 120, channels: 3, background } })
    .jpeg()
    .toBuffer();

it("describes a picture that somebody posted, to whoever asks alone, and draws from its words", async () => {
  const target = await world.discord.post({ files: [{ name: "harbour.jpg", bytes: await photo("#224488") }] });
  const grace = world.discord.addPerson("Grace");
  const asked = await world.discord.contextCommand({ name: "Describe picture", target, user: grace });
  const told = await asked.untilOriginal((shown) => textOf(shown).includes("Alternative text"));
  expect(told.ephemeralFor).toBe(grace.id);
  expect(textOf(told)).toMatch(/An AI model looked at it[\s\S]*wide[\s\S]*blue/);
  const chats = world.images.chatCalls.length;
  const again = await world.discord.contextCommand({ name: "Describe picture", target });
  await again.untilOriginal((shown) => textOf(shown).includes("Alternative text"));
  expect(world.images.chatCalls).toHaveLength(chats);
  const opened = await world.discord.button({
    message: told,
    customId: idOf(told, "Draw from these words"),
    user: grace,
  });
  await opened.answered();
  expect(JSON.stringify(opened.modal)).toContain("A wide picture of");
  const sent = await world.discord.modalSubmit({ modal: opened, values: { prompt: "A wide picture, but merrier" } });
  const drawn = await sent.untilOriginal(isFinal);
  expect(drawn.ephemeralFor).toBeUndefined();
  expect(callsSince()).toMatchObject([{ operation: "generations", prompt: "A wide picture, but merrier" }]);
});

it("describes a picture of ours from More…, and forgets that with the picture", async () => {
  const asked = await world.discord.command({ name: "imagine", options: { prompt: "a lighthouse" } });
  const message = await asked.untilOriginal(isFinal);
  const more = await world.discord.button({ message, customId: idOf(message, "More…") });
  const details = await more.untilFollowup();
  const pressed = await world.discord.button({ message: details, customId: idOf(details, "Describe") });
  const told = await pressed.untilOriginal((shown) => textOf(shown).includes("Alternative text"));
  const gone = await world.discord.button({ message: details, customId: idOf(details, "Delete") });
  const question = await gone.untilOriginal((shown) => buttonsOf(shown).some(({ label }) => label.includes("good")));
  await world.discord.button({ message: question, customId: idOf(question, "Delete for good") });
  await untilTrue(() => textOf(world.discord.message(message.id) ?? message).includes("deleted"));
  const begun = await world.discord.button({ message: told, customId: idOf(told, "Draw from these words") });
  const word = await begun.untilOriginal((shown) => textOf(shown).includes("no longer kept"));
  expect(word.ephemeralFor).toBe(begun.user.id);
});

it("says kindly where there is nothing to describe, and what a filter holds back", async () => {
  const words = await world.discord.post({ content: "no picture here" });
  for (const name of ["Describe picture", "Draw from this sketch"]) {
    const asked = await world.discord.contextCommand({ name, target: words });
    await asked.untilOriginal((shown) => textOf(shown).includes("There is no picture"));
  }
  const target = await world.discord.post({ files: [{ name: "other.jpg", bytes: await photo("#882244") }] });
  world.images.nextChat({ status: 400, body: { error: { code: "content_filter", message: "filtered" } } });
  const asked = await world.discord.contextCommand({ name: "Describe picture", target });
  await asked.untilOriginal((shown) => textOf(shown).includes("held the description back"));
  const none = await world.discord.post({ files: [{ name: "broken.jpg", bytes: Buffer.from("no picture at all") }] });
  const broken = await world.discord.contextCommand({ name: "Describe picture", target: none });
  await broken.untilOriginal((shown) => textOf(shown).includes("no picture that can be read"));
});

it("draws three pictures from a sketch, keeps its layout, and says the person's words", async () => {
  const bytes = await photo("#ffffff");
  const target = await world.discord.post({ content: "our shop window", files: [{ name: "sketch.jpg", bytes }] });
  const opened = await world.discord.contextCommand({ name: "Draw from this sketch", target });
  expect(await opened.answered()).toMatchObject({ type: 9 });
  expect(JSON.stringify(opened.modal)).toContain("our shop window");
  const values = { sketch: "our shop window in the snow --quality low" };
  const sent = await world.discord.modalSubmit({ modal: opened, values });
  const drawn = await sent.untilOriginal(isFinal);
  expect(picturesOf(drawn)).toHaveLength(3);
  expect(textOf(drawn)).toContain("our shop window in the snow");
  expect(textOf(drawn)).toContain("Drawn from a sketch");
  expect(textOf(drawn)).not.toContain("rough sketch by hand");
  const calls = callsSince();
  expect(calls).toHaveLength(3);
  for (const { operation, prompt, inputPictures, parameters } of calls) {
    expect({ operation, inputPictures, quality: parameters.quality }).toEqual({
      operation: "edits",
      inputPictures: 1,
      quality: "low",
    });
    expect(prompt).toMatch(/^our shop window in the snow\r?\n\r?\n[\s\S]*layout and composition/);
  }
  const all = await world.discord.button({ message: drawn, customId: idOf(drawn, "All again") });
  await all.untilOriginal(isFinal);
  expect(callsSince()[5]?.prompt).toBe(calls[0]?.prompt);
});

it("takes a sketch without a word", async () => {
  const target = await world.discord.post({ files: [{ name: "napkin.jpg", bytes: await photo("#eeeeee") }] });
  const opened = await world.discord.contextCommand({ name: "Draw from this sketch", target });
  await opened.answered();
  const sent = await world.discord.modalSubmit({ modal: opened, values: {} });
  const drawn = await sent.untilOriginal(isFinal);
  expect(textOf(drawn)).toContain("What the sketch shows");
  expect(callsSince()).toHaveLength(3);
});

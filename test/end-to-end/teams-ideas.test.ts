/** What the model for ideas, and a sketch, do for people on Teams. */
import sharp from "sharp";
import { beforeEach, describe, expect, it, test } from "vitest";
import type { MessageOptions } from "../fakes/microsoft/teams-client.ts";
import { draw, stage, textOf, titlesOf, untilFinished, untilText, wordsOf } from "./teams-stage.ts";

const own = stage(() => ({ IDEAS_MODEL: "ideas" }));

let callsBefore = 0;
beforeEach(() => {
  callsBefore = own.world.images.calls.length;
});
const callsSince = () => own.world.images.calls.slice(callsBefore);
const photo = () =>
  sharp({ create: { width: 200, height: 120, channels: 3, background: "#224488" } })
    .jpeg()
    .toBuffer();
const say = (words: string, turn: MessageOptions = {}) => own.bot.teams.say(words, { user: own.user, ...turn });

describe("describe", () => {
  it("says what a picture shows that is sent along, and draws from its words as they were changed", async () => {
    const turn = await say("describe this", { pictures: [{ bytes: await photo() }] });
    const card = await untilText(own, turn, "An AI model looked at it");
    expect(textOf(card)).toMatch(/Alternative text[\s\S]*wide/);
    // The words stand in the field alone.
    expect(textOf(card.attachments).match(/A wide picture of/g)).toHaveLength(1);
    await own.bot.teams.press("Draw from these words", card, {
      user: own.user,
      inputs: { prompt: "A wide picture, but merrier" },
    });
    await untilFinished(own, turn);
    expect(callsSince()).toMatchObject([{ operation: "generations", prompt: "A wide picture, but merrier" }]);
  });

  test.each(["personal", "groupChat", "channel"] as const)(
    "in %s, under a picture: for the presser alone, and what is drawn of it for all",
    async (conversation) => {
      const { message, asked } = await draw(own, "a red fox", { conversation });
      const pressed = await own.bot.teams.press("Describe", message, { user: own.user });
      expect(wordsOf(pressed)).toBe("It stands below.");
      const card = await untilText(own, asked, "An AI model looked at it");
      expect(card.targeted).toBe(conversation !== "personal");
      await own.bot.teams.press("Draw from these words", card, { user: own.user, inputs: { prompt: "a blue fox" } });
      const [, second] = await untilFinished(own, asked, 2);
      expect(second).toMatchObject({ targeted: false });
      expect(textOf(second)).toContain("a blue fox");
    },
  );

  it("says what to send where nothing is, and has no button without a model", async () => {
    const turn = await say("describe");
    await untilText(own, turn, "Send a picture along");
    const none = await say("sketch");
    await untilText(own, none, "Send a photo of the sketch along");
    const broken = await say("describe", { files: [{ bytes: Buffer.from("hello"), name: "cat.png" }] });
    await untilText(own, broken, "no picture that can be read");
    expect(callsSince()).toEqual([]);
  });
});

describe("sketch with a photo", () => {
  it("draws three pictures of its layout, with the person's words or without", async () => {
    const turn = await say("sketch our shop window --quality low", { pictures: [{ bytes: await photo() }] });
    const [message] = await untilFinished(own, turn);
    expect(textOf(message)).toContain("our shop window");
    expect(textOf(message)).toContain("Drawn from a sketch");
    expect(textOf(message)).not.toContain("rough sketch by hand");
    expect(message && titlesOf(message)).toContain("All again");
    const calls = callsSince();
    expect(calls).toHaveLength(3);
    expect(calls[0]).toMatchObject({ operation: "edits", inputPictures: 1 });
    expect(calls[0]?.prompt).toMatch(/^our shop window\r?\n\r?\n[\s\S]*layout and composition/);
    const bare = await say("sketch", { pictures: [{ bytes: await photo() }] });
    const [, second] = await untilFinished(own, bare, 2);
    expect(textOf(second)).toContain("What the sketch shows");
  });

  it("without one is a way of asking for a picture, as before", async () => {
    const turn = await say("sketch a fox for me");
    await untilFinished(own, turn);
    expect(callsSince()).toMatchObject([{ operation: "generations", inputPictures: 0 }]);
  });
});

/** People keep looks under names and draw in them, on Teams; whatever the bot does there against Teams' rules fails the test. */
import { expect, test } from "vitest";
import { findAction } from "../fakes/microsoft/card-actions.ts";
import { draw, seenBy, stage, standing, textOf, untilFinished, untilText, wordsOf } from "./teams-stage.ts";
import { untilTrue } from "./world.ts";

const own = stage();

const saidTo = (user: string, place: { conversationId: string }, words: string) =>
  untilTrue(() => seenBy(own, user, place).find((each) => textOf(each).includes(words)), 60);

test("a look is saved under a picture, is the channel's own, goes along as a picture, and can be left out", async () => {
  const { message, asked } = await draw(own, "a harbour, watercolour");
  const { conversationId } = asked;
  const { body } = findAction(message, "Save as style").card as { body: { id: string }[] };
  const [name = "", words = ""] = body.map(({ id }) => id);
  const save = (inputs: Record<string, string>) =>
    own.bot.teams.press("Save", message, { user: own.user, within: "Save as style", inputs });
  expect(wordsOf(await save({ [name]: "@harbour", [words]: "" }))).toMatch(/letters, digits, spaces and hyphens/);
  expect(wordsOf(await save({ [name]: "Harbour" }))).toMatch(
    /The style Harbour is saved, as v1\. How it looks: watercolour/,
  );

  await own.bot.teams.say("style use harbour", { conversationId, user: own.user });
  const announced = await untilText(own, asked, "this channel’s own style");
  expect(announced.targeted).toBeFalsy();
  await own.bot.teams.say("imagine a fox", { conversationId, user: own.other });
  const drawn = await untilFinished(own, asked, 2);
  expect(textOf(drawn[1])).toContain("In the style Harbour, v1");
  const call = own.world.images.calls.at(-1);
  expect(call).toMatchObject({ operation: "edits" });
  expect(call?.prompt).toMatch(
    /^a fox\s+The attached pictures are references for style alone.*\s+Style: watercolour\s+Palette: /,
  );
  await own.bot.teams.say("imagine a fox --style none", { conversationId, user: own.other });
  const plain = await untilFinished(own, asked, 3);
  expect(textOf(plain[2])).not.toContain("In the style");
  expect(own.world.images.calls.at(-1)).toMatchObject({ operation: "generations", prompt: "a fox" });
}, 120_000);

test("styles are listed, shown and dropped by words, for whoever asks alone", async () => {
  const user = { user: own.user };
  const asked = await own.bot.teams.say("style save meadow: soft green, morning light", user);
  await untilText(own, asked, "The style meadow is saved, as v1.");
  await own.bot.teams.say("style", user);
  await untilText(own, asked, "meadow, v1: soft green, morning light");
  await own.bot.teams.say("style save meadow soft green, morning light", user);
  await untilText(own, asked, "how it looks behind a colon, as in: style save harbour: muted blues");
  await own.bot.teams.say("style save meadow #7", user);
  await untilText(own, asked, "You have no picture with the number 7");
  await own.bot.teams.say("style show medow", user);
  await untilText(own, asked, "Did you mean “meadow”?");
  await own.bot.teams.say("style drop meadow", user);
  await untilText(own, asked, "The style meadow is dropped");

  const { conversationId } = own.bot.teams.overhear("good morning", { conversation: "channel", user: own.other });
  await own.bot.teams.say("style list", { conversationId, user: own.user, targeted: true });
  const told = await saidTo(own.user, { conversationId }, "Saved styles");
  expect(told.targeted).toBe(true);
  expect(standing(own, { conversationId }).filter(({ targeted }) => !targeted)).toEqual([]);
  // But for what is the whole channel's.
  await own.bot.teams.say("style save dunes: pale sand", { conversationId, user: own.user, targeted: true });
  await saidTo(own.user, { conversationId }, "The style dunes is saved");
  await own.bot.teams.say("style use dunes", { conversationId, user: own.user, targeted: true });
  await saidTo(own.other, { conversationId }, "has made dunes, v1, this channel’s own style");
}, 120_000);

import type { APIMessage, APIMessageApplicationCommandInteraction } from "discord.js";
import { beginSketch } from "../../../src/ask/begin-sketch.ts";
import { describeBrought } from "../../../src/ask/describe.ts";
import type { Said } from "../../../src/words/said.ts";
import { descriptions, failed, labels, sketches } from "../../../src/words/sentences.ts";
import { addressOf, askerOf } from "../address.ts";
import { fetchFromDiscord } from "../fetch-source.ts";
import { pictureIn, refsIn, wordsIn } from "../message/read-message.ts";
import { sketchForm } from "../message/sketch-form.ts";
import { answerAtOnce, answerInPrivate, privateMenu, privateWord } from "./answer-in-private.ts";
import type { FirstAnswer } from "./answer-in-private.ts";
import { answerVerb } from "./answer-press.ts";
import type { Reception } from "./reception.ts";

/** Whoever may see a picture may have it described, whoever posted it. */
export async function describeMessage(
  interaction: APIMessageApplicationCommandInteraction,
  message: APIMessage,
  reception: Reception,
): Promise<void> {
  const { settings, desk } = reception;
  const source = broughtIn(message);
  if (!source) return answerOwn(interaction, message, { does: "describe", title: descriptions.title }, reception);
  const describe = (signal: AbortSignal) =>
    describeBrought(
      () => fetchFromDiscord(source, addressOf(interaction), signal),
      { by: askerOf(interaction), signal },
      settings,
      desk.azure,
    );
  return answerInPrivate(interaction, describe, reception);
}

/** What stands beside a sketch is what its form begins with. */
export async function sketchMessage(
  interaction: APIMessageApplicationCommandInteraction,
  message: APIMessage,
  reception: Reception,
): Promise<void> {
  const { settings, desk } = reception;
  const source = broughtIn(message);
  if (!source) return answerOwn(interaction, message, { does: "sketch", title: sketches.title }, reception);
  const signal = AbortSignal.timeout(desk.times.readLimitMilliseconds);
  const sketch = { source, words: wordsIn(message), by: askerOf(interaction), signal };
  const begun = await beginSketch(sketch, settings, desk.azure);
  return answerAtOnce(interaction, "word" in begun ? privateWord(begun.word) : sketchForm(begun), reception);
}

/** A picture that somebody brought; nothing where the message is one of ours, or shows none. */
function broughtIn(message: APIMessage) {
  return refsIn(message).length ? undefined : pictureIn(message);
}

/** A picture of ours is known by its buttons; of several it is asked which. */
async function answerOwn(
  interaction: APIMessageApplicationCommandInteraction,
  message: APIMessage,
  { does, title }: { does: "describe" | "sketch"; title: Said },
  reception: Reception,
): Promise<void> {
  const [ref, ...others] = refsIn(message);
  if (!ref) return answerAtOnce(interaction, privateWord(noPicture(interaction, message)), reception);
  if (others.length) return answerAtOnce(interaction, menuOf(does, title, [ref, ...others]), reception);
  return answerVerb(interaction, { does, of: ref }, reception);
}

/** One that is on its way has no buttons yet. */
function noPicture(interaction: APIMessageApplicationCommandInteraction, message: APIMessage): Said {
  return message.application_id === interaction.application_id ? failed.notFinished : failed.noPictureThere;
}

/** Which of the pictures in a message of ours is meant. */
export function menuOf(does: "edit" | "describe" | "sketch", title: Said, refs: string[]): FirstAnswer {
  const choices = refs.map((ref, index) => ({ ref, name: labels.pictureNumber({ number: index + 1 }) }));
  return privateMenu(does, title, choices);
}

import { setTimeout as pause } from "node:timers/promises";
import { InteractionResponseType, MessageFlags } from "discord.js";
import type { APIMessageComponentInteraction, APIModalSubmitInteraction } from "discord.js";
import { doBoardPress } from "../../../src/brainstorm/press-board.ts";
import type { BoardOutcome } from "../../../src/brainstorm/press-board.ts";
import { log } from "../../../src/log.ts";
import { privateWordReply } from "../../../src/replies/compose-reply.ts";
import type { ChatForm, FormValues } from "../../../src/replies/form.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { speak, sentencesFor } from "../../../src/words/said.ts";
import { discordBoard, labels } from "../../../src/words/sentences.ts";
import { addressOf, askerOf } from "../address.ts";
import type { BoardControl } from "../message/board-controls.ts";
import { boardControlId } from "../message/board-controls.ts";
import { chatForm, valuesIn } from "../message/chat-form.ts";
import { buttonRow } from "../message/buttons.ts";
import { showReply } from "../show.ts";
import { answerAtOnce, answerInPrivate, privateAnswer, privateWord } from "./answer-in-private.ts";
import type { FirstAnswer } from "./answer-in-private.ts";
import { isModerator, mayWrite } from "./read-press.ts";
import type { Reception } from "./reception.ts";

type Pressed = APIMessageComponentInteraction | APIModalSubmitInteraction;

/** Somebody voted, pressed a button of a board, or is sure of what was asked. */
export async function answerBoardPress(
  interaction: APIMessageComponentInteraction,
  control: BoardControl,
  reception: Reception,
): Promise<void> {
  const chosen = "values" in interaction.data ? { [control.does]: interaction.data.values } : undefined;
  return answerBoard(interaction, { control, values: control.isSure ? {} : chosen }, reception);
}

/** Somebody sends off a form of a board. What was typed comes back where nothing was done. */
export async function answerBoardForm(
  interaction: APIModalSubmitInteraction,
  control: BoardControl,
  reception: Reception,
): Promise<void> {
  return answerBoard(interaction, { control, values: valuesIn(interaction) }, reception);
}

type Given = { control: BoardControl; values?: FormValues };

/** At once, where storage is quick enough for Discord's 3 s; else "thinking" for the presser alone, and then the answer. */
async function answerBoard(interaction: Pressed, given: Given, reception: Reception): Promise<void> {
  const { times } = reception.desk;
  if (!mayWrite(interaction)) return answerAtOnce(interaction, privateWord(discordBoard.readsOnly), reception);
  const doing = doAsPressed(interaction, given, reception);
  const soon = await Promise.race([doing, pause(times.readLimitMilliseconds, undefined, { ref: false })]);
  if (!soon) return answerInPrivate(interaction, async () => wordOf(await doing, given.values), reception);
  if ("form" in soon) return answerAtOnce(interaction, formOrQuestion(soon.form, given.control), reception);
  return answerAtOnce(interaction, privateAnswer(wordOf(soon, given.values)), reception);
}

async function doAsPressed(
  interaction: Pressed,
  { control, values }: Given,
  { settings, desk }: Reception,
): Promise<BoardOutcome> {
  const { createdAt: at } = addressOf(interaction);
  const { does, session, round } = control;
  const signal = AbortSignal.timeout(desk.times.composeLimitMilliseconds);
  const by = askerOf(interaction);
  const press = { does, session, round, values, by, isModerator: isModerator(interaction), at, event: interaction.id };
  try {
    return await doBoardPress({ ...press, signal }, settings, desk.azure);
  } catch (error) {
    log.error({ error, interaction: interaction.id, does }, "discord: a press of a board was not done");
    return { word: discordBoard.notDone, isRefused: true };
  }
}

function wordOf(outcome: BoardOutcome, values: FormValues = {}): ChatReply {
  // A form is a first answer or none.
  if ("form" in outcome) return privateWordReply(discordBoard.tooSlow);
  const reply = privateWordReply(outcome.word);
  if (!outcome.isRefused) return { ...reply, mood: "finished" };
  const typed = values["words"]?.[0]?.trim();
  return { ...reply, quotes: typed ? [{ label: labels.yourWords, words: typed }] : [] };
}

/** A form without fields is a question, which a modal cannot be. */
function formOrQuestion(form: ChatForm, control: BoardControl): FirstAnswer {
  if (form.fields.length) return chatForm(boardControlId(control), form);
  return (locale) => {
    const sentences = sentencesFor(locale);
    const asked = { ...privateWordReply(form.explanation ?? form.title), mood: "help" as const };
    const { components, flags, ...body } = showReply({ ...asked, title: form.title }, [], { locale });
    const row = buttonRow(speak(form.send, sentences), boardControlId({ ...control, isSure: true }));
    const framed = components.map((frame) => ({ ...frame, components: [...frame.components, row] }));
    return {
      type: InteractionResponseType.ChannelMessageWithSource,
      data: { ...body, components: framed, flags: flags | MessageFlags.Ephemeral },
    };
  };
}

import { setTimeout as pause } from "node:timers/promises";
import { InteractionResponseType, MessageFlags } from "discord.js";
import type { APIInteraction, APIInteractionResponse, APIMessageComponentInteraction } from "discord.js";
import { privateWordReply, sorryReply } from "../../../src/replies/compose-reply.ts";
import { log } from "../../../src/log.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { sentencesFor, speakAll } from "../../../src/words/said.ts";
import type { Said } from "../../../src/words/said.ts";
import { failed, labels } from "../../../src/words/sentences.ts";
import { addressOf } from "../address.ts";
import type { AnsweredLater } from "../address.ts";
import { editOriginal, tell, patientDesk } from "./answer-request.ts";
import type { Reception } from "./reception.ts";
import { controlId, menuRow } from "../message/buttons.ts";
import type { Control } from "../message/buttons.ts";
import { isTrouble } from "../rest/faults.ts";
import { followUpTo } from "../rest/places.ts";
import { putReply } from "../rest/put-message.ts";
import { deliveryOf } from "../rest/shut.ts";
import { showReply } from "../show.ts";
import { answerFirst, deferred } from "../rest/first-answer.ts";

/** Makes a reply; `signal` ends with the patience for it. */
export type Compose = (signal: AbortSignal) => Promise<ChatReply>;

/** A first answer that says something: in the language of whoever gets it. */
export type FirstAnswer = (locale?: string) => APIInteractionResponse;

export async function answerAtOnce(
  interaction: APIInteraction,
  answer: FirstAnswer,
  { desk }: Reception,
): Promise<void> {
  const locale = "locale" in interaction ? interaction.locale : undefined;
  const first = await answerFirst(interaction, answer(locale), desk);
  if (!first.taken) log.warn({ interaction: interaction.id, because: first.because }, "discord did not take an answer");
}

/** The whole answer at once, for the presser alone. No picture goes with it. */
export function privateAnswer(reply: ChatReply): FirstAnswer {
  return (locale) => {
    const body = showReply(reply, [], { locale });
    return {
      type: InteractionResponseType.ChannelMessageWithSource,
      data: { ...body, flags: body.flags | MessageFlags.Ephemeral },
    };
  };
}

/** The same for all to read. */
export function publicAnswer(reply: ChatReply): FirstAnswer {
  return (locale) => ({
    type: InteractionResponseType.ChannelMessageWithSource,
    data: showReply(reply, [], { locale }),
  });
}

/** A sentence, and where somebody had typed something, that too: it is not lost. */
export function privateWord(said: Said, typed?: { label: Said; words: string }): FirstAnswer {
  return privateAnswer({ ...privateWordReply(said), quotes: typed ? [typed] : [] });
}

/** A title and a menu of pictures, for the presser alone; what is chosen is what `does` is done with. */
export function privateMenu(does: Control, title: Said, choices: { ref: string; name: Said }[]): FirstAnswer {
  return (locale) => {
    const { components, flags, ...body } = showReply({ ...privateWordReply(title), mood: "help" }, [], { locale });
    const row = menuRow(controlId(does), speakAll({ title: labels.whichPicture, choices }, sentencesFor(locale)));
    const framed = components.map((frame) => ({ ...frame, components: [...frame.components, row] }));
    return {
      type: InteractionResponseType.ChannelMessageWithSource,
      data: { ...body, components: framed, flags: flags | MessageFlags.Ephemeral },
    };
  };
}

/** "Thinking" for the asker alone; then what `compose` brings. */
export async function answerInPrivate(
  interaction: AnsweredLater,
  compose: Compose,
  reception: Reception,
): Promise<void> {
  await answerAfter(interaction, deferred(true), { compose, reception });
}

/** Puts what `compose` brings in place of the message that was pressed, which only the presser sees. */
export async function turnThePage(interaction: AnsweredLater, compose: Compose, reception: Reception): Promise<void> {
  await answerAfter(interaction, acknowledged, { compose, reception });
}

/** Taken note of: the message that was pressed stays as it is, and `@original` means it from now on. */
export const acknowledged: APIInteractionResponse = { type: InteractionResponseType.DeferredMessageUpdate };

async function answerAfter(
  interaction: AnsweredLater,
  first: APIInteractionResponse,
  { compose, reception }: { compose: Compose; reception: Reception },
): Promise<void> {
  const { desk } = reception;
  if (!(await isAcknowledged(interaction, first, reception))) return;
  const reply = await composeInTime(interaction, compose, reception);
  const address = { ...addressOf(interaction), ephemeral: true };
  const patient = patientDesk(desk);
  await tell(address, patient, () => editOriginal(address, reply, patient));
}

/** Waits for what is to be noted as long as Discord leaves. True when it is. */
export function soon(noting: Promise<unknown>, { desk }: Reception): Promise<boolean> {
  const done = noting.then(
    () => true,
    () => true,
  );
  return Promise.race([done, pause(desk.times.noteLimitMilliseconds, false, { ref: false })]);
}

/** False where nothing can answer any more, or somebody else does. What may have been taken counts as taken. */
export async function isAcknowledged(
  interaction: AnsweredLater,
  answer: APIInteractionResponse,
  { desk }: Reception,
): Promise<boolean> {
  const first = await answerFirst(interaction, answer, desk);
  if (first.taken || isTrouble(first.fault)) return true;
  log.warn({ interaction: interaction.id, because: first.because }, "discord: an event was not acknowledged");
  return false;
}

async function composeInTime(interaction: AnsweredLater, compose: Compose, { desk }: Reception): Promise<ChatReply> {
  const { composeLimitMilliseconds } = desk.times;
  const signal = AbortSignal.timeout(composeLimitMilliseconds);
  const late = pause(composeLimitMilliseconds + 500, undefined, { ref: false }).then(() => sorryReply(failed.storage));
  try {
    return await Promise.race([compose(signal), late]);
  } catch (error) {
    log.error({ error, interaction: interaction.id }, "discord: an answer could not be made");
    return sorryReply(failed.unforeseen);
  }
}

/** What `compose` brings, for the presser alone and beside the message that was pressed: `@original` goes on meaning that. */
export async function answerBeside(
  interaction: APIMessageComponentInteraction,
  compose: Compose,
  reception: Reception,
): Promise<void> {
  if (!(await isAcknowledged(interaction, acknowledged, reception))) return;
  await addPrivately(interaction, await composeInTime(interaction, compose, reception), reception);
}

/** One more word to the presser alone, beside what the event was answered with. */
export function addPrivateWord(interaction: AnsweredLater, said: Said, reception: Reception): Promise<void> {
  return addPrivately(interaction, privateWordReply(said), reception);
}

export async function addPrivately(interaction: AnsweredLater, reply: ChatReply, { desk }: Reception): Promise<void> {
  const address = addressOf(interaction);
  const patient = patientDesk(desk);
  await tell(address, patient, async () => {
    const outcome = await putReply(reply, followUpTo(address, true), address, patient);
    // Whether it arrived, nothing shows, and a second one would be noise.
    const isTold = "message" in outcome || outcome.fault === "answer lost";
    return isTold ? { delivered: true } : deliveryOf([outcome], address, desk);
  });
}

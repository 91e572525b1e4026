import { MessageFlags } from "discord.js";
import type { APIMessageApplicationCommandInteraction, APIMessageComponentInteraction } from "discord.js";
import { familyReply, historyReply, pickedReply } from "../../../src/ask/browse.ts";
import { privateWordReply, sorryReply } from "../../../src/replies/compose-reply.ts";
import { findPicture, requestOfPress } from "../../../src/ask/go-on.ts";
import type { PlainChange } from "../../../src/ask/go-on.ts";
import { readJob } from "../../../src/jobs/job.ts";
import { log } from "../../../src/log.ts";
import { textOfRef } from "../../../src/request/request.ts";
import { actionLabels, failed } from "../../../src/words/sentences.ts";
import { cancelJob } from "../../../src/ask/cancel-and-delete.ts";
import { addressOf, askerOf } from "../address.ts";
import { answerDelete, keepKey } from "./answer-delete.ts";
import { answerEdit, openChange } from "./answer-edit.ts";
import {
  answerAtOnce,
  answerBeside,
  answerInPrivate,
  privateAnswer,
  privateWord,
  soon,
  turnThePage,
} from "./answer-in-private.ts";
import { answerRequest } from "./answer-request.ts";
import type { Reception } from "./answer-request.ts";
import { controlId, readControl } from "../message/buttons.ts";
import { isModerator } from "./moderator.ts";
import { jobIdOf } from "../read.ts";
import { formOfJob, namedForm } from "../message/request-form.ts";
import { READ_MILLISECONDS } from "../rest/first-answer.ts";

/**
 * Somebody pressed a button or chose from a menu, under a message of any age. Whatever the component holds is looked up in
 * storage and checked there, by whoever presses.
 */
export async function answerPress(interaction: APIMessageComponentInteraction, reception: Reception): Promise<void> {
  const { does, of } = readControl(interaction.data.custom_id) ?? { does: undefined, of: "" };
  const values = "values" in interaction.data ? interaction.data.values : [];
  switch (does) {
    case "again":
    case "like":
    case "finish":
      return answerChange(interaction, { change: does, ref: of }, reception);
    case "words":
    case "revised":
      return openWords(interaction, { does, ref: of }, reception);
    case "edit":
      // From a menu of several, the picture is what was chosen.
      return answerEdit(interaction, of || (values[0] ?? ""), reception);
    case "cells":
    case "change":
      return openChange(interaction, { draft: of, cells: values }, reception);
    case "more":
      return showAlone(interaction, of, reception);
    case "family":
    case "pick":
      return showOther(interaction, { does, ref: of || (values[0] ?? "") }, reception);
    case "page":
      return openPage(interaction, Number.parseInt(of, 10) || 0, reception);
    case "delete":
      return answerDelete(interaction, of, reception);
    case "cancel":
      return answerCancel(interaction, of, reception);
    case "revise":
      return openRevision(interaction, of, reception);
    case undefined:
      return answerAtOnce(interaction, privateWord(failed.goneJob), reception);
  }
}

/** A picture from a picture, without another word. */
async function answerChange(
  interaction: APIMessageComponentInteraction,
  { change, ref }: { change: PlainChange; ref: string },
  reception: Reception,
): Promise<void> {
  const { settings, desk } = reception;
  const press = {
    ref,
    change,
    by: askerOf(interaction),
    id: jobIdOf(interaction),
    address: addressOf(interaction),
    signal: AbortSignal.timeout(READ_MILLISECONDS),
  };
  const asked = await requestOfPress(press, settings, desk.azure);
  if ("sorry" in asked) return answerAtOnce(interaction, privateWord(asked.sorry), reception);
  return answerRequest(interaction, asked.request, reception);
}

/** A form has to be the first answer. */
export async function openWords(
  interaction: APIMessageComponentInteraction | APIMessageApplicationCommandInteraction,
  { does, ref }: { does: "words" | "revised"; ref: string },
  reception: Reception,
): Promise<void> {
  const { settings, desk } = reception;
  const signal = AbortSignal.timeout(READ_MILLISECONDS);
  const found = await findPicture({ ref, by: askerOf(interaction), signal }, desk.azure);
  if ("sorry" in found) return answerAtOnce(interaction, privateWord(found.sorry), reception);
  const { request } = found.job;
  const words = does === "revised" ? (found.picture.kept.revisedPrompt ?? request.prompt) : request.prompt;
  const name = { customId: controlId(does, textOfRef(found.ref)), title: actionLabels[does] };
  return answerAtOnce(interaction, namedForm({ words, request }, name, settings), reception);
}

/** Something to look at, for the presser alone; the message that was pressed stays. */
async function showOther(
  interaction: APIMessageComponentInteraction,
  { does, ref }: { does: "family" | "pick"; ref: string },
  reception: Reception,
): Promise<void> {
  const { settings, desk } = reception;
  const show = does === "family" ? familyReply : pickedReply;
  const by = askerOf(interaction);
  return answerInPrivate(interaction, (signal) => show({ ref, by, signal }, settings, desk.azure), reception);
}

/** One of several pictures with all its buttons. What they do to it shows in the message with all of them as well. */
async function showAlone(
  interaction: APIMessageComponentInteraction,
  ref: string,
  reception: Reception,
): Promise<void> {
  const { settings, desk } = reception;
  const by = askerOf(interaction);
  const alone = async (signal: AbortSignal) => {
    await keepKey(interaction, ref, desk.azure);
    return pickedReply({ ref, by, signal }, settings, desk.azure);
  };
  return answerBeside(interaction, alone, reception);
}

/** A page takes the place of the one before, where the presser alone sees it. */
async function openPage(
  interaction: APIMessageComponentInteraction,
  page: number,
  reception: Reception,
): Promise<void> {
  const { settings, desk } = reception;
  const isPrivate = ((interaction.message.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
  const answer = isPrivate ? turnThePage : answerInPrivate;
  const history = () => historyReply(askerOf(interaction), Math.max(0, page), settings, desk.azure);
  return answer(interaction, history, reception);
}

const CANCEL_MILLISECONDS = 25_000;

/** The worker changes the waiting message; what comes of the press is told here, and not before it is noted. */
async function answerCancel(
  interaction: APIMessageComponentInteraction,
  job: string,
  reception: Reception,
): Promise<void> {
  const press = { job, by: askerOf(interaction), isModerator: isModerator(interaction) };
  const noting = cancelJob({ ...press, signal: AbortSignal.timeout(CANCEL_MILLISECONDS) }, reception.desk.azure);
  if (await soon(noting)) return answerAtOnce(interaction, privateWord((await noting).said), reception);
  return answerInPrivate(interaction, async () => privateWordReply((await noting).said), reception);
}

/** The asker gets their words in a form, anybody else a private word. */
async function openRevision(
  interaction: APIMessageComponentInteraction,
  jobId: string,
  reception: Reception,
): Promise<void> {
  const { settings, desk } = reception;
  try {
    const file = await readJob(jobId, desk.azure, AbortSignal.timeout(READ_MILLISECONDS));
    if (!file) return await answerAtOnce(interaction, privateWord(failed.goneJob), reception);
    const isAsker = file.job.request.askedBy.user === askerOf(interaction).user;
    const answer = isAsker ? formOfJob(file.job, settings) : privateWord(failed.notYours);
    return await answerAtOnce(interaction, answer, reception);
  } catch (error) {
    log.error({ error, interaction: interaction.id }, "discord: the words to revise could not be read");
    return answerAtOnce(interaction, privateAnswer(sorryReply(failed.storage)), reception);
  }
}

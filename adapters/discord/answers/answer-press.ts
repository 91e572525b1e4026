import type { APIMessageApplicationCommandInteraction, APIMessageComponentInteraction } from "discord.js";
import { doPress } from "../../../src/ask/press.ts";
import type { Press } from "../../../src/ask/press.ts";
import { privacyReply } from "../../../src/privacy/privacy-reply.ts";
import { privateWordReply } from "../../../src/replies/compose-reply.ts";
import { failed, form } from "../../../src/words/sentences.ts";
import { answerBoardPress } from "./answer-board.ts";
import { answerDelete, askToDelete, isPrivate, keepKey } from "./answer-delete.ts";
import { answerAtOnce, answerBeside, answerInPrivate, privateWord, soon, turnThePage } from "./answer-in-private.ts";
import { answerPanelPress } from "./answer-panel.ts";
import { answerRequest } from "./answer-request.ts";
import type { Reception } from "./reception.ts";
import { readBoardControl } from "../message/board-controls.ts";
import { readControl } from "../message/buttons.ts";
import { readPanelControl } from "../message/panel-controls.ts";
import { refsIn } from "../message/read-message.ts";
import { changeForm } from "../message/change-form.ts";
import { reportForm } from "../message/report-form.ts";
import { sketchForm } from "../message/sketch-form.ts";
import { freeForm, wordsForm } from "../message/request-form.ts";
import { emptyRequest } from "../read.ts";
import { styleForm } from "../message/style-form.ts";
import { askerOf } from "../address.ts";
import { pressBy } from "./read-press.ts";

/** Somebody pressed a button or chose from a menu, under a message of any age. */
export async function answerPress(interaction: APIMessageComponentInteraction, reception: Reception): Promise<void> {
  const board = readBoardControl(interaction.data.custom_id);
  if (board) return answerBoardPress(interaction, board, reception);
  const chosen = "values" in interaction.data ? interaction.data.values : undefined;
  const panel = readPanelControl(interaction.data.custom_id, chosen);
  if (panel) return answerPanelPress(interaction, panel, reception);
  const { does, of } = readControl(interaction.data.custom_id) ?? { does: undefined, of: "" };
  const values = chosen ?? [];
  switch (does) {
    case undefined:
      return answerAtOnce(interaction, privateWord(failed.goneJob), reception);
    case "cells":
      return answerVerb(interaction, { does: "change", of, cells: values }, reception);
    case "more":
    case "whole":
      // Before December 2026 it stood beside one of several pictures, and picked that.
      return answerVerb(
        interaction,
        { does: isOfSeveral(interaction) ? "pick" : "more", of },
        reception,
        showAlone(interaction, of),
      );
    case "back":
      return answerVerb(interaction, { does: "pick", of }, reception, turnThePage);
    case "pick":
      // In a menu of some list, or by the number of one of several pictures under all of them.
      if (!of) return answerVerb(interaction, { does, of: values[0] ?? "" }, reception);
      return answerVerb(interaction, { does, of }, reception, showAlone(interaction, of));
    case "page":
    case "wall":
      // A page takes the place of the one before, where the presser alone sees it.
      return answerVerb(interaction, { does, of }, reception, isPrivate(interaction) ? turnThePage : answerInPrivate);
    case "privacy": {
      const { settings, desk } = reception;
      const notice = (signal: AbortSignal) =>
        privacyReply({ what: of, by: askerOf(interaction), signal }, settings, desk.azure);
      return (isPrivate(interaction) ? turnThePage : answerInPrivate)(interaction, notice, reception);
    }
    case "delete":
      return askToDelete(interaction, of, reception);
    case "sure":
      return answerDelete(interaction, of, reception);
    case "cancel":
      return answerCancel(interaction, of, reception);
    case "again":
    case "words":
    case "revised":
    case "like":
    case "edit":
    case "keep":
    case "off":
    case "finish":
    case "family":
    case "finest":
    case "style":
    case "report":
    case "all":
    case "change":
    case "revise":
    case "suggest":
    case "suggested":
    case "fit":
    case "describe":
    case "described":
    case "sketch":
      // From a menu, the picture is what was chosen.
      return answerVerb(interaction, { does, of: of || (values[0] ?? "") }, reception);
  }
}

/** What a press comes to, or a command that means the same. */
export async function answerVerb(
  interaction: APIMessageComponentInteraction | APIMessageApplicationCommandInteraction,
  held: Pick<Press, "does" | "of" | "cells">,
  reception: Reception,
  show = answerInPrivate,
): Promise<void> {
  const { settings, desk } = reception;
  const signal = AbortSignal.timeout(desk.times.readLimitMilliseconds);
  const outcome = await doPress({ ...pressBy(interaction, held), signal }, settings, desk.azure);
  if ("draw" in outcome) return answerRequest(interaction, outcome.draw, reception);
  if ("show" in outcome) return show(interaction, outcome.show, reception);
  if ("form" in outcome) return answerAtOnce(interaction, wordsForm(outcome.form, settings), reception);
  if ("begin" in outcome) {
    const begun = { ...outcome.begin, request: emptyRequest(interaction) };
    return answerAtOnce(interaction, freeForm(begun, form.title, settings), reception);
  }
  if ("sketch" in outcome) return answerAtOnce(interaction, sketchForm(outcome.sketch), reception);
  if ("ask" in outcome) return show(interaction, async () => outcome.ask, reception);
  if ("change" in outcome) return answerAtOnce(interaction, changeForm(outcome.change), reception);
  if ("style" in outcome) return answerAtOnce(interaction, styleForm(outcome.style), reception);
  if ("report" in outcome) return answerAtOnce(interaction, reportForm(outcome.report), reception);
  return answerAtOnce(interaction, privateWord(outcome.word), reception);
}

function isOfSeveral({ message }: APIMessageComponentInteraction): boolean {
  return refsIn(message).length > 1;
}

/** One of several pictures with all its buttons. What they do to it shows in the message with all of them as well. */
function showAlone(interaction: APIMessageComponentInteraction, ref: string): typeof answerInPrivate {
  return async (_, compose, reception) => {
    const alone = async (signal: AbortSignal) => {
      await keepKey(interaction, ref, reception.desk);
      return compose(signal);
    };
    return answerBeside(interaction, alone, reception);
  };
}

/** The worker changes the waiting message; what comes of the press is told here, and not before it is noted. */
async function answerCancel(
  interaction: APIMessageComponentInteraction,
  job: string,
  reception: Reception,
): Promise<void> {
  const press = { ...pressBy(interaction, { does: "cancel", of: job }), does: "cancel" as const };
  const signal = AbortSignal.timeout(reception.desk.times.cancelLimitMilliseconds);
  const noting = doPress({ ...press, signal }, reception.settings, reception.desk.azure);
  if (await soon(noting, reception)) return answerAtOnce(interaction, privateWord((await noting).word), reception);
  return answerInPrivate(interaction, async () => privateWordReply((await noting).word), reception);
}

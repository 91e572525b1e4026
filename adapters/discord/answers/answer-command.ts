import { ApplicationCommandType, Utils } from "discord.js";
import type {
  APIApplicationCommandInteraction,
  APIChatInputApplicationCommandInteraction,
  APIMessage,
  APIMessageApplicationCommandInteraction,
} from "discord.js";
import { historyReply } from "../../../src/ask/browse.ts";
import { wallReply } from "../../../src/ask/wall.ts";
import { requestToChangeLast } from "../../../src/ask/change-last.ts";
import { privacyReply } from "../../../src/privacy/privacy-reply.ts";
import { helpReply } from "../../../src/replies/help-reply.ts";
import { optionsTyped } from "../../../src/request/read-words.ts";
import type { ImageRequest } from "../../../src/request/request.ts";
import { log } from "../../../src/log.ts";
import { failed, form, labels } from "../../../src/words/sentences.ts";
import { askerOf } from "../address.ts";
import { answerBrainstorm } from "./answer-brainstorm.ts";
import { answerEditOf } from "./answer-edit.ts";
import { answerFamily } from "./answer-family.ts";
import { answerAtOnce, answerInPrivate, privateAnswer, privateWord } from "./answer-in-private.ts";
import { answerPanelCommand } from "./answer-panel.ts";
import { answerVerb } from "./answer-press.ts";
import { answerRequest } from "./answer-request.ts";
import { describeMessage, menuOf, sketchMessage } from "./answer-picture-in-message.ts";
import type { Reception } from "./reception.ts";
import {
  BRAINSTORM,
  DESCRIBE_MESSAGE,
  DRAW_MESSAGE,
  SKETCH_MESSAGE,
  EDIT,
  EDIT_MESSAGE,
  FAMILY,
  HELP,
  HISTORY,
  IMAGINE,
  PRIVACY,
  WALL,
  STYLE,
  USAGE,
  EASEL,
} from "../commands.ts";
import { answerStyle } from "./answer-style.ts";
import { pictureIn, refsIn, wordsIn } from "../message/read-message.ts";
import { emptyRequest, readCommand } from "../read.ts";
import { freeForm } from "../message/request-form.ts";

/** Somebody typed a command, or picked one from the menu of a message. */
export async function answerCommand(
  interaction: APIApplicationCommandInteraction,
  reception: Reception,
): Promise<void> {
  if (Utils.isChatInputApplicationCommandInteraction(interaction)) return answerTyped(interaction, reception);
  const message = isOnMessage(interaction) && interaction.data.resolved.messages[interaction.data.target_id];
  if (message && interaction.data.name === EDIT_MESSAGE) return editMessage(interaction, message, reception);
  if (message && interaction.data.name === DRAW_MESSAGE) return drawMessage(interaction, message, reception);
  if (message && interaction.data.name === SKETCH_MESSAGE) return sketchMessage(interaction, message, reception);
  if (message && interaction.data.name === DESCRIBE_MESSAGE) return describeMessage(interaction, message, reception);
  return answerUnknown(interaction, reception);
}

async function answerTyped(
  interaction: APIChatInputApplicationCommandInteraction,
  reception: Reception,
): Promise<void> {
  const { settings, desk } = reception;
  switch (interaction.data.name) {
    case IMAGINE:
      return answerRequest(interaction, readCommand(interaction), reception);
    case EDIT: {
      const request = readCommand(interaction);
      if (request.sources?.length) return answerRequest(interaction, request, reception);
      return editLast(interaction, request, reception);
    }
    case HISTORY: {
      const history = () => historyReply(askerOf(interaction), { page: 0 }, settings, desk.azure);
      return answerInPrivate(interaction, history, reception);
    }
    case WALL: {
      const asked = { order: "newest", page: 0 } as const;
      const wall = () => wallReply(askerOf(interaction), asked, settings, desk.azure);
      return answerInPrivate(interaction, wall, reception);
    }
    case FAMILY:
      return answerFamily(interaction, reception);
    case STYLE:
      return answerStyle(interaction, reception);
    case BRAINSTORM:
      return answerBrainstorm(interaction, reception);
    case PRIVACY: {
      const notice = (signal: AbortSignal) =>
        privacyReply({ what: "look", by: askerOf(interaction), signal }, settings, desk.azure);
      return answerInPrivate(interaction, notice, reception);
    }
    case USAGE:
    case EASEL:
      return answerPanelCommand(interaction, interaction.data.name, reception);
    case HELP:
      return answerHelp(interaction, reception);
    default:
      return answerUnknown(interaction, reception);
  }
}

/** Without a picture, the asker's last one in this channel is what changes. */
async function editLast(
  interaction: APIChatInputApplicationCommandInteraction,
  request: ImageRequest,
  reception: Reception,
): Promise<void> {
  const { settings, desk } = reception;
  const signal = AbortSignal.timeout(desk.times.readLimitMilliseconds);
  const change = { ...request, by: askerOf(interaction), signal };
  const outcome = await requestToChangeLast(change, settings, desk.azure);
  if ("draw" in outcome) return answerRequest(interaction, outcome.draw, reception);
  const typed = { label: labels.change, words: optionsTyped(request) };
  return answerAtOnce(interaction, privateWord(outcome.word, typed), reception);
}

async function answerHelp(interaction: APIApplicationCommandInteraction, reception: Reception): Promise<void> {
  return answerAtOnce(interaction, privateAnswer(helpReply(`/${IMAGINE}`, reception.settings)), reception);
}

async function answerUnknown(interaction: APIApplicationCommandInteraction, reception: Reception): Promise<void> {
  log.warn({ command: interaction.data.name }, "discord: an unknown command; run the registration again");
  return answerHelp(interaction, reception);
}

function isOnMessage(
  interaction: APIApplicationCommandInteraction,
): interaction is APIMessageApplicationCommandInteraction {
  return interaction.data.type === ApplicationCommandType.Message;
}

/** A picture of ours is known by its buttons; any other is fetched from the message. */
async function editMessage(
  interaction: APIMessageApplicationCommandInteraction,
  message: APIMessage,
  reception: Reception,
): Promise<void> {
  const refs = refsIn(message);
  const [only = "", ...others] = refs;
  if (others.length) return answerAtOnce(interaction, menuOf("edit", labels.editTitle, refs), reception);
  if (only) return answerVerb(interaction, { does: "edit", of: only }, reception);
  if (message.application_id === interaction.application_id)
    return answerAtOnce(interaction, privateWord(failed.notFinished), reception);
  const source = pictureIn(message);
  if (source) return answerEditOf(interaction, source, reception);
  return answerAtOnce(interaction, privateWord(failed.noPictureThere), reception);
}

/** The words come in the same form as any, to be changed before anything is drawn. */
async function drawMessage(
  interaction: APIMessageApplicationCommandInteraction,
  message: APIMessage,
  reception: Reception,
): Promise<void> {
  const [ref] = refsIn(message);
  if (ref) return answerVerb(interaction, { does: "words", of: ref }, reception);
  if (message.application_id === interaction.application_id)
    return answerAtOnce(interaction, privateWord(failed.notFinished), reception);
  const words = wordsIn(message);
  if (!words) return answerAtOnce(interaction, privateWord(failed.noWordsThere), reception);
  const begun = { words, request: emptyRequest(interaction) };
  return answerAtOnce(interaction, freeForm(begun, form.title, reception.settings), reception);
}

import type { APIModalSubmitInteraction } from "discord.js";
import { doForm } from "../../../src/ask/sent-form.ts";
import type { SentForm } from "../../../src/ask/sent-form.ts";
import type { ImageRequest } from "../../../src/request/request.ts";
import { failed, labels } from "../../../src/words/sentences.ts";
import { addressOf, askerOf } from "../address.ts";
import { answerBoardForm } from "./answer-board.ts";
import { answerTopicForm } from "./answer-brainstorm.ts";
import { answerAtOnce, privateWord } from "./answer-in-private.ts";
import { answerPanelForm } from "./answer-panel.ts";
import { answerRequest } from "./answer-request.ts";
import { answerStyleForm } from "./answer-style.ts";
import type { Reception } from "./reception.ts";
import { readBoardControl } from "../message/board-controls.ts";
import { isTopicForm } from "../message/brainstorm-form.ts";
import { readControl } from "../message/buttons.ts";
import { readChange } from "../message/change-form.ts";
import { readPanelControl } from "../message/panel-controls.ts";
import { readReport } from "../message/report-form.ts";
import { readSketch } from "../message/sketch-form.ts";
import { readStyleForm } from "../message/style-form.ts";
import { jobIdOf } from "../read.ts";
import {
  isRevisionForm,
  keptOptions,
  readForm,
  readRevision,
  REDO_PREFIX,
  withTyped,
} from "../message/request-form.ts";

/** Somebody sends off a form of ours. What was typed comes back with every answer that takes nothing. */
export async function answerForm(interaction: APIModalSubmitInteraction, reception: Reception): Promise<void> {
  if (isRevisionForm(interaction.data.custom_id))
    return answerRequest(interaction, readRevision(interaction), reception);
  if (readStyleForm(interaction)) return answerStyleForm(interaction, reception);
  const board = readBoardControl(interaction.data.custom_id);
  if (board) return answerBoardForm(interaction, board, reception);
  const panel = readPanelControl(interaction.data.custom_id);
  if (panel) return answerPanelForm(interaction, panel, reception);
  if (isTopicForm(interaction.data.custom_id)) return answerTopicForm(interaction, reception);
  const { settings, desk } = reception;
  const change = readChange(interaction);
  const report = readReport(interaction);
  const sketch = readSketch(interaction);
  const sent = readSent(interaction, change ?? report ?? sketch, reception);
  const outcome = sent ? await doForm(sent, settings, desk.azure) : { word: failed.goneJob };
  if ("draw" in outcome) return answerRequest(interaction, outcome.draw, reception);
  const typed = change
    ? { label: labels.change, words: change.words }
    : sketch
      ? { label: labels.yourWords, words: sketch.words }
      : { label: labels.yourWords, words: readForm(interaction).words };
  return answerAtOnce(interaction, privateWord(outcome.word, report ? undefined : typed), reception);
}

/** Nothing for a form that no version of ours has. */
function readSent(
  interaction: APIModalSubmitInteraction,
  held: ReturnType<typeof readChange> | ReturnType<typeof readReport> | ReturnType<typeof readSketch>,
  { settings, desk }: Reception,
): SentForm | undefined {
  const by = askerOf(interaction);
  const signal = AbortSignal.timeout(desk.times.readLimitMilliseconds);
  const sent = { by, id: jobIdOf(interaction), address: addressOf(interaction), signal };
  if (held) return { ...sent, ...held };
  const { words, chosen, offered } = readForm(interaction);
  const read = (before: ImageRequest) => {
    return withTyped(words, { ...keptOptions(before, offered, settings), ...chosen });
  };
  const customId = interaction.data.custom_id;
  if (customId.startsWith(REDO_PREFIX))
    return { ...sent, does: "revise", of: customId.slice(REDO_PREFIX.length), read };
  const { does, of } = readControl(customId) ?? { does: undefined, of: "" };
  return does === "words" || does === "revised" ? { ...sent, does, of, read } : undefined;
}

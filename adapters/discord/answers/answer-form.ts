import type { APIModalSubmitInteraction } from "discord.js";
import { findPicture, requestOfRevision, requestOfWords } from "../../../src/ask/go-on.ts";
import type { Sorry } from "../../../src/ask/go-on.ts";
import { readJob } from "../../../src/jobs/job.ts";
import type { Job } from "../../../src/jobs/job.ts";
import { log } from "../../../src/log.ts";
import type { ImageRequest } from "../../../src/request/request.ts";
import { failed, labels } from "../../../src/words/sentences.ts";
import type { Settings } from "../../../src/settings.ts";
import { addressOf, askerOf } from "../address.ts";
import { answerChangeForm, isChangeForm } from "./answer-edit.ts";
import { answerAtOnce, privateWord } from "./answer-in-private.ts";
import { answerRequest } from "./answer-request.ts";
import type { Reception } from "./answer-request.ts";
import { readControl } from "../message/buttons.ts";
import { jobIdOf } from "../read.ts";
import { isRevisionForm, keptOptions, readForm, readRevision, REDO_PREFIX } from "../message/request-form.ts";
import { READ_MILLISECONDS } from "../rest/first-answer.ts";

/** Somebody sends off a form of ours. What was typed comes back with every answer that takes nothing. */
export async function answerForm(interaction: APIModalSubmitInteraction, reception: Reception): Promise<void> {
  const customId = interaction.data.custom_id;
  if (isChangeForm(customId)) return answerChangeForm(interaction, reception);
  if (isRevisionForm(customId)) return answerRequest(interaction, readRevision(interaction), reception);
  const { settings, desk } = reception;
  const asked = customId.startsWith(REDO_PREFIX)
    ? await readRedo(interaction, settings, desk)
    : await readWords(interaction, settings, desk);
  if ("request" in asked) return answerRequest(interaction, asked.request, reception);
  const typed = { label: labels.yourWords, words: readForm(interaction).words };
  return answerAtOnce(interaction, privateWord(asked.sorry, typed), reception);
}

type Asked = { request: ImageRequest } | Sorry;
type Desk = Reception["desk"];

/** Other words for a picture. */
async function readWords(interaction: APIModalSubmitInteraction, settings: Settings, { azure }: Desk): Promise<Asked> {
  const control = readControl(interaction.data.custom_id);
  if (control?.does !== "words" && control?.does !== "revised") return { sorry: failed.goneJob };
  const by = askerOf(interaction);
  const signal = AbortSignal.timeout(READ_MILLISECONDS);
  const found = await findPicture({ ref: control.of, by, signal }, azure);
  return "sorry" in found ? found : { request: requestOfWords(found, askedIn(interaction, found.job, settings)) };
}

/** Other words for a request that nothing came of, and that goes on from something. */
async function readRedo(interaction: APIModalSubmitInteraction, settings: Settings, { azure }: Desk): Promise<Asked> {
  const id = interaction.data.custom_id.slice(REDO_PREFIX.length);
  try {
    const file = await readJob(id, azure, AbortSignal.timeout(READ_MILLISECONDS));
    if (!file) return { sorry: failed.gonePicture };
    if (file.job.request.askedBy.user !== askerOf(interaction).user) return { sorry: failed.notYours };
    return { request: requestOfRevision(file.job, askedIn(interaction, file.job, settings)) };
  } catch (error) {
    log.error({ error, interaction: interaction.id }, "discord: what a form goes on from could not be read");
    return { sorry: failed.storage };
  }
}

function askedIn(interaction: APIModalSubmitInteraction, { request }: Job, settings: Settings) {
  const { words, chosen, offered } = readForm(interaction);
  return {
    id: jobIdOf(interaction),
    by: askerOf(interaction),
    address: addressOf(interaction),
    words,
    options: { ...keptOptions(request, offered, settings), ...chosen },
  };
}

import { InteractionResponseType } from "discord.js";
import type {
  APIMessageApplicationCommandInteraction,
  APIMessageComponentInteraction,
  APIModalSubmitInteraction,
} from "discord.js";
import { bringPicture } from "../../../src/storage/input-blobs.ts";
import { editorsOf } from "../../../src/request/check.ts";
import { privateWordReply, sorryReply } from "../../../src/replies/compose-reply.ts";
import { beginEdit, sorryForDraft } from "../../../src/ask/go-on.ts";
import { SourceNotFetched } from "../../../src/replies/delivery.ts";
import type { ChatSource } from "../../../src/replies/delivery.ts";
import { isExpired, keepCells, readDraft, requestOfDraft, saveDraft } from "../../../src/jobs/drafts.ts";
import type { Draft } from "../../../src/jobs/drafts.ts";
import { editPanelReply } from "../../../src/ask/begin-edit.ts";
import { sentenceOfFault } from "../../../src/words/fault-sentences.ts";
import { openGate } from "../../../src/gate.ts";
import { log } from "../../../src/log.ts";
import { CELLS } from "../../../src/pixels/grid-and-mask.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { edit, failed, form, labels } from "../../../src/words/sentences.ts";
import { addressOf, askerOf, followUpAddressOf } from "../address.ts";
import type { AnsweredLater } from "../address.ts";
import { answerAtOnce, answerInPrivate, privateWord } from "./answer-in-private.ts";
import { answerRequest } from "./answer-request.ts";
import type { Reception } from "./answer-request.ts";
import { readControl } from "../message/buttons.ts";
import { fetchFromDiscord } from "../fetch-source.ts";
import { jobIdOf } from "../read.ts";
import { textInput } from "../message/request-form.ts";
import { READ_MILLISECONDS } from "../rest/first-answer.ts";

const CHANGE = "change";
const CHANGE_FORM = /^change:([0-9a-f]{40}):([0-9a-f]{4})$/;

/** The panel of an edit, for whoever pressed, where a picture of ours is the one to change. */
export async function answerEdit(interaction: AnsweredLater, ref: string, reception: Reception): Promise<void> {
  const { settings, desk } = reception;
  const press = { ref, by: askerOf(interaction), address: followUpAddressOf(interaction) };
  const panel = async (signal: AbortSignal) => {
    const begun = await beginEdit({ ...press, signal }, settings, desk.azure);
    return "sorry" in begun ? privateWordReply(begun.sorry) : editPanelReply(begun.draft, settings, desk.azure);
  };
  return answerInPrivate(interaction, panel, reception);
}

/** The same for a picture that somebody has posted: fetched at once, for its address is worth nothing tomorrow. */
export async function answerEditOf(
  interaction: APIMessageApplicationCommandInteraction,
  source: ChatSource,
  reception: Reception,
): Promise<void> {
  const { settings } = reception;
  if (!editorsOf(settings).length) return answerAtOnce(interaction, privateWord(failed.noEditing), reception);
  return answerInPrivate(interaction, (signal) => panelOf(interaction, source, { reception, signal }), reception);
}

/** Each may have 50 MB, and takes more while it is decoded. */
const twoAtOnce = openGate(2);

async function panelOf(
  interaction: AnsweredLater,
  source: ChatSource,
  { reception, signal }: { reception: Reception; signal: AbortSignal },
): Promise<ChatReply> {
  const { settings, desk } = reception;
  const address = followUpAddressOf(interaction);
  try {
    const brought = await twoAtOnce(async () =>
      bringPicture(await fetchFromDiscord(source, address, signal), desk.azure),
    );
    if ("fault" in brought) return privateWordReply(sentenceOfFault(brought.fault));
    const { name, width, height } = brought;
    const begun = {
      source: { from: "input", name } as const,
      blob: `inputs/${name}`,
      width,
      height,
      options: {},
      private: false,
      askedBy: askerOf(interaction),
      address,
    };
    return await editPanelReply(await saveDraft(begun, desk.azure, signal), settings, desk.azure);
  } catch (error) {
    if (error instanceof SourceNotFetched) {
      log.warn({ because: error.message, interaction: interaction.id }, "discord: a picture could not be fetched");
      return privateWordReply(sentenceOfFault(error.fault ?? { fault: "source unreachable" }));
    }
    log.error({ error, interaction: interaction.id }, "discord: an edit could not be begun");
    return sorryReply(failed.storage);
  }
}

/** A form for the words, in whose name the cells travel. Where the draft cannot be seen now, it will be when the form comes back. */
export async function openChange(
  interaction: APIMessageComponentInteraction,
  { draft: id, cells: picked }: { draft: string; cells: string[] },
  reception: Reception,
): Promise<void> {
  const draft = await look(id, reception);
  if (draft === "gone") return answerAtOnce(interaction, privateWord(edit.expired), reception);
  const { does } = readControl(interaction.data.custom_id) ?? {};
  const cells = does === "cells" || draft === "unseen" ? picked : (draft.cells ?? []);
  if (does === "cells" && draft !== "unseen")
    void keepCells(draft, cells, reception.desk.azure, AbortSignal.timeout(READ_MILLISECONDS)).catch((error: unknown) =>
      log.warn({ error }, "discord: the cells of an edit could not be kept"),
    );
  const bits = CELLS.reduce((sum, cell, index) => sum + (cells.includes(cell) ? 2 ** index : 0), 0);
  const customId = `${CHANGE}:${id}:${bits.toString(16).padStart(4, "0")}`;
  const chosen = CELLS.filter((cell) => cells.includes(cell));
  const isWhole = !chosen.length || chosen.length === CELLS.length;
  const input = textInput(CHANGE, labels.change, "", form.changePlaceholder);
  const description = isWhole ? edit.wholeMayChange : edit.cellsMayChange(chosen.join(", "));
  const components = [{ ...input, description }];
  const data = { custom_id: customId, title: labels.editTitle, components };
  return answerAtOnce(interaction, { type: InteractionResponseType.Modal, data }, reception);
}

export function isChangeForm(customId: string): boolean {
  return CHANGE_FORM.test(customId);
}

/** The edit as a request like any other: what comes of it stands in the chat, under this very event. */
export async function answerChangeForm(interaction: APIModalSubmitInteraction, reception: Reception): Promise<void> {
  const [, id = "", bits = "0"] = CHANGE_FORM.exec(interaction.data.custom_id) ?? [];
  const words = typedChange(interaction);
  const typed = { label: labels.change, words };
  const draft = await look(id, reception);
  if (draft === "gone") return answerAtOnce(interaction, privateWord(edit.expired, typed), reception);
  if (draft === "unseen") return answerAtOnce(interaction, privateWord(failed.storage, typed), reception);
  const askedBy = askerOf(interaction);
  if (draft.askedBy.user !== askedBy.user)
    return answerAtOnce(interaction, privateWord(failed.notYours, typed), reception);
  const gone = await sorryForDraft(draft, askedBy, reception.desk.azure);
  if (gone) return answerAtOnce(interaction, privateWord(gone, typed), reception);
  const cells = CELLS.filter((_, index) => (Number.parseInt(bits, 16) & (2 ** index)) !== 0);
  const region = cells.length ? { cells } : undefined;
  const request = requestOfDraft(draft, { id: jobIdOf(interaction), words, region });
  return answerRequest(interaction, { ...request, askedBy, address: addressOf(interaction) }, reception);
}

function typedChange({ data }: APIModalSubmitInteraction): string {
  const parts = data.components.flatMap((part) => ("component" in part ? [part.component] : []));
  const input = parts.find(({ custom_id: id }) => id === CHANGE);
  return input && "value" in input ? String(input.value).toWellFormed() : "";
}

async function look(id: string, { desk }: Reception): Promise<Draft | "gone" | "unseen"> {
  try {
    const draft = await readDraft(id, desk.azure, AbortSignal.timeout(READ_MILLISECONDS));
    return draft && !isExpired(draft) ? draft : "gone";
  } catch (error) {
    log.error({ error }, "discord: a begun edit could not be read");
    return "unseen";
  }
}

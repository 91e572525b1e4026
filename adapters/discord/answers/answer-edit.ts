import type { APIMessageApplicationCommandInteraction } from "discord.js";
import { editPanelReply } from "../../../src/ask/begin-edit.ts";
import { openGate } from "../../../src/gate.ts";
import { saveDraft } from "../../../src/jobs/drafts.ts";
import { log } from "../../../src/log.ts";
import { privateWordReply, sorryReply } from "../../../src/replies/compose-reply.ts";
import { SourceNotFetched } from "../../../src/replies/delivery.ts";
import type { ChatSource } from "../../../src/replies/delivery.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { editorsOf } from "../../../src/request/check.ts";
import { bringPicture } from "../../../src/storage/input-blobs.ts";
import { sentenceOfFault } from "../../../src/words/fault-sentences.ts";
import { failed } from "../../../src/words/sentences.ts";
import { askerOf, followUpAddressOf } from "../address.ts";
import type { AnsweredLater } from "../address.ts";
import { answerAtOnce, answerInPrivate, privateWord } from "./answer-in-private.ts";
import type { Reception } from "./reception.ts";
import { fetchFromDiscord } from "../fetch-source.ts";

/** The panel of an edit of a picture that somebody has posted: fetched at once, for its address is worth nothing tomorrow. */
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

import { randomUUID } from "node:crypto";
import { readNewest } from "../../../src/jobs/line.ts";
import type { Job } from "../../../src/jobs/job.ts";
import { becauseOf, log } from "../../../src/log.ts";
import type { ImageRequest } from "../../../src/request/request.ts";
import { sentencesFor, speak, speakAll } from "../../../src/words/said.ts";
import type { Said, Text } from "../../../src/words/said.ts";
import { failed } from "../../../src/words/sentences.ts";
import { newMessageAt } from "../address.ts";
import type { TeamsAddress } from "../address.ts";
import { fitCard, makeCard, textOf } from "../card/card-parts.ts";
import { CARD_TYPE } from "../door/activity.ts";
import type { Card } from "../card/card-parts.ts";
import { DRAW_MESSAGE, wordsOfMessage } from "../card/extension-call.ts";
import type { ExtensionCall } from "../card/extension-call.ts";
import { requestFields } from "../card/request-form.ts";
import { insertedCard } from "./inserted-card.ts";
import { askedIn } from "../card/button-data.ts";
import type { AskedPicture } from "../../../src/request/read-words.ts";
import { requestFrom } from "../read.ts";
import type { Reception } from "./reception.ts";
import { shorten } from "../../../src/words/shorten.ts";
import { accept, announceAt } from "./answer-request.ts";

type Use = { call: ExtensionCall; address: TeamsAddress; isOnMessage: boolean };
/** What came of a dialog's words. */
type Come = { job: Job; isInserted: boolean } | { notes: Text[]; fit?: AskedPicture["options"] };

/**
 * The message extension: a dialog for the words, and then a card for the person to send. Used on a message, what comes of
 * it stands below that message, if the bot can write there.
 */
export async function answerExtension(
  call: ExtensionCall,
  address: TeamsAddress,
  reception: Reception,
): Promise<object> {
  const isOnMessage = call.commandId === DRAW_MESSAGE || call.commandContext === "message";
  const { inserted } = sentencesFor(address.locale);
  const title = isOnMessage ? inserted.drawMessage : inserted.draw;
  if (!call.submits) {
    const words = isOnMessage ? wordsOfMessage(call) : "";
    const notes = isOnMessage && !words ? [failed.noWordsThere] : [];
    return dialogWith(title, dialogCard(randomUUID(), notes, { prompt: words, options: {} }, reception));
  }
  const { data } = call;
  if (!data) return endDialog(failed.goneJob, reception);
  const asked = askedIn(data);
  const come = await take(asked, data.dialog, { call, address, isOnMessage }, reception);
  // What would still fit stands in the fields: sending them off draws it.
  const withFit = "fit" in come && come.fit ? { ...asked, options: come.fit } : asked;
  if ("notes" in come) return dialogWith(title, dialogCard(data.dialog, come.notes, withFit, reception));
  return come.isInserted ? resultOf(insertedCard(come.job, reception)) : {};
}

/** Answers so that Teams shows words and closes the dialog. */
export function endDialog(said: Said, { locale }: Pick<Reception, "locale">): object {
  return { task: { type: "message", value: speak(said, sentencesFor(locale)) } };
}

async function take(asked: AskedPicture, dialog: string, use: Use, reception: Reception): Promise<Come> {
  const own = { ...newMessageAt(use.address, false), inserted: true };
  const place = use.isOnMessage ? threadOf(use) : own;
  const request = requestFrom(asked, place, ["extension", dialog, use.address.user.id, JSON.stringify(asked)]);
  const acceptance = await accept(request, place, reception);
  switch (acceptance.outcome) {
    case "declined":
      return { notes: acceptance.reply.paragraphs, fit: acceptance.fit };
    case "accepted": {
      const stands = await announceAt(place, acceptance, reception, own);
      return { job: acceptance.job, isInserted: !(stands && use.isOnMessage) };
    }
    case "known":
      return comeBefore(request, reception);
  }
}

/** Teams sends a dialog again whose answer was late, and people do whose answer they missed. */
async function comeBefore(request: ImageRequest, { azure, deadline }: Reception): Promise<Come> {
  try {
    const job = await readNewest(request.id, azure, deadline.signal);
    if (job?.order) return { job, isInserted: job.address.inserted === true };
    return { notes: [failed.storage] };
  } catch (error) {
    log.error({ because: becauseOf(error), job: request.id }, "teams: what came of a dialog could not be read");
    return { notes: [failed.storageInDoubt] };
  }
}

/** In a channel below the message, which its place may not say. */
function threadOf({ call, address }: Use): TeamsAddress {
  const place = newMessageAt(address, false);
  const { id, replyToId } = call.messagePayload ?? {};
  const root = replyToId || id;
  const isTop = place.conversationType === "channel" && !place.conversationId.includes(";messageid=");
  return isTop && root && /^\d{1,20}$/.test(root)
    ? { ...place, conversationId: `${place.conversationId};messageid=${root}` }
    : place;
}

/** A dialog sends by Action.Submit alone. */
function dialogCard(
  dialog: string,
  notes: Text[],
  { prompt, options }: Pick<AskedPicture, "prompt" | "options">,
  { settings, locale }: Reception,
): Card {
  const sentences = sentencesFor(locale);
  const { labels } = sentences;
  const draw = { type: "Action.Submit", title: labels.draw, style: "positive", data: { do: "insert", dialog } };
  return fitCard((most) =>
    makeCard(
      [
        ...speakAll(notes, sentences).map((note) => textOf(note)),
        ...requestFields(settings, locale, { words: shorten(prompt, most), options }),
      ],
      [draw],
    ),
  );
}

function dialogWith(title: string, content: Card): object {
  const value = { title, height: "large", width: "medium", card: { contentType: CARD_TYPE, content } };
  return { task: { type: "continue", value } };
}

function resultOf(content: Card): object {
  const attachments = [{ contentType: CARD_TYPE, content }];
  return { composeExtension: { type: "result", attachmentLayout: "list", attachments } };
}

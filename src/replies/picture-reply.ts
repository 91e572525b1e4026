import { editorsOf } from "../request/check.ts";
import type { ImageOrder } from "../request/check.ts";
import { keptOf, referenceOf } from "../jobs/job.ts";
import type { Job, JobPicture, KeptPicture } from "../jobs/job.ts";
import { MODELS } from "../models.ts";
import type { ChatReply, ReplyAction, ReplyPicture } from "./reply.ts";
import type { PictureAction } from "../request/request.ts";
import { PICTURE_ACTIONS, textOfRef } from "../request/request.ts";
import { finished, labels } from "../words/sentences.ts";
import type { Said, Text } from "../words/said.ts";
import { times } from "../words/sizes.ts";
import type { Settings } from "../settings.ts";
import { markAdded } from "../words/word-difference.ts";

/** The answer with what came of a job; `notes` say what did not come, and why. */
export function pictureReply(job: Job, notes: Text[], settings: Settings): ChatReply {
  const pictures = keptOf(job).map(({ kept, place }) => finishedPicture(job, kept, place, settings));
  return {
    role: "answer",
    mood: "finished",
    title: pictures.length > 1 ? finished.titleOf({ count: pictures.length }) : finished.title,
    paragraphs: notes,
    quotes: [{ label: labels.yourWords, words: job.request.prompt }, ...revisedQuotes(job)],
    pictures,
    facts: job.order ? factsOf(job.order) : [],
    actions: pictures.flatMap((picture, index) => openAction(picture, pictures.length > 1 ? index + 1 : undefined)),
    forAskerOnly: job.request.private,
    askedBy: job.request.askedBy,
    reference: notes.length ? referenceOf(job.id) : undefined,
  };
}

/** One picture of a job alone, with all that can be done with it. */
export function onePictureReply(job: Job, place: number, settings: Settings): ChatReply {
  const only = {
    ...job,
    pictures: job.pictures.map((one, index) => (index + 1 === place ? one : { ...one, kept: undefined })),
  };
  // By the number that its row has: what did not come, has none.
  const number = keptOf(job).findIndex((one) => one.place === place) + 1;
  return { ...pictureReply(only, [], settings), title: labels.pictureNumber({ number }), forAskerOnly: true };
}

/** Where a blob under `pictures/` is served; nothing on a bot without `PUBLIC_URL`. */
export function pictureUrl(name: string, { publicUrl }: Settings): string | undefined {
  return publicUrl && `${publicUrl}/pictures/${name}`;
}

function openAction({ url }: ReplyPicture, number: number | undefined): ReplyAction[] {
  return url ? [{ do: "open", label: number ? labels.openOriginalOf({ number }) : labels.openOriginal, url }] : [];
}

function finishedPicture(job: Job, kept: KeptPicture, place: number, settings: Settings): ReplyPicture {
  const { revisedPrompt, ...rest } = kept;
  const revised = revisedPrompt?.trim() === job.request.prompt.trim() ? undefined : revisedPrompt;
  return {
    ...rest,
    url: pictureUrl(kept.name, settings),
    previewUrl: kept.preview && pictureUrl(kept.preview, settings),
    altText: revisedPrompt ?? job.request.prompt,
    ref: textOfRef({ job: job.id, place }),
    actions: PICTURE_ACTIONS.filter((action) => isPossible(action, job, revised, settings)),
    words: { own: job.request.prompt, revised },
  };
}

function isPossible(action: PictureAction, { order }: Job, revised: string | undefined, settings: Settings): boolean {
  switch (action) {
    case "revised":
      return revised !== undefined;
    case "like":
    case "edit":
      return editorsOf(settings).length > 0;
    case "finish":
      return order !== undefined && order.quality !== MODELS[order.model].bestQuality;
    case "again":
    case "words":
    case "family":
    case "report":
    case "delete":
      return true;
  }
}

/** The model's own words, once for each text that differs from the asker's and from one another. */
function revisedQuotes(job: Job): ChatReply["quotes"] {
  const own = job.request.prompt.trim();
  const revised = keptOf(job).flatMap(({ kept }) => (kept.revisedPrompt ? [kept.revisedPrompt.trim()] : []));
  const different = [...new Set(revised)].filter((words) => words && words !== own);
  return different.map((words, index) => ({
    label: different.length > 1 ? labels.revisedWordsOf({ number: index + 1 }) : labels.revisedWords,
    words,
    marked: markAdded(own, words),
  }));
}

function factsOf(order: ImageOrder): ChatReply["facts"] {
  const facts: [Said, string | undefined][] = [
    [labels.model, MODELS[order.model].label],
    [labels.size, times(order.size)],
    [labels.quality, order.quality],
    [labels.style, order.style],
    [labels.background, order.background],
  ];
  return facts.flatMap(([name, value]) => (value ? [{ name, value }] : []));
}

/** A picture in the making. It stands in the chat for a while, and nothing goes on from it. */
export function partialPicture(
  { partial }: Pick<JobPicture, "partial">,
  job: Job,
  settings: Settings,
): ReplyPicture | undefined {
  if (!partial) return undefined;
  const url = pictureUrl(partial.name, settings);
  return {
    ...partial,
    mediaType: "image/jpeg",
    preview: partial.name,
    url,
    previewUrl: url,
    altText: job.request.prompt,
  };
}

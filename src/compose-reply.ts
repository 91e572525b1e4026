import type { Fault, ImageOrder } from "./check.ts";
import type { Job, JobPicture } from "./job.ts";
import { referenceOf } from "./job.ts";
import { MODELS } from "./models.ts";
import type { ChatReply, ReplyAction, ReplyPicture } from "./reply.ts";
import {
  declined,
  failed,
  finished,
  help,
  labels,
  notUnderstood,
  refused,
  sentenceOfFault,
  times,
  waiting,
  welcome,
} from "./sentences.ts";
import type { Settings } from "./settings.ts";

const empty = { paragraphs: [], quotes: [], pictures: [], facts: [], actions: [], forAskerOnly: false };

/** The message that stands while a job waits; `before` counts the requests in line ahead of it. */
export function waitingReply(job: Job, before: number): ChatReply {
  const line = before > 0 ? waiting.placeInLine(before) : waiting.drawingNext;
  return { ...waitingFrame(job), paragraphs: [line, waiting.willStandHere] };
}

/** For a job whose image service is out of reach. */
export function stillTryingReply(job: Job): ChatReply {
  return { ...waitingFrame(job), paragraphs: [waiting.outOfReach] };
}

function waitingFrame(job: Job): ChatReply {
  return {
    ...empty,
    mood: "waiting",
    title: waiting.picturesOnTheirWay(job.pictures.length),
    quotes: [{ label: labels.yourWords, words: job.request.prompt }],
    forAskerOnly: job.request.private,
    askedBy: job.request.askedBy,
  };
}

/** For a request outside the limits: every fault in one answer, and the words kept for a change. */
export function declinedReply(job: Job, faults: Fault[]): ChatReply {
  return {
    ...empty,
    mood: "declined",
    title: declined.title,
    paragraphs: [declined.intro, ...faults.map(sentenceOfFault)],
    actions: [revise(job)],
    forAskerOnly: true,
    askedBy: job.request.askedBy,
  };
}

/** The final answer of a settled job: pictures, what is missing and why; or a refusal; or an apology. */
export function finalReply(job: Job, settings: Settings): ChatReply {
  const kept = job.pictures.flatMap(({ kept }) => (kept ? [kept] : []));
  if (kept.length) return pictureReply(job, settings);
  if (job.pictures.some(({ state }) => state === "refused")) return refusedReply(job);
  return failedReply(job);
}

function pictureReply(job: Job, settings: Settings): ChatReply {
  const pictures = job.pictures.flatMap((picture) => (picture.kept ? [replyPicture(job, picture.kept, settings)] : []));
  const missing = job.pictures.filter(({ kept }) => !kept);
  const open = pictures.flatMap(({ url }, index): ReplyAction[] => {
    const label = pictures.length > 1 ? labels.openOriginalOf(index + 1) : labels.openOriginal;
    return url ? [{ do: "open", label, url }] : [];
  });
  return {
    ...empty,
    mood: "finished",
    title: pictures.length > 1 ? finished.titleOf(pictures.length) : finished.title,
    paragraphs: missing.length
      ? [finished.someMissing(missing.length, job.pictures.length), ...reasonsOf(missing, job.request.private)]
      : [],
    quotes: [{ label: labels.yourWords, words: job.request.prompt }, ...revisedQuotes(job)],
    pictures,
    facts: job.order ? factsOf(job.order) : [],
    actions: open,
    forAskerOnly: job.request.private,
    askedBy: job.request.askedBy,
    reference: missing.length ? referenceOf(job.id) : undefined,
  };
}

function replyPicture(job: Job, kept: NonNullable<JobPicture["kept"]>, settings: Settings): ReplyPicture {
  const { revisedPrompt, name, preview, ...rest } = kept;
  const address = (blob: string) => settings.publicUrl && `${settings.publicUrl}/pictures/${blob}`;
  return {
    ...rest,
    name,
    preview,
    url: address(name),
    previewUrl: preview && address(preview),
    altText: revisedPrompt ?? job.request.prompt,
  };
}

/** The model's own words, once for each text that differs from the asker's and from one another. */
function revisedQuotes(job: Job): ChatReply["quotes"] {
  const own = job.request.prompt.trim();
  const revised = job.pictures.flatMap(({ kept }) => (kept?.revisedPrompt ? [kept.revisedPrompt.trim()] : []));
  const different = [...new Set(revised)].filter((words) => words && words !== own);
  return different.map((words, index) => ({
    label: different.length > 1 ? `${labels.revisedWords} (${index + 1})` : labels.revisedWords,
    words,
  }));
}

function factsOf(order: ImageOrder): ChatReply["facts"] {
  const facts: [string, string | undefined][] = [
    [labels.model, MODELS[order.model].label],
    [labels.size, times(order.size)],
    [labels.quality, order.quality],
    [labels.style, order.style],
    [labels.background, order.background],
  ];
  return facts.flatMap(([name, value]) => (value ? [{ name, value }] : []));
}

/** What a filter has seen is for the asker alone: where others read along, it is only said that there was one. */
function reasonsOf(pictures: JobPicture[], forAskerOnly: boolean): string[] {
  const sentences = pictures.map(({ refusal, failure }) => {
    if (!refusal) return failed.because[failure ?? "broken"];
    if (!forAskerOnly) return refused.heldBack;
    return `${refused.stopped[refusal.stage ?? "unknown"]} ${refused.because[refusal.because]}`;
  });
  return [...new Set(sentences)];
}

function refusedReply(job: Job): ChatReply {
  return {
    ...empty,
    mood: "declined",
    title: refused.title,
    paragraphs: [...reasonsOf(job.pictures, true), refused.wayOn],
    actions: [revise(job)],
    forAskerOnly: true,
    askedBy: job.request.askedBy,
    reference: referenceOf(job.id),
  };
}

function failedReply(job: Job): ChatReply {
  const badRequest = job.order && job.pictures.some(({ failure }) => failure === "bad request");
  return {
    ...empty,
    mood: "sorry",
    title: badRequest ? failed.titleOfBadRequest : failed.title,
    paragraphs: [
      ...reasonsOf(job.pictures, true),
      ...(badRequest && job.order ? [failed.allowed(job.order.model)] : []),
    ],
    actions: [revise(job)],
    forAskerOnly: job.request.private,
    askedBy: job.request.askedBy,
    reference: referenceOf(job.id),
  };
}

function revise(job: Job): ReplyAction {
  return { do: "revise", label: labels.revise, job: job.id, words: job.request.prompt };
}

/** An apology for a request that was not taken. */
export function sorryReply(sentence: string, reference?: string): ChatReply {
  return { ...empty, mood: "sorry", title: failed.title, paragraphs: [sentence], forAskerOnly: true, reference };
}

/** A word to somebody who pressed what is not theirs, or is no more. Nothing has failed. */
export function privateWordReply(sentence: string): ChatReply {
  return { ...empty, mood: "declined", paragraphs: [sentence], forAskerOnly: true };
}

/**
 * `command` is how a person begins here: `/imagine`, `imagine`, `@Easel imagine`. Where options are typed and not picked,
 * the help shows how.
 */
export function helpReply(command: string, settings: Settings, optionsAreTyped = false): ChatReply {
  const { models, images } = settings;
  return {
    ...empty,
    mood: "help",
    title: help.title,
    paragraphs: [
      help.intro,
      help.example(command),
      ...(optionsAreTyped ? [help.typedOptions(command, models[0].name), help.form(command)] : []),
      ...models.map(({ name }) => help.ofModel(name, images.provider)),
      ...(models.length > 1 ? [help.usualModel(models[0].name)] : []),
      help.count,
      help.filter,
      help.generated,
    ],
    forAskerOnly: true,
  };
}

export function welcomeReply(command: string): ChatReply {
  return {
    ...empty,
    mood: "help",
    title: welcome.title,
    paragraphs: [welcome.intro, help.example(command), help.filter, help.generated],
  };
}

export function notUnderstoodReply(command: string): ChatReply {
  return {
    ...empty,
    mood: "help",
    title: notUnderstood.title,
    paragraphs: [notUnderstood.intro(command), help.example(command)],
  };
}

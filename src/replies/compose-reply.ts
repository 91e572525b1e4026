import { isDeepStrictEqual } from "node:util";
import { isAlerting } from "../alert-settings.ts";
import type { Fault } from "../request/check.ts";
import { wordsToRevise } from "../request/named-style.ts";
import type { Job, JobPicture, PlacedFault } from "../jobs/job.ts";
import { sentenceOfFault, sentenceOfPlacedFault } from "../words/fault-sentences.ts";
import { keptOf, referenceOf } from "../jobs/job.ts";
import { originWithStyle, partialPicture, pictureReply } from "./picture-reply.ts";
import { pointsToHelp, sentenceOfFailure, sentenceOfRefusal } from "../words/refusal-sentences.ts";
import type { ChatReply, ReplyAction } from "./reply.ts";
import {
  brake,
  cancelled,
  declined,
  failed,
  finished,
  labels,
  refused,
  styles,
  suggestions,
  waiting,
} from "../words/sentences.ts";
import type { Said, Text } from "../words/said.ts";
import { keepDaysOf } from "../settings.ts";
import { brakeIn } from "../brake-settings.ts";
import type { PersonState } from "../purse/brake.ts";
import type { Settings } from "../settings.ts";

const empty = { paragraphs: [], quotes: [], pictures: [], facts: [], actions: [], forAskerOnly: false };

/** Where a job stands in line; `seconds` until its answer is expected, where that can be said. */
export type PlaceInLine = { before: number; seconds?: number; beginsInSeconds?: number };

/** The message that stands while a job waits. */
export function waitingReply(job: Job, { before, seconds, beginsInSeconds }: PlaceInLine): ChatReply {
  const turn = before > 0 ? waiting.placeInLine({ before }) : waiting.drawingNext;
  const line = beginsInSeconds === undefined ? turn : waiting.beginsIn({ seconds: beginsInSeconds });
  const expected = seconds === undefined || beginsInSeconds !== undefined ? [] : [waiting.readyIn({ seconds })];
  return { ...waitingFrame(job), paragraphs: [line, ...expected, waiting.willStandHere] };
}

/** The message while a job is drawn: since when, how long it usually takes, and what is to be seen of it so far. */
export function drawingReply(
  job: Job,
  { seconds, usually }: { seconds: number; usually?: number },
  settings: Settings,
): ChatReply {
  const pictures = job.pictures.flatMap((picture) => partialPicture(picture, job, settings) ?? []);
  return {
    ...waitingFrame(job),
    paragraphs: [
      waiting.drawing({ seconds }),
      ...(usually === undefined ? [] : [waiting.usually({ seconds: usually })]),
      ...(pictures.length ? [waiting.inTheMaking] : []),
    ],
    pictures,
  };
}

/** For a job whose image service is out of reach. */
export function stillTryingReply(job: Job): ChatReply {
  return { ...waitingFrame(job), paragraphs: [waiting.outOfReach] };
}

/** For a job that waits for storage. */
export function storageAwayReply(job: Job): ChatReply {
  return { ...waitingFrame(job), paragraphs: [waiting.storageAway] };
}

/** For a job whose picture was drawn and had to be given up with the process. */
export function lostInHandReply(job: Job): ChatReply {
  return { ...waitingFrame(job), paragraphs: [waiting.lostInHand], reference: referenceOf(job.id) };
}

/** For a job whose next turn at the image service is far off. */
export function putOffReply(job: Job, seconds: number): ChatReply {
  return { ...waitingFrame(job), paragraphs: [waiting.putOff({ seconds })] };
}

function waitingFrame(job: Job): ChatReply {
  return {
    ...empty,
    role: "progress",
    mood: "waiting",
    title: waiting.picturesOnTheirWay({ count: job.pictures.length }),
    // An edit may have named none, so it is said which picture changes.
    origin: originWithStyle(
      job.request.parent?.change === "edit" ? job.request : { ...job.request, parent: undefined, sources: undefined },
    ),
    quotes: [{ label: labels.yourWords, words: job.request.prompt }],
    actions: [{ do: "cancel", label: labels.cancel, job: job.id }],
    forAskerOnly: job.request.private,
    askedBy: job.request.askedBy,
  };
}

/** For a request outside the limits: every fault in one answer, and the words kept for a change. */
export function declinedReply(job: Job, faults: Fault[]): ChatReply {
  return {
    ...empty,
    role: "answer",
    mood: "declined",
    title: declined.title,
    paragraphs: [declined.intro, ...faults.map(sentenceOfFault)],
    actions: [revise(job)],
    forAskerOnly: true,
    askedBy: job.request.askedBy,
  };
}

/** The final answer of a settled job: pictures, what is missing and why; or a refusal; or an apology. */
export function finalReply(job: Job, settings: Settings, state?: PersonState): ChatReply {
  const has = (state: JobPicture["state"]) => job.pictures.some((picture) => picture.state === state);
  if (job.sourceFaults) return badSourceReply(job, job.sourceFaults);
  if (keptOf(job).length) return pictureReply(job, notesOf(job, settings), settings);
  if (has("deleted")) return deletedReply(job, settings);
  if (has("cancelled")) return cancelledReply(job, settings);
  if (has("refused")) return refusedReply(job, settings, state);
  return failedReply(job, settings);
}

/** What is missing in an answer that has pictures. */
function notesOf(job: Job, settings: Settings): Text[] {
  const { pictures, request } = job;
  const missing = pictures.filter(({ state }) => !["kept", "deleting", "deleted"].includes(state));
  const deleted = pictures.filter(({ state }) => state === "deleted").length;
  return [
    ...(missing.length ? [finished.someMissing({ missing: missing.length, count: pictures.length })] : []),
    ...reasonsOf(missing, job, settings, request.private),
    ...(deleted ? [finished.someDeleted({ count: deleted })] : []),
    ...styleNotes(job),
  ];
}

/** What of its style did not go along. */
function styleNotes({ styleLeftOut: { words, pictures } = {} }: Job): Text[] {
  return [...(words ? [styles.cut] : []), ...(pictures ? [styles.picturesGone({ count: pictures })] : [])];
}

/** The words are shown, for they are all that is left: with the same pictures, other words would fare no better. */
function badSourceReply(job: Job, faults: PlacedFault[]): ChatReply {
  return {
    ...declinedReply(job, []),
    paragraphs: [declined.intro, ...faults.map(sentenceOfPlacedFault)],
    actions: [],
    quotes: [{ label: labels.yourWords, words: job.request.prompt }],
  };
}

function cancelledReply(job: Job, settings: Settings): ChatReply {
  const { request, cancelledBy, pictures } = job;
  const isFree = pictures.every(({ state, callCancelled }) => state === "cancelled" && !callCancelled);
  return {
    ...empty,
    role: "answer",
    mood: "declined",
    title: cancelled.title,
    paragraphs: [
      ...(cancelledBy && !cancelledBy.isAsker ? [cancelled.by({ name: nameOf(cancelledBy) })] : []),
      ...(isFree ? [cancelled.free] : reasonsOf(pictures, job, settings, request.private)),
    ],
    // Whoever else had a reason to cancel it may not want to see the words stand here.
    quotes: cancelledBy?.isAsker === false ? [] : [{ label: labels.yourWords, words: request.prompt }],
    actions: [revise(job)],
    forAskerOnly: request.private,
    askedBy: request.askedBy,
  };
}

export function deletedBy(person: { name: string }): Said {
  return finished.deleted({ by: nameOf(person) });
}

/** Teams does not always say what somebody is called. */
function nameOf({ name }: { name: string }): Text {
  return name || labels.somebody;
}

type Deletion = NonNullable<JobPicture["deletedBy"]>;

function deletion({ name, why }: Deletion, settings: Settings): Said {
  if (why === "forgotten") return finished.forgotten;
  if (why !== "days are over") return deletedBy({ name });
  const days = keepDaysOf(settings);
  return days ? finished.daysAreOver({ days }) : finished.daysWereOver;
}

function deletedReply({ request, pictures }: Job, settings: Settings): ChatReply {
  const deletions = pictures.flatMap(({ deletedBy: by }) => (by ? [deletion(by, settings)] : []));
  return {
    ...empty,
    role: "answer",
    mood: "declined",
    paragraphs: withoutCopies(deletions),
    forAskerOnly: request.private,
    askedBy: request.askedBy,
  };
}

/** What a filter has seen is for the asker alone: where others read along, it is only said that there was one. */
function reasonsOf(pictures: JobPicture[], job: Job, settings: Settings, forAskerOnly = true): Text[] {
  const sentences = pictures.map((picture) => {
    if (picture.state === "cancelled") return picture.callCancelled ? cancelled.underWay : cancelled.notBegun;
    if (!picture.refusal) return sentenceOfFailure(picture, job, { isTold: isAlerting(settings) });
    return forAskerOnly ? sentenceOfRefusal(picture, job) : refused.heldBack;
  });
  const help = forAskerOnly && pictures.some((picture) => pointsToHelp(picture, job));
  return [...withoutCopies(sentences), ...(help ? [settings.helpLine ?? refused.help] : [])];
}

/** Two pictures may have the same reason. */
function withoutCopies(said: Said[]): Said[] {
  return said.filter((one, index) => said.findIndex((other) => isDeepStrictEqual(one, other)) === index);
}

function refusedReply(job: Job, settings: Settings, state?: PersonState): ChatReply {
  const help = job.pictures.some((picture) => pointsToHelp(picture, job));
  return {
    ...empty,
    role: "answer",
    mood: "declined",
    title: help ? refused.titleWithHelp : refused.title,
    paragraphs: [
      ...reasonsOf(job.pictures, job, settings),
      ...(help ? [] : [refused.wayOn]),
      ...brakeNotes(settings, state),
    ],
    actions: [revise(job), ...(settings.ideas && !help ? [suggest(job)] : [])],
    forAskerOnly: true,
    askedBy: job.request.askedBy,
    reference: referenceOf(job.id),
  };
}

/** What holds for somebody whom the filter has stopped again and again. The whole reply is for them alone. */
function brakeNotes(settings: Settings, state: PersonState | undefined): Said[] {
  const { person } = brakeIn(settings);
  if (!person || !state) return [];
  const { slowUntil, pausedUntil } = state;
  if (pausedUntil) return [brake.pauseBegins({ until: new Date(pausedUntil).toISOString() })];
  return slowUntil ? [brake.slow({ until: new Date(slowUntil).toISOString(), seconds: person.slowSeconds })] : [];
}

/** To somebody who is paused: their words are kept for later. */
export function pausedReply(job: Job, until: number): ChatReply {
  return {
    ...declinedReply(job, []),
    title: brake.pausedTitle,
    paragraphs: [brake.paused({ until: new Date(until).toISOString() })],
  };
}

function failedReply(job: Job, settings: Settings): ChatReply {
  const isNamed = job.pictures.some(({ refusedOption }) => refusedOption);
  return {
    ...empty,
    role: "answer",
    mood: "sorry",
    title: isNamed ? failed.titleOfBadRequest : failed.title,
    paragraphs: reasonsOf(job.pictures, job, settings),
    actions: [revise(job)],
    forAskerOnly: job.request.private,
    askedBy: job.request.askedBy,
    reference: referenceOf(job.id),
  };
}

function revise(job: Job): ReplyAction {
  return { do: "revise", label: labels.revise, job: job.id, words: wordsToRevise(job.request) };
}

function suggest(job: Job): ReplyAction {
  return { do: "suggest", label: suggestions.ask, job: job.id };
}

/** An apology for a request that was not taken. */
export function sorryReply(said: Said, reference?: string): ChatReply {
  return {
    ...empty,
    role: "answer",
    mood: "sorry",
    title: failed.title,
    paragraphs: [said],
    forAskerOnly: true,
    reference,
  };
}

/** A word to somebody who pressed what is not theirs, or is no more. Nothing has failed. */
export function privateWordReply(said: Said): ChatReply {
  return { ...empty, role: "word", mood: "declined", paragraphs: [said], forAskerOnly: true };
}

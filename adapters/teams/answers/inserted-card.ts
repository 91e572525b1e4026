import { aheadOf, changeAddress, readNewest } from "../../../src/jobs/line.ts";
import { drawingReply, finalReply, waitingReply } from "../../../src/replies/compose-reply.ts";
import { forOthers } from "../../../src/replies/for-others.ts";
import { isFinished, isSettled } from "../../../src/jobs/job.ts";
import type { Job } from "../../../src/jobs/job.ts";
import { isAsker, mayLook } from "../../../src/jobs/rights.ts";
import { becauseOf, log } from "../../../src/log.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import type { ImageRequest } from "../../../src/request/request.ts";
import { sentencesFor } from "../../../src/words/said.ts";
import type { Said } from "../../../src/words/said.ts";
import { failed, inserted, labels, together, waiting } from "../../../src/words/sentences.ts";
import { askerOf, TeamsAddress } from "../address.ts";
import { sendButton } from "../card/card-parts.ts";
import type { Card, Element } from "../card/card-parts.ts";
import { fieldsToMend, longestPromptOf } from "../card/request-form.ts";
import type { Reception } from "./reception.ts";
import { showCard } from "../show.ts";
import { accept, announceAt } from "./answer-request.ts";

/** As often as somebody may have changed the words of one card. */
const MOST_REVISIONS = 30;

/**
 * The card that a person sends by the message extension, and that nobody can change any more. Whoever asked sees in its
 * place what has come of it; all others do by its button.
 */
export function insertedCard(job: Job, { settings }: Pick<Reception, "settings">): Card {
  const reply: ChatReply = {
    role: "progress",
    mood: "waiting",
    title: inserted.title,
    paragraphs: [],
    quotes: [{ label: labels.yourWords, words: job.request.prompt }],
    pictures: [],
    facts: [],
    actions: [],
    forAskerOnly: false,
    askedBy: job.request.askedBy,
  };
  return withLook(showCard(reply, { longestPrompt: longestPromptOf(settings), shared: true }), job);
}

/** The client of whoever asked looks by itself, each time that the card comes to be seen. */
function withLook(card: Card, { id, request }: Job, isOver = false): Card {
  const look: Element = sendButton(sentencesFor(request.askedBy.locale).labels.showPicture, { do: "look", job: id });
  const { fallback: _fallback, ...action } = look;
  const address = TeamsAddress.safeParse(request.address);
  return {
    ...card,
    ...(address.success && { refresh: { action, userIds: [address.data.user.id] } }),
    actions: [...(isOver ? [] : [look]), ...(card.actions ?? [])],
  };
}

export type Seen = { card: Card; reply: ChatReply } | { word: Said };

/** What has come of an inserted card's job by now, for the eyes of whoever looks. */
export async function answerLook(jobId: string, address: TeamsAddress, reception: Reception): Promise<Seen> {
  const signal = AbortSignal.any([
    reception.deadline.signal,
    AbortSignal.timeout(reception.teams.times.insertedLimitMilliseconds),
  ]);
  try {
    const job = await newestOf(jobId, reception, signal);
    if (!job?.order) return { word: failed.goneJob };
    if (!mayLook(job, askerOf(address))) return { word: failed.notForYou };
    return await lookCard(job, address, reception);
  } catch (error) {
    log.error({ because: becauseOf(error), job: jobId }, "teams: what came of an inserted card could not be read");
    return { word: failed.storage };
  }
}

async function newestOf(jobId: string, { azure }: Reception, signal: AbortSignal): Promise<Job | undefined> {
  let newest = await readNewest(jobId, azure, signal);
  for (let revisions = 0; revisions < MOST_REVISIONS; revisions += 1) {
    const next = newest?.address.nowJob;
    if (typeof next !== "string") break;
    newest = await readNewest(next, azure, signal);
  }
  return newest;
}

/** A refusal is its asker's alone; all others see that no picture came. */
export async function lookCard(
  job: Job,
  address: TeamsAddress,
  reception: Reception,
): Promise<{ card: Card; reply: ChatReply } | { word: Said }> {
  const whole = replyOf(job, reception);
  const reply = whole.forAskerOnly && !isAsker(job.request, askerOf(address)) ? forOthers(whole) : whole;
  if (!reply) return { word: failed.notForYou };
  const card = showCard(reply, { longestPrompt: longestPromptOf(reception.settings), shared: true });
  return { card: withLook(card, job, isFinished(job)), reply };
}

function replyOf(job: Job, { settings, azure }: Reception): ChatReply {
  if (isSettled(job)) return finalReply(withoutDeleted(job), settings);
  if (job.pictures.some(({ state }) => state !== "waiting")) {
    const seconds = (Date.now() - Date.parse(job.acceptedAt)) / 1000;
    return drawingReply(job, { seconds }, settings);
  }
  const before = aheadOf(job, azure).length;
  return waitingReply(job, { before });
}

/** What is to be deleted is not shown any more, though a worker is still at it. */
function withoutDeleted(job: Job): Job {
  const pictures = job.pictures.map((picture) =>
    picture.state === "deleting" ? { ...picture, state: "deleted" as const } : picture,
  );
  return { ...job, pictures };
}

/** Other words for an inserted card: the new job shows in it from now on, for everybody. */
export async function reviseInserted(
  request: ImageRequest,
  before: string,
  address: TeamsAddress,
  reception: Reception,
): Promise<{ card: Card } | { word: Said }> {
  const { settings, azure, deadline } = reception;
  const place = { ...address, activityId: null, targeted: false, inserted: true, nowJob: null };
  const acceptance = await accept(request, place, reception);
  if (acceptance.outcome === "known") return { word: waiting.picturesOnTheirWay({ count: 1 }) };
  const { reply } = acceptance;
  if (acceptance.outcome === "declined" && !reply.actions.length) return { word: together(reply.paragraphs) };
  const fields = fieldsToMend(request, settings);
  const card = showCard(reply, { longestPrompt: longestPromptOf(settings), shared: true, fields });
  if (acceptance.outcome === "declined") return { card };
  const { job } = acceptance;
  await changeAddress(before, { ...place, nowJob: job.id }, azure, deadline.signal).catch((error: unknown) =>
    log.warn({ because: becauseOf(error), job: before }, "teams: an inserted card goes on showing what it was before"),
  );
  await announceAt(place, acceptance, reception);
  return { card: withLook(card, job) };
}

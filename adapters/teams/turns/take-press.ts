import { privateWordReply } from "../../../src/replies/compose-reply.ts";
import { requestOfRevision, sorryForDraft } from "../../../src/ask/go-on.ts";
import { isExpired, readDraft, requestOfDraft } from "../../../src/jobs/drafts.ts";
import { sentenceOfFault } from "../../../src/words/fault-sentences.ts";
import { isFinished } from "../../../src/jobs/job.ts";
import { readNewest } from "../../../src/jobs/line.ts";
import { becauseOf, log } from "../../../src/log.ts";
import { CELLS } from "../../../src/pixels/grid-and-mask.ts";
import type { ImageRequest } from "../../../src/request/request.ts";
import { edit, failed, waiting } from "../../../src/words/sentences.ts";
import { askerOf, newMessageAt, personOf } from "../address.ts";
import type { TeamsAddress } from "../address.ts";
import { CARD_TYPE } from "../door/activity.ts";
import type { Card } from "../card/card-parts.ts";
import { reviseInserted, takeLook } from "./inserted-card.ts";
import { askedIn, cellsIn, CHANGE } from "../card/button-data.ts";
import type { Pressed, PressedForm } from "../card/button-data.ts";
import { jobIdOf, requestFrom } from "../read.ts";
import type { Press } from "../read.ts";
import { takeButton } from "./take-button.ts";
import { answer, takePressedRequest, takeRequest } from "./take-request.ts";
import type { PressedCard } from "./take-request.ts";
import type { Reception } from "./reception.ts";

/** What an Action.Execute is answered with, in the body of HTTP 200: a card in place of the pressed one, or words that the presser alone sees. */
export type ExecuteAnswer = { statusCode: 200; type: string; value: Card | string };

/** Of the 5 s that an invoke has. */
const READ_MILLISECONDS = 1500;

export async function takeExecute(press: Press, reception: Reception): Promise<ExecuteAnswer> {
  const { pressed, address } = press;
  if (pressed.do === "look") return answerOf(await takeLook(pressed.job, address, reception));
  if (!isForm(pressed)) return answerOf(await takeButton({ ...press, pressed }, reception));
  const read = await readRequest(pressed, press, reception);
  if ("sorry" in read) return words(read.sorry);
  if (read.insertedAs) return answerOf(await reviseInserted(read.request, read.insertedAs, address, reception));
  const taken = await takePressedRequest(read.request, read.address, reception, read.card);
  if ("card" in taken) return answerOf(taken);
  if (taken.outcome === "declined") return words(taken.reply.paragraphs.join(" "));
  return words((await isOver(read.request.id, reception)) ? waiting.isHereAlready : waiting.picturesOnTheirWay(1));
}

function isForm(pressed: Pressed): pressed is PressedForm {
  return pressed.do === "revise" || pressed.do === "imagine" || pressed.do === "change";
}

/** From a client that knows no Action.Execute: what would be words in its answer is a message. */
export async function takeSubmit(press: Press, reception: Reception): Promise<void> {
  const { pressed, address } = press;
  const tell = (said: string) => answer(newMessageAt(address, false), privateWordReply(said), reception);
  if (pressed.do === "look") {
    const seen = await takeLook(pressed.job, address, reception);
    const reply = "reply" in seen ? { ...seen.reply, forAskerOnly: true } : privateWordReply(seen.said);
    await answer(newMessageAt(address, false), reply, reception);
  } else if (isForm(pressed)) {
    const read = await readRequest(pressed, press, reception);
    if ("sorry" in read) await tell(read.sorry);
    else await takeRequest(read.request, read.address, reception, { card: read.card });
  } else {
    const told = await takeButton({ ...press, pressed }, reception);
    if ("said" in told && !told.stands) await tell(told.said);
  }
}

function answerOf(told: { card: Card } | { said: string }): ExecuteAnswer {
  return "card" in told ? { statusCode: 200, type: CARD_TYPE, value: told.card } : words(told.said);
}

export function words(text: string): ExecuteAnswer {
  return { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: text };
}

async function isOver(jobId: string, { azure, deadline }: Reception): Promise<boolean> {
  const job = await readNewest(jobId, azure, deadline.signal).catch(() => undefined);
  return job !== undefined && isFinished(job);
}

/** `address` is for a message of its own; `insertedAs` is the job whose card a person sent, where that is the pressed one. */
type Read = { request: ImageRequest; address: TeamsAddress; card: PressedCard; insertedAs?: string };

/** The request that a form means, if the presser is the one who may. */
async function readRequest(
  pressed: PressedForm,
  press: Press,
  { azure, deadline }: Reception,
): Promise<Read | { sorry: string }> {
  const signal = AbortSignal.any([deadline.signal, AbortSignal.timeout(READ_MILLISECONDS)]);
  try {
    switch (pressed.do) {
      case "imagine":
        return readForm(pressed, press);
      case "revise":
        return await readRevision(pressed, press, azure, signal);
      case "change":
        return await readChange(pressed, press, azure, signal);
    }
  } catch (error) {
    log.error({ because: becauseOf(error), pressed: pressed.do }, "teams: what a form is about could not be read");
    return { sorry: failed.storage };
  }
}

function readForm(pressed: Extract<PressedForm, { do: "imagine" }>, { address }: Press): Read | { sorry: string } {
  if (pressed.asker !== personOf(address.user)) return { sorry: failed.notYours };
  const place = newMessageAt(address, pressed.targeted === "yes");
  const event = eventOf(pressed, address);
  return { request: requestFrom(askedIn(pressed), place, event), address: place, card: cardOf(pressed, address, "") };
}

async function readRevision(
  pressed: Extract<PressedForm, { do: "revise" }>,
  { address }: Press,
  azure: Reception["azure"],
  signal: AbortSignal,
): Promise<Read | { sorry: string }> {
  const job = await readNewest(pressed.job, azure, signal);
  if (!job) return { sorry: failed.goneJob };
  const { askedBy, private: isPrivate } = job.request;
  if (askedBy.platform !== "teams" || askedBy.user !== personOf(address.user)) return { sorry: failed.notYours };
  const place = newMessageAt(address, isPrivate);
  const { prompt, options, unknownOptions } = askedIn(pressed, job.request);
  const id = jobIdOf(address, eventOf(pressed, address));
  const asked = { id, by: askerOf(address), address: place, words: prompt, options };
  const request = { ...requestOfRevision(job, asked), unknownOptions };
  const card = cardOf(pressed, address, pressed.job);
  return { request, address: place, card, insertedAs: job.address.inserted === true ? job.id : undefined };
}

async function readChange(
  pressed: Extract<PressedForm, { do: "change" }>,
  { address }: Press,
  azure: Reception["azure"],
  signal: AbortSignal,
): Promise<Read | { sorry: string }> {
  const draft = await readDraft(pressed.draft, azure, signal);
  if (!draft || isExpired(draft)) return { sorry: edit.expired };
  if (draft.askedBy.platform !== "teams" || draft.askedBy.user !== personOf(address.user))
    return { sorry: failed.notYours };
  const change = pressed[CHANGE]?.trim() ?? "";
  if (!change) return { sorry: sentenceOfFault({ fault: "prompt empty" }) };
  const gone = await sorryForDraft(draft, askerOf(address), azure);
  if (gone) return { sorry: gone };
  const picked = cellsIn(pressed);
  const cells = CELLS.filter((cell) => picked.includes(cell));
  const place = newMessageAt(address, draft.private);
  const id = jobIdOf(address, ["change", draft.id, change, cells.join()]);
  const region = cells.length ? { cells } : undefined;
  const request = { ...requestOfDraft(draft, { id, words: change, region }), address: place };
  return { request, address: place, card: cardOf(pressed, address, draft.id) };
}

/** For a form, the message that bears it and all that was sent along: pressing twice is asking once. */
function eventOf(pressed: PressedForm, { activityId }: TeamsAddress): string[] {
  return ["pressed", activityId ?? "", JSON.stringify(pressed)];
}

/** The card itself, of which each place may have had several: a form, or what came of one job or edit. */
function cardOf({ targeted }: PressedForm, address: TeamsAddress, about: string): PressedCard {
  const { conversationId, activityId } = address;
  const mark = { what: "pressed", of: JSON.stringify([conversationId, activityId, about]) } as const;
  return { mark, address: { ...newMessageAt(address, targeted === "yes"), activityId } };
}

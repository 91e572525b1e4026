import type { Say } from "../../../src/ask/press.ts";
import { takeForm } from "../../../src/ask/sent-form.ts";
import { privateWordReply } from "../../../src/replies/compose-reply.ts";
import { sentenceOfFault } from "../../../src/words/fault-sentences.ts";
import { isFinished } from "../../../src/jobs/job.ts";
import { readNewest } from "../../../src/jobs/line.ts";
import { isAsker } from "../../../src/jobs/rights.ts";
import type { ImageRequest } from "../../../src/request/request.ts";
import { sentencesFor, speak } from "../../../src/words/said.ts";
import type { Said } from "../../../src/words/said.ts";
import { failed, together, waiting } from "../../../src/words/sentences.ts";
import { askerOf, newMessageAt } from "../address.ts";
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

export async function takeExecute(press: Press, reception: Reception): Promise<ExecuteAnswer> {
  const { pressed, address } = press;
  if (pressed.do === "look") return answerOf(await takeLook(pressed.job, address, reception), reception);
  if (!isForm(pressed)) return answerOf(await takeButton({ ...press, pressed }, reception), reception);
  const read = await readRequest(pressed, press, reception);
  if ("say" in read) return words(read.say, reception);
  if (read.insertedAs)
    return answerOf(await reviseInserted(read.request, read.insertedAs, address, reception), reception);
  const taken = await takePressedRequest(read.request, read.address, reception, read.card);
  if ("card" in taken) return answerOf(taken, reception);
  if (taken.outcome === "declined") return words(together(taken.reply.paragraphs), reception);
  const isHere = await isOver(read.request.id, reception);
  return words(isHere ? waiting.isHereAlready : waiting.picturesOnTheirWay({ count: 1 }), reception);
}

function isForm(pressed: Pressed): pressed is PressedForm {
  return pressed.do === "revise" || pressed.do === "imagine" || pressed.do === "change";
}

/** From a client that knows no Action.Execute: what would be words in its answer is a message. */
export async function takeSubmit(press: Press, reception: Reception): Promise<void> {
  const { pressed, address } = press;
  const tell = (said: Said) => answer(newMessageAt(address, false), privateWordReply(said), reception);
  if (pressed.do === "look") {
    const seen = await takeLook(pressed.job, address, reception);
    const reply = "reply" in seen ? { ...seen.reply, forAskerOnly: true } : privateWordReply(seen.said);
    await answer(newMessageAt(address, false), reply, reception);
  } else if (isForm(pressed)) {
    const read = await readRequest(pressed, press, reception);
    if ("say" in read) await tell(read.say);
    else await takeRequest(read.request, read.address, reception, { card: read.card });
  } else {
    const told = await takeButton({ ...press, pressed }, reception);
    if ("said" in told && !told.stands) await tell(told.said);
  }
}

function answerOf(told: { card: Card } | { said: Said }, reception: Reception): ExecuteAnswer {
  return "card" in told ? { statusCode: 200, type: CARD_TYPE, value: told.card } : words(told.said, reception);
}

export function words(said: Said, { locale }: Pick<Reception, "locale">): ExecuteAnswer {
  const value = speak(said, sentencesFor(locale));
  return { statusCode: 200, type: "application/vnd.microsoft.activity.message", value };
}

async function isOver(jobId: string, { azure, deadline }: Reception): Promise<boolean> {
  const job = await readNewest(jobId, azure, deadline.signal).catch(() => undefined);
  return job !== undefined && isFinished(job);
}

/** `address` is for a message of its own; `insertedAs` is the job whose card a person sent, where that is the pressed one. */
type Read = { request: ImageRequest; address: TeamsAddress; card: PressedCard; insertedAs?: string };

/** The request that a form means, if the presser is the one who may. */
async function readRequest(pressed: PressedForm, press: Press, reception: Reception): Promise<Read | Pick<Say, "say">> {
  const { address } = press;
  const by = askerOf(address);
  if (pressed.do === "imagine") {
    if (!isAsker({ askedBy: { platform: by.platform, user: pressed.asker } }, by)) return { say: failed.notYours };
    const place = newMessageAt(address, pressed.targeted === "yes");
    const request = requestFrom(askedIn(pressed), place, eventOf(pressed, address));
    return { request, address: place, card: cardOf(pressed, address, "") };
  }
  const signal = AbortSignal.any([
    reception.deadline.signal,
    AbortSignal.timeout(reception.teams.times.readLimitMilliseconds),
  ]);
  const id = jobIdOf(address, eventOf(pressed, address));
  const sent = { ...sentBy(pressed), by, id, address: newMessageAt(address, false), signal };
  const outcome = await takeForm(sent, reception.settings, reception.azure);
  if ("say" in outcome) return outcome;
  const { draw, revises } = outcome;
  // The card stays as it is, with the cells that were picked.
  if (pressed.do === "change" && !draw.prompt) return { say: sentenceOfFault({ fault: "prompt empty" }) };
  const place = newMessageAt(address, draw.private);
  const insertedAs = revises?.address.inserted === true ? revises.id : undefined;
  return { request: { ...draw, address: place }, address: place, card: cardOf(pressed, address, sent.of), insertedAs };
}

function sentBy(pressed: Exclude<PressedForm, { do: "imagine" }>) {
  if (pressed.do === "revise")
    return { does: pressed.do, of: pressed.job, read: (before: ImageRequest) => askedIn(pressed, before) };
  return { does: pressed.do, of: pressed.draft, words: wordsOfChange(pressed), cells: cellsIn(pressed) };
}

function wordsOfChange(pressed: Extract<PressedForm, { do: "change" }>): string {
  return pressed[CHANGE]?.trim() ?? "";
}

/** For a form, the message that bears it and all that was sent along: pressing twice is asking once. */
function eventOf(pressed: PressedForm, { activityId }: TeamsAddress): string[] {
  if (pressed.do === "change") return ["change", pressed.draft, wordsOfChange(pressed), cellsIn(pressed).join()];
  return ["pressed", activityId ?? "", JSON.stringify(pressed)];
}

/** The card itself, of which each place may have had several: a form, or what came of one job or edit. */
function cardOf({ targeted }: PressedForm, address: TeamsAddress, about: string): PressedCard {
  const { conversationId, activityId } = address;
  const once = { what: "form", of: JSON.stringify([conversationId, activityId, about]) } as const;
  return { once, address: { ...newMessageAt(address, targeted === "yes"), activityId } };
}

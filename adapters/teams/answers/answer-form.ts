import { requestToChange } from "../../../src/ask/change-last.ts";
import type { Word } from "../../../src/ask/press.ts";
import { doForm } from "../../../src/ask/sent-form.ts";
import { sentenceOfFault } from "../../../src/words/fault-sentences.ts";
import { isFinished } from "../../../src/jobs/job.ts";
import { readNewest } from "../../../src/jobs/line.ts";
import { isAsker } from "../../../src/jobs/rights.ts";
import { mendOptions } from "../../../src/request/mend.ts";
import type { ImageRequest } from "../../../src/request/request.ts";
import type { Settings } from "../../../src/settings.ts";
import { edit, failed, together, waiting } from "../../../src/words/sentences.ts";
import { askerOf, newMessageAt } from "../address.ts";
import type { TeamsAddress } from "../address.ts";
import { reviseInserted } from "./inserted-card.ts";
import { askedIn, cellsIn, CHANGE } from "../card/button-data.ts";
import type { PressedForm } from "../card/button-data.ts";
import { jobIdOf, requestFrom } from "../read.ts";
import type { Press } from "../read.ts";
import type { Told } from "./answer-press.ts";
import { answerPressedRequest, answerRequest } from "./answer-request.ts";
import type { PressedCard } from "./answer-request.ts";
import type { Reception } from "./reception.ts";

/** A form that is answered with what takes its place. */
export async function answerForm(pressed: PressedForm, press: Press, reception: Reception): Promise<Told> {
  const read = await readRequest(pressed, press, reception);
  if ("word" in read) return read;
  if (read.insertedAs) return reviseInserted(read.request, read.insertedAs, press.address, reception);
  const taken = await answerPressedRequest(read.request, read.address, reception, read.card);
  if ("card" in taken) return taken;
  if (taken.outcome === "declined") return { word: together(taken.reply.paragraphs) };
  const isHere = await isOver(read.request.id, reception);
  return { word: isHere ? waiting.isHereAlready : waiting.picturesOnTheirWay({ count: 1 }) };
}

/** From a client that knows no Action.Execute. What is returned is to be told; nothing where all is said. */
export async function answerSubmittedForm(
  pressed: PressedForm,
  press: Press,
  reception: Reception,
): Promise<Word | undefined> {
  const read = await readRequest(pressed, press, reception);
  if ("word" in read) return read;
  await answerRequest(read.request, read.address, reception, { card: read.card });
}

async function isOver(jobId: string, { azure, deadline }: Reception): Promise<boolean> {
  const job = await readNewest(jobId, azure, deadline.signal).catch(() => undefined);
  return job !== undefined && isFinished(job);
}

/** `address` is for a message of its own; `insertedAs` is the job whose card a person sent, where that is the pressed one. */
type Read = { request: ImageRequest; address: TeamsAddress; card: PressedCard; insertedAs?: string };

/** The request that a form means, if the presser is the one who may. */
async function readRequest(pressed: PressedForm, press: Press, reception: Reception): Promise<Read | Word> {
  const { address } = press;
  const by = askerOf(address);
  const { readLimitMilliseconds } = reception.teams.times;
  const signal = AbortSignal.any([reception.deadline.signal, AbortSignal.timeout(readLimitMilliseconds)]);
  if (pressed.do === "imagine" || pressed.do === "alter") {
    if (!isAsker({ askedBy: { platform: by.platform, user: pressed.asker } }, by)) return { word: failed.notYours };
    const isForAll = pressed.do === "imagine" && pressed.forAll === "yes";
    const place = newMessageAt(address, pressed.targeted === "yes" && !isForAll);
    const request = requestFrom(askedIn(pressed), place, eventOf(pressed, address));
    const card = cardOf(pressed, address, "");
    if (pressed.do === "imagine") return { request, address: place, card };
    if (!request.prompt) return { word: edit.whatChanges };
    const change = { ...request, ref: pressed.ref, by, signal };
    const outcome = await requestToChange(change, reception.settings, reception.azure);
    return "word" in outcome ? outcome : { request: outcome.draw, address: place, card };
  }
  const id = jobIdOf(address, eventOf(pressed, address));
  const sent = { ...sentBy(pressed, reception.settings), by, id, address: newMessageAt(address, false), signal };
  const outcome = await doForm(sent, reception.settings, reception.azure);
  if ("word" in outcome) return outcome;
  const { draw, revises } = outcome;
  // The card stays as it is, with the cells that were picked.
  if (pressed.do === "change" && !draw.prompt) return { word: sentenceOfFault({ fault: "prompt empty" }) };
  const place = newMessageAt(address, draw.private);
  const insertedAs = revises?.address.inserted === true ? revises.id : undefined;
  return { request: { ...draw, address: place }, address: place, card: cardOf(pressed, address, sent.of), insertedAs };
}

/** What was wrong and has no field gives way to the nearest that there is: the card has said so. */
function sentBy(pressed: Exclude<PressedForm, { do: "imagine" | "alter" }>, settings: Settings) {
  if (pressed.do === "revise") {
    const read = (before: ImageRequest) =>
      askedIn(pressed, { prompt: before.prompt, options: mendOptions(before, settings) });
    return { does: pressed.do, of: pressed.job, read };
  }
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

import { readAddress } from "../../../src/jobs/line.ts";
import { findPicture } from "../../../src/ask/go-on.ts";
import { doPress } from "../../../src/ask/press.ts";
import type { Outcome, Word } from "../../../src/ask/press.ts";
import { saveAsStyle } from "../../../src/ask/save-style.ts";
import { doForm } from "../../../src/ask/sent-form.ts";
import { privacyReply } from "../../../src/privacy/privacy-reply.ts";
import { deletedBy, finalReply, privateWordReply } from "../../../src/replies/compose-reply.ts";
import { log } from "../../../src/log.ts";
import { onePictureReply } from "../../../src/replies/picture-reply.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { readRef } from "../../../src/request/request.ts";
import type { ImageRequest } from "../../../src/request/request.ts";
import { failed, together, waiting } from "../../../src/words/sentences.ts";
import { askerOf, isAmongOthers, newMessageAt } from "../address.ts";
import type { Card } from "../card/card-parts.ts";
import { unlessLate } from "../door/deadline.ts";
import { longestPromptOf } from "../card/request-form.ts";
import { answerLook, lookCard } from "./inserted-card.ts";
import { heldBy, styleBeside, whyBeside, wordsBeside } from "../card/button-data.ts";
import type { PressedButton } from "../card/button-data.ts";
import { jobIdOf } from "../read.ts";
import type { Press } from "../read.ts";
import type { Reception } from "./reception.ts";
import { deliver } from "../send.ts";
import { showCard } from "../show.ts";
import { answer, answerRequest } from "./answer-request.ts";

/**
 * What a press is answered with: words to the presser alone, or a card in place of the pressed one. `forSubmit` is what a
 * client is sent in a message that cannot be answered with a card.
 */
export type Told = Word | { card: Card; forSubmit?: ChatReply };

type ButtonPress = Press & { pressed: PressedButton };

/** A button that leaves its card as it is, but for a question and the next page. What else comes of it is a message of its own. */
export async function answerPress(press: ButtonPress, reception: Reception): Promise<Told> {
  const { pressed } = press;
  if (pressed.do === "back") return bringBack(pressed.ref, press, reception);
  if (pressed.do === "privacy") return turnThePage(() => privacyOf(pressed.what, press, reception), press, reception);
  const outcome = await outcomeOf({ ...press, pressed }, reception);
  if ("draw" in outcome) return drawAnew(outcome.draw, press, reception);
  if ("show" in outcome) {
    return pressed.do === "page" || pressed.do === "wall"
      ? turnThePage(outcome.show, press, reception)
      : showBelow(outcome.show, press, reception);
  }
  if ("ask" in outcome) return inPlace(outcome.ask, press, reception);
  if (!("word" in outcome)) return { word: failed.goneJob };
  return outcome.deletes ? afterDeletion(outcome, press, reception) : outcome;
}

function privacyOf(what: string, { address }: Press, { settings, azure, deadline }: Reception): Promise<ChatReply> {
  return privacyReply({ what, by: askerOf(address), signal: deadline.signal }, settings, azure);
}

/** For the presser alone; all others go on seeing the card as it is. */
function inPlace(reply: ChatReply, { address }: Press, { settings }: Reception): Told {
  const how = { longestPrompt: longestPromptOf(settings), shared: false, locale: address.locale };
  return { card: showCard(reply, how), forSubmit: reply };
}

/** What stood there before the question whether it is to go. */
async function bringBack(ref: string, press: ButtonPress, reception: Reception): Promise<Told> {
  const { address } = press;
  const { settings, azure, deadline } = reception;
  const { signal } = deadline;
  const found = await findPicture({ ref, by: askerOf(address), signal }, azure);
  if ("sorry" in found) return { word: found.sorry, stands: found.stands };
  const { job } = found;
  const own = await readAddress(job.id, azure, signal).catch(() => undefined);
  if (own?.inserted === true) return lookCard(job, address, reception);
  const isOwn = own?.activityId === address.activityId;
  const reply = isOwn ? finalReply(job, settings) : onePictureReply(job, found.ref.place, settings);
  const shared = isOwn && isAmongOthers(address) && !job.request.private;
  const card = showCard(reply, { longestPrompt: longestPromptOf(settings), shared, locale: address.locale });
  return { card };
}

/** Another page in place of the one that was pressed, in the message itself as well: it is the presser's alone. */
async function turnThePage(compose: () => Promise<ChatReply>, press: ButtonPress, reception: Reception): Promise<Told> {
  const { connector, deadline } = reception;
  const { address } = press;
  const turning = async (): Promise<Told> => {
    const reply = await compose();
    if (isWord(reply)) return { word: together(reply.paragraphs) };
    const { card } = inPlace(reply, press, reception) as { card: Card };
    const place = { ...newMessageAt(address, true), activityId: address.activityId };
    void answer(place, { ...reply, onlyInPlace: true }, reception).catch((error: unknown) =>
      log.warn({ error }, "teams: a page could not be turned in its message"),
    );
    return { card };
  };
  const turned = turning().catch((error: unknown): Told => {
    log.error({ error }, "teams: a page could not be turned");
    return { word: failed.unforeseen };
  });
  const left = deadline.left() - connector.times.listWordMilliseconds;
  const patience = AbortSignal.timeout(Math.max(0, Math.ceil(left)));
  return unlessLate(turned, patience, { word: waiting.turning, stands: true });
}

/** A worker takes the picture out of its own message; where it is shown besides, that is done here. */
async function afterDeletion(told: Word, press: ButtonPress, reception: Reception): Promise<Told> {
  const { address } = press;
  const job = readRef(refOf(press))?.job ?? "";
  const own = await readAddress(job, reception.azure).catch(() => undefined);
  if (own?.inserted === true) {
    const seen = await answerLook(job, address, reception);
    return "card" in seen ? { card: seen.card } : told;
  }
  const { activityId } = address;
  if (!activityId || !own || own.activityId === activityId) return told;
  const deleted = privateWordReply(deletedBy(askerOf(address)));
  await answer({ ...newMessageAt(address, true), activityId }, deleted, reception);
  return { ...told, stands: true };
}

function refOf({ pressed }: ButtonPress): string {
  return "ref" in pressed ? (pressed.ref ?? "") : "";
}

type Pressing = ButtonPress & { pressed: Exclude<PressedButton, { do: "back" | "privacy" }> };

function outcomeOf({ pressed, address, event }: Pressing, reception: Reception): Promise<Outcome> {
  const { settings, azure, deadline, teams } = reception;
  const { deleteLimitMilliseconds, readLimitMilliseconds } = teams.times;
  const milliseconds = pressed.do === "sure" ? deleteLimitMilliseconds : readLimitMilliseconds;
  const press = {
    of: heldBy(pressed),
    by: askerOf(address),
    // Each press is a request of its own, and each copy of it the same.
    id: jobIdOf(address, ["button", event]),
    address: newMessageAt(address, false),
    signal: AbortSignal.any([deadline.signal, AbortSignal.timeout(milliseconds)]),
  };
  if (pressed.do === "words" || pressed.do === "revised") {
    const read = (before: ImageRequest) => wordsBeside(pressed, before);
    return doForm({ ...press, does: pressed.do, read, stays: true }, settings, azure);
  }
  if (pressed.do === "report") return doForm({ ...press, does: "report", why: whyBeside(pressed) }, settings, azure);
  const isModerator = isNamedModerator(address, reception);
  if (pressed.do === "style") {
    const { id: event, of, by } = press;
    const style = { ...styleBeside(pressed), refs: [of], brought: [], event };
    return Promise.resolve({ show: (signal) => saveAsStyle({ by, isModerator, signal, ...style }, azure) });
  }
  // A page takes the place of the one before, and Keep pressed twice takes back what it did.
  const isList = !["page", "wall", "keep", "off"].includes(pressed.do);
  const shownIn = isList ? address.conversationId : undefined;
  return doPress({ ...press, does: pressed.do, isModerator, shownIn }, settings, azure);
}

/** The pressed card stays. Where the bot cannot write, as in a chat that it is not in, the presser gets a card to look at in its place. */
async function drawAnew(request: ImageRequest, { address }: Press, reception: Reception): Promise<Told> {
  const place = newMessageAt(address, request.private);
  const orElse = { ...place, inserted: true };
  const taken = await answerRequest({ ...request, address: place }, place, reception, { orElse });
  if (taken.outcome === "declined") return { word: together(taken.reply.paragraphs), stands: true };
  if (taken.outcome === "accepted" && !taken.stands) return lookCard(taken.job, address, reception);
  return { word: waiting.picturesOnTheirWay({ count: 1 }), stands: true };
}

/**
 * A list of pictures, or a form for one, in a message of its own for the presser alone. Making its picture may take longer
 * than a press can wait: then it comes all the same.
 */
async function showBelow(compose: () => Promise<ChatReply>, press: ButtonPress, reception: Reception): Promise<Told> {
  const { settings, connector, deadline } = reception;
  const showing = async (): Promise<Told> => {
    const reply = await compose();
    if (isWord(reply)) return { word: together(reply.paragraphs) };
    const delivery = await deliver(connector, newMessageAt(press.address, false), reply, {
      longestPrompt: longestPromptOf(settings),
    });
    if (delivery.delivered) return { word: waiting.below, stands: true };
    log.warn({ because: delivery.because, pressed: press.pressed.do }, "teams: a list could not be shown");
    return { word: delivery.againInSeconds === undefined ? failed.notShownAlone : failed.unforeseen };
  };
  const shown = showing().catch((error: unknown): Told => {
    log.error({ error, pressed: press.pressed.do }, "teams: a list could not be made");
    return { word: failed.unforeseen };
  });
  const left = deadline.left() - connector.times.listWordMilliseconds;
  const patience = AbortSignal.timeout(Math.max(0, Math.ceil(left)));
  return unlessLate(shown, patience, { word: waiting.below, stands: true });
}

/** Nothing but a sentence or two: the press can be answered with it. */
function isWord({ pictures, actions, quotes }: ChatReply): boolean {
  return !pictures.length && !actions.length && !quotes.length;
}

/** Teams tells a bot nothing of roles: the operator names the moderators. */
export function isNamedModerator({ user }: Press["address"], { teams }: Pick<Reception, "teams">): boolean {
  const person = user.aadObjectId?.toLowerCase();
  return teams.mode === "registered" && person !== undefined && teams.moderators.includes(person);
}

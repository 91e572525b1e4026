import { readAddress } from "../../../src/jobs/line.ts";
import { doPress } from "../../../src/ask/press.ts";
import type { Outcome, Word } from "../../../src/ask/press.ts";
import { doForm } from "../../../src/ask/sent-form.ts";
import { deletedBy, privateWordReply } from "../../../src/replies/compose-reply.ts";
import { log } from "../../../src/log.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { readRef } from "../../../src/request/request.ts";
import type { ImageRequest } from "../../../src/request/request.ts";
import { failed, together, waiting } from "../../../src/words/sentences.ts";
import { askerOf, newMessageAt } from "../address.ts";
import type { Card } from "../card/card-parts.ts";
import { unlessLate } from "../door/deadline.ts";
import { longestPromptOf } from "../card/request-form.ts";
import { lookCard } from "./inserted-card.ts";
import { heldBy, whyBeside, wordsBeside } from "../card/button-data.ts";
import type { PressedButton } from "../card/button-data.ts";
import { jobIdOf } from "../read.ts";
import type { Press } from "../read.ts";
import type { Reception } from "./reception.ts";
import { deliver } from "../send.ts";
import { answer, answerRequest } from "./answer-request.ts";

/** What a press is answered with: words to the presser alone, or a card in place of the pressed one. */
export type Told = Word | { card: Card };

type ButtonPress = Press & { pressed: PressedButton };

/** A button that leaves its card as it is. What comes of it is a message of its own. */
export async function answerPress(press: ButtonPress, reception: Reception): Promise<Told> {
  const outcome = await outcomeOf(press, reception);
  if ("draw" in outcome) return drawAnew(outcome.draw, press, reception);
  if ("show" in outcome) return showBelow(outcome.show, press, reception);
  if (!("word" in outcome)) return { word: failed.goneJob };
  const isCopy = outcome.deletes && (await takeOutOfCopy(press, reception));
  return isCopy ? { ...outcome, stands: true } : outcome;
}

function outcomeOf({ pressed, address, event }: ButtonPress, reception: Reception): Promise<Outcome> {
  const { settings, azure, deadline, teams } = reception;
  const { deleteLimitMilliseconds, readLimitMilliseconds } = teams.times;
  const milliseconds = pressed.do === "delete" ? deleteLimitMilliseconds : readLimitMilliseconds;
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
  return doPress({ ...press, does: pressed.do, isModerator, shownIn: address.conversationId }, settings, azure);
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

/** A worker takes the picture out of its own message. Shown once more in another, it goes from there too. True where it did. */
async function takeOutOfCopy({ pressed, address }: ButtonPress, reception: Reception): Promise<boolean> {
  const { activityId } = address;
  const job = readRef(heldBy(pressed))?.job ?? "";
  const own = activityId && (await readAddress(job, reception.azure).catch(() => undefined));
  if (!own || own.inserted === true || own.activityId === activityId) return false;
  const deleted = privateWordReply(deletedBy(askerOf(address)));
  await answer({ ...newMessageAt(address, true), activityId }, deleted, reception);
  return true;
}

/** Teams tells a bot nothing of roles: the operator names the moderators. */
function isNamedModerator({ user }: Press["address"], { teams }: Reception): boolean {
  const person = user.aadObjectId?.toLowerCase();
  return teams.mode === "registered" && person !== undefined && teams.moderators.includes(person);
}

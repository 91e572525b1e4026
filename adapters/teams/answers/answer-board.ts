import { doBoardPress } from "../../../src/brainstorm/press-board.ts";
import { log } from "../../../src/log.ts";
import { privateWordReply } from "../../../src/replies/compose-reply.ts";
import type { ChatForm } from "../../../src/replies/form.ts";
import { sentencesFor, speak } from "../../../src/words/said.ts";
import type { Said } from "../../../src/words/said.ts";
import { failed, waiting } from "../../../src/words/sentences.ts";
import { askerOf, isAmongOthers, newMessageAt } from "../address.ts";
import type { TeamsAddress } from "../address.ts";
import { chatFormCard } from "../card/chat-form.ts";
import { valuesIn } from "../card/button-data.ts";
import type { PressedBoard } from "../card/button-data.ts";
import type { Card } from "../card/card-parts.ts";
import { longestPromptOf } from "../card/request-form.ts";
import { clearUp, putMessage } from "../connector/put-message.ts";
import { unlessLate } from "../door/deadline.ts";
import { eventOf } from "../read.ts";
import type { Press } from "../read.ts";
import { deliver } from "../send.ts";
import { messageWith, showReply } from "../show.ts";
import { isNamedModerator } from "./answer-press.ts";
import type { Told } from "./answer-press.ts";
import type { Reception } from "./reception.ts";

type BoardPress = Press & { pressed: PressedBoard };

/** Where a form is shown to somebody who has sent it and should change something: a client without Action.Execute gets another message. */
type Where = "in place" | "in a message";

/**
 * A button of a board, or a form of one that was sent. The board itself stays: it is shown anew by whoever looks after the session. A
 * form is a message of its own for the presser alone, for the board is edited while people type, and a client that draws a card anew
 * forgets what stood in its fields.
 */
export async function answerBoard(press: BoardPress, reception: Reception, where: Where = "in place"): Promise<Told> {
  const { pressed, address, at } = press;
  const { does, session, round, sent } = pressed;
  const { settings, azure, deadline } = reception;
  const asked = {
    does,
    session,
    round: Number(round),
    values: valuesOf(pressed),
    by: askerOf(address),
    isModerator: isNamedModerator(address, reception),
    at,
    event: eventOfPress(press),
    signal: deadline.signal,
  };
  const outcome = await doBoardPress(asked, settings, azure);
  if ("form" in outcome) {
    const card = formCard(outcome.form, press, sent ?? "own message");
    if (sent && where === "in place") return { card };
    return showAlone(card, outcome.form, press, reception);
  }
  if (sent === "own message" && !outcome.isRefused) reception.goOn(removeForm(address, outcome.word, reception));
  // What a press is answered with is gone with the next edit of the board.
  if (outcome.isToKeep) return bringWord(outcome.word, press, reception);
  return { word: outcome.word };
}

function valuesOf(pressed: PressedBoard): Record<string, string[]> | undefined {
  if (pressed.sent) return valuesIn(pressed);
  return pressed.toggle === undefined ? undefined : { toggle: [pressed.toggle] };
}

/** Each press counts once, however often it is delivered. The same form with the same in it, sent twice, is sent once. */
function eventOfPress({ pressed, address, event }: BoardPress): string {
  if (!pressed.sent) return eventOf(address, ["board", event]);
  const { session, round, does } = pressed;
  const values = JSON.stringify(valuesIn(pressed));
  return eventOf(address, ["form", address.activityId ?? "", askerOf(address).user, session, round, does, values]);
}

function formCard(form: ChatForm, { pressed, address }: BoardPress, sent: "own message" | "in place"): Card {
  const { does, session, round } = pressed;
  const targeted = isAmongOthers(address) ? { targeted: "yes" } : {};
  const data = { do: "board", does, session, round, sent, ...targeted };
  return chatFormCard(form, data, sentencesFor(address.locale), { typed: pressed.sent ? valuesIn(pressed) : {} });
}

/** Below, for the presser alone; where the bot cannot do that just now, in the board's place until the board changes. */
async function showAlone(card: Card, form: ChatForm, press: BoardPress, reception: Reception): Promise<Told> {
  const { connector, deadline } = reception;
  const { address } = press;
  const message = messageWith(card, speak(form.title, sentencesFor(address.locale)));
  const showing = async (): Promise<Told> => {
    const patience = { until: deadline.signal, callUntil: AbortSignal.timeout(connector.times.lateLimitMilliseconds) };
    const outcome = await putMessage(connector, newMessageAt(address, true), { whole: message }, patience);
    if ("stands" in outcome) return { word: waiting.below, stands: true };
    log.warn(
      { ...outcome, does: press.pressed.does },
      "teams: a form of a board could not be shown to one person alone",
    );
    return { card: formCard(form, press, "in place") };
  };
  return inTime(showing(), reception);
}

async function bringWord(word: Said, press: BoardPress, reception: Reception) {
  const { settings, connector } = reception;
  const bringing = async (): Promise<Told> => {
    const delivery = await deliver(connector, newMessageAt(press.address, false), privateWordReply(word), {
      longestPrompt: longestPromptOf(settings),
    });
    return delivery.delivered ? { word: waiting.below, stands: true } : { word };
  };
  return inTime(bringing(), reception);
}

async function inTime(work: Promise<Told>, { connector, deadline }: Reception): Promise<Told> {
  const told = work.catch((error: unknown): Told => {
    log.error({ error }, "teams: what a board was pressed for could not be shown");
    return { word: failed.unforeseen };
  });
  const left = deadline.left() - connector.times.listWordMilliseconds;
  return unlessLate(told, AbortSignal.timeout(Math.max(0, Math.ceil(left))), { word: waiting.below, stands: true });
}

/** What was sent with it has been done. Where a message cannot be taken away, it says what came of it. */
export async function removeForm(address: TeamsAddress, word: Said, reception: Reception): Promise<void> {
  const { settings, connector } = reception;
  const form = { ...newMessageAt(address, true), activityId: address.activityId };
  const how = { locale: address.locale, longestPrompt: longestPromptOf(settings), shared: false };
  await clearUp(connector, form, () => showReply(privateWordReply(word), how));
}

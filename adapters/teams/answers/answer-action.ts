import { privateWordReply } from "../../../src/replies/compose-reply.ts";
import { sentencesFor, speak } from "../../../src/words/said.ts";
import type { Said } from "../../../src/words/said.ts";
import { newMessageAt } from "../address.ts";
import { CARD_TYPE } from "../door/activity.ts";
import type { Card } from "../card/card-parts.ts";
import { answerLook } from "./inserted-card.ts";
import type { Pressed, PressedForm } from "../card/button-data.ts";
import type { Press } from "../read.ts";
import { answerPanel, answerPanelInMessage } from "./answer-panel.ts";
import { answerPress } from "./answer-press.ts";
import type { Told } from "./answer-press.ts";
import { answerBoard } from "./answer-board.ts";
import { answerBeginning } from "./answer-brainstorm.ts";
import { answerForm, answerSubmittedForm } from "./answer-form.ts";
import { answer } from "./answer-request.ts";
import type { Reception } from "./reception.ts";

/** What an Action.Execute is answered with, in the body of HTTP 200: a card in place of the pressed one, or words that the presser alone sees. */
export type ExecuteAnswer = { statusCode: 200; type: string; value: Card | string };

export async function answerExecute(press: Press, reception: Reception): Promise<ExecuteAnswer> {
  const { pressed, address } = press;
  if (pressed.do === "look") return answerOf(await answerLook(pressed.job, address, reception), reception);
  if (pressed.do === "board") return answerOf(await answerBoard({ ...press, pressed }, reception), reception);
  if (pressed.do === "brainstorm") return answerOf(await answerBeginning({ ...press, pressed }, reception), reception);
  if (pressed.do === "panel") return answerOf(await answerPanel({ ...press, pressed }, reception), reception);
  if (!isForm(pressed)) return answerOf(await answerPress({ ...press, pressed }, reception), reception);
  return answerOf(await answerForm(pressed, press, reception), reception);
}

function isForm(pressed: Pressed): pressed is PressedForm {
  return pressed.do === "revise" || pressed.do === "imagine" || pressed.do === "alter" || pressed.do === "change";
}

/** From a client that knows no Action.Execute: what would be words in its answer is a message. */
export async function answerSubmit(press: Press, reception: Reception): Promise<void> {
  const { pressed, address } = press;
  const tell = (said: Said) => answer(newMessageAt(address, false), privateWordReply(said), reception);
  if (pressed.do === "look") {
    const seen = await answerLook(pressed.job, address, reception);
    const reply = "reply" in seen ? { ...seen.reply, forAskerOnly: true } : privateWordReply(seen.word);
    await answer(newMessageAt(address, false), reply, reception);
  } else if (pressed.do === "board" || pressed.do === "brainstorm") {
    const told =
      pressed.do === "board"
        ? await answerBoard({ ...press, pressed }, reception, "in a message")
        : await answerBeginning({ ...press, pressed }, reception);
    if ("word" in told && !told.stands) await tell(told.word);
  } else if (isForm(pressed)) {
    const said = await answerSubmittedForm(pressed, press, reception);
    if (said) await tell(said.word);
  } else {
    const told =
      pressed.do === "panel"
        ? await answerPanelInMessage({ ...press, pressed }, reception)
        : await answerPress({ ...press, pressed }, reception);
    if ("word" in told && !told.stands) await tell(told.word);
    if ("card" in told && told.forSubmit) await answer(newMessageAt(address, false), told.forSubmit, reception);
  }
}

function answerOf(told: Told, reception: Reception): ExecuteAnswer {
  return "card" in told ? { statusCode: 200, type: CARD_TYPE, value: told.card } : words(told.word, reception);
}

export function words(said: Said, { locale }: Pick<Reception, "locale">): ExecuteAnswer {
  const value = speak(said, sentencesFor(locale));
  return { statusCode: 200, type: "application/vnd.microsoft.activity.message", value };
}

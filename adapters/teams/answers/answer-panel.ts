import { log } from "../../../src/log.ts";
import { openPanel } from "../../../src/panels/open-panel.ts";
import type { PanelForm, Visit } from "../../../src/panels/panel.ts";
import { privateWordReply, sorryReply } from "../../../src/replies/compose-reply.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { sentencesFor, speak } from "../../../src/words/said.ts";
import type { Said } from "../../../src/words/said.ts";
import { failed, waiting } from "../../../src/words/sentences.ts";
import { askerOf, isAmongOthers, newMessageAt } from "../address.ts";
import type { TeamsAddress } from "../address.ts";
import { panelIn, valuesIn } from "../card/button-data.ts";
import type { PressedPanel } from "../card/button-data.ts";
import { sendButton } from "../card/card-parts.ts";
import type { Card } from "../card/card-parts.ts";
import { chatFormCard } from "../card/chat-form.ts";
import { longestPromptOf } from "../card/request-form.ts";
import { unlessLate } from "../door/deadline.ts";
import { eventOf } from "../read.ts";
import type { Press, Words } from "../read.ts";
import { showCard } from "../show.ts";
import { runsTenant } from "./admins.ts";
import { bring } from "./answer-command.ts";
import type { Told } from "./answer-press.ts";
import { answer } from "./answer-request.ts";
import type { Reception } from "./reception.ts";

type PanelPress = Press & { pressed: PressedPanel };
/** `title` is that of a form. */
type Opening = Told & { title?: Said };

/** `usage` and `easel`, in a message for whoever writes that alone. True: it stands. */
export async function answerPanelCommand(
  { words, event }: Extract<Words, { words: "usage" | "easel" }>,
  address: TeamsAddress,
  reception: Reception,
): Promise<boolean> {
  const compose = async (): Promise<ChatReply> => {
    const outcome = await openPanel(await visitBy({ panel: words, address, event }, reception), reception);
    return "show" in outcome ? { ...outcome.show, forAskerOnly: true } : privateWordReply(outcome.form.title);
  };
  const reply = await compose().catch((error: unknown) => {
    log.error({ error, panel: words }, "teams: a panel could not be opened");
    return sorryReply(failed.notLookedUp);
  });
  return answer(address, reply, reception);
}

/** The next panel takes the place of the one that was pressed, in the message itself as well; a form takes it for as long as it is looked at. */
export async function answerPanel(press: PanelPress, reception: Reception): Promise<Opening> {
  const { connector, deadline } = reception;
  const opening = open(press, reception).catch((error: unknown): Opening => {
    log.error({ error }, "teams: a panel could not be opened");
    return { word: failed.notLookedUp };
  });
  const left = deadline.left() - connector.times.listWordMilliseconds;
  return unlessLate(opening, AbortSignal.timeout(Math.max(0, Math.ceil(left))), {
    word: waiting.turning,
    stands: true,
  });
}

async function open(press: PanelPress, reception: Reception): Promise<Opening> {
  const { pressed, address } = press;
  const panel = panelIn(pressed);
  if (panel === undefined) return { word: failed.goneJob };
  const values = pressed.sent ? valuesIn(pressed) : undefined;
  const event = eventOf(address, ["panel", press.event]);
  const outcome = await openPanel(await visitBy({ panel, values, address, event }, reception), reception);
  if ("form" in outcome) return { card: formCard(outcome, address), title: outcome.form.title };
  const place = { ...newMessageAt(address, true), activityId: address.activityId };
  void answer(place, { ...outcome.show, onlyInPlace: true }, reception).catch((error: unknown) =>
    log.warn({ error }, "teams: a panel could not be turned in its message"),
  );
  return { card: cardOf(outcome.show, address, reception), forSubmit: outcome.show };
}

/** For a client that knows no Action.Execute, whose press cannot be answered with a card. */
export async function answerPanelInMessage(press: PanelPress, reception: Reception): Promise<Told> {
  const told = await answerPanel(press, reception);
  if (!("card" in told) || !told.title) return told;
  const place = newMessageAt(press.address, true);
  await bring(told.card, speak(told.title, sentencesFor(press.address.locale)), place, reception);
  return { word: waiting.below, stands: true };
}

type Opened = Pick<Visit, "panel" | "values" | "event"> & { address: TeamsAddress };

async function visitBy({ address, ...opened }: Opened, reception: Reception): Promise<Visit> {
  const { deadline, teams, azure } = reception;
  const signal = AbortSignal.any([deadline.signal, AbortSignal.timeout(teams.times.readLimitMilliseconds)]);
  const runsWorkspace = await runsTenant(address, azure, signal);
  return { ...opened, by: askerOf(address), runsWorkspace, hasRoles: false, takesFiles: false, signal };
}

function formCard({ form, panel, back, typed }: PanelForm, address: TeamsAddress): Card {
  const sentences = sentencesFor(address.locale);
  const data = { do: "panel", panel, sent: "yes", ...(isAmongOthers(address) && { targeted: "yes" }) };
  const goBack = sendButton(sentences.easelPanels.back, { do: "panel", panel: back }, {});
  return chatFormCard(form, data, sentences, { typed, beside: [goBack] });
}

function cardOf(reply: ChatReply, { locale }: TeamsAddress, { settings }: Reception): Card {
  return showCard(reply, { longestPrompt: longestPromptOf(settings), shared: false, locale });
}

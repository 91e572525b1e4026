import { askedFault, beginSession } from "../../../src/brainstorm/begin.ts";
import { askedByForm, beginForm } from "../../../src/brainstorm/board-forms.ts";
import { composeBoard } from "../../../src/brainstorm/compose-board.ts";
import { joinSession } from "../../../src/brainstorm/join.ts";
import type { Session } from "../../../src/brainstorm/session.ts";
import type { AskedTopic } from "../../../src/brainstorm/session-options.ts";
import { isAsker } from "../../../src/jobs/rights.ts";
import { privateWordReply } from "../../../src/replies/compose-reply.ts";
import { sentencesFor, speak, speakAll } from "../../../src/words/said.ts";
import type { Said } from "../../../src/words/said.ts";
import { failed, waiting } from "../../../src/words/sentences.ts";
import { askerOf, newMessageAt, personOf } from "../address.ts";
import type { TeamsAddress } from "../address.ts";
import { boardCard } from "../card/board-card.ts";
import { chatFormCard } from "../card/chat-form.ts";
import type { PressedBeginning } from "../card/button-data.ts";
import { valuesIn } from "../card/button-data.ts";
import { eventOf } from "../read.ts";
import type { Heard, Press } from "../read.ts";
import { removeForm } from "./answer-board.ts";
import { bring } from "./answer-command.ts";
import type { Told } from "./answer-press.ts";
import { answer, answerOnlyOnce, patienceFor } from "./answer-request.ts";
import type { Reception } from "./reception.ts";

type HeardBrainstorm = Extract<Heard, { heard: "brainstorm" }>;

/**
 * What somebody writes to begin a brainstorm, or to have its board here as well. Where it works nothing is said: the board comes,
 * shown by whoever looks after the session.
 */
export async function answerBrainstorm(
  { asked, address, event }: HeardBrainstorm,
  reception: Reception,
): Promise<void> {
  const { settings, azure } = reception;
  const place = { by: askerOf(address), address: newMessageAt(address, false), event };
  const tell = (word: Said) =>
    answerOnlyOnce(event, () => answer(address, privateWordReply(word), reception), reception);
  if (asked.command === "join") {
    const joining = { ...place, code: asked.code, signal: patienceIn(reception) };
    const outcome = await joinSession(joining, settings, azure);
    return "word" in outcome ? tell(outcome.word) : undefined;
  }
  const { topic, options, unknownOptions } = asked;
  const isBare = !topic && !unknownOptions.length;
  const fault = isBare ? undefined : askedFault(asked, settings);
  if (isBare || fault)
    return answerOnlyOnce(event, () => bringForm({ topic, options }, fault, address, reception), reception);
  const beginning = { ...asked, ...place, signal: patienceIn(reception) };
  const outcome = await beginSession(beginning, settings, azure);
  if ("word" in outcome) await tell(outcome.word);
}

/** With what was typed in its fields. What was wrong with it is its asker's alone. */
async function bringForm(
  { topic, options }: AskedTopic,
  fault: Said | undefined,
  address: TeamsAddress,
  reception: Reception,
): Promise<boolean> {
  const sentences = sentencesFor(address.locale);
  const form = { ...beginForm(reception.settings), ...(fault && { explanation: fault }) };
  const place = fault ? newMessageAt(address, true) : address;
  const data = {
    do: "brainstorm",
    asker: personOf(address.user),
    ...(place.targeted && { targeted: "yes" }),
  };
  const entries: [string, string][] = Object.entries({ topic, ...options });
  const typed = Object.fromEntries(entries.map(([name, value]) => [name, [value]]));
  const card = chatFormCard(form, data, sentences, { typed });
  return bring(card, speak(form.title, sentences), place, reception);
}

/** The form is sent. Where all see it, the board takes its place, so that pressing twice is asking once. */
export async function answerBeginning(
  { pressed, address }: Press & { pressed: PressedBeginning },
  reception: Reception,
): Promise<Told> {
  const { settings, azure } = reception;
  const by = askerOf(address);
  if (!isAsker({ askedBy: { platform: by.platform, user: pressed.asker } }, by)) return { word: failed.notYours };
  const asked = askedByForm(valuesIn(pressed));
  const fault = askedFault(asked, settings);
  if (fault) return { word: fault };
  const { activityId } = address;
  const isOwn = pressed.targeted === "yes";
  const place = { ...newMessageAt(address, false), activityId: isOwn ? null : activityId };
  const event = eventOf(address, ["form", activityId ?? "", by.user]);
  const signal = patienceIn(reception);
  const outcome = await beginSession({ ...asked, by, address: place, event, signal }, settings, azure);
  if ("word" in outcome) return outcome;
  if (isOwn) {
    reception.goOn(removeForm(address, waiting.below, reception));
    return { word: waiting.below };
  }
  return { card: boardInPlace("began" in outcome ? outcome.began : outcome.known, address, reception) };
}

/** For the presser at once; for all others it comes a moment later. */
function boardInPlace(session: Session, { locale }: TeamsAddress, { settings }: Reception) {
  const [place] = session.boards;
  if (!place) throw new Error("a session has no board");
  const sentences = sentencesFor(locale);
  return boardCard(speakAll(composeBoard(session, place, undefined, settings), sentences), { sentences });
}

function patienceIn(reception: Reception): AbortSignal {
  return AbortSignal.any([reception.deadline.signal, AbortSignal.timeout(patienceFor(reception))]);
}

import { createHash, randomUUID } from "node:crypto";
import { readAddress } from "../../../src/jobs/line.ts";
import { familyReply, historyReply, pickedReply } from "../../../src/ask/browse.ts";
import { checkRequest } from "../../../src/request/check.ts";
import { privateWordReply } from "../../../src/replies/compose-reply.ts";
import { beginEdit, findPicture, requestOfPress, requestOfWords } from "../../../src/ask/go-on.ts";
import { editPanelReply } from "../../../src/ask/begin-edit.ts";
import { readJob } from "../../../src/jobs/job.ts";
import { becauseOf, log } from "../../../src/log.ts";
import { isFirstPress } from "../../../src/storage/first-of-several.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { readRef } from "../../../src/request/request.ts";
import type { Asker, ImageRequest } from "../../../src/request/request.ts";
import { failed, finished, waiting } from "../../../src/words/sentences.ts";
import { cancelJob, deletePicture } from "../../../src/ask/cancel-and-delete.ts";
import { askerOf, newMessageAt } from "../address.ts";
import type { TeamsAddress } from "../address.ts";
import type { Card } from "../card/card-parts.ts";
import { unlessLate } from "../door/deadline.ts";
import { longestPromptOf } from "../card/request-form.ts";
import { lookCard } from "./inserted-card.ts";
import { REF, wordsBeside } from "../card/button-data.ts";
import type { PressedButton } from "../card/button-data.ts";
import { jobIdOf } from "../read.ts";
import type { Press } from "../read.ts";
import type { Reception } from "./reception.ts";
import { deliver } from "../send.ts";
import { answer, takeRequest } from "./take-request.ts";

/** What the presser hears. `stands`: what was asked for is, or comes, in the chat as well. */
export type Told = { said: string; stands: boolean } | { card: Card };

type ButtonPress = Press & { pressed: PressedButton };
type WordsPress = Press & { pressed: Extract<PressedButton, { do: "words" | "revised" }> };

/** Of the 5 s that an invoke has. */
const READ_MILLISECONDS = 1500;
/** Several steps, of which the first alone may take that long. */
const DELETE_MILLISECONDS = 3000;
/** What is left of them to say that a list is on its way. */
const ANSWER_MILLISECONDS = 400;

/** A button that leaves its card as it is. What comes of it is a message of its own. */
export async function takeButton(press: ButtonPress, reception: Reception): Promise<Told> {
  const { pressed, address } = press;
  const { settings, azure } = reception;
  const by = askerOf(address);
  const signal = AbortSignal.any([reception.deadline.signal, AbortSignal.timeout(READ_MILLISECONDS)]);
  switch (pressed.do) {
    case "again":
    case "like":
    case "finish": {
      const asked = {
        ref: pressed.ref,
        by,
        signal,
        change: pressed.do,
        id: idOf(press),
        address: newMessageAt(address, false),
      };
      const read = await requestOfPress(asked, settings, azure);
      return "sorry" in read ? said(read.sorry) : drawAnew(read.request, press, reception);
    }
    case "words":
    case "revised":
      return drawFromWords({ ...press, pressed }, by, signal, reception);
    case "edit":
      return showList(`edit/${pressed.ref}`, press, reception, () => openPanel(pressed.ref, press, reception));
    case "family":
      return showList(`family/${pressed.ref}`, press, reception, () =>
        familyReply({ ref: pressed.ref, by }, settings, azure),
      );
    case "pick": {
      const ref = pressed[REF] ?? "";
      return showList(`pick/${ref}`, press, reception, () => pickedReply({ ref, by }, settings, azure));
    }
    case "page": {
      const page = Number(pressed.page);
      return showList(`page/${page}`, press, reception, () => historyReply(by, page, settings, azure));
    }
    case "cancel":
      return said(
        (await cancelJob({ job: pressed.job, by, isModerator: isModerator(press, reception), signal }, azure)).said,
      );
    case "delete":
      return deleteAt(pressed.ref, by, press, reception);
  }
}

function said(words: string): Told {
  return { said: words, stands: false };
}

/** Each press is a request of its own, and each copy of it the same. */
function idOf({ address, event }: Press): string {
  return jobIdOf(address, ["button", event]);
}

/** The pressed card stays. Where the bot cannot write, as in a chat that it is not in, the presser gets a card to look at in its place. */
async function drawAnew(request: ImageRequest, { address }: Press, reception: Reception): Promise<Told> {
  const place = newMessageAt(address, request.private);
  const orElse = { ...place, inserted: true };
  const taken = await takeRequest({ ...request, address: place }, place, reception, { orElse });
  if (taken.outcome === "declined") return { said: taken.reply.paragraphs.join(" "), stands: true };
  if (taken.outcome === "accepted" && !taken.stands) {
    const look = await lookCard(taken.job, address, reception);
    return "card" in look ? { card: look.card } : said(look.said);
  }
  return { said: waiting.picturesOnTheirWay(1), stands: true };
}

async function drawFromWords(press: WordsPress, by: Asker, signal: AbortSignal, reception: Reception): Promise<Told> {
  const { pressed, address } = press;
  const { azure } = reception;
  const found = await findPicture({ ref: pressed.ref, by, signal }, azure);
  if ("sorry" in found) return said(found.sorry);
  const { prompt, options } = found.job.request;
  const before = pressed.do === "words" ? prompt : (found.picture.kept.revisedPrompt ?? prompt);
  const asked = wordsBeside(pressed, before);
  const digest = createHash("sha256").update(JSON.stringify(asked)).digest("hex");
  const { count: _count, ...kept } = options;
  const about = { id: idOf(press), by, address: newMessageAt(address, false), words: asked.prompt, options: {} };
  const request = requestOfWords(found, about);
  const whole = { ...request, options: { ...kept, ...asked.options }, unknownOptions: asked.unknownOptions };
  // What is wrong is said again at each press; what is right is drawn once.
  if ("order" in checkRequest(whole, reception.settings)) {
    const first = await isFirst(`words/${pressed.ref}/${digest}`, idOf(press), by, reception);
    if (first !== true) return first;
  }
  return drawAnew(whole, press, reception);
}

/**
 * True for a press, words for one that follows another within seconds. The same `event` once more is the same press; it is
 * the job's id where the press asks for one, and one of which no job came does not count.
 */
async function isFirst(button: string, event: string, by: Asker, { azure, deadline }: Reception): Promise<true | Told> {
  const abortSignal = AbortSignal.any([deadline.signal, AbortSignal.timeout(READ_MILLISECONDS)]);
  const isTaken = async (id: string) => (await readJob(id, azure, abortSignal))?.job.order !== undefined;
  const asksForJob = event.startsWith("teams-");
  const how = { abortSignal, ...(asksForJob && { isTaken }) };
  try {
    if (await isFirstPress(`${button}/${by.platform}/${by.user}`, event, azure, how)) return true;
    return { said: waiting.picturesOnTheirWay(1), stands: true };
  } catch (error) {
    log.error({ because: becauseOf(error) }, "teams: a press could not be noted");
    return said(failed.storage);
  }
}

/**
 * A list of pictures, or a form for one, in a message of its own for the presser alone. Making its picture may take longer
 * than a press can wait: then it comes all the same.
 */
async function showList(
  button: string,
  press: ButtonPress,
  reception: Reception,
  compose: () => Promise<ChatReply>,
): Promise<Told> {
  const { address } = press;
  const ref = "ref" in press.pressed ? press.pressed.ref : undefined;
  const signal = AbortSignal.any([reception.deadline.signal, AbortSignal.timeout(READ_MILLISECONDS)]);
  const found = ref && (await findPicture({ ref, by: askerOf(address), signal }, reception.azure));
  if (found && "sorry" in found) return said(found.sorry);
  const first = await isFirst(`${button}/${address.conversationId}`, randomUUID(), askerOf(address), reception);
  if (first !== true) return "said" in first && first.stands ? { said: waiting.below, stands: true } : first;
  const { settings, connector, deadline } = reception;
  const showing = async (): Promise<Told> => {
    const reply = await compose();
    if (isWord(reply)) return said(reply.paragraphs.join(" "));
    const delivery = await deliver(connector, newMessageAt(address, false), reply, {
      longestPrompt: longestPromptOf(settings),
    });
    if (delivery.delivered) return { said: waiting.below, stands: true };
    log.warn({ because: delivery.because, pressed: press.pressed.do }, "teams: a list could not be shown");
    return said(delivery.againInSeconds === undefined ? failed.notShownAlone : failed.unforeseen);
  };
  const shown = showing().catch((error: unknown) => {
    log.error({ error, pressed: press.pressed.do }, "teams: a list could not be made");
    return said(failed.unforeseen);
  });
  const patience = AbortSignal.timeout(Math.max(0, Math.ceil(deadline.left() - ANSWER_MILLISECONDS)));
  return unlessLate(shown, patience, { said: waiting.below, stands: true });
}

/** Nothing but a sentence or two: the press can be answered with it. */
function isWord({ pictures, actions, quotes }: ChatReply): boolean {
  return !pictures.length && !actions.length && !quotes.length;
}

async function openPanel(ref: string, { address }: Press, { settings, azure }: Reception): Promise<ChatReply> {
  const begun = await beginEdit({ ref, by: askerOf(address), address: newMessageAt(address, false) }, settings, azure);
  return "sorry" in begun ? privateWordReply(begun.sorry) : editPanelReply(begun.draft, settings, azure);
}

/** A worker takes the picture out of its own message. Shown once more in another, it goes from there too. */
async function deleteAt(ref: string, by: Asker, press: Press, reception: Reception): Promise<Told> {
  const { azure, deadline } = reception;
  const signal = AbortSignal.any([deadline.signal, AbortSignal.timeout(DELETE_MILLISECONDS)]);
  const asked = { ref, by, isModerator: isModerator(press, reception), signal };
  const { said: answered } = await deletePicture(asked, azure);
  const { activityId } = press.address;
  if (answered === waiting.deleting && activityId) {
    const own = await readAddress(readRef(ref)?.job ?? "", azure).catch(() => undefined);
    if (own && own.inserted !== true && own.activityId !== activityId) {
      const copy = { ...newMessageAt(press.address, true), activityId };
      await answer(copy, privateWordReply(finished.deleted(by.name)), reception);
      return { said: answered, stands: true };
    }
  }
  return said(answered);
}

/** Teams tells a bot nothing of roles: the operator names the moderators. */
function isModerator({ address }: { address: TeamsAddress }, { teams }: Reception): boolean {
  const person = address.user.aadObjectId?.toLowerCase();
  return teams.mode === "registered" && person !== undefined && teams.moderators.includes(person);
}

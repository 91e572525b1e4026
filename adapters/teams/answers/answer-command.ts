import { familyByNumber, historyReply } from "../../../src/ask/browse.ts";
import { beginEdit, editPanelReply } from "../../../src/ask/begin-edit.ts";
import { lastPictureOf, requestToChangeLast } from "../../../src/ask/change-last.ts";
import { wallReply } from "../../../src/ask/wall.ts";
import { privacyReply } from "../../../src/privacy/privacy-reply.ts";
import { privateWordReply } from "../../../src/replies/compose-reply.ts";
import { helpReply, notUnderstoodReply } from "../../../src/replies/help-reply.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { optionsTyped } from "../../../src/request/read-words.ts";
import type { ImageRequest } from "../../../src/request/request.ts";
import { sentencesFor } from "../../../src/words/said.ts";
import type { Said } from "../../../src/words/said.ts";
import { speaksOfSelfHarm } from "../../../src/words/self-harm.ts";
import { edit, failed, labels, notUnderstood, refused, sketches } from "../../../src/words/sentences.ts";
import { askerOf, isAmongOthers, newMessageAt, personOf } from "../address.ts";
import type { TeamsAddress } from "../address.ts";
import { commandFor } from "../commands.ts";
import { formCard, wordsCard } from "../card/request-form.ts";
import type { Card } from "../card/card-parts.ts";
import type { Words } from "../read.ts";
import type { Reception } from "./reception.ts";
import { sayUntilHeard } from "./say-until-heard.ts";
import { deliveryOf } from "../send.ts";
import { messageWith } from "../show.ts";
import { putMessage } from "../connector/put-message.ts";
import { answerDescribe } from "./answer-describe.ts";
import { answer } from "./answer-request.ts";
import { styleReply } from "./answer-style.ts";

/** Panels have hands of their own. */
type CommandWords = Exclude<Words, { words: "usage" | "easel" }>;
type NoPicture = Extract<Words, { words: "no picture" }>;

/** Answers what asks for no picture. True: the answer stands. */
export async function answerCommand(
  heard: CommandWords,
  address: TeamsAddress,
  reception: Reception,
): Promise<boolean> {
  const { settings } = reception;
  if (heard.words === "form") {
    const { form } = sentencesFor(address.locale);
    return bring(formCard(personOf(address.user), settings, address), form.title, address, reception);
  }
  if (heard.words === "style") {
    const reply = await styleReply(heard, address, reception);
    // Said for one alone, it is still the whole channel's.
    const place = reply.forAskerOnly || !address.targeted ? address : newMessageAt(address, false);
    return answer(place, reply, reception);
  }
  if (heard.words === "describe") return answerDescribe(heard, address, reception);
  if (heard.words === "sentence") return answerSentence(heard, address, reception);
  if (heard.words !== "no picture") return answer(address, await replyTo(heard, address, reception), reception);
  if (!heard.request.prompt) return answer(address, await panelOfLast(heard, address, reception), reception);
  const why = await whyNot(heard, address, reception);
  const text = optionsTyped(heard.request);
  if (!isAmongOthers(address)) return offerWords({ text, notes: [why] }, address, reception);
  // Of no use to others; the words stand in it, to be taken up.
  const typed = { label: labels.change, words: text };
  return answer(address, { ...privateWordReply(why), quotes: [typed] }, reception);
}

async function replyTo(
  heard: Exclude<CommandWords, { words: "form" | "style" | "describe" | "sentence" | "no picture" }>,
  address: TeamsAddress,
  { settings, azure, deadline }: Reception,
): Promise<ChatReply> {
  const command = commandFor(address);
  switch (heard.words) {
    case "help":
      return helpReply(command, settings, true);
    case "history":
      return historyReply(askerOf(address), { page: 0 }, settings, azure);
    case "wall":
      return wallReply(askerOf(address), { order: "newest", page: 0 }, settings, azure);
    case "privacy":
      return privacyReply({ what: "look", by: askerOf(address), signal: deadline.signal }, settings, azure);
    case "family":
      return familyByNumber(heard.number, { by: askerOf(address), signal: deadline.signal }, settings, azure);
    case "no sketch":
      return privateWordReply(heard.outOfReach && isAmongOthers(address) ? edit.noPictureHere : sketches.noPicture);
    case "unknown words":
      return notUnderstoodReply(command);
  }
}

/** The request that `edit` means without a picture: of the asker's last one in this chat. Nothing where none can be changed. */
export async function changeOfLast(
  { request, outOfReach }: NoPicture,
  address: TeamsAddress,
  reception: Reception,
): Promise<ImageRequest | undefined> {
  if (outOfReach || !request.prompt) return undefined;
  const change = { ...request, by: askerOf(address), signal: patienceOf(reception) };
  const outcome = await requestToChangeLast(change, reception.settings, reception.azure);
  return "draw" in outcome ? outcome.draw : undefined;
}

async function whyNot({ outOfReach }: NoPicture, address: TeamsAddress, reception: Reception): Promise<Said> {
  if (outOfReach && isAmongOthers(address)) return edit.noPictureHere;
  const last = await lastPictureOf(askerOf(address), reception.settings, reception.azure, patienceOf(reception));
  return "none" in last ? last.none : failed.storage;
}

/** `edit` and no more: where the last picture is to change, and how. */
async function panelOfLast({ outOfReach }: NoPicture, address: TeamsAddress, reception: Reception): Promise<ChatReply> {
  const { settings, azure } = reception;
  if (outOfReach && isAmongOthers(address)) return privateWordReply(edit.noPictureHere);
  const [by, signal] = [askerOf(address), patienceOf(reception)];
  const last = await lastPictureOf(by, settings, azure, signal);
  if ("none" in last) return privateWordReply(last.none);
  const begun = await beginEdit({ ref: last.ref, by, signal, address: newMessageAt(address, false) }, settings, azure);
  return "sorry" in begun ? privateWordReply(begun.sorry) : editPanelReply(begun.draft, settings, azure);
}

/** Nothing that was typed is lost: it comes back with a button to draw it, and one to change what was drawn last. */
async function answerSentence(
  { text, withPicture }: Extract<Words, { words: "sentence" }>,
  address: TeamsAddress,
  reception: Reception,
): Promise<boolean> {
  const { settings, azure } = reception;
  // People come before pictures.
  if (speaksOfSelfHarm(text))
    return answer(
      address,
      { ...privateWordReply(refused.help), paragraphs: [settings.helpLine ?? refused.help] },
      reception,
    );
  const last = await lastPictureOf(askerOf(address), settings, azure, patienceOf(reception));
  const notes = withPicture ? [notUnderstood.pictureCame] : [];
  // What one person alone has seen is not named before others, nor changed there.
  const isOffered = !("none" in last) && (!last.private || address.targeted || !isAmongOthers(address));
  return offerWords({ text, notes, last: isOffered ? last : undefined }, address, reception);
}

async function offerWords(
  words: Parameters<typeof wordsCard>[1],
  address: TeamsAddress,
  reception: Reception,
): Promise<boolean> {
  const { settings } = reception;
  const { notUnderstood: said } = sentencesFor(address.locale);
  const card = wordsCard(personOf(address.user), words, settings, address);
  if (!card) return answer(address, notUnderstoodReply(commandFor(address)), reception);
  return bring(card, words.last ? said.titleToChange : said.titleWithWords, address, reception);
}

/** Puts a card of its own, until it stands. */
export async function bring(
  card: Card,
  summary: string,
  address: TeamsAddress,
  reception: Reception,
): Promise<boolean> {
  const { connector } = reception;
  const whole = messageWith(card, summary);
  return sayUntilHeard(
    reception,
    async (patience = { until: AbortSignal.timeout(connector.times.formLimitMilliseconds) }) =>
      deliveryOf(await putMessage(connector, address, { whole }, patience), { connector, address }),
  );
}

/** Storage that is slow to say what was drawn last keeps nobody from an answer. */
function patienceOf({ deadline, teams }: Reception): AbortSignal {
  return AbortSignal.any([deadline.signal, AbortSignal.timeout(teams.times.readLimitMilliseconds)]);
}

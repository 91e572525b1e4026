import { setTimeout as pause } from "node:timers/promises";
import { acceptRequest } from "../../../src/ask/accept.ts";
import type { Acceptance } from "../../../src/ask/accept.ts";
import { announce, isClosed } from "../../../src/ask/announce.ts";
import type { Accepted } from "../../../src/ask/announce.ts";
import { privateWordReply } from "../../../src/replies/compose-reply.ts";
import type { Job } from "../../../src/jobs/job.ts";
import type { Azure } from "../../../src/storage/azure.ts";
import { becauseOf, log } from "../../../src/log.ts";
import { forget, isFirst, settle } from "../../../src/storage/first-of-several.ts";
import type { Once } from "../../../src/storage/first-of-several.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import type { Address, ImageRequest } from "../../../src/request/request.ts";
import { waiting } from "../../../src/words/sentences.ts";
import { newMessageAt, TeamsAddress } from "../address.ts";
import { fieldsToMend, longestPromptOf } from "../card/request-form.ts";
import type { Reception } from "./reception.ts";
import { deliver } from "../send.ts";
import { clearUp, takeAway } from "../connector/put-message.ts";
import { sayUntilHeard } from "./say-until-heard.ts";
import { showCard } from "../show.ts";
import type { Card } from "../card/card-parts.ts";

/** A card of ours from which somebody asks, and which gives way once to what comes of it. `address` is where it stands. */
export type PressedCard = { once: Once; address: TeamsAddress };

export type Taken =
  | { outcome: "known" }
  | Declined
  /** `stands`: false where nobody could be told that it is under way, for the bot cannot write there. */
  | { outcome: "accepted"; job: Job; stands: boolean };

/**
 * What somebody writes. The turn ends when the job is safe: the waiting message, and the start after it, come by themselves,
 * however slow the way to the chat is.
 */
export async function answerTyped(asked: ImageRequest, address: TeamsAddress, reception: Reception): Promise<void> {
  const acceptance = await accept(asked, address, reception);
  if (acceptance.outcome === "declined") return tellDeclined(acceptance, asked, address, reception);
  if (acceptance.outcome === "known") return;
  reception.goOn(announceAt(address, acceptance, reception).then(() => undefined));
}

/**
 * Saved first, then the waiting message, then the job may start: an answer never comes before it. `address` is for a
 * message of its own; with `orElse` the answer goes there where the bot cannot write.
 */
export async function answerRequest(
  asked: ImageRequest,
  address: TeamsAddress,
  reception: Reception,
  { card, orElse }: { card?: PressedCard; orElse?: TeamsAddress } = {},
): Promise<Taken> {
  const acceptance = await accept(asked, card && isFor(asked, card) ? card.address : address, reception);
  if (acceptance.outcome === "known") return acceptance;
  const givesWay = card && (await isStillThere(card, reception));
  if (acceptance.outcome === "declined") {
    const place = givesWay && isWorthACard(acceptance.reply) ? card.address : address;
    await tellDeclined(acceptance, asked, place, reception);
    return acceptance;
  }
  const inPlace = givesWay && isFor(asked, card);
  const stands = await announceAt(inPlace ? card.address : address, acceptance, reception, orElse);
  if (givesWay && !inPlace) await removeCard(card, reception);
  return { outcome: "accepted", job: acceptance.job, stands };
}

async function tellDeclined(
  { because, reply }: Declined,
  asked: ImageRequest,
  address: TeamsAddress,
  reception: Reception,
): Promise<void> {
  const say = async () => answer(address, reply, reception, asked);
  // Storage that is out of reach cannot tell who is first.
  if (because !== "limits") await say();
  else await answerOnlyOnce(asked.id, say, reception);
}

/**
 * The same for a press that can be answered with a card in place of the pressed one, or with nothing where that had better
 * stay. One that is pressed on a client which has not seen it go gets a new message instead.
 */
export async function answerPressedRequest(
  asked: ImageRequest,
  address: TeamsAddress,
  reception: Reception,
  card: PressedCard,
): Promise<{ card: Card } | Taken> {
  const acceptance = await accept(asked, card && isFor(asked, card) ? card.address : address, reception);
  if (acceptance.outcome === "known") return acceptance;
  if (acceptance.outcome === "declined" && !isWorthACard(acceptance.reply)) return acceptance;
  const givesWay = await isStillThere(card, reception);
  if (acceptance.outcome === "declined" && !givesWay) return acceptance;
  if (acceptance.outcome === "accepted") {
    if (!givesWay || !isFor(asked, card)) {
      const stands = await announceAt(address, acceptance, reception);
      if (givesWay) await removeCard(card, reception);
      return { outcome: "accepted", job: acceptance.job, stands };
    }
    void announceByCard(acceptance, reception);
  }
  const { targeted, conversationType } = card.address;
  const shared = conversationType !== "personal" && !targeted;
  return { card: showCard(acceptance.reply, { ...showingFor(reception, asked), shared, targeted }) };
}

/** The record says where the answer goes, so that a job which starts by itself finds its way too. */
export async function accept(asked: ImageRequest, place: TeamsAddress, reception: Reception): Promise<Acceptance> {
  const { settings, azure } = reception;
  const acceptance = await acceptRequest({ ...asked, address: place }, settings, azure, patienceFor(reception));
  if (acceptance.outcome === "accepted" && acceptance.beside)
    reception.goOn(sayBeside(place, acceptance.beside, reception));
  return acceptance;
}

/** For the asker alone, in a message of its own. */
async function sayBeside(place: TeamsAddress, reply: ChatReply, { connector, settings }: Reception): Promise<void> {
  const how = { longestPrompt: longestPromptOf(settings) };
  const delivery = await deliver(connector, newMessageAt(place, true), reply, how).catch((error: unknown) => ({
    delivered: false as const,
    because: becauseOf(error),
  }));
  if (!delivery.delivered) log.warn({ because: delivery.because }, "teams: a warning was not told");
}

/** What one person alone sees cannot become what all see. */
function isFor(asked: ImageRequest, { address }: PressedCard): boolean {
  return asked.private || !address.targeted;
}

/** Where it cannot be taken away, it says that there is nothing left to send in it. */
async function removeCard({ address }: PressedCard, reception: Reception): Promise<void> {
  const { connector, deadline } = reception;
  if (!address.activityId) return;
  const outcome = await takeAway(connector, address, address.activityId, { until: deadline.signal });
  if ("stands" in outcome) return;
  log.warn({ ...outcome }, "teams: a card that was sent could not be taken away");
  await answer(address, privateWordReply(waiting.below), reception);
}

/**
 * Lets the chat know that a job is under way, and the worker have it. False: nobody can write there, so the answer goes to
 * `orElse`, if given.
 */
export async function announceAt(
  place: TeamsAddress,
  accepted: Accepted,
  reception: Reception,
  orElse?: TeamsAddress,
): Promise<boolean> {
  const { deadline, connector } = reception;
  const { waitingMessageLimitMilliseconds, lastWordsMilliseconds, lateLimitMilliseconds } = connector.times;
  // A turn that waits for it has something to say afterwards.
  const left = Math.min(waitingMessageLimitMilliseconds, deadline.left() - lastWordsMilliseconds);
  const milliseconds = Math.max(0, Math.ceil(left));
  const patience = { until: AbortSignal.timeout(milliseconds), callUntil: AbortSignal.timeout(lateLimitMilliseconds) };
  const send = async (address: Address, reply: ChatReply) =>
    deliver(connector, TeamsAddress.parse(address), reply, {
      ...showingFor(reception),
      ...(reply.role === "progress" && { patience }),
    });
  const takeAway = async (late: Address) => clearUp(connector, TeamsAddress.parse(late), undefined);
  return !isClosed(await announce(accepted, { place, send, milliseconds, orElse, takeAway }, reception));
}

/** Whether a pressed card still stands where it was pressed: the first press takes its place, and a picture may be there by now. */
async function isStillThere({ once }: PressedCard, { azure, deadline }: Reception): Promise<boolean> {
  try {
    return await isFirst(once, azure, { abortSignal: deadline.signal });
  } catch (error) {
    log.warn({ because: becauseOf(error) }, "teams: storage is out of reach, so an answer takes no card's place");
    return false;
  }
}

/** For accepting, so that time is left to say what came of it. */
export function patienceFor({ deadline, teams: { times } }: Reception): number {
  const left = deadline.left();
  const answering = Math.min(times.answerMilliseconds, left / 5);
  return Math.max(0, Math.min(times.acceptLimitMilliseconds, Math.floor(left - times.doubtMilliseconds - answering)));
}

type Declined = Extract<Acceptance, { outcome: "declined" }>;

/** The card in the answer to an invoke is the waiting message. */
async function announceByCard(accepted: Accepted, room: Reception): Promise<void> {
  const { cardHeadStartMilliseconds } = room.teams.times;
  const send = () => pause(cardHeadStartMilliseconds, { delivered: true as const });
  await announce(accepted, { send, milliseconds: 2 * cardHeadStartMilliseconds }, room);
}

/** An apology with nothing to press would take the words away with the card. */
function isWorthACard({ role, actions }: ChatReply): boolean {
  return role === "progress" || actions.length > 0;
}

/** Says something within the turn, or as soon as it can be said. False: never. */
export async function answer(
  address: TeamsAddress,
  reply: ChatReply,
  reception: Reception,
  request?: ImageRequest,
): Promise<boolean> {
  const how = showingFor(reception, request);
  return sayUntilHeard(reception, (patience) =>
    deliver(reception.connector, address, reply, { ...how, ...(patience && { patience }) }),
  );
}

/** Teams has been seen to deliver one activity four times. Jobs look after themselves; this is for all other answers. */
export async function answerOnlyOnce(
  event: string,
  say: () => Promise<boolean>,
  { azure, deadline }: Reception,
): Promise<void> {
  const once = { what: "answer", of: event } as const;
  let isNoted = true;
  try {
    if (!(await isFirst(once, azure, { abortSignal: deadline.signal }))) return;
  } catch (error) {
    log.warn({ because: becauseOf(error) }, "teams: storage is out of reach, so an answer may come twice");
    isNoted = false;
  }
  const answered = await say();
  if (isNoted) await noteAnswered(once, answered, azure);
}

/** Where nothing could be said, the next copy of the event is answered instead. */
export async function noteAnswered(once: Once, answered: boolean, azure: Azure): Promise<void> {
  await (answered ? settle(once, azure) : forget(once, azure)).catch((error: unknown) =>
    log.warn({ because: becauseOf(error), answered }, "teams: whether something was answered could not be written"),
  );
}

function showingFor({ settings }: Reception, request?: ImageRequest) {
  return { longestPrompt: longestPromptOf(settings), fields: request ? fieldsToMend(request, settings) : [] };
}

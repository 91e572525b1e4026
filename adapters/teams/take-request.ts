import { setTimeout as pause } from "node:timers/promises";
import { acceptRequest, startJob } from "../../src/accept.ts";
import type { Acceptance } from "../../src/accept.ts";
import type { Azure } from "../../src/azure.ts";
import { log } from "../../src/log.ts";
import type { ChatReply } from "../../src/reply.ts";
import type { ImageRequest } from "../../src/request.ts";
import { becauseOf } from "../../src/until-reached.ts";
import type { TeamsAddress } from "./address.ts";
import type { Deadline } from "./deadline.ts";
import { fieldsToMend, longestPromptOf } from "./form.ts";
import { settleLate } from "./late.ts";
import type { Mark } from "./once.ts";
import type { Reception } from "./reception.ts";
import { deliver } from "./send.ts";
import { showCard } from "./show.ts";
import type { Card } from "./card.ts";

/** Accepting may take longer than it is told to by a look whether it was done. */
const DOUBT_MILLISECONDS = 1500;
const ACCEPT_MILLISECONDS = 8000;
/** What is left of a turn, however slow storage is, to say what came of it. */
const ANSWER_MILLISECONDS = 2500;
const WAITING_MESSAGE_MILLISECONDS = 4000;
/** The waiting message stands, or does not, whether or not the turn waits for that. */
const LATE_MILLISECONDS = 30_000;
const START_MILLISECONDS = 2000;
/** The card in an invoke's answer reaches the client well within it, so that no result is covered by "waiting". */
const CARD_HEAD_START_MILLISECONDS = 600;

/**
 * Saved first, then the waiting message, then the job may start: an answer never comes before it. `card` is the pressed
 * card whose place `address` names, if there was one.
 */
export async function takeRequest(
  request: ImageRequest,
  address: TeamsAddress,
  reception: Reception,
  card?: Mark,
): Promise<void> {
  const { settings, azure, deadline } = reception;
  const patience = Math.max(0, Math.min(ACCEPT_MILLISECONDS, patienceFor(deadline) - ANSWER_MILLISECONDS));
  const acceptance = await acceptRequest(request, settings, azure, patience);
  if (acceptance.outcome === "known") return;
  const place = !card || (await isStillThere(card, reception)) ? address : { ...address, activityId: null };
  if (acceptance.outcome === "accepted") return announce(acceptance, place, reception);
  await answer(declinedAddress(acceptance.reply, place), acceptance.reply, reception, request);
}

/** The waiting message, and then the start. */
async function announce(acceptance: Accepted, address: TeamsAddress, reception: Reception): Promise<void> {
  const { deadline, connector, azure } = reception;
  const until = AbortSignal.any([deadline.signal, AbortSignal.timeout(WAITING_MESSAGE_MILLISECONDS)]);
  const patience = { until, callUntil: AbortSignal.timeout(LATE_MILLISECONDS) };
  const sending = deliver(connector, address, acceptance.reply, { ...showingFor(reception), patience });
  const waiting = await Promise.race([sending, aborted(until)]);
  if (!waiting) void settleLate(sending, address, acceptance.job.id, reception);
  else if (!waiting.delivered)
    log.warn({ job: acceptance.job.id, because: waiting.because }, "teams: no waiting message");
  const moved = address.activityId === acceptance.job.address.activityId ? undefined : address;
  await Promise.race([
    startJob(acceptance, azure, waiting?.delivered ? waiting.address : moved),
    pause(Math.min(START_MILLISECONDS, deadline.left()), undefined, { ref: false }),
  ]);
}

/** Whether a pressed card still stands where it was pressed: the first press takes its place, and a picture may be there by now. */
async function isStillThere(card: Mark, { marks, deadline }: Reception): Promise<boolean> {
  try {
    if (!(await marks.isFirst(card, deadline.signal))) return false;
    await marks.settle(card);
    return true;
  } catch (error) {
    log.warn({ because: becauseOf(error) }, "teams: storage is out of reach, so an answer takes no card's place");
    return false;
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

function patienceFor(deadline: Deadline): number {
  return Math.max(0, Math.floor(deadline.left()) - DOUBT_MILLISECONDS);
}

/**
 * What takes the pressed card's place, or nothing where it had better stay. The card becomes the waiting message; one that
 * is pressed on a client which has not seen it go gets a new message instead.
 */
export async function takePressedRequest(
  request: ImageRequest,
  address: TeamsAddress,
  reception: Reception,
  card: Mark,
): Promise<{ card: Card } | Acceptance> {
  const acceptance = await acceptRequest(request, reception.settings, reception.azure, patienceFor(reception.deadline));
  if (acceptance.outcome === "known" || !isWorthACard(acceptance.reply)) return acceptance;
  if (!(await isStillThere(card, reception))) {
    if (acceptance.outcome === "accepted") await announce(acceptance, { ...address, activityId: null }, reception);
    return acceptance;
  }
  const showing = { ...showingFor(reception, request), shared: request.address.conversationType !== "personal" };
  if (acceptance.outcome === "accepted") void startSoon(acceptance, reception.azure);
  return { card: showCard(acceptance.reply, showing) };
}

type Accepted = Extract<Acceptance, { outcome: "accepted" }>;

async function startSoon(acceptance: Accepted, azure: Azure): Promise<void> {
  await pause(CARD_HEAD_START_MILLISECONDS);
  await startJob(acceptance, azure);
}

/** An apology with nothing to press would take the words away with the card. */
function isWorthACard({ mood, actions }: ChatReply): boolean {
  return mood === "waiting" || actions.length > 0;
}

function declinedAddress(reply: ChatReply, address: TeamsAddress): TeamsAddress {
  return isWorthACard(reply) ? address : { ...address, activityId: null };
}

/** Says something within the turn, and logs where it could not be said. True: it stands. */
export async function answer(
  address: TeamsAddress,
  reply: ChatReply,
  reception: Reception,
  request?: ImageRequest,
): Promise<boolean> {
  const patience = { until: reception.deadline.signal };
  const delivery = await deliver(reception.connector, address, reply, { ...showingFor(reception, request), patience });
  if (!delivery.delivered)
    log.warn({ because: delivery.because, mood: reply.mood }, "teams: an answer could not be told");
  return delivery.delivered;
}

/** Where nothing could be said, the next copy of the event is answered instead. */
export async function endMark(mark: Mark, answered: boolean, { marks }: Reception): Promise<void> {
  await (answered ? marks.settle(mark) : marks.forget(mark)).catch((error: unknown) =>
    log.warn({ because: becauseOf(error), answered }, "teams: a mark could not be written"),
  );
}

function showingFor({ settings }: Reception, request?: ImageRequest) {
  return { longestPrompt: longestPromptOf(settings), fields: request ? fieldsToMend(request, settings) : [] };
}

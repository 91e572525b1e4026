import { setTimeout as pause } from "node:timers/promises";
import { acceptRequest, startJob } from "../../src/accept.ts";
import type { Acceptance } from "../../src/accept.ts";
import type { Azure } from "../../src/azure.ts";
import { log } from "../../src/log.ts";
import type { ChatReply } from "../../src/reply.ts";
import type { ImageRequest } from "../../src/request.ts";
import type { Settings } from "../../src/settings.ts";
import type { TeamsAddress } from "./address.ts";
import type { Connector } from "./connector.ts";
import { fieldsToMend, longestPromptOf } from "./form.ts";
import { deliver } from "./send.ts";
import { showCard } from "./show.ts";
import type { Card } from "./card.ts";

export type Reception = { settings: Settings; azure: Azure; connector: Connector };

/** Teams gives a turn 15 s, and accepting may take 8 of them when storage is slow. */
const WAITING_MESSAGE_MILLISECONDS = 4000;
/** A button has 5 s in all, and up to 1.5 are gone for reading the words. */
const PRESS_MILLISECONDS = 3000;
const START_MILLISECONDS = 2000;
const ANSWER_MILLISECONDS = 8000;
/** The card in an invoke's answer reaches the client well within it, so that no result is covered by "waiting". */
const CARD_HEAD_START_MILLISECONDS = 600;

/** Saved first, then the waiting message, then the job may start: an answer never comes before it. */
export async function takeRequest(request: ImageRequest, address: TeamsAddress, reception: Reception): Promise<void> {
  const acceptance = await acceptRequest(request, reception.settings, reception.azure);
  switch (acceptance.outcome) {
    case "known":
      return;
    case "declined":
      return answer(declinedAddress(acceptance.reply, address), acceptance.reply, reception, request);
    case "accepted": {
      const signal = AbortSignal.timeout(WAITING_MESSAGE_MILLISECONDS);
      const waiting = await deliver(reception.connector, address, acceptance.reply, {
        ...showingFor(reception),
        signal,
      });
      if (!waiting.delivered)
        log.warn({ job: acceptance.job.id, because: waiting.because }, "teams: no waiting message");
      const known = waiting.delivered ? waiting.address : undefined;
      await Promise.race([
        startJob(acceptance, reception.azure, known),
        pause(START_MILLISECONDS, undefined, { ref: false }),
      ]);
    }
  }
}

/** What takes the pressed card's place, or words for the presser where it had better stay. The card becomes the waiting message. */
export async function takePressedRequest(
  request: ImageRequest,
  reception: Reception,
): Promise<{ card: Card } | Acceptance> {
  const acceptance = await acceptRequest(request, reception.settings, reception.azure, PRESS_MILLISECONDS);
  if (acceptance.outcome === "known" || !isWorthACard(acceptance.reply)) return acceptance;
  const showing = { ...showingFor(reception, request), shared: request.address.conversationType !== "personal" };
  if (acceptance.outcome === "accepted") void startSoon(acceptance, reception.azure);
  return { card: showCard(acceptance.reply, showing) };
}

async function startSoon(acceptance: Extract<Acceptance, { outcome: "accepted" }>, azure: Azure): Promise<void> {
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

/** Says something within the turn, and logs where it could not be said. */
export async function answer(
  address: TeamsAddress,
  reply: ChatReply,
  reception: Reception,
  request?: ImageRequest,
): Promise<void> {
  const signal = AbortSignal.timeout(ANSWER_MILLISECONDS);
  const delivery = await deliver(reception.connector, address, reply, { ...showingFor(reception, request), signal });
  if (!delivery.delivered)
    log.warn({ because: delivery.because, mood: reply.mood }, "teams: an answer could not be told");
}

function showingFor({ settings }: Reception, request?: ImageRequest) {
  return { longestPrompt: longestPromptOf(settings), fields: request ? fieldsToMend(request, settings) : [] };
}

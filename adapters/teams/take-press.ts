import { sorryReply } from "../../src/compose-reply.ts";
import { isFinished, readJob } from "../../src/job.ts";
import { log } from "../../src/log.ts";
import type { ImageRequest } from "../../src/request.ts";
import { failed, waiting } from "../../src/sentences.ts";
import { becauseOf } from "../../src/until-reached.ts";
import type { TeamsAddress } from "./address.ts";
import { CARD_TYPE } from "./card.ts";
import type { Card } from "./card.ts";
import type { Mark } from "./once.ts";
import { askedIn } from "./pressed.ts";
import type { Pressed } from "./pressed.ts";
import { personOf, requestFrom } from "./read.ts";
import { answer, takePressedRequest, takeRequest } from "./take-request.ts";
import type { Reception } from "./reception.ts";

/** What an Action.Execute is answered with, in the body of HTTP 200: a card in place of the pressed one, or words that the presser alone sees. */
export type ExecuteAnswer = { statusCode: 200; type: string; value: Card | string };

/** Of the 5 s that an invoke has. */
const READ_JOB_MILLISECONDS = 1500;

export async function takeExecute(
  pressed: Pressed,
  address: TeamsAddress,
  reception: Reception,
): Promise<ExecuteAnswer> {
  const read = await readRequest(pressed, address, reception);
  if ("sorry" in read) return words(read.sorry);
  const taken = await takePressedRequest(read.request, address, reception, cardOf(pressed, address));
  if ("card" in taken) return { statusCode: 200, type: CARD_TYPE, value: taken.card };
  if (taken.outcome === "declined") return words(taken.reply.paragraphs.join(" "));
  return words((await isOver(read.request.id, reception)) ? waiting.isHereAlready : waiting.picturesOnTheirWay(1));
}

/** The card itself, of which each place may have had several: a form, or what came of one job. */
function cardOf(pressed: Pressed, { conversationId, activityId }: TeamsAddress): Mark {
  return {
    what: "pressed",
    of: JSON.stringify([conversationId, activityId, pressed.do === "imagine" ? "" : pressed.job]),
  };
}

async function isOver(jobId: string, { azure, deadline }: Reception): Promise<boolean> {
  const file = await readJob(jobId, azure, deadline.signal).catch(() => undefined);
  return file !== undefined && isFinished(file.job);
}

/** From a client that knows no Action.Execute. There is no private answer to it, so refusals stand in the chat. */
export async function takeSubmit(pressed: Pressed, address: TeamsAddress, reception: Reception): Promise<void> {
  const read = await readRequest(pressed, address, reception);
  if ("request" in read) return takeRequest(read.request, address, reception, cardOf(pressed, address));
  await answer({ ...address, activityId: null }, sorryReply(read.sorry), reception);
}

export function words(text: string): ExecuteAnswer {
  return { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: text };
}

/** The request that a press means, if the presser is the one who may. */
async function readRequest(
  pressed: Pressed,
  address: TeamsAddress,
  { azure, deadline }: Reception,
): Promise<{ request: ImageRequest } | { sorry: string }> {
  const event = ["pressed", address.activityId ?? "", JSON.stringify(pressed)];
  const presser = personOf(address.user);
  if (pressed.do === "imagine") {
    if (pressed.asker !== presser) return { sorry: failed.notYours };
    return { request: requestFrom(askedIn(pressed), address, event) };
  }
  const signal = AbortSignal.any([deadline.signal, AbortSignal.timeout(READ_JOB_MILLISECONDS)]);
  try {
    const file = await readJob(pressed.job, azure, signal);
    if (!file) return { sorry: failed.goneJob };
    const before = file.job.request;
    if (before.askedBy.platform !== "teams" || before.askedBy.user !== presser) return { sorry: failed.notYours };
    return { request: requestFrom(askedIn(pressed, before), address, event) };
  } catch (error) {
    log.error({ because: becauseOf(error), job: pressed.job }, "teams: the words to revise could not be read");
    return { sorry: failed.storage };
  }
}

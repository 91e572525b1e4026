import { setTimeout as pause } from "node:timers/promises";
import { readAddress, changeAddress } from "../../../src/jobs/line.ts";
import { finalReply } from "../../../src/replies/compose-reply.ts";
import type { Delivery } from "../../../src/replies/delivery.ts";
import { isFinished, readJob } from "../../../src/jobs/job.ts";
import { becauseOf, log } from "../../../src/log.ts";
import { untilStorageAnswers } from "../../../src/storage/until-storage-answers.ts";
import type { Address } from "../../../src/request/request.ts";
import { TeamsAddress } from "../address.ts";
import { longestPromptOf } from "../card/request-form.ts";
import { deliver } from "../send.ts";
import { takeAway } from "../connector/put-message.ts";
import type { Reception } from "./reception.ts";

/**
 * When it is looked at again whether the answer went past the late message: a worker that was sending it knew nothing of
 * it, and one delivery lasts 30 s at most.
 */
const LOOK_AGAIN_SECONDS = [1, 3, 8, 20];
const TAKE_AWAY_MILLISECONDS = 30_000;
const REMEMBER_MILLISECONDS = 60_000;

type Room = Pick<Reception, "settings" | "azure" | "connector">;

/**
 * For a waiting message that came to stand after its turn: the answer takes its place if there is still time for it.
 * Otherwise the message goes, so that none says for ever that a picture is on its way. Never throws.
 */
export async function settleLate(sending: Promise<Delivery>, asked: TeamsAddress, jobId: string, room: Room) {
  try {
    const late = await sending;
    const newest = activityIdOf(await readAddress(jobId, room.azure)) ?? asked.activityId;
    if (asked.activityId && newest === asked.activityId) return await restoreAnswer(asked, jobId, room);
    if (!late.delivered) return log.warn({ job: jobId, because: late.because }, "teams: no waiting message");
    const { success, data } = TeamsAddress.safeParse(late.address);
    if (!success || !data.activityId) return log.warn({ job: jobId }, "teams: a late waiting message has no id");
    log.info({ job: jobId }, "teams: a waiting message came late");
    await handOver(data, data.activityId, jobId, room);
  } catch (error) {
    log.error({ because: becauseOf(error), job: jobId }, "teams: a late waiting message could not be seen to");
  }
}

/** A message of its own: it is the job's, unless the answer, or a word before it, stands elsewhere already. */
async function handOver(address: TeamsAddress, activityId: string, jobId: string, room: Room): Promise<void> {
  const { azure } = room;
  const elsewhere = async () => {
    const newest = activityIdOf(await readAddress(jobId, azure));
    return newest === undefined ? await isOver(jobId, room) : newest !== activityId;
  };
  let goes = await elsewhere();
  if (!goes) {
    const enough = AbortSignal.timeout(REMEMBER_MILLISECONDS);
    await untilStorageAnswers("where an answer goes", () => changeAddress(jobId, address, azure), azure, enough);
    for (const seconds of LOOK_AGAIN_SECONDS) {
      await pause(seconds * 1000, undefined, { ref: false });
      if ((goes = await elsewhere())) break;
    }
  }
  if (!goes) return;
  const patience = { until: AbortSignal.timeout(TAKE_AWAY_MILLISECONDS) };
  const outcome = await takeAway(room.connector, address, activityId, patience);
  if ("stands" in outcome)
    log.info({ job: jobId }, "teams: a waiting message that came after the answer was taken away");
  else log.error({ job: jobId, ...outcome }, "teams: a waiting message could not be taken away");
}

/** In place of a pressed card: it may have covered the answer, which then is put there once more. */
async function restoreAnswer(address: TeamsAddress, jobId: string, room: Room): Promise<void> {
  const { settings, azure, connector } = room;
  for (const seconds of [0, ...LOOK_AGAIN_SECONDS]) {
    await pause(seconds * 1000, undefined, { ref: false });
    const file = await readJob(jobId, azure);
    if (!file || !isFinished(file.job)) continue;
    const reply = finalReply(file.job, settings);
    const again = await deliver(connector, address, reply, { longestPrompt: longestPromptOf(settings) });
    if (!again.delivered) log.error({ job: jobId, because: again.because }, "teams: an answer may be covered");
    return;
  }
}

function activityIdOf(address: Address | undefined): string | undefined {
  return typeof address?.activityId === "string" ? address.activityId : undefined;
}

async function isOver(jobId: string, { azure }: Room): Promise<boolean> {
  const file = await readJob(jobId, azure);
  return !file || isFinished(file.job);
}

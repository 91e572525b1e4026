import { setTimeout as pause } from "node:timers/promises";
import { waitingReply } from "../replies/compose-reply.ts";
import { expectSeconds } from "../jobs/durations.ts";
import { aheadOf, mayStart, waitingInLine } from "../jobs/line.ts";
import type { InLine } from "../jobs/line.ts";
import { log } from "../log.ts";
import type { Settings } from "../settings.ts";
import { sendTo } from "./tell-answer.ts";
import type { Post } from "./tell-answer.ts";

type Room = Post & { settings: Settings; stopping: AbortSignal };

/** A long line is told a few at a time, first those who have heard nothing for longest. */
const MOST_AT_ONCE = 5;

/** As long as there is a line, the waiting messages say the place that is true now. */
export async function tellPlaces(room: Room): Promise<void> {
  const { azure, settings, stopping } = room;
  const { positionsMilliseconds, positionToldMilliseconds } = settings.times.work;
  while (!stopping.aborted) {
    await pause(positionsMilliseconds, undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) return;
    const now = Date.now();
    const moved = waitingInLine(azure).filter((entry) => {
      const { own, told, isBeingTold } = entry;
      if (!mayStart(entry, now) || !told || isBeingTold) return false;
      const before = aheadOf(own.job, azure).length;
      return before > 0 && told.before !== before && now - told.at > positionToldMilliseconds;
    });
    const longestUntold = moved.toSorted((a, b) => (a.told?.at ?? 0) - (b.told?.at ?? 0));
    for (const entry of longestUntold.slice(0, MOST_AT_ONCE)) void tellPlace(entry, room);
  }
}

/** Nobody works on the job until this message stands or is given up, so that it cannot come to stand over the answer. */
async function tellPlace(entry: InLine, room: Room): Promise<void> {
  const { azure, settings } = room;
  const { own } = entry;
  entry.isBeingTold = true;
  try {
    await own.makeSure();
    const ahead = aheadOf(own.job, azure);
    const seconds = own.job.order && expectSeconds(own.job.order, ahead, settings, azure);
    entry.told = { before: ahead.length, at: Date.now() };
    await sendTo(own, waitingReply(own.job, { before: ahead.length, seconds }), room);
  } catch (error) {
    log.warn({ error, job: own.job.id }, "a place in line could not be told");
  } finally {
    entry.isBeingTold = false;
    azure.bell.dispatchEvent(new Event("work"));
  }
}

import { setTimeout as pause } from "node:timers/promises";
import { becauseOf, log } from "../log.ts";
import { keepDaysOf } from "../settings.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { change, done, forgetAsked, newCopyId, toDo } from "./asked.ts";
import type { Asked } from "./asked.ts";
import { forgetPerson } from "./forget.ts";
import { takeAwayOld } from "./keep-days.ts";
import { personBehind } from "./person.ts";
import { writeCopy } from "./write-copy.ts";
import { DAY_MILLISECONDS } from "../times.ts";

/** Does what people ask about what is kept of them, and takes away what is older than it is kept, until it is stopped. */
export function startPrivacy(settings: Settings, azure: Azure): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const room = { settings, azure, stopping: stopping.signal };
  const running = Promise.all([doAsked(room), takeAwayInTurn(room)]);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

type Room = { settings: Settings; azure: Azure; stopping: AbortSignal };

async function doAsked(room: Room): Promise<void> {
  const { azure, stopping } = room;
  const { pollMilliseconds, callLimitMilliseconds, againMilliseconds } = azure.times.privacy;
  let rung = new AbortController();
  azure.bell.addEventListener("privacy", () => rung.abort(), { signal: stopping });
  while (!stopping.aborted) {
    rung = new AbortController();
    let wait = pollMilliseconds;
    try {
      const limit = AbortSignal.any([stopping, AbortSignal.timeout(callLimitMilliseconds)]);
      for (const asked of await toDo(azure, limit))
        if (!(await doOne(asked, room))) wait = Math.min(wait, againMilliseconds);
    } catch (error) {
      if (!stopping.aborted)
        log.warn({ because: becauseOf(error) }, "what people ask about what is kept of them could not be seen");
    }
    await pause(wait, undefined, { signal: AbortSignal.any([stopping, rung.signal]) }).catch(() => undefined);
  }
}

/** False: it is to be looked at again soon. One person's trouble keeps nobody else. */
async function doOne(asked: Asked, room: Room): Promise<boolean> {
  const { azure, stopping } = room;
  const { passLimitMilliseconds, holdMilliseconds } = azure.times.privacy;
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(passLimitMilliseconds)]);
  const held = await change(asked, { holdUntil: inMilliseconds(holdMilliseconds) }, azure, signal);
  if (!held) return true;
  try {
    return held.kind === "show" ? await show(held, azure, signal) : await forget(held, azure, signal);
  } catch (error) {
    if (stopping.aborted) return handBack(held, azure);
    log.warn(
      { error, kind: held.kind, breaks: held.breaks },
      "what somebody asked about what is kept of them broke off",
    );
    return rest(held, azure);
  }
}

async function show(held: Asked, azure: Azure, signal: AbortSignal): Promise<boolean> {
  const copy = newCopyId();
  const bytes = await writeCopy(copy, { ...personBehind(held.by), locale: held.by.locale }, azure, signal);
  const until = inMilliseconds(azure.times.work.copyDays * DAY_MILLISECONDS);
  await change(held, { copy, bytes, until, holdUntil: "" }, azure, signal);
  log.info({ bytes }, "a copy of what is kept of somebody is made");
  return true;
}

async function forget(held: Asked, azure: Azure, signal: AbortSignal): Promise<boolean> {
  if (await forgetPerson(personBehind(held.by), new Date(held.at), azure, signal)) {
    await forgetAsked(held.by, azure, signal);
    await done(held, azure, signal);
    return true;
  }
  await change(held, { holdUntil: "", breaks: 0 }, azure, signal);
  return false;
}

/** Anybody may go on with it at once. */
async function handBack(held: Asked, azure: Azure): Promise<boolean> {
  await change(held, { holdUntil: "" }, azure, AbortSignal.timeout(azure.times.privacy.callLimitMilliseconds)).catch(
    (error: unknown) => log.warn({ because: becauseOf(error) }, "it is taken up again when its hold is over"),
  );
  return true;
}

async function rest(held: Asked, azure: Azure): Promise<boolean> {
  const { againMilliseconds, longestAgainMilliseconds, callLimitMilliseconds } = azure.times.privacy;
  const milliseconds = Math.min(longestAgainMilliseconds, againMilliseconds * 2 ** Math.min(held.breaks, 16));
  const values = { holdUntil: inMilliseconds(milliseconds), breaks: held.breaks + 1 };
  await change(held, values, azure, AbortSignal.timeout(callLimitMilliseconds)).catch((error: unknown) =>
    log.warn({ because: becauseOf(error) }, "it is tried again when its hold is over"),
  );
  return milliseconds > againMilliseconds;
}

function inMilliseconds(milliseconds: number): string {
  return new Date(Date.now() + milliseconds).toISOString();
}

async function takeAwayInTurn({ settings, azure, stopping }: Room): Promise<void> {
  const { oldMilliseconds, oldLimitMilliseconds } = azure.times.privacy;
  while (!stopping.aborted) {
    try {
      const [keepDays, limit] = [keepDaysOf(settings), AbortSignal.timeout(oldLimitMilliseconds)];
      if (keepDays) await takeAwayOld(keepDays, azure, AbortSignal.any([stopping, limit]));
    } catch (error) {
      if (!stopping.aborted) log.warn({ because: becauseOf(error) }, "what is older than it is kept stays for now");
    }
    await pause(oldMilliseconds, undefined, { signal: stopping }).catch(() => undefined);
  }
}

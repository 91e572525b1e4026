import { log } from "../log.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { drawIdeas, endGathering } from "./draw-ideas.ts";
import { closeRound, endDrawing, endSession, nextStep } from "./rounds.ts";
import type { Step } from "./rounds.ts";
import { changeSession, roundOf } from "./session.ts";
import type { Session } from "./session.ts";
import { countVotes } from "./votes.ts";

type Room = { settings: Settings; azure: Azure };

/** What the clock does in a session. Each step is one conditional write, and done twice it is done once. */
const steps: Record<Step, (session: Session, room: Room) => Promise<Session | undefined>> = {
  "end gathering": endGathering,
  draw: drawIdeas,
  "end drawing": (session, room) => {
    const { number } = roundOf(session);
    return change(session, (newest) => endDrawing(newest, number, new Date(), room.settings), room);
  },
  "end voting": (session, room) => {
    const { number } = roundOf(session);
    return change(session, (newest) => beginCounting(newest, number, room), room);
  },
  count,
  end: (session, room) =>
    change(
      session,
      (newest) =>
        nextStep(newest, new Date(), room.settings) === "end" ? endSession(newest, { now: new Date() }) : false,
      room,
    ),
};

/**
 * Does what is due, one step after the other, until people or pictures have to come first. `isStuck`: something is to be tried
 * again soon. Nothing where the record is gone.
 */
export async function advance(
  present: Session,
  room: Room,
  ended: AbortSignal,
): Promise<{ session: Session; isStuck: boolean } | undefined> {
  let session = present;
  for (;;) {
    const step = nextStep(session, new Date(), room.settings);
    if (!step || ended.aborted) return { session, isStuck: false };
    const after = await steps[step](session, room);
    if (!after) return undefined;
    if (after.write === session.write) return { session: after, isStuck: true };
    log.info(
      { session: session.id, round: roundOf(after).number, step, stage: roundOf(after).stage },
      "a session went on",
    );
    narrate(session, after, room.settings);
    session = after;
  }
}

function narrate(before: Session, { rounds, topic: words }: Session, settings: Settings): void {
  const stage = rounds.at(-1)?.stage;
  if (stage === roundOf(before).stage) return;
  if (stage === "voting") settings.narrate?.({ what: "voting", words });
  if (stage === "closed") settings.narrate?.({ what: "decided", words });
}

function change(session: Session, mutate: (session: Session) => false | void, { azure }: Room) {
  const limit = AbortSignal.timeout(azure.times.brainstorm.recordLimitMilliseconds);
  return changeSession(session.id, mutate, azure, limit);
}

function beginCounting(session: Session, number: number, { settings }: Room): false | void {
  const round = roundOf(session);
  if (round.number !== number || nextStep(session, new Date(), settings) !== "end voting") return false;
  round.stage = "counting";
}

/** The record says “counting” by now, so no vote is taken any more that is not read here. */
async function count(session: Session, room: Room): Promise<Session | undefined> {
  const round = roundOf(session);
  const limit = AbortSignal.timeout(room.azure.times.brainstorm.recordLimitMilliseconds);
  const result = await countVotes(session.id, round, room.azure, limit);
  const close = (newest: Session) => {
    const last = roundOf(newest);
    if (last.number !== round.number || last.stage !== "counting") return false;
    return closeRound(last, result, new Date());
  };
  return change(session, close, room);
}

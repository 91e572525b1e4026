import { z } from "zod";
import { isSettled, keptOf, UnreadableJob } from "../jobs/job.ts";
import type { Job } from "../jobs/job.ts";
import { findInLine, readNewest } from "../jobs/line.ts";
import type { Send } from "../replies/delivery.ts";
import { spentOf } from "../purse/spent.ts";
import { JobId, textOfRef } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { ringSession } from "./clock.ts";
import { jobIdOf } from "./idea-request.ts";
import { changeSession, SessionId } from "./session.ts";
import type { Idea, Session } from "./session.ts";

/** Where the answer of an idea's job goes. */
const Place = z.object({ session: SessionId, round: z.number(), idea: z.number(), job: JobId });
type Place = z.infer<typeof Place>;

/** The chat of an idea's job is its session: what is told there is written into the record, and the boards show it. */
export function sessionSender(settings: Settings, azure: Azure): Send {
  return async (address, reply) => {
    if (reply.role === "progress") return { delivered: true };
    const place = Place.safeParse(address);
    if (!place.success) return { delivered: false, because: "no idea of a session is at this address" };
    // Whoever goes on from a picture looks for it in its job's record.
    await findInLine(place.data.job, azure)?.own.flush();
    const limit = AbortSignal.timeout(azure.times.brainstorm.recordLimitMilliseconds);
    const outcome = await outcomeNow(place.data.job, settings, azure, limit);
    const told = outcome && (await tellSession(place.data, outcome, azure, limit));
    return told ? { delivered: true } : { delivered: false, because: "there is no such job, or no such session" };
  };
}

type Outcome = Pick<Idea, "state" | "picture" | "refusal" | "dollars">;

/** Nothing where there is no such job, or where it is not over. */
export async function outcomeNow(
  jobId: string,
  settings: Settings,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<Outcome | undefined> {
  try {
    const job = await readNewest(jobId, azure, abortSignal);
    const outcome = job && outcomeOf(job);
    return outcome && { ...outcome, dollars: spentOf(job, settings).dollars };
  } catch (error) {
    if (error instanceof UnreadableJob) return { state: "failed" };
    throw error;
  }
}

function outcomeOf(job: Job): Outcome | undefined {
  if (!job.order) return { state: "refused" };
  if (!isSettled(job)) return undefined;
  const [drawn] = keptOf(job);
  const [picture] = job.pictures;
  if (drawn) {
    const { revisedPrompt: revised, usage: _usage, ...kept } = drawn.kept;
    return { state: "drawn", picture: { ...kept, revised, ref: textOfRef({ job: job.id, place: drawn.place }) } };
  }
  if (picture?.state === "deleted" || picture?.state === "deleting") return { state: "deleted" };
  if (picture?.state !== "refused") return { state: "failed" };
  const { because = "unknown", stage = "unknown" } = picture.refusal ?? {};
  return { state: "refused", refusal: { because, stage } };
}

/** Writes what has come of a job into its idea, and wherever else its picture stands. False where there is no such session. */
export async function tellSession(
  place: Place,
  outcome: Outcome,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<boolean> {
  let isNews = false;
  const settle = (session: Session) => {
    const ideas = ideasOf(place, session).filter((idea) => idea.state !== outcome.state);
    isNews = ideas.length > 0;
    if (!isNews) return false;
    for (const idea of ideas) {
      Object.assign(idea, { ...outcome, job: place.job });
      if (!outcome.picture) delete idea.picture;
    }
    return undefined;
  };
  const session = await changeSession(place.session, settle, azure, abortSignal);
  if (isNews) ringSession(place.session, azure);
  return session !== undefined;
}

/** The idea itself, unless it has another job by now, and those of a run-off that show the same picture. */
function ideasOf({ round: number, idea: own, job }: Place, session: Session): Idea[] {
  return session.rounds.flatMap((round) =>
    round.ideas.filter((idea) => {
      if (round.kind === "run-off") return idea.job === job;
      return round.number === number && idea.number === own && jobIdOf({ session, round, idea }) === job;
    }),
  );
}

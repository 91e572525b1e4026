import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { Azure } from "./azure.ts";
import { forgetCancellation, watchCancellation } from "./cancel.ts";
import { finalReply, sorryReply } from "./compose-reply.ts";
import type { Fetchers, Senders } from "./deliver.ts";
import { sweepDrafts } from "./drafts.ts";
import { drawPictures } from "./draw-pictures.ts";
import type { Studio } from "./draw-pictures.ts";
import { openGate } from "./gate.ts";
import { holdJob, HOLD_SECONDS } from "./hold-job.ts";
import type { HeldJob } from "./hold-job.ts";
import { isFinished, isSettled, JobTakenOver, readJob, referenceOf, UnreadableJob } from "./job.ts";
import type { KeptPicture } from "./job.ts";
import { findKeptPicture } from "./keep.ts";
import { keepLineTrue } from "./keep-line-true.ts";
import { dropTicket, hideTicket, putInLine, takeTickets } from "./line.ts";
import type { Ticket } from "./line.ts";
import { log } from "./log.ts";
import { markClosed, pickNext, returnStrandedJobs } from "./open-jobs.ts";
import { prepareInputs } from "./prepare-inputs.ts";
import { openProgress } from "./progress.ts";
import type { Progress } from "./progress.ts";
import { failed } from "./sentences.ts";
import type { Settings } from "./settings.ts";
import { sayPutOff, sendTo, tell } from "./tell.ts";
import { takeOutDeleted } from "./withdraw.ts";
import { sweepPresses } from "./once.ts";

export type Worker = {
  /** Takes no further job, finishes the calls under way, hands back the rest. */
  stop(): Promise<void>;
};

const SHORTEST_POLL = 200;
const LONGEST_POLL = 1000;
const LONGEST_POLL_IN_OUTAGE = 15_000;
const SWEEP_MILLISECONDS = 60_000;

/** A job that another worker holds is looked at again soon: that worker may have died. */
const LOOK_AGAIN_SECONDS = 3;

/** A ticket comes back when its worker died. This often, and the job itself is what kills: it ends in an apology. */
const MOST_DELIVERIES = 10;

/** Works on jobs until it is stopped: as many at once as there may be calls under way. */
export function startWorker(settings: Settings, azure: Azure, senders: Senders, fetchers: Fetchers = {}): Worker {
  const stopping = new AbortController();
  const gate = openGate(settings.concurrency);
  const studio: Studio = { settings, azure, senders, fetchers, gate, stopping: stopping.signal };
  const running = Promise.all([takeAndWork(studio), workAtOnce(studio), sweep(studio), keepLineTrue(studio)]);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function takeAndWork(studio: Studio): Promise<void> {
  const { azure, settings, stopping } = studio;
  const active = new Set<Promise<void>>();
  let poll = SHORTEST_POLL;
  let rung = new AbortController();
  azure.bell.addEventListener("work", () => rung.abort(), { signal: stopping });
  while (!stopping.aborted) {
    try {
      const tickets = await takeTickets(
        settings.concurrency - active.size,
        HOLD_SECONDS,
        azure,
        AbortSignal.timeout(30_000),
      );
      const others = tickets.length + active.size >= settings.concurrency;
      for (const ticket of tickets) {
        const turn = others ? workOnTurn(ticket, studio) : workOnTicket(ticket, studio);
        const work = turn.finally(() => active.delete(work));
        active.add(work);
      }
      poll = tickets.length ? SHORTEST_POLL : Math.min(LONGEST_POLL, poll * 1.5);
    } catch (error) {
      poll = Math.min(LONGEST_POLL_IN_OUTAGE, poll * 2);
      log.error(
        { because: String(error).slice(0, 300), retryInMilliseconds: poll },
        "the queue is out of reach: the worker keeps trying",
      );
    }
    if (active.size >= settings.concurrency) await Promise.race(active);
    else await pause(poll, undefined, { signal: AbortSignal.any([stopping, rung.signal]) }).catch(() => undefined);
    if (rung.signal.aborted) rung = new AbortController();
  }
  await Promise.all(active);
}

/** Jobs in which there is nothing to draw: somebody has cancelled one, or had a picture deleted. They need not wait for a turn. */
async function workAtOnce(studio: Studio): Promise<void> {
  const { azure, stopping } = studio;
  const active = new Set<Promise<void>>();
  const take = (event: Event) => {
    if (!(event instanceof CustomEvent)) return;
    const work = workOnTicket(event.detail as Ticket, studio).finally(() => active.delete(work));
    active.add(work);
  };
  azure.bell.addEventListener("at once", take, { signal: stopping });
  if (!stopping.aborted) await once(stopping, "abort");
  await Promise.all(active);
}

/** There may be others in line: the ticket then stands for a turn, and whoever's turn it is gets it. */
async function workOnTurn(ticket: Ticket, studio: Studio): Promise<void> {
  const { azure } = studio;
  const next = await pickNext(ticket.jobId, azure).catch((error: unknown) => {
    log.warn({ error }, "whose turn it is could not be seen: whoever's ticket came is next");
    return undefined;
  });
  if (!next) return workOnTicket(ticket, studio);
  try {
    const own = await putInLine(next.id, azure, HOLD_SECONDS);
    await comeBack(ticket, 0, azure);
    await workOnTicket({ ...own, deliveries: next.picks }, studio);
  } catch (error) {
    log.warn({ error, job: next.id }, "a turn was not given: the tickets come back by themselves");
  }
}

async function sweep({ azure, stopping }: Studio): Promise<void> {
  let sweptOn = "";
  while (!stopping.aborted) {
    const today = new Date().toISOString().slice(0, 10);
    const ofToday = sweptOn === today ? [] : [sweepPresses(azure), sweepDrafts(azure)];
    try {
      await Promise.all([returnStrandedJobs(azure), ...ofToday]);
      sweptOn = today;
    } catch (error) {
      log.warn({ because: String(error).slice(0, 300) }, "storage could not be looked through");
    }
    await pause(SWEEP_MILLISECONDS, undefined, { signal: stopping }).catch(() => undefined);
  }
}

/** Never throws: what goes wrong leaves the ticket in the line, and the job for the next try. */
async function workOnTicket(ticket: Ticket, studio: Studio): Promise<void> {
  const { azure } = studio;
  try {
    const held = await holdJob(ticket, azure);
    if (held === "nothing to do") return await dropTicket(ticket, azure);
    if (held === "held by another") return await comeBack(ticket, LOOK_AGAIN_SECONDS, azure);
    await workOnJob(held, ticket, studio);
  } catch (error) {
    if (error instanceof UnreadableJob && ticket.deliveries > MOST_DELIVERIES)
      return await buryJob(error, ticket, studio);
    const seconds = Math.min(300, 2 ** ticket.deliveries);
    log.error(
      { error, job: ticket.jobId, reference: referenceOf(ticket.jobId), seconds },
      "work on a job broke off and will be taken up again",
    );
    await hideTicket(ticket, seconds, azure).catch((cause: unknown) =>
      log.warn({ cause }, "a ticket comes back by itself"),
    );
  }
}

async function workOnJob(held: HeldJob, ticket: Ticket, studio: Studio): Promise<void> {
  const { azure } = studio;
  let again = 0;
  try {
    if (ticket.deliveries > MOST_DELIVERIES) await setAside(held, azure);
    const drawing = isSettled(held.job) ? undefined : await draw(held, studio);
    again = drawing?.again ?? 0;
    if (isSettled(held.job)) again = await conclude(held, studio);
    if (drawing) void restoreIfCovered(held.job.id, drawing.progress, studio);
  } catch (error) {
    await held.release();
    if (error instanceof JobTakenOver) return log.warn({ job: ticket.jobId }, "a job went over to another worker");
    throw error;
  }
  const finished = isFinished(held.job);
  await held.release(again);
  if (finished) await dropTicket(ticket, azure);
  else await comeBack(ticket, again, azure);
}

/** Draws what is to be drawn, in sight of whoever waits. `again` is the seconds until the next turn, if that is far off. */
async function draw(held: HeldJob, studio: Studio): Promise<{ again: number; progress: Progress }> {
  const watch = await watchCancellation(held.job.id, studio.azure);
  const progress = openProgress(held, studio);
  try {
    const enough = AbortSignal.any([watch.signal, studio.stopping]);
    const inputs = enough.aborted ? undefined : await prepareInputs(held, { ...studio, enough });
    const again = await drawPictures(held, { ...studio, cancelled: watch.signal, progress, inputs });
    await progress.stop();
    if (again && !studio.stopping.aborted) await sayPutOff(held, again, studio);
    return { again, progress };
  } finally {
    watch.stop();
    await progress.stop();
  }
}

/** An edit that was not waited for has come to stand over the answer: the answer is put there once more. */
async function restoreIfCovered(jobId: string, { covers }: Progress, studio: Studio): Promise<void> {
  if (!(await covers)) return;
  const file = await readJob(jobId, studio.azure).catch(() => undefined);
  if (file?.job.toldAt === undefined) return;
  await sendTo(file.job.id, file.job.address, finalReply(file.job, studio.settings), studio);
}

/** Nothing is left to draw: what was to be deleted goes, and the answer is told. */
async function conclude(held: HeldJob, studio: Studio): Promise<number> {
  const { azure, settings } = studio;
  const onlyInPlace = await takeOutDeleted(held, azure);
  const again = await tell(held, { ...finalReply(held.job, settings), onlyInPlace }, studio);
  if (held.job.cancelledBy) await forgetCancellation(held.job.id, azure);
  return again;
}

/** Gives the job a new place in line instead of the ticket, whose deliveries count as deaths of workers. */
async function comeBack(ticket: Ticket, seconds: number, azure: Azure): Promise<void> {
  await putInLine(ticket.jobId, azure, Math.ceil(seconds));
  await dropTicket(ticket, azure);
}

/** What is in storage already is kept all the same; the rest ends in an apology. */
async function setAside(held: HeldJob, azure: Azure): Promise<void> {
  log.error(
    { job: held.job.id, reference: referenceOf(held.job.id) },
    "a job came back too often and is set aside. This needs the operator",
  );
  const found = new Map<string, KeptPicture | undefined>();
  for (const picture of held.job.pictures) {
    if (picture.state === "drawing") found.set(picture.id, await findKeptPicture(picture, azure));
  }
  await held.change((job) => {
    for (const picture of job.pictures) {
      if (picture.state !== "waiting" && picture.state !== "drawing") continue;
      const kept = found.get(picture.id);
      Object.assign(picture, kept ? { state: "kept", kept } : { state: "failed", failure: "broken" });
    }
  });
}

/** A record that no version of this code can read any more: whoever waits for it gets an apology, and it is left as it is. */
async function buryJob({ jobId, address }: UnreadableJob, ticket: Ticket, { azure, senders }: Studio): Promise<void> {
  const reference = referenceOf(jobId);
  log.error({ job: jobId, reference }, "a job's record cannot be read, and it is set aside. This needs the operator");
  if (address) await sendTo(jobId, address, sorryReply(failed.because.broken, reference), { azure, senders });
  await markClosed(jobId, azure);
  await dropTicket(ticket, azure);
}

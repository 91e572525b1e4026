import { once, setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { isAlerting } from "../alert-settings.ts";
import { raiseAlert } from "../alerts/raise-alert.ts";
import { untilStorageFits } from "../alerts/until-storage-fits.ts";
import type { Azure } from "../storage/azure.ts";
import { sorryReply } from "../replies/compose-reply.ts";
import type { Fetchers, Senders } from "../replies/delivery.ts";
import { openGate } from "../gate.ts";
import { shareDurations } from "../jobs/durations.ts";
import { isFinished, readJob, referenceOf, UnreadableJob } from "../jobs/job.ts";
import {
  findInLine,
  handBack,
  jobsInLine,
  leaveLine,
  openLine,
  takeAtOnce,
  takeNext,
  waitingInLine,
} from "../jobs/line.ts";
import { JobLost } from "../jobs/own-record.ts";
import type { OwnJob } from "../jobs/own-job.ts";
import { returnStrandedJobs } from "../jobs/stranded-jobs.ts";
import { takeOver } from "../jobs/take-over.ts";
import { dropTicket, hideTicket, takeTickets } from "../jobs/tickets.ts";
import type { Ticket } from "../jobs/tickets.ts";
import { forgetWish, readWishes } from "../jobs/wishes.ts";
import { becauseOf, log } from "../log.ts";
import { isLeaving, leavingReason, noteOutage } from "../storage/until-storage-answers.ts";
import { narrateLeft, narrateTakenUp } from "./narrate-job.ts";
import { lookAtHolds } from "./look-at-holds.ts";
import { openPlaces, openRoom } from "./places.ts";
import type { Place } from "./places.ts";
import { failedAndTold, failedBecause } from "../words/sentences.ts";
import { forgetLapsed } from "../purse/forget-person.ts";
import type { Settings } from "../settings.ts";
import { isOutage } from "../storage/storage-refusal.ts";
import { openSweep, sweepSheets } from "./sweep.ts";
import type { Sweep } from "./sweep.ts";
import { sendAnywhere } from "./tell-answer.ts";
import { tellPlaces } from "./tell-places.ts";
import { watchBrake } from "./watch-brake.ts";
import { setAside, workOnJob } from "./work-on-job.ts";
import type { Workshop } from "./work-on-job.ts";

type Bench = Workshop & {
  /** Work on jobs that goes on, with their ids. */
  underWay: Map<Promise<void>, string>;
};

/** For jobs in which there is nothing to draw. */
const NO_PLACE: Place = { leave: () => undefined, enter: () => undefined };

export type Worker = {
  /**
   * Takes no further job, finishes the calls under way if they end within some seconds, hands back the rest. With `announced`
   * no waiting message is under way any more: until then each such job is handed back with where its message stands.
   */
  stop(announced?: Promise<unknown>): Promise<void>;
};

/** So often in a row it was taken over and came to no orderly end: the job itself is what kills. It ends in an apology. */
const MOST_BREAKS = 10;

/** Works on jobs until it is stopped: as many at once as there may be calls under way. */
export function startWorker(settings: Settings, azure: Azure, senders: Senders, fetchers: Fetchers = {}): Worker {
  const { leaveMilliseconds, stopMilliseconds, handBackLimitMilliseconds } = settings.times.work;
  const stopping = new AbortController();
  const leaving = new AbortController();
  setMaxListeners(0, stopping.signal, leaving.signal);
  const underWay = new Map<Promise<void>, string>();
  const shop: Bench = {
    settings,
    azure,
    senders,
    fetchers,
    gate: openGate(settings.concurrency),
    fetching: openRoom(settings.concurrency),
    delivering: openRoom(Math.max(4, 2 * settings.concurrency)),
    hearOutage: watchStorage(azure, stopping.signal),
    stopping: stopping.signal,
    leaving: leaving.signal,
    underWay,
  };
  openLine(azure);
  const running = Promise.all([
    workInTurn(shop),
    workAtOnce(shop),
    watchWishes(shop),
    sweep(shop),
    tellPlaces(shop),
    watchBrake(shop),
  ]);
  return {
    async stop(announced = Promise.resolve()) {
      stopping.abort();
      const handedBack = handBackAll(announced, shop);
      const leave = setTimeout(() => leaving.abort(leavingReason()), leaveMilliseconds);
      const ended = await Promise.race([running.then(() => true), pause(stopMilliseconds, false, { ref: false })]);
      clearTimeout(leave);
      await announced;
      await Promise.race([handedBack, pause(handBackLimitMilliseconds, undefined, { ref: false })]);
      const left = [...underWay.values()].map(referenceOf);
      if (!ended)
        log.error({ left }, "these were under way to the last: whoever takes them up goes on from their records");
    },
  };
}

/**
 * When a job has waited for storage for long, storage is looked through as at the start, until it takes everything again:
 * what is wrong stands in the log with what mends it, what was deleted is made anew, and nobody is promised a picture meanwhile.
 */
function watchStorage(azure: Azure, stopping: AbortSignal): (error: unknown) => void {
  let looking = false;
  return () => {
    if (looking) return;
    looking = true;
    void untilStorageFits(azure, stopping).finally(() => (looking = false));
  };
}

/** Counts work on a job as under way until it is done. */
function track(jobId: string, work: Promise<void>, { underWay }: Bench): void {
  const tracked: Promise<void> = work.finally(() => underWay.delete(tracked));
  underWay.set(tracked, jobId);
}

async function workInTurn(shop: Bench): Promise<void> {
  const { azure, settings, stopping, underWay } = shop;
  const times = settings.times.work;
  const places = openPlaces(settings.concurrency);
  let poll = times.shortestPollMilliseconds;
  let polledAt = -Infinity;
  let rung = new AbortController();
  azure.bell.addEventListener("work", () => rung.abort(), { signal: stopping });
  while (!stopping.aborted) {
    for (let own = places.free() && takeNext(azure); own; own = places.free() && takeNext(azure)) {
      const place = places.take();
      const work = workOn(own, shop, place).finally(() => place.leave());
      track(own.job.id, work, shop);
    }
    if (places.free() && performance.now() - polledAt >= poll) {
      polledAt = performance.now();
      const found = await takeOverTickets(places.free(), shop);
      if (found) {
        poll = times.shortestPollMilliseconds;
        continue;
      }
      poll =
        found === undefined
          ? Math.min(times.longestPollInOutageMilliseconds, poll * 2)
          : Math.min(times.longestPollMilliseconds, poll * 1.5);
    }
    if (!places.free()) await places.untilFree(stopping);
    else await pause(poll, undefined, { signal: AbortSignal.any([stopping, rung.signal]) }).catch(() => undefined);
    if (rung.signal.aborted) rung = new AbortController();
  }
  await Promise.all(underWay.keys());
}

/** How many tickets came up; nothing when the queue is out of reach. */
async function takeOverTickets(most: number, shop: Bench): Promise<number | undefined> {
  const { jobs, work } = shop.settings.times;
  try {
    const signal = AbortSignal.timeout(work.takeLimitMilliseconds);
    const tickets = await takeTickets(most, jobs.holdSeconds, shop.azure, signal);
    await Promise.all(tickets.map((ticket) => takeOverSafely(ticket, shop)));
    return tickets.length;
  } catch (error) {
    noteOutage();
    shop.hearOutage(error);
    log.error({ because: becauseOf(error) }, "the queue is out of reach: the worker keeps trying");
    return undefined;
  }
}

/** Never throws: what goes wrong leaves the ticket in the queue, for the next try. */
async function takeOverSafely(ticket: Ticket, shop: Bench): Promise<void> {
  const { azure } = shop;
  try {
    await takeOver(ticket, azure);
    const taken = findInLine(ticket.jobId, azure)?.own.job;
    if (taken) narrateTakenUp(taken, shop.settings);
  } catch (error) {
    if (error instanceof UnreadableJob && ticket.deliveries > MOST_BREAKS) return buryJob(error, ticket, shop);
    const seconds = breakPause(ticket.deliveries, shop);
    const reference = referenceOf(ticket.jobId);
    log.error({ error, job: ticket.jobId, reference, seconds }, "a job could not be taken over: it comes again");
    if (isOutage(error)) shop.hearOutage(error);
    await hideTicket(ticket, seconds, azure).catch((cause: unknown) =>
      log.warn({ because: becauseOf(cause) }, "a ticket comes back by itself"),
    );
  }
}

function breakPause(breaks: number, { settings }: Workshop): number {
  const { breakPauseSeconds, longestBreakPauseSeconds } = settings.times.work;
  return Math.min(longestBreakPauseSeconds, breakPauseSeconds * 2 ** breaks);
}

/** Jobs in which there is nothing to draw: somebody has cancelled one, or had a picture deleted. They need not wait for a turn. */
async function workAtOnce(shop: Bench): Promise<void> {
  const { azure, stopping, underWay } = shop;
  const take = (event: Event) => {
    const own = event instanceof CustomEvent && takeAtOnce(String(event.detail), azure);
    if (own) track(own.job.id, workOn(own, shop, NO_PLACE), shop);
  };
  azure.bell.addEventListener("at once", take, { signal: stopping });
  if (!stopping.aborted) await once(stopping, "abort");
  await Promise.all(underWay.keys());
}

/** What others wish of this process's jobs: one look for all of them. */
async function watchWishes({ azure, stopping }: Bench): Promise<void> {
  while (!stopping.aborted) {
    await pause(azure.times.work.wishesMilliseconds, undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted || !jobsInLine(azure).length) continue;
    try {
      const rung = await readWishes(azure, AbortSignal.any([stopping, wishLimit(azure)]));
      for (const jobId of rung) await seeToWish(jobId, azure).catch(noteUnseen);
    } catch (error) {
      if (!stopping.aborted) noteUnseen(error);
    }
  }
}

const wishLimit = ({ times }: Azure) => AbortSignal.timeout(times.work.wishLimitMilliseconds);

const noteUnseen = (error: unknown) =>
  log.warn({ because: becauseOf(error) }, "what others wish of a job could not be seen");

/** One that came to its end before its owner saw the wish has nobody else who forgets its row. */
async function seeToWish(jobId: string, azure: Azure): Promise<void> {
  const own = findInLine(jobId, azure)?.own;
  const present = own ? undefined : await readJob(jobId, azure, wishLimit(azure));
  if (!own && present && !isFinished(present.job)) return;
  await own?.look();
  await forgetWish(jobId, azure, wishLimit(azure));
  azure.bell.dispatchEvent(new CustomEvent("at once", { detail: jobId }));
}

async function sweep({ azure, settings, stopping }: Workshop): Promise<void> {
  const times = azure.times.work;
  let sweptOn = "";
  let returnedAt = -Infinity;
  let lookedAt = -Infinity;
  let pass: Sweep | undefined;
  while (!stopping.aborted) {
    const today = new Date().toISOString().slice(0, 10);
    try {
      await shareDurations(azure, AbortSignal.timeout(times.shareLimitMilliseconds));
      if (performance.now() - returnedAt > times.strandedLookMilliseconds) {
        await returnStrandedJobs(azure);
        returnedAt = performance.now();
      }
      if (performance.now() - lookedAt > azure.times.purse.holdsMilliseconds) {
        await lookAtHolds(settings, azure, { signal: stopping });
        lookedAt = performance.now();
      }
      if (sweptOn !== today) pass ??= openSweep(azure);
      await pass?.goOn(stopping);
      if (pass?.isDone()) {
        await sweepSheets(azure);
        await forgetLapsed(azure, stopping);
        [sweptOn, pass] = [today, undefined];
      }
    } catch (error) {
      log.warn({ because: becauseOf(error) }, "storage could not be looked through");
    }
    await pause(times.sweepMilliseconds, undefined, { signal: stopping }).catch(() => undefined);
  }
}

/** Never throws: what goes wrong hands the job back, for the next try. */
async function workOn(own: OwnJob, shop: Workshop, place: Place): Promise<void> {
  const { azure, leaving } = shop;
  const { id } = own.job;
  try {
    if (own.job.breaks > MOST_BREAKS) await setAside(own, azure);
    const again = await workOnJob(own, shop, place);
    leaveLine(id, azure);
    await own.release(again);
    if (shop.stopping.aborted && !isFinished(own.job)) narrateLeft(own.job, shop.settings);
    if (own.job.wishes) await forgetWish(id, azure, wishLimit(azure));
  } catch (error) {
    leaveLine(id, azure);
    if (error instanceof JobLost) return log.warn({ job: id }, "a job went over to another process");
    // Storage's outages and the end of the process are not the job's fault.
    const broken = !(leaving.aborted || isLeaving(error) || isOutage(error));
    const seconds = leaving.aborted ? 0 : breakPause(own.job.breaks + 1, shop);
    log.error(
      { error, job: id, reference: referenceOf(id), seconds },
      "work on a job broke off and will be taken up again",
    );
    if (isOutage(error)) shop.hearOutage(error);
    await own.release(seconds, { broken });
  }
}

/** What nobody here works on goes to the others at once, and what is accepted from now on as soon as its waiting message stands. */
async function handBackAll(announced: Promise<unknown>, { azure, settings }: Workshop): Promise<void> {
  openLine(azure, { closed: true });
  const handBackStarted = async (now: number) => {
    const started = waitingInLine(azure).filter(({ startsAt }) => startsAt <= now);
    for (const { own } of started) narrateLeft(own.job, settings);
    await Promise.all(started.map(({ own }) => handBack(own, azure)));
  };
  await Promise.all([handBackStarted(Date.now()), announced]);
  await handBackStarted(Infinity);
}

/** A record that no version of this code can read any more: whoever waits for it gets an apology, and it is left as it is. */
async function buryJob(
  { jobId, address }: UnreadableJob,
  ticket: Ticket,
  { azure, senders, settings }: Workshop,
): Promise<void> {
  const reference = referenceOf(jobId);
  log.error({ job: jobId, reference }, "a job's record cannot be read, and it is set aside. This needs the operator");
  raiseAlert({ kind: "set aside", reference }, azure);
  const said = (isAlerting(settings) ? failedAndTold : failedBecause).broken;
  if (address) await sendAnywhere(jobId, address, sorryReply(said, reference), { azure, senders });
  await dropTicket(ticket, azure);
}

import { once, setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { prepareStorage } from "../storage/azure.ts";
import type { Azure } from "../storage/azure.ts";
import { forgetCancellation } from "../jobs/cancellation.ts";
import { sorryReply } from "../replies/compose-reply.ts";
import type { Fetchers, Senders } from "../replies/delivery.ts";
import { sweepSheets } from "../ask/browse.ts";
import { openGate } from "../gate.ts";
import { holdJob, HOLD_SECONDS } from "../jobs/hold-job.ts";
import type { HeldJob } from "../jobs/hold-job.ts";
import { isFinished, JobTakenOver, referenceOf, UnreadableJob } from "../jobs/job.ts";
import { keepLineTrue } from "./tell-places.ts";
import { dropTicket, hideTicket, putInLine, takeTickets } from "../jobs/tickets.ts";
import type { Ticket } from "../jobs/tickets.ts";
import { log } from "../log.ts";
import { markClosed, pickNext, returnStrandedJobs } from "../jobs/waiting-line.ts";
import { isLeaving, leavingReason, noteOutage } from "../storage/until-storage-answers.ts";
import { openPlaces, openRoom } from "./places.ts";
import type { Place } from "./places.ts";
import { failed } from "../words/sentences.ts";
import type { Settings } from "../settings.ts";
import { isOutage } from "../storage/storage-refusal.ts";
import { sendTo } from "./tell-answer.ts";
import { openSweep } from "./sweep.ts";
import type { Sweep } from "./sweep.ts";
import { becauseOf, untilReached } from "../web/until-reached.ts";
import { setAside, workOnJob } from "./work-on-job.ts";
import type { Workshop } from "./work-on-job.ts";

type Bench = Workshop & {
  /** Work on jobs that goes on, with their ids. */
  underWay: Map<Promise<void>, string>;
};

/** For jobs in which there is nothing to draw. */
const NO_PLACE: Place = { leave: () => undefined, enter: () => undefined };

export type Worker = {
  /** Takes no further job, finishes the calls under way if they end within some seconds, hands back the rest. */
  stop(): Promise<void>;
};

const SHORTEST_POLL = 200;
const LONGEST_POLL = 1000;
const LONGEST_POLL_IN_OUTAGE = 15_000;
/** An answer with tickets that comes later finds nobody; they come back by themselves. */
const TAKE_MILLISECONDS = 10_000;
const SWEEP_MILLISECONDS = 60_000;

/** A job that another worker holds is looked at again soon: that worker may have died. */
const LOOK_AGAIN_SECONDS = 3;

/** After a stop what waits for storage is left; some seconds later the rest is. The process has 15 s in all, see `main.ts`. */
const LEAVE_MILLISECONDS = 10_000;
const STOP_MILLISECONDS = 12_000;

/** A ticket comes back when its worker died. This often, and the job itself is what kills: it ends in an apology. */
const MOST_DELIVERIES = 10;

/** Works on jobs until it is stopped: as many at once as there may be calls under way. */
export function startWorker(settings: Settings, azure: Azure, senders: Senders, fetchers: Fetchers = {}): Worker {
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
  const running = Promise.all([takeAndWork(shop), workAtOnce(shop), sweep(shop), keepLineTrue(shop)]);
  return {
    async stop() {
      stopping.abort();
      const leave = setTimeout(() => leaving.abort(leavingReason()), LEAVE_MILLISECONDS);
      const ended = await Promise.race([running.then(() => true), pause(STOP_MILLISECONDS, false, { ref: false })]);
      clearTimeout(leave);
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
    void untilReached("storage", (signal) => prepareStorage(azure, signal), stopping).finally(() => (looking = false));
  };
}

/** Counts work on a job as under way until it is done. */
function track(ticket: Ticket, work: Promise<void>, { underWay }: Bench): void {
  const tracked: Promise<void> = work.finally(() => underWay.delete(tracked));
  underWay.set(tracked, ticket.jobId);
}

async function takeAndWork(shop: Bench): Promise<void> {
  const { azure, settings, stopping, underWay } = shop;
  const places = openPlaces(settings.concurrency);
  let poll = SHORTEST_POLL;
  let rung = new AbortController();
  azure.bell.addEventListener("work", () => rung.abort(), { signal: stopping });
  while (!stopping.aborted) {
    try {
      const tickets = await takeTickets(places.free(), HOLD_SECONDS, azure, AbortSignal.timeout(TAKE_MILLISECONDS));
      const others = tickets.length >= places.free();
      for (const ticket of tickets) {
        const place = places.take();
        const turn = others ? workOnTurn(ticket, shop, place) : workOnTicket(ticket, shop, place);
        track(
          ticket,
          turn.finally(() => place.leave()),
          shop,
        );
      }
      poll = tickets.length ? SHORTEST_POLL : Math.min(LONGEST_POLL, poll * 1.5);
    } catch (error) {
      poll = Math.min(LONGEST_POLL_IN_OUTAGE, poll * 2);
      noteOutage();
      if (poll >= LONGEST_POLL_IN_OUTAGE) shop.hearOutage(error);
      log.error(
        { because: becauseOf(error), retryInMilliseconds: poll },
        "the queue is out of reach: the worker keeps trying",
      );
    }
    if (!places.free()) await places.untilFree(stopping);
    else await pause(poll, undefined, { signal: AbortSignal.any([stopping, rung.signal]) }).catch(() => undefined);
    if (rung.signal.aborted) rung = new AbortController();
  }
  await Promise.all(underWay.keys());
}

/** Jobs in which there is nothing to draw: somebody has cancelled one, or had a picture deleted. They need not wait for a turn. */
async function workAtOnce(shop: Bench): Promise<void> {
  const { azure, stopping, underWay } = shop;
  const take = (event: Event) => {
    if (!(event instanceof CustomEvent)) return;
    const ticket = event.detail as Ticket;
    track(ticket, workOnTicket(ticket, shop, NO_PLACE), shop);
  };
  azure.bell.addEventListener("at once", take, { signal: stopping });
  if (!stopping.aborted) await once(stopping, "abort");
  await Promise.all(underWay.keys());
}

/** There may be others in line: the ticket then stands for a turn, and whoever's turn it is gets it. */
async function workOnTurn(ticket: Ticket, shop: Bench, place: Place): Promise<void> {
  const { azure } = shop;
  const next = await pickNext(ticket.jobId, azure).catch((error: unknown) => {
    log.warn({ error }, "whose turn it is could not be seen: whoever's ticket came is next");
    return undefined;
  });
  if (!next) return workOnTicket(ticket, shop, place);
  try {
    const own = await putInLine(next.id, azure, HOLD_SECONDS);
    await comeBack(ticket, 0, azure);
    await workOnTicket({ ...own, deliveries: next.picks }, shop, place);
  } catch (error) {
    log.warn({ error, job: next.id }, "a turn was not given: the tickets come back by themselves");
  }
}

async function sweep({ azure, stopping }: Workshop): Promise<void> {
  let sweptOn = "";
  let pass: Sweep | undefined;
  while (!stopping.aborted) {
    const today = new Date().toISOString().slice(0, 10);
    try {
      await returnStrandedJobs(azure);
      if (sweptOn !== today) pass ??= openSweep(azure);
      await pass?.goOn(stopping);
      if (pass?.isDone()) {
        await sweepSheets(azure);
        [sweptOn, pass] = [today, undefined];
      }
    } catch (error) {
      log.warn({ because: becauseOf(error) }, "storage could not be looked through");
    }
    await pause(SWEEP_MILLISECONDS, undefined, { signal: stopping }).catch(() => undefined);
  }
}

/** Never throws: what goes wrong leaves the ticket in the line, and the job for the next try. */
async function workOnTicket(ticket: Ticket, shop: Bench, place: Place): Promise<void> {
  const { azure } = shop;
  try {
    const held = await holdJob(ticket, azure);
    if (held === "nothing to do") return await drop(ticket, azure);
    if (held === "held by another") return await comeBack(ticket, LOOK_AGAIN_SECONDS, azure);
    await workOnHeld(held, ticket, shop, place);
  } catch (error) {
    if (error instanceof UnreadableJob && ticket.deliveries > MOST_DELIVERIES)
      return await buryJob(error, ticket, shop);
    const seconds = isLeaving(error) ? 0 : Math.min(300, 2 ** ticket.deliveries);
    log.error(
      { error, job: ticket.jobId, reference: referenceOf(ticket.jobId), seconds },
      "work on a job broke off and will be taken up again",
    );
    if (isOutage(error)) shop.hearOutage(error);
    await handBack(ticket, seconds, isOutage(error), azure);
  }
}

/** Storage's outages are not the job's fault: they are not counted as its deliveries are. */
async function handBack(ticket: Ticket, seconds: number, isInnocent: boolean, azure: Azure): Promise<void> {
  const work =
    isInnocent && ticket.deliveries > MOST_DELIVERIES / 2
      ? comeBack(ticket, seconds, azure)
      : hideTicket(ticket, seconds, azure);
  await work.catch((error: unknown) => log.warn({ because: becauseOf(error) }, "a ticket comes back by itself"));
}

async function workOnHeld(held: HeldJob, ticket: Ticket, shop: Workshop, place: Place): Promise<void> {
  const { azure, leaving } = shop;
  let again = 0;
  try {
    if (ticket.deliveries > MOST_DELIVERIES) await setAside(held, azure);
    again = await workOnJob(held, shop, place);
  } catch (error) {
    const { id } = held.job;
    const isInnocent = leaving.aborted || isOutage(error) || error instanceof JobTakenOver;
    await held.release(0, isInnocent ? 0 : ticket.deliveries);
    if (error instanceof JobTakenOver) return log.warn({ job: id }, "a job went over to another worker");
    throw error;
  }
  const finished = isFinished(held.job);
  await held.release(again);
  if (finished) await (held.job.cancelledBy ? drop : dropTicket)(ticket, azure);
  else await comeBack(ticket, again, azure);
}

/** The end of a ticket: whoever asked too late to cancel has put it there, and a note of it beside the record. */
async function drop(ticket: Ticket, azure: Azure): Promise<void> {
  await forgetCancellation(ticket.jobId, azure);
  await dropTicket(ticket, azure);
}

/** Gives the job a new place in line instead of the ticket, whose deliveries count as deaths of workers. */
async function comeBack(ticket: Ticket, seconds: number, azure: Azure): Promise<void> {
  await putInLine(ticket.jobId, azure, Math.ceil(seconds));
  await dropTicket(ticket, azure);
}

/** A record that no version of this code can read any more: whoever waits for it gets an apology, and it is left as it is. */
async function buryJob({ jobId, address }: UnreadableJob, ticket: Ticket, { azure, senders }: Workshop): Promise<void> {
  const reference = referenceOf(jobId);
  log.error({ job: jobId, reference }, "a job's record cannot be read, and it is set aside. This needs the operator");
  if (address) await sendTo(jobId, address, sorryReply(failed.because.broken, reference), { azure, senders });
  await markClosed(jobId, azure);
  await dropTicket(ticket, azure);
}

import { setTimeout as pause } from "node:timers/promises";
import type { Azure } from "./azure.ts";
import { finalReply, stillTryingReply } from "./compose-reply.ts";
import type { Delivery, Senders } from "./deliver.ts";
import { drawPictures } from "./draw-pictures.ts";
import type { Studio } from "./draw-pictures.ts";
import { openGate } from "./gate.ts";
import { holdJob, HOLD_SECONDS } from "./hold-job.ts";
import type { HeldJob } from "./hold-job.ts";
import { isFinished, isSettled, JobTakenOver, referenceOf } from "./job.ts";
import { dropTicket, hideTicket, putInLine, takeTickets } from "./line.ts";
import type { Ticket } from "./line.ts";
import { log } from "./log.ts";
import { returnStrandedJobs } from "./open-jobs.ts";
import type { ChatReply } from "./reply.ts";
import type { Settings } from "./settings.ts";

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

/** After that no chat message waits for its answer any more. */
const LONGEST_DELIVERY_MILLISECONDS = 24 * 3_600_000;

/** Works on jobs until it is stopped: as many at once as there may be calls under way. */
export function startWorker(settings: Settings, azure: Azure, senders: Senders): Worker {
  const stopping = new AbortController();
  const studio: Studio = {
    settings,
    azure,
    gate: openGate(settings.concurrency),
    stopping: stopping.signal,
    sayStillTrying: (held) => sayStillTrying(held, senders),
  };
  const running = Promise.all([takeAndWork(studio, senders), sweep(studio)]);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function takeAndWork(studio: Studio, senders: Senders): Promise<void> {
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
      for (const ticket of tickets) {
        const work = workOnTicket(ticket, studio, senders).finally(() => active.delete(work));
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

async function sweep({ azure, stopping }: Studio): Promise<void> {
  while (!stopping.aborted) {
    await returnStrandedJobs(azure).catch((error: unknown) =>
      log.warn({ because: String(error).slice(0, 300) }, "open jobs could not be listed"),
    );
    await pause(SWEEP_MILLISECONDS, undefined, { signal: stopping }).catch(() => undefined);
  }
}

/** Never throws: what goes wrong leaves the ticket in the line, and the job for the next try. */
async function workOnTicket(ticket: Ticket, studio: Studio, senders: Senders): Promise<void> {
  const { azure } = studio;
  try {
    const held = await holdJob(ticket, azure);
    if (held === "nothing to do") return await dropTicket(ticket, azure);
    if (held === "held by another") return await comeBack(ticket, LOOK_AGAIN_SECONDS, azure);
    await workOnJob(held, ticket, studio, senders);
  } catch (error) {
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

async function workOnJob(held: HeldJob, ticket: Ticket, studio: Studio, senders: Senders): Promise<void> {
  const { azure, settings } = studio;
  let again = 0;
  try {
    if (ticket.deliveries > MOST_DELIVERIES) await setAside(held);
    await drawPictures(held, studio);
    if (isSettled(held.job)) again = await tell(held, finalReply(held.job, settings), senders);
  } catch (error) {
    await held.release(false);
    if (error instanceof JobTakenOver) return log.warn({ job: ticket.jobId }, "a job went over to another worker");
    throw error;
  }
  const finished = isFinished(held.job);
  await held.release(finished);
  if (finished) await dropTicket(ticket, azure);
  else if (isSettled(held.job)) await comeBack(ticket, again, azure);
  else await hideTicket(ticket, 0, azure);
}

/** Sends the final answer. Not delivered for now: the job stays settled and untold, to be tried again after the seconds returned. */
async function tell(held: HeldJob, reply: ChatReply, senders: Senders): Promise<number> {
  const about = { job: held.job.id, reference: referenceOf(held.job.id) };
  const delivery = await send(held, reply, senders);
  if (delivery.delivered) {
    await held.change((job) => {
      job.toldAt = new Date().toISOString();
      job.address = delivery.address ?? job.address;
    });
    log.info({ ...about, mood: reply.mood }, "told");
    return 0;
  }
  const waited = Date.now() - Date.parse(held.job.acceptedAt);
  if (delivery.againInSeconds !== undefined && waited < LONGEST_DELIVERY_MILLISECONDS) {
    log.warn({ ...about, ...delivery }, "not delivered yet");
    // The more rarely, the longer it has not worked.
    return Math.max(delivery.againInSeconds, Math.min(300, waited / 4000));
  }
  await held.change((job) => {
    job.undeliverable = delivery.because;
  });
  log.warn({ ...about, because: delivery.because }, "an answer cannot be delivered: its pictures are kept");
  return 0;
}

async function send(held: HeldJob, reply: ChatReply, senders: Senders): Promise<Delivery> {
  const { address } = held.job;
  const sender = senders[address.platform];
  if (!sender)
    return { delivered: false, because: `${address.platform} is not set up in this process`, againInSeconds: 60 };
  try {
    return await sender(address, reply);
  } catch (error) {
    log.error({ error, job: held.job.id }, "sending broke");
    return { delivered: false, because: "sending broke", againInSeconds: 5 };
  }
}

/** Gives the job a new place in line instead of the ticket, whose deliveries count as deaths of workers. */
async function comeBack(ticket: Ticket, seconds: number, azure: Azure): Promise<void> {
  await putInLine(ticket.jobId, azure, Math.ceil(seconds));
  await dropTicket(ticket, azure);
}

async function setAside(held: HeldJob): Promise<void> {
  log.error(
    { job: held.job.id, reference: referenceOf(held.job.id) },
    "a job came back too often and is set aside. This needs the operator",
  );
  await held.change((job) => {
    for (const picture of job.pictures) {
      if (picture.state === "waiting" || picture.state === "drawing")
        Object.assign(picture, { state: "failed", failure: "broken" });
    }
  });
}

async function sayStillTrying(held: HeldJob, senders: Senders): Promise<void> {
  const delivery = await send(held, stillTryingReply(held.job), senders);
  if (!delivery.delivered) {
    return log.warn({ job: held.job.id, because: delivery.because }, "nobody could be told that a job waits");
  }
  // It may be a new message: the answer then takes the place of that one.
  const { address } = delivery;
  if (address) await held.change((job) => void (job.address = address));
}

import { createHash } from "node:crypto";
import { newJob, createJob, readJob } from "../jobs/job.ts";
import type { Job } from "../jobs/job.ts";
import { becauseOf, log } from "../log.ts";
import { admit } from "../purse/admit.ts";
import { admitCall } from "../purse/admit-call.ts";
import type { Admission, Warning } from "../purse/admit.ts";
import type { Denial } from "../purse/denial.ts";
import { deniedReply, fitsIn, warningReply } from "../replies/denied-reply.ts";
import { privateWordReply } from "../replies/compose-reply.ts";
import { sentencesOfDenial } from "../words/denial-sentences.ts";
import { failed } from "../words/sentences.ts";
import type { ChatReply } from "../replies/reply.ts";
import type { ImageOrder } from "../request/check.ts";
import { personOf } from "../request/request.ts";
import type { Asker, ImageRequest } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { isConflict } from "../storage/storage-refusal.ts";
import { addRow } from "../storage/table.ts";

type Room = { settings: Settings; azure: Azure; signal: AbortSignal };

/** Whether the rules let it be drawn. A round of a brainstorm was asked for as a whole before it began. */
export async function askRules(job: Job, order: ImageOrder, { settings, azure, signal }: Room): Promise<Admission> {
  const { request, id, acceptedAt } = job;
  if (request.brainstorm) return { admitted: true, holds: false, warnings: [] };
  const limit = AbortSignal.timeout(azure.times.purse.admitLimitMilliseconds);
  const asking = { job: id, asker: request.askedBy, request, order, at: new Date(acceptedAt) };
  return admit(asking, { settings, azure, signal: AbortSignal.any([signal, limit]) });
}

export type Denied = {
  outcome: "declined";
  because: "limits";
  reply: ChatReply;
  /** Options with which it would pass. */
  fit?: ImageRequest["options"];
};

/** Says no in the rule's words. The record keeps the words for a change, and what would still fit. */
export async function deny(
  request: ImageRequest,
  denial: Denial,
  { settings, azure, signal }: Room,
): Promise<Denied | { outcome: "known" }> {
  const fits = fitsIn(denial).map(({ options }) => options);
  const job: Job = { ...newJob(request, undefined), fits };
  const created = await createJob(job, azure, signal);
  if (!created && (await readJob(job.id, azure, signal))?.job.order) return { outcome: "known" };
  log.info({ job: job.id, person: personOf(request.askedBy), denied: denial.denied }, "a rule said no");
  settings.narrate?.({ what: "declined", words: request.prompt });
  return { outcome: "declined", because: "limits", reply: deniedReply(job, denial, settings), fit: fits[0] };
}

/** Makes a call of the model for ideas for somebody, if the rules let it; else what they say. */
export async function callForIdeas<Value>(
  by: Asker,
  call: () => Promise<Value>,
  { settings, azure }: Pick<Room, "settings" | "azure">,
): Promise<{ value: Value } | { word: ChatReply }> {
  const signal = AbortSignal.timeout(azure.times.purse.admitLimitMilliseconds);
  const admitted = await admitCall(by, { settings, azure, signal });
  if ("denial" in admitted) {
    const [first, ...others] = sentencesOfDenial(admitted.denial, settings).said;
    return { word: { ...privateWordReply(first ?? failed.storage), paragraphs: [first ?? failed.storage, ...others] } };
  }
  try {
    return { value: await call() };
  } finally {
    admitted.over();
  }
}

/** Warnings that were told here, so that nobody asks storage for each request. */
const told = new Set<string>();
const MOST_TOLD = 10_000;

/** What a soft budget says to somebody beside what is drawn: once a period, whichever replica hears of it. Never throws. */
export async function warningFor(
  { askedBy }: ImageRequest,
  warnings: Warning[],
  { azure, signal }: Room,
): Promise<ChatReply | undefined> {
  const fresh: Warning[] = [];
  for (const warning of warnings) {
    const { binding, unit, period } = warning;
    const key = JSON.stringify([azure.table.tableName, personOf(askedBy), binding.key, binding.scope, unit, period]);
    if (told.has(key)) continue;
    if (told.size > MOST_TOLD) told.clear();
    told.add(key);
    const name = createHash("sha256").update(key).digest("hex");
    try {
      await addRow({ partition: "warned", name, values: { period } }, azure, signal);
      fresh.push(warning);
    } catch (error) {
      if (!isConflict(error)) log.warn({ because: becauseOf(error) }, "a warning of a soft budget was not told");
    }
  }
  return warningReply(fresh);
}

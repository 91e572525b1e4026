import { createHash, randomBytes, randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Azure } from "../storage/azure.ts";
import type { ImageOrder } from "../request/check.ts";
import { MODEL_NAMES } from "../models.ts";
import { tryAFewTimes } from "../storage/until-storage-answers.ts";
import { readBlob } from "../storage/small-blob.ts";
import { FAILURE_REASONS } from "../images-api/failure.ts";
import { Usage } from "../images-api/usage.ts";
import { newestAddress } from "./beside-record.ts";
import { REFUSAL_REASONS, REFUSED_OPTIONS } from "../images-api/refusal.ts";
import { Address, ImageRequest, OPTION_NAMES, personOf, record, Source } from "../request/request.ts";
import { SourceFault } from "../pixels/read-source-picture.ts";
import { isConflict } from "../storage/storage-refusal.ts";

const KeptPicture = record({
  /** Blob name under `pictures/`. */
  name: z.string(),
  preview: z.string().optional(),
  mediaType: z.string(),
  width: z.number(),
  height: z.number(),
  bytes: z.number(),
  revisedPrompt: z.string().optional(),
  /** The tokens of the call that drew it, where the service told them. */
  usage: Usage.optional(),
});
export type KeptPicture = z.infer<typeof KeptPicture>;

const JobPicture = record({
  /** Unguessable, made with the job, so that whoever takes the job up finds a picture that was kept before a crash. */
  id: z.string(),
  /** `drawing` is written before each call: found in a job that nobody works on, it means that an answer was lost. */
  state: z.enum(["waiting", "drawing", "kept", "refused", "failed", "cancelled", "deleting", "deleted"]),
  /** Calls whose answer was lost on the way. They may have been paid, so there is one repeat and no more. */
  lostCalls: z.number(),
  /** Calls that the service answered with a fault of its own. */
  faultyCalls: z.number(),
  /** Calls that it put off. */
  rateLimits: z.number().default(0),
  kept: KeptPicture.optional(),
  /** What the service said of a picture whose bytes are on their way into storage. */
  revisedPrompt: z.string().optional(),
  refusal: record({ because: z.enum(REFUSAL_REASONS), stage: z.enum(["prompt", "picture"]).optional() }).optional(),
  failure: z.enum(FAILURE_REASONS).optional(),
  /** What a `bad request` named as its reason. */
  refusedOption: z.enum(REFUSED_OPTIONS).optional(),
  /** Where the image service has closed: when it is next looked whether it still has. */
  openAgainAt: z.iso.datetime().optional(),
  /** A picture in the making that may stand in the chat: a blob's name under `pictures/`, gone when the answer stands. */
  partial: record({ name: z.string(), width: z.number(), height: z.number(), bytes: z.number() }).optional(),
  /** It was cancelled in the middle of a call, which may be billed. */
  callCancelled: z.boolean().optional(),
  /** Of a picture that is deleted: what it came to stays. */
  usage: Usage.optional(),
  /** Whoever had it deleted, and when; or why it went by itself. `person` is `personOf` them. */
  deletedBy: record({
    name: z.string(),
    person: z.string().optional(),
    at: z.iso.datetime(),
    why: z.enum(["forgotten", "days are over"]).optional(),
  }).optional(),
});
export type JobPicture = z.infer<typeof JobPicture>;

/** Of several pictures, `picture` counts which one is meant, from 1. */
const PlacedFault = SourceFault.and(record({ picture: z.number().optional() }));
export type PlacedFault = z.infer<typeof PlacedFault>;

const Order = record({
  model: z.enum(MODEL_NAMES),
  deployment: z.string(),
  prompt: z.string(),
  size: z.string() as unknown as z.ZodType<ImageOrder["size"]>,
  quality: z.string(),
  style: z.string().optional(),
  background: z.string().optional(),
  count: z.number(),
  references: z.array(Source).optional(),
});

/** `person` is `personOf` whoever cancelled it. */
export const Cancellation = record({ name: z.string(), person: z.string().optional(), isAsker: z.boolean() });
export type Cancellation = z.infer<typeof Cancellation>;

export const Job = record({
  version: z.literal(1),
  id: z.string(),
  /** The queue message that stands for it: any other that names this job is dropped unread. Absent in records of before December 2026. */
  ticket: z.string().optional(),
  /** Grows with each process that takes it over: whoever wrote a lower one has lost it. */
  attempt: z.number().default(1),
  /** Processes in a row that took it over and did not come to an orderly end. */
  breaks: z.number().default(0),
  /** What others want of it. Whoever owns it sees to that. */
  wishes: record({ cancel: Cancellation.optional() }).optional(),
  /** Differs with every write, so that our own is known again when its answer was lost. */
  write: z.string().optional(),
  /** Tells our own write from somebody else's when the answer to a create was lost. */
  mark: z.string(),
  acceptedAt: z.iso.datetime(),
  /** People take turns: among those who wait, the lowest turn is next, then whoever came first. */
  turn: z.number().default(0),
  request: ImageRequest,
  /** Absent in a request that was declined: it is kept so that its words can be revised. */
  order: Order.optional(),
  /** Of one that a rule has said no to: with which options it would pass. */
  fits: z.array(z.partialRecord(z.enum(OPTION_NAMES), z.string())).optional(),
  address: Address,
  pictures: z.array(JobPicture),
  /**
   * What an edit is made from, checked and as the model takes it: blob names under `inputs/`. Null for a picture that Easel
   * drew: it is read where it is, so that deleting it leaves no copy.
   */
  inputs: record({ pictures: z.array(z.string().nullable()), mask: z.string().optional() }).optional(),
  /** What did not go along of its style: words that had no room, pictures that were deleted since. */
  styleLeftOut: record({ words: z.boolean().optional(), pictures: z.number().optional() }).optional(),
  /** What was wrong with the pictures that it was to be made from. */
  sourceFaults: z.array(PlacedFault).optional(),
  cancelledBy: Cancellation.optional(),
  /** What it came to is in the ledger. */
  counted: z.boolean().optional(),
  /** Its pictures stand in their asker's history and among the children of what they were made from. */
  listed: z.boolean().optional(),
  /** Since then the image service has been out of reach, and the asker knows; gone as soon as it answers anything. */
  waitingSince: z.iso.datetime().optional(),
  /** When the final answer stood in the chat. */
  toldAt: z.iso.datetime().optional(),
  /** Since then the platform has refused the answer; gone as soon as it says anything else. */
  refusedSince: z.iso.datetime().optional(),
  /** Why no answer can be delivered any more; the pictures stay. */
  undeliverable: z.string().optional(),
});
export type Job = z.infer<typeof Job>;

export type JobFile = { job: Job; etag: string };

/** Short enough to be read out; the log carries it beside the job's id. */
export function referenceOf(jobId: string): string {
  return createHash("sha256").update(jobId).digest("hex").slice(0, 8).toUpperCase();
}

export function newJob(request: ImageRequest, order: ImageOrder | undefined, turn = 0, now = new Date()): Job {
  const pictures = Array.from({ length: order?.count ?? 0 }, (): JobPicture => ({
    id: randomBytes(20).toString("hex"),
    state: "waiting",
    lostCalls: 0,
    faultyCalls: 0,
    rateLimits: 0,
  }));
  return {
    version: 1,
    id: request.id,
    attempt: 1,
    breaks: 0,
    mark: randomBytes(8).toString("hex"),
    acceptedAt: now.toISOString(),
    turn,
    request,
    order,
    address: request.address,
    pictures,
  };
}

/** All pictures have come to an end, so the answer can be told. */
export function isSettled(job: Job): boolean {
  return job.pictures.every(({ state }) => state !== "waiting" && state !== "drawing");
}

/** Nothing is left to do. */
export function isFinished(job: Job): boolean {
  if (!job.order) return true;
  return (job.toldAt !== undefined || job.undeliverable !== undefined) && !isToDelete(job);
}

/** Somebody has asked for a picture of it to be deleted, and that is not done yet. */
function isToDelete({ pictures }: Job): boolean {
  return pictures.some(({ state }) => state === "deleting");
}

/** The pictures of it that are there to be seen, with their places, from 1. */
export function keptOf({ pictures }: Job): { kept: KeptPicture; place: number }[] {
  return pictures.flatMap(({ kept, state }, index) => (kept && state === "kept" ? [{ kept, place: index + 1 }] : []));
}

/** Writes a new record and says its ETag; nothing when the same event was accepted before. */
export async function createJob(job: Job, azure: Azure, abortSignal?: AbortSignal): Promise<string | undefined> {
  try {
    return await upload(job, { ifNoneMatch: "*" }, azure, abortSignal);
  } catch (error) {
    if (!isConflict(error)) throw error;
    // The SDK repeats a write whose answer was lost, and then meets its own first try.
    const present = await readJob(job.id, azure, abortSignal);
    return present?.job.mark === job.mark ? present.etag : undefined;
  }
}

export async function readJob(id: string, azure: Azure, abortSignal?: AbortSignal): Promise<JobFile | undefined> {
  const present = await readBlob(jobBlob(id, azure), azure, abortSignal);
  return present && { job: parseJob(id, present.text), etag: present.etag };
}

/** Thrown for a record that is no job of this version; `address` is where an apology can go, where that much can be read. */
export class UnreadableJob extends Error {
  override name = "UnreadableJob";
  readonly jobId: string;
  readonly address?: Address;

  constructor(jobId: string, address: Address | undefined, cause: unknown) {
    super(`the record of job ${jobId} cannot be read`, { cause });
    this.jobId = jobId;
    this.address = address;
  }
}

function parseJob(id: string, text: string): Job {
  const raw: unknown = JSON.parse(text);
  const parsed = Job.safeParse(raw);
  if (parsed.success) return parsed.data;
  const addressed = z.object({ address: Address }).safeParse(raw);
  throw new UnreadableJob(id, addressed.success ? addressed.data.address : undefined, parsed.error);
}

/** `present` is what stands there instead: somebody else was quicker. */
export type Put = { written: true; etag: string } | { written: false; present: JobFile | undefined };

/** Replaces the record if it still is what `etag` was read with. `job.write` has to be new. */
export async function putRecord(job: Job, etag: string, azure: Azure, abortSignal?: AbortSignal): Promise<Put> {
  try {
    return { written: true, etag: await upload(job, { ifMatch: etag }, azure, abortSignal) };
  } catch (error) {
    if (!isConflict(error)) throw error;
    const present = await readJob(job.id, azure, abortSignal);
    if (present && present.job.write === job.write) return { written: true, etag: present.etag };
    return { written: false, present };
  }
}

const MOST_TRIES = 10;

/**
 * Changes the record of a job that this process does not hold: a wish, a newer address. `mutate` sees the record as it is,
 * again on a newer one when somebody else was quicker, and leaves it alone with `false`. Nothing where there is no such job.
 */
export async function changeJob(
  id: string,
  mutate: (job: Job) => false | void,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<JobFile | undefined> {
  let file = await readJob(id, azure, abortSignal);
  for (let tries = 1; file; tries += 1) {
    const address = await newestAddress(file.job, azure, abortSignal);
    const job = { ...structuredClone(file.job), address, write: randomBytes(8).toString("hex") };
    if (mutate(job) === false) return file;
    const put: Put = await putRecord(job, file.etag, azure, abortSignal);
    if (put.written) return { job, etag: put.etag };
    if (tries === MOST_TRIES) throw new Error(`the record of job ${id} is written by others all the time`);
    file = put.present;
    await pause(randomInt(5, 60));
  }
  return undefined;
}

async function upload(
  job: Job,
  conditions: { ifMatch?: string; ifNoneMatch?: string },
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<string> {
  const text = JSON.stringify(job);
  const options = {
    conditions,
    metadata: metadataOf(job),
    blobHTTPHeaders: { blobContentType: "application/json" },
    abortSignal,
  };
  const write = () => jobBlob(job.id, azure).upload(text, Buffer.byteLength(text), options);
  return (await tryAFewTimes(write, azure, abortSignal)).etag ?? "";
}

/**
 * What a listing says of a record, so that it need not be read: whose it is, who else is named in it, since when it is there,
 * and whether something is still owed to somebody.
 */
export type JobMetadata = { person?: string; named?: string; accepted?: string; unfinished?: string };

function metadataOf(job: Job): Record<string, string> {
  const { parent, askedBy } = job.request;
  const others = [parent, job.cancelledBy, job.wishes?.cancel, ...job.pictures.map(({ deletedBy }) => deletedBy)];
  const { paidBy } = job.request.brainstorm ?? {};
  const named = new Set([...others.flatMap((other) => other?.person ?? []), ...(paidBy ? [personOf(paidBy)] : [])]);
  return {
    person: personOf(askedBy),
    accepted: job.acceptedAt,
    ...(named.size && { named: [...named].join(" ") }),
    ...(!isFinished(job) && { unfinished: "1" }),
  };
}

/** The record goes for good. */
export async function removeRecord(id: string, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  await jobBlob(id, azure).deleteIfExists({ abortSignal });
}

function jobBlob(id: string, azure: Azure) {
  return azure.container.getBlockBlobClient(`jobs/${id}.json`);
}
